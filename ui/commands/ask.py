"""`luming ask`: an answer with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import (
    AllVersions,
    AsOf,
    Batch,
    Collections,
    Json,
    Out,
    needed,
    open_library,
    run_batch,
    search_filter,
)

if TYPE_CHECKING:
    from assistant.answer import Answer, Sentence
    from assistant.streaming import AnswerStep


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(ask)


def ask(
    query: Annotated[str | None, typer.Argument(help="要问的问题", metavar="问题")] = None,
    batch: Batch = None,
    out: Out = None,
    collection: Collections = None,
    all_versions: AllVersions = False,
    as_of: AsOf = None,
    as_json: Json = False,
    log: Annotated[bool, typer.Option("--log", help="成批提问也记入提问记录")] = False,
) -> None:
    """回答问题，每句话注明出处；文库里没有依据时不作答。"""
    from assistant.asking import Asking
    from assistant.factory import make_answerer
    from ui.shapes import answer_object

    flt = search_filter(collection, all_versions, as_of=as_of)
    with open_library() as library:
        answerer = make_answerer(library)
        asking = Asking(library, answerer)
        if batch is not None:
            empty = {"abstained": True, "sentences": [], "citations": []}

            def reply(text: str, query_id: Any) -> dict[str, Any]:
                answer = asking.ask(text, flt, "batch") if log else answerer.answer(text, flt)
                return answer_object(answer, query_id)

            run_batch(library, batch, out, reply, "ask", empty, flt)
            return
        follower = None if as_json else Follower()
        answer = asking.ask(needed(query), flt, listen=follower)
    if as_json:
        console.print_json(answer_object(answer))
    else:
        print_answer(answer, follower.told if follower else ())


class Follower:
    """Prints the checked sentences of an answer while it is being made."""

    def __init__(self) -> None:
        self.told: tuple[Sentence, ...] = ()
        self._before: AnswerStep | None = None

    def __call__(self, step: AnswerStep) -> None:
        """Print what is new in a step; a step that says nothing new only shows that work goes on."""
        if step == self._before:
            return
        self._before = step
        if step.answer is None:
            messages = console.errors()
            if messages.is_terminal:
                messages.print(step.progress, style="dim", markup=False)
            return
        for one in step.answer.sentences[len(self.told) :]:
            console.output().print(_line(one), markup=False)
        self.told = step.answer.sentences


def _line(sentence: Sentence) -> str:
    head = f"{sentence.label}：" if sentence.label else ""
    return head + sentence.text + "".join(f"[{n}]" for n in sentence.citations)


def _print_body(answer: Answer, told: tuple[Sentence, ...]) -> None:
    """The sentences, as a table where two sides are compared, under headings in a summary."""
    out = console.output()
    if told and answer.sentences[: len(told)] != told:
        out.print("\n核对以后的回答：", style="bold")
        told = ()
    if answer.table is not None:
        from rich.table import Table
        from rich.text import Text

        shown = Table(show_lines=True)
        for name in answer.table.columns:
            shown.add_column(Text(name), overflow="fold")
        for row in answer.table.rows:
            cells = ("".join((c.text, *(f"[{n}]" for n in c.citations))) for c in row)
            shown.add_row(*(Text(cell) for cell in cells))
        out.print(shown)
        return
    for one in answer.sentences[len(told) :]:
        out.print(_line(one), markup=False)


def print_answer(answer: Answer, told: tuple[Sentence, ...] = ()) -> None:
    """An answer with its sources on stdout, less the sentences that were ``told`` before."""
    out = console.output()
    if answer.abstained:
        out.print(answer.message, markup=False)
        if answer.related:
            out.print("\n可能相关：", style="bold")
    for number, part in enumerate(answer.parts, 1):
        out.print(f"\n{number}. {part.question}", style="bold", markup=False)
        if part.abstained:
            out.print(part.message, markup=False)
        _print_body(part, ())
    if not answer.parts:
        _print_body(answer, told)
    if answer.references:
        out.print("\n引用条文：", style="bold")
    for one in answer.references:
        quote = one.citation.quote.replace("\n", " ")
        out.print(f"“{one.said}”指{one.label}：{quote}", markup=False)
    for note in answer.notes:
        out.print(f"注：{note}", style="yellow", markup=False)
    for conflict in answer.conflicts:
        out.print(f"\n说法不一致：{conflict.point}。", style="yellow", markup=False)
        for place, side in enumerate(conflict.sides):
            title = side.citation.title.strip("《》")
            held = "，以此为准" if place == conflict.governs else ""
            where = f"《{title}》{side.citation.article or ''}（{side.citation.validity}{held}）"
            out.print(f"  {where}：{side.text}", markup=False)
        out.print(f"  {conflict.reason}", markup=False)
    if answer.citations:
        out.print("\n出处：", style="bold")
    for cited in (*answer.citations, *answer.related):
        page = f"，第 {cited.page} 页" if cited.page else ""
        status = f"{cited.validity}，原文件已缺失" if cited.missing else cited.validity
        out.print(f"[{cited.n}] 《{cited.title}》 {cited.path}{page}（{status}）", markup=False)
        if answer.abstained:
            out.print("    " + cited.quote[:120].replace("\n", " "), markup=False)
    if answer.suggestions:
        out.print("\n可以这样问：", style="bold")
    for suggestion in answer.suggestions:
        out.print(f"  {suggestion}", markup=False)
