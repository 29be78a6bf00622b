"""`luming list`, `show` and `remove`: what the library holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import LibraryError, shorten
from ui import console
from ui.commands.common import Json, open_library, plain, table

if TYPE_CHECKING:
    from index.library import Library
    from index.records import DocumentRecord, SectionRecord


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("list")(list_documents)
    app.command()(show)
    app.command()(remove)


def list_documents(
    collection: Annotated[
        str | None, typer.Option("--collection", "-c", help="只看这个文库")
    ] = None,
    as_json: Json = False,
) -> None:
    """列出文库和文件。"""
    with open_library() as library:
        if collection is not None:
            library.check_collections([collection])
        records = library.documents()[1].values()
        documents = [one for one in records if collection in (None, one.collection)]
        several = [one.document_id for one in documents if one.place_count > 1]
        places = library.catalog.places.of_documents(several)
    if as_json:
        keys = ("document_id", "collection", "title", "kind", "format", "validity", "source")
        rows = [
            {key: getattr(one, key) for key in keys}
            | {
                "articles": one.article_count,
                "passages": one.passage_count,
                "missing": one.missing_since is not None,
                "places": [p.source for p in places.get(one.document_id, ())] or [one.source],
            }
            for one in documents
        ]
        console.print_json({"documents": rows})
    else:
        _print_documents(documents)


def _print_documents(documents: Sequence[DocumentRecord]) -> None:
    from index.records import KIND_NAMES

    out = console.output()
    if not documents:
        out.print("资料库还是空的，请先运行 luming ingest 文件夹 --collection 文库名。")
        return
    listed = table("编号", "文库", "标题", "类别", "效力", "条数", "备注")
    for one in documents:
        listed.add_row(
            one.document_id,
            plain(one.collection),
            plain(one.title),
            KIND_NAMES.get(one.kind, one.kind),
            one.validity,
            str(one.article_count or "—"),
            _remark(one),
        )
    out.print(listed)
    missing = sum(one.missing_since is not None for one in documents)
    told = f"，其中 {missing} 份已缺失（原文件不在原处，内容仍可查到）" if missing else ""
    out.print(f"共 {len(documents)} 份文件{told}。")


def _remark(one: DocumentRecord) -> str:
    parts = ["已缺失"] if one.missing_since is not None else []
    if one.place_count > 1:
        parts.append(f"{one.place_count} 处")
    return "，".join(parts)


def _one_document(library: Library, name: str) -> DocumentRecord:
    from index.errors import UnknownDocument

    known = library.documents()[1]
    found = [known.get(one.document_id, one) for one in library.catalog.find_documents(name)]
    exact = [one for one in found if name in (one.document_id, one.title)]
    chosen = exact or found
    if not chosen:
        raise UnknownDocument(name)
    if len(chosen) > 1:
        listed = "；".join(f"{one.document_id} 《{one.title}》" for one in chosen[:10])
        raise LibraryError(f"有 {len(chosen)} 份文件符合，请用编号指明：{listed}")
    return chosen[0]


def show(
    document: Annotated[str, typer.Argument(help="文件编号或标题", metavar="文件")],
    article: Annotated[
        str | None, typer.Argument(help="第几条，例如 第十二条", metavar="条")
    ] = None,
    as_json: Json = False,
) -> None:
    """显示一份文件的目录和全文，或其中一条。"""
    with open_library() as library:
        record = _one_document(library, document)
        text = library.catalog.document_text(record.document_id)
        outline = library.catalog.outline(record.document_id)
        places = library.catalog.places.of_documents([record.document_id])[record.document_id]
    if article is not None:
        text = _article_text(text, outline, article, record.title)
    if as_json:
        value: dict[str, Any] = {
            "document_id": record.document_id,
            "title": record.title,
            "validity": record.validity,
            "missing": record.missing_since is not None,
            "places": [{"source": p.source, "path": p.path} for p in places],
            "article": article,
            "text": text,
        }
        if article is None:
            value["outline"] = [
                {"kind": s.kind, "label": s.label, "title": s.title, "level": s.level}
                for s in outline
                if s.kind not in ("paragraph", "item", "subitem")
            ]
        console.print_json(value)
        return
    out = console.output()
    gone = " [已缺失]" if record.missing_since is not None else ""
    out.print(f"《{record.title}》 [{record.validity}]{gone}", style="bold", markup=False)
    for place in places:
        lost = "（已缺失）" if place.missing_since is not None else ""
        out.print(f"位置：{place.path}{lost}", style="dim", markup=False)
    for warning in record.warnings:
        out.print(f"说明：{warning}", style="dim", markup=False)
    out.print(text, markup=False)


def _article_text(text: str, outline: Sequence[SectionRecord], article: str, title: str) -> str:
    from index.numerals import article_label, parse_article

    number = parse_article(article)
    if number is None:
        raise LibraryError(f"“{shorten(article)}”不是条号，请写成“第十二条”。")
    wanted = article_label(number)
    articles = [one for one in outline if one.kind == "article"]
    for one in articles:
        if one.label == wanted:
            return text[one.start : one.end]
    if not articles:
        raise LibraryError(f"《{title}》没有分条。")
    raise LibraryError(f"《{title}》共 {len(articles)} 条，没有“{article}”。")


def remove(
    documents: Annotated[list[str], typer.Argument(help="文件编号或标题，可多个", metavar="文件…")],
    as_json: Json = False,
) -> None:
    """从资料库移除文件（不删除原文件）。"""
    with open_library() as library:
        records = [_one_document(library, name) for name in documents]
        library.remove_documents([one.document_id for one in records])
    if as_json:
        console.print_json({"removed": [one.document_id for one in records]})
        return
    for one in records:
        console.output().print(f"已移除《{one.title}》", markup=False)
