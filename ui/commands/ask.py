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
) -> None:
    """回答问题，每句话注明出处；文库里没有依据时不作答。"""
    from assistant.factory import make_answerer
    from assistant.streaming import answer_stream
    from ui.shapes import answer_object

    flt = search_filter(collection, all_versions, as_of=as_of)
    with open_library() as library:
        answerer = make_answerer(library)
        if batch is not None:
            empty = {"abstained": True, "sentences": [], "citations": []}

            def reply(text: str, query_id: Any) -> dict[str, Any]:
                return answer_object(answerer.answer(text, flt), query_id)

            run_batch(library, batch, out, reply, "ask", empty, flt)
            return
        answer: Answer | None = None
        shown: Answer | None = None
        before: AnswerStep | None = None
        for step in answer_stream(answerer, needed(query), flt):
            if not as_json and step != before:
                shown = _follow(step, shown)
            answer, before = step.answer, step
    if answer is None:
        raise AssertionError("an answer's last step has it")
    if as_json:
        console.print_json(answer_object(answer))
    else:
        _print_answer(answer, shown)


def _follow(step: AnswerStep, shown: Answer | None) -> Answer | None:
    """Print what is new in a step; what has been printed so far."""
    if step.done:
        return shown
    if step.answer is None:
        messages = console.errors()
        if messages.is_terminal:
            messages.print(step.progress, style="dim", markup=False)
        return shown
    out = console.output()
    for one in step.answer.sentences[len(shown.sentences) if shown else 0 :]:
        out.print(_line(one), markup=False)
    return step.answer


def _line(sentence: Sentence) -> str:
    return sentence.text + "".join(f"[{n}]" for n in sentence.citations)


def _print_answer(answer: Answer, shown: Answer | None = None) -> None:
    """The whole answer, less the sentences that were ``shown`` while it was made."""
    out = console.output()
    told = shown.sentences if shown else ()
    if told and answer.sentences[: len(told)] != told:
        out.print("\n核对以后的回答：", style="bold")
        told = ()
    if answer.abstained:
        out.print(answer.message, markup=False)
        if answer.related:
            out.print("\n可能相关：", style="bold")
    for one in answer.sentences[len(told) :]:
        out.print(_line(one), markup=False)
    for note in answer.notes:
        out.print(f"注：{note}", style="yellow", markup=False)
    if answer.citations:
        out.print("\n出处：", style="bold")
    for cited in (*answer.citations, *answer.related):
        page = f"，第 {cited.page} 页" if cited.page else ""
        out.print(
            f"[{cited.n}] 《{cited.title}》 {cited.path}{page}（{cited.validity}）", markup=False
        )
        if answer.abstained:
            out.print("    " + cited.quote[:120].replace("\n", " "), markup=False)
