"""`luming search`: the passages nearest to a query."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ui import console
from ui.commands.common import (
    AllVersions,
    Batch,
    Collections,
    Json,
    Out,
    needed,
    open_library,
    run_batch,
    search_filter,
)


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
    as_json: Json = False,
) -> None:
    """找出最相关的段落。"""
    from ui.shapes import hit_object

    flt = search_filter(collection, all_versions)
    with open_library() as library:

        def find(text: str, query_id: Any) -> dict[str, Any]:
            from assistant.question import understand

            hits = library.search(understand(text).text, k, flt)
            return {"id": query_id, "q": text, "hits": [hit_object(hit) for hit in hits]}

        if batch is not None:
            run_batch(library, batch, out, find, "search", {"hits": []}, flt)
            return
        found = find(needed(query), 0)
    if as_json:
        console.print_json(found)
    else:
        _print_hits(found["hits"])


def _print_hits(hits: list[dict[str, Any]]) -> None:
    out = console.output()
    if not hits:
        out.print("没有找到相关段落，请换个说法再试。")
    for number, hit in enumerate(hits, start=1):
        page = f"  第 {hit['page']} 页" if hit["page"] else ""
        head = f"{number}. 《{hit['title']}》 {hit['path']}{page}  [{hit['validity']}]"
        out.print(head, style="bold", markup=False)
        out.print("   " + hit["text"].replace("\n", "\n   "), markup=False)
