"""A library to a file and back: whole documents with their ids."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from index.changes import DocumentWrite
from index.errors import shorten
from index.exchange.base import FORMAT, Exchange, ExchangeError, Row
from index.exchange.jsonl import Jsonl
from index.exchange.parquet import Parquet
from index.library import Library
from index.records import KINDS, VALIDITIES, DocumentRecord, PassageRecord
from index.rows import outline_json, outline_records, to_json
from index.versions import statements

BATCH_DOCUMENTS = 64


@dataclass(frozen=True)
class Exchanged:
    """How much went into a file or came from it."""

    documents: int
    passages: int


def exchange_of(path: Path) -> Exchange:
    """The format that a file's name asks for; ExchangeError for another one."""
    if path.suffix.lower() == ".jsonl":
        return Jsonl()
    if path.suffix.lower() == ".parquet":
        return Parquet()
    raise ExchangeError(f"不认识 {path.name} 的格式，文件名请以 .jsonl 或 .parquet 结尾。")


# -- out -------------------------------------------------------------------------


def export_library(library: Library, path: Path, collection: str | None = None) -> Exchanged:
    """Write documents with their passages to a file, in the place of an earlier one."""
    exchange = exchange_of(path)
    library.check_collections([collection] if collection is not None else [])
    records = library.catalog.documents(collection)
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            rows = exchange.write(partial, _rows(library, records))
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise ExchangeError(f"写不了 {path}：{error.strerror}，请检查磁盘空间和权限。") from error
    return Exchanged(len(records), rows - len(records))


def _rows(library: Library, records: Iterable[DocumentRecord]) -> Iterator[Row]:
    catalog = library.catalog
    for record in records:
        common = _common(record)
        yield Row(
            type="document",
            text=catalog.document_text(record.document_id),
            outline=outline_json(catalog.outline(record.document_id)),
            **common,
        )
        for one in catalog.passages(record.document_id):
            yield Row(
                type="passage",
                passage_id=one.passage_id,
                ordinal=one.ordinal,
                path=one.path,
                article=one.article,
                text=one.text,
                start=one.start,
                end=one.end,
                context=one.context,
                page=one.page,
                boxes=to_json(one.boxes),
                **common,
            )


_SAME = (
    *("document_id", "title", "collection", "source", "source_path", "kind", "issuer"),
    *("doc_number", "family", "issued", "effective", "repealed", "validity", "content_hash"),
    *("size", "mtime_ns", "metadata_version", "page_count"),
)


def _common(record: DocumentRecord) -> dict[str, Any]:
    return {
        **{name: getattr(record, name) for name in _SAME},
        "file_format": record.format,
        "page_sizes": to_json(record.page_sizes),
        "statements": statements.to_json(record.statements),
        "warnings": to_json(record.warnings),
    }


# -- in --------------------------------------------------------------------------


def import_file(library: Library, path: Path) -> Exchanged:
    """Take in what ``export_library`` wrote: the same documents under the same ids.

    Those of the library that have one of these ids are replaced. The whole file is checked before
    anything is written. Raises ExchangeError naming the line.
    """
    exchange = exchange_of(path)
    if not path.is_file():
        raise ExchangeError(f"找不到文件 {path}。")
    seen: set[str] = set()
    for _ in _documents(exchange, path, seen):
        pass
    if not seen:
        raise ExchangeError(f"{path} 里没有文件，什么都没有导入。")
    documents = passages = 0
    with library.writing():
        batch: list[DocumentWrite] = []
        for write in _documents(exchange, path, set()):
            batch.append(write)
            documents, passages = documents + 1, passages + len(write.passages)
            if len(batch) == BATCH_DOCUMENTS:
                library.write_documents(batch)
                batch = []
        library.write_documents(batch)
        library.index_pending()
    return Exchanged(documents, passages)


def _documents(exchange: Exchange, path: Path, seen: set[str]) -> Iterator[DocumentWrite]:
    """The documents of a file, each checked; ``seen`` gets their ids."""
    head: Row | None = None
    at = 0
    passages: list[Row] = []
    for number, values in exchange.read(path):
        row = _row(number, values)
        if row.type == "document":
            if head is not None:
                yield _checked(at, head, passages)
            if row.document_id in seen:
                raise ExchangeError(f"第 {number} 行：文件编号 {row.document_id} 出现了两次。")
            seen.add(row.document_id)
            head, at, passages = row, number, []
        elif head is None or row.document_id != head.document_id:
            raise ExchangeError(f"第 {number} 行：段落前面没有它所属的文件那一行。")
        else:
            passages.append(row)
    if head is not None:
        yield _checked(at, head, passages)


def _row(number: int, values: dict[str, Any]) -> Row:
    try:
        row = Row.model_validate(values)
    except ValidationError as error:
        name = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ExchangeError(f"第 {number} 行：{name} 缺少或写法不对，什么都没有导入。") from error
    if row.format > FORMAT:
        raise ExchangeError("这个文件是更新的程序导出的，请先升级程序。")
    if row.kind not in KINDS or row.validity not in VALIDITIES:
        raise ExchangeError(f"第 {number} 行：没有“{shorten(row.kind)}”这一类或这种效力状态。")
    return row


def _checked(number: int, head: Row, rows: Sequence[Row]) -> DocumentWrite:
    try:
        record = DocumentRecord(
            **{name: getattr(head, name) for name in _SAME},
            format=head.file_format,
            page_sizes=tuple((float(w), float(h)) for w, h in json.loads(head.page_sizes)),
            statements=statements.from_json(head.statements),
            warnings=tuple(str(one) for one in json.loads(head.warnings)),
        )
        passages = [_passage(one) for one in rows]
        outline = outline_records(head.outline or "[]")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ExchangeError(f"第 {number} 行起的文件“{shorten(head.title)}”内容不对。") from error
    ids = {one.passage_id for one in passages}
    for one in passages:
        if not 0 <= one.start <= one.end or head.text[one.start : one.end] != one.text:
            raise ExchangeError(
                f"第 {number} 行起的文件“{shorten(head.title)}”："
                f"段落 {shorten(one.passage_id)} 与正文对不上，什么都没有导入。"
            )
        if not one.passage_id.startswith(f"{head.document_id}#"):
            raise ExchangeError(f"段落编号 {shorten(one.passage_id)} 不属于它的文件。")
    if len(ids) != len(passages):
        raise ExchangeError(f"第 {number} 行起的文件“{shorten(head.title)}”里段落编号有重复。")
    return DocumentWrite(record, head.text, outline, passages)


def _passage(row: Row) -> PassageRecord:
    if None in (row.passage_id, row.ordinal, row.path, row.start, row.end):
        raise ValueError("a passage without its place")
    boxes = json.loads(row.boxes or "[]")
    return PassageRecord(
        passage_id=str(row.passage_id),
        document_id=row.document_id,
        ordinal=int(row.ordinal or 0),
        path=str(row.path),
        text=row.text,
        start=int(row.start or 0),
        end=int(row.end or 0),
        context=row.context or "",
        article=row.article,
        page=row.page,
        boxes=tuple((int(p), float(a), float(b), float(c), float(d)) for p, a, b, c, d in boxes),
    )
