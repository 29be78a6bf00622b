"""`luming duplicates`: documents that are the same or nearly, for a person to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui import console
from ui.commands.common import Json, open_library, plain, table

if TYPE_CHECKING:
    from index.duplicates import Copies, NearCopies


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(duplicates)


def duplicates(
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="只看这个文库")
    ] = None,
    as_json: Json = False,
) -> None:
    """列出内容相同的文件（一份文件多处）和文字相近的文件；只列出，不删除。"""
    from index.duplicates import copies, near_copies

    with open_library() as library:
        library.check_collections([collection] if collection is not None else [])
        same = copies(library, collection)
        near = near_copies(library, collection)
    if as_json:
        console.print_json(
            {"same": [_same_object(one) for one in same], "near": [_near_object(o) for o in near]}
        )
    else:
        _print(same, near)


def _same_object(one: Copies) -> dict[str, Any]:
    return {
        "document_id": one.document.document_id,
        "title": one.document.title,
        "collection": one.document.collection,
        "places": [{"source": place.source, "path": place.path} for place in one.places],
    }


def _near_object(one: NearCopies) -> dict[str, Any]:
    return {
        "one_family": one.one_family,
        "documents": [
            {
                "document_id": document.document_id,
                "title": document.title,
                "collection": document.collection,
                "source": document.source,
                "validity": document.validity,
                "similarity": round(alike, 3),
            }
            for document, alike in zip(one.documents, one.similarity, strict=True)
        ],
    }


def _print(same: list[Copies], near: list[NearCopies]) -> None:
    out = console.output()
    if not same and not near:
        out.print("没有相同或相近的文件。")
        return
    if same:
        out.print(f"内容完全相同：{len(same)} 份文件各有多处，检索时只算一份。", style="bold")
        listed = table("编号", "标题", "位置")
        for copy in same:
            places = "\n".join(place.source for place in copy.places)
            listed.add_row(copy.document.document_id, plain(copy.document.title), plain(places))
        out.print(listed)
    for number, group in enumerate(near, start=1):
        why = "同一文件的不同版本" if group.one_family else "请确认是否重复"
        out.print(f"文字相近第 {number} 组（{why}）", style="bold")
        listed = table("编号", "文库", "标题", "效力", "相近程度", "位置")
        for document, alike in zip(group.documents, group.similarity, strict=True):
            listed.add_row(
                document.document_id,
                plain(document.collection),
                plain(document.title),
                document.validity,
                f"{alike:.0%}",
                plain(document.source),
            )
        out.print(listed)
    if near:
        out.print("确认多余的，可运行 luming remove 编号，并把原文件移出来源文件夹。")
