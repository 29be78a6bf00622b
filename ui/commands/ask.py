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
    from assistant.answer import Answer


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
        answer = answerer.answer(needed(query), flt)
    if as_json:
        console.print_json(answer_object(answer))
    else:
        _print_answer(answer)


def _print_answer(answer: Answer) -> None:
    out = console.output()
    if answer.abstained:
        out.print(answer.message, markup=False)
        if answer.related:
            out.print("\n可能相关：", style="bold")
    for one in answer.sentences:
        marks = "".join(f"[{n}]" for n in one.citations)
        out.print(f"{one.text}{marks}", markup=False)
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
        out.print(
            f"[{cited.n}] 《{cited.title}》 {cited.path}{page}（{cited.validity}）", markup=False
        )
        if answer.abstained:
            out.print("    " + cited.quote[:120].replace("\n", " "), markup=False)
