"""`luming search`: the passages nearest to a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import (
    AllVersions,
    AsOf,
    Batch,
    Collections,
    From,
    Issuers,
    Json,
    Kinds,
    Out,
    To,
    needed,
    open_library,
    run_batch,
    search_filter,
)

if TYPE_CHECKING:
    from index.library import Library
    from index.records import SearchFilter


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(search)


def search(
    query: Annotated[str | None, typer.Argument(help="要找的内容", metavar="问题")] = None,
    batch: Batch = None,
    out: Out = None,
    collection: Collections = None,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="给出几条")] = 10,
    all_versions: AllVersions = False,
    as_of: AsOf = None,
    kind: Kinds = None,
    issuer: Issuers = None,
    first: From = None,
    last: To = None,
    explain: Annotated[bool, typer.Option("--explain", help="说明每一条为什么排在这里")] = False,
    as_json: Json = False,
) -> None:
    """找出最相关的段落；写明条号的直接给出那一条。"""
    flt = search_filter(
        collection,
        all_versions,
        as_of=as_of,
        kinds=kind,
        issuers=issuer,
        first=first,
        last=last,
    )
    with open_library() as library:
        if batch is not None:

            def found(text: str, query_id: Any) -> dict[str, Any]:
                return _find(library, text, query_id, k, flt, explain)

            run_batch(library, batch, out, found, "search", {"hits": []}, flt)
            return
        result = _find(library, needed(query), 0, k, flt, explain)
    if as_json:
        console.print_json(result)
    else:
        _print_result(result)


def _find(
    library: Library, text: str, query_id: Any, k: int, flt: SearchFilter, explained: bool
) -> dict[str, Any]:
    from assistant.question import understand
    from index.explanation import explain
    from ui.shapes import explanation_object, hit_object

    asked = understand(text).text
    result = library.find(asked, k, flt)
    hits = [hit_object(hit) for hit in result.hits]
    notes = list(result.notes)
    if result.rerank.reason:
        notes.append(result.rerank.reason)
    if explained:
        reasons = explain(asked, result.hits, library.finder.synonyms())
        for hit, reason in zip(hits, reasons, strict=True):
            hit["explanation"] = explanation_object(reason)
    return {"id": query_id, "q": text, "hits": hits, "notes": notes}


def _print_result(result: dict[str, Any]) -> None:
    out = console.output()
    for note in result["notes"]:
        out.print(f"注：{note}", style="yellow", markup=False)
    if not result["hits"]:
        out.print("没有找到相关段落，请换个说法再试。")
    for number, hit in enumerate(result["hits"], start=1):
        page = f"  第 {hit['page']} 页" if hit["page"] else ""
        head = f"{number}. 《{hit['title']}》 {hit['path']}{page}  [{hit['validity']}]"
        if hit["missing"]:
            head += " [已缺失]"
        out.print(head, style="bold", markup=False)
        out.print("   " + hit["text"].replace("\n", "\n   "), markup=False)
        for one in hit["folded"]:
            same = f"   同样的内容：《{one['title']}》 {one['path']}  [{one['validity']}]"
            out.print(same, style="dim", markup=False)
        if "explanation" in hit:
            _print_explanation(hit["explanation"])


def _print_explanation(one: dict[str, Any]) -> None:
    def rank(side: str) -> str:
        return f"第 {one[side]} 名" if one[side] else "未列入"

    lines = [f"词语检索{rank('lexical_rank')}，语义检索{rank('dense_rank')}"]
    if one["rule"]:
        lines.insert(0, f"规则：{one['rule']}")
    lines.append("命中的词：" + ("、".join(one["matched"]) or "无"))
    if one["synonyms"]:
        lines.append("命中的同义词：" + "、".join(one["synonyms"]))
    parts = "，".join(f"{name} {value:+.2f}" for name, value in one["parts"].items())
    lines.append(f"得分：{parts or '不参加排序'}")
    if one["reranked"]:
        lines.append(one["reranked"])
    for line in lines:
        console.output().print(f"   · {line}", style="cyan", markup=False)
