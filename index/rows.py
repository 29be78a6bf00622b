"""Records to catalog rows and back. JSON is compact and keeps Chinese as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from index.records import DocumentRecord, PassageRecord, SectionRecord
from index.versions import statements


def to_json(value: Any) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def text_hash(record: PassageRecord, title: str) -> str:
    """128 bits of sha256 over what the encoder and the lexical index read of a passage."""
    data = "\x00".join((title, record.path, record.context, record.text))
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def document_row(record: DocumentRecord) -> dict[str, Any]:
    """A row of ``documents``."""
    row = {name: getattr(record, name) for name in record.__dataclass_fields__}
    row["page_sizes"] = to_json(record.page_sizes)
    row["warnings"] = to_json(record.warnings)
    row["statements"] = statements.to_json(record.statements)
    return row


#: The columns of ``documents`` in the order in which ``document_record`` takes them.
DOCUMENT_FIELDS = tuple(DocumentRecord.__dataclass_fields__)
_AT = {name: place for place, name in enumerate(DOCUMENT_FIELDS)}


def document_record(row: Sequence[Any]) -> DocumentRecord:
    """The record of a row of ``DOCUMENT_FIELDS``; quick, for tens of thousands of them."""
    values = list(row)
    sizes, warnings = values[_AT["page_sizes"]], values[_AT["warnings"]]
    values[_AT["page_sizes"]] = (
        () if sizes == "[]" else tuple((width, height) for width, height in json.loads(sizes))
    )
    values[_AT["warnings"]] = () if warnings == "[]" else tuple(json.loads(warnings))
    values[_AT["statements"]] = statements.from_json(values[_AT["statements"]])
    for name in ("indexed_at", "missing_since"):
        values[_AT[name]] = in_utc(values[_AT[name]])
    return DocumentRecord(*values)


def in_utc(when: datetime | None) -> datetime | None:
    """A time as it comes from the catalog, with its zone: SQLite keeps none, UTC is written."""
    return when.replace(tzinfo=UTC) if when is not None and when.tzinfo is None else when


def passage_row(record: PassageRecord, digest: str) -> dict[str, Any]:
    """A row of ``passages``."""
    return {
        "passage_id": record.passage_id,
        "document_id": record.document_id,
        "ordinal": record.ordinal,
        "path": record.path,
        "text": record.text,
        "start": record.start,
        "end": record.end,
        "context": record.context,
        "article": record.article,
        "page": record.page,
        "boxes": to_json(record.boxes) if record.boxes else "[]",
        "text_hash": digest,
    }


def passage_record(row: Mapping[Any, Any]) -> PassageRecord:
    """The record of a row of ``passages``; further columns of the row are ignored."""
    boxes = row["boxes"]
    return PassageRecord(
        passage_id=row["passage_id"],
        document_id=row["document_id"],
        ordinal=row["ordinal"],
        path=row["path"],
        text=row["text"],
        start=row["start"],
        end=row["end"],
        context=row["context"],
        article=row["article"],
        page=row["page"],
        boxes=() if boxes == "[]" else tuple(_box(box) for box in json.loads(boxes)),
    )


def outline_json(outline: Iterable[SectionRecord]) -> str:
    """The outline as one JSON list."""
    return to_json([list(asdict(section).values()) for section in outline])


def outline_records(value: str) -> list[SectionRecord]:
    """The outline from its JSON list."""
    return [SectionRecord(*section) for section in json.loads(value)]


def _box(values: list[float]) -> tuple[int, float, float, float, float]:
    page, x0, y0, x1, y1 = values
    return int(page), x0, y0, x1, y1
