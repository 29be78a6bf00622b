"""The reading list: documents in order of importance, with status and version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.study.model import Reading
from assistant.study.scope import Scope
from assistant.study.selecting import Chosen, reading_minutes
from index.records import KIND_NAMES, DocumentRecord

if TYPE_CHECKING:
    from index.library import Library

_POINTS = 2


def reading_list(
    library: Library, scope: Scope, chosen: Sequence[Chosen], speed: int
) -> tuple[Reading, ...]:
    """One entry a document of the passages, which are in the order they are read in."""
    groups: dict[str, list[Chosen]] = {}
    for one in chosen:
        groups.setdefault(one.article.document.document_id, []).append(one)
    found = []
    for number, parts in enumerate(groups.values(), 1):
        record = parts[0].article.document
        characters = sum(one.characters for one in parts)
        found.append(
            Reading(
                id=f"r{number}",
                document_id=record.document_id,
                collection=record.collection,
                title=parts[0].article.title,
                issuer=record.issuer,
                doc_number=record.doc_number,
                validity=record.validity,
                version=version_line(library, record),
                articles=tuple(dict.fromkeys(one.article.place for one in parts)),
                characters=characters,
                minutes=reading_minutes(characters, speed),
                why=_why(record, parts, scope),
            )
        )
    return tuple(found)


def version_line(library: Library, record: DocumentRecord) -> str:
    """2023年12月19日修订，2024年1月1日起施行; "" where nothing is known."""
    version = library.versions.version(record.document_id)
    parts = []
    edition = version.edition if version and not version.doubt else None
    made = edition or record.issued
    if made:
        month_only = bool(version and version.edition_month_only and edition)
        word = "修订" if version and edition and version.revised else "制定"
        parts.append(f"{_day(made, month_only)}{word}")
    start = (version.start if version and version.start_stated else None) or record.effective
    if start:
        parts.append(f"{_day(start)}起施行")
    return "，".join(parts)


def _day(day: date, month_only: bool = False) -> str:
    return f"{day.year}年{day.month}月" + ("" if month_only else f"{day.day}日")


def _why(record: DocumentRecord, parts: Sequence[Chosen], scope: Scope) -> str:
    points = "；".join(dict.fromkeys(one.point.text for one in parts[:_POINTS]))
    if record.document_id in scope.governing:
        return f"专门规定这一主题的文件，讲到：{points}"
    kind = KIND_NAMES.get(record.kind, "文件")
    return f"{kind}，讲到：{points}"
