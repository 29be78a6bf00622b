"""Writes to the catalog, each within a transaction that its caller opened.

Every change that the vectors or the lexical index must follow is noted by the same transaction
(``index.notes``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from index.notes import chunks, note, write_notes
from index.placing import put_places
from index.records import DocumentRecord, DocumentWrite, Place
from index.rows import document_row, outline_json, passage_row, text_hash
from index.tables import contents, documents, passages

__all__ = ["DocumentWrite", "PassageChanges", "replace_documents", "update_document"]


@dataclass(frozen=True)
class PassageChanges:
    """Passage ids that a write made, altered (text, title or path) and removed."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def replace_documents(
    connection: Connection, writes: Sequence[DocumentWrite]
) -> list[PassageChanges]:
    """Put the documents in the place of what the catalog has under their ids.

    Passages whose embedding text is as before keep their vectors. The counts and the time of
    indexing in the records are set here. A document id may appear once.
    """
    ids = [write.record.document_id for write in writes]
    if len(set(ids)) != len(ids):
        raise ValueError("a document id appears twice in one write")
    before = _existing(connection, ids)
    hashes = _hashes_before(connection, before)
    now = datetime.now(UTC)
    stage = _Stage()
    results = []
    for write in writes:
        record = _counted(write, now)
        results.append(stage.add(record, write, hashes.get(record.document_id, {})))
    stage.execute(connection, before)
    _put_places_of(connection, writes, before)
    return results


def _put_places_of(
    connection: Connection, writes: Sequence[DocumentWrite], before: Sequence[str]
) -> None:
    known = set(before)
    given: list[Place] = []
    fresh: set[str] = set()  # their rows say all of their files already
    for write in writes:
        own = list(write.places)
        if not own and write.record.document_id not in known:
            record = write.record
            own = [
                Place(
                    record.collection,
                    record.source,
                    record.document_id,
                    path=record.source_path,
                    size=record.size,
                    mtime_ns=record.mtime_ns,
                    content_hash=record.content_hash,
                )
            ]
        if write.record.document_id not in known and len(own) == 1:
            fresh.add(write.record.document_id)
        given.extend(own)
    put_places(connection, given, also=before, fresh=fresh)


class _Stage:
    """Rows gathered over many documents, to be written by a few executemany calls."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []
        self.contents: list[dict[str, Any]] = []
        self.passages: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []

    def add(
        self, record: DocumentRecord, write: DocumentWrite, old: dict[str, str]
    ) -> PassageChanges:
        self.documents.append(document_row(record))
        self.contents.append(
            {
                "document_id": record.document_id,
                "text": write.text,
                "outline": outline_json(write.outline),
            }
        )
        added: list[str] = []
        changed: list[str] = []
        left = dict(old)
        for passage in write.passages:
            digest = text_hash(passage, record.title)
            self.passages.append(passage_row(passage, digest))
            was = left.pop(passage.passage_id, None)
            if was != digest:
                (added if was is None else changed).append(passage.passage_id)
        self._note(record, (*added, *changed), "upsert")
        self._note(record, left, "delete")
        return PassageChanges(tuple(added), tuple(changed), tuple(left))

    def _note(self, record: DocumentRecord, ids: Iterable[str], op: str) -> None:
        self.notes.extend(note(record.document_id, record.collection, one, op) for one in ids)

    def execute(self, connection: Connection, existing: Sequence[str]) -> None:
        for block in chunks(existing):
            for table in (contents, passages):
                connection.execute(delete(table).where(table.c.document_id.in_(block)))
        known = set(existing)
        new = [row for row in self.documents if row["document_id"] not in known]
        for table, rows in (
            (documents, new),
            (contents, self.contents),
            (passages, self.passages),
        ):
            if rows:
                connection.execute(table.insert(), rows)
        old = [row for row in self.documents if row["document_id"] in known]
        if old:  # updated in their rows: places and sketches hang on them
            statement = update(documents).where(documents.c.document_id == bindparam("of"))
            connection.execute(statement, [{**row, "of": row["document_id"]} for row in old])
        write_notes(connection, self.notes)


def update_document(connection: Connection, document_id: str, values: dict[str, Any]) -> bool:
    """Set columns of one document; False when there is none of this id.

    The title cannot be set here: it is part of what is embedded.
    """
    statement = update(documents).where(documents.c.document_id == document_id)
    return connection.execute(statement.values(**values)).rowcount > 0


def _existing(connection: Connection, ids: Sequence[str]) -> list[str]:
    column = documents.c.document_id
    return [
        one
        for block in chunks(ids)
        for one in connection.execute(select(column).where(column.in_(block))).scalars()
    ]


def _hashes_before(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for block in chunks(ids):
        query = select(passages.c.document_id, passages.c.passage_id, passages.c.text_hash)
        for document_id, passage_id, digest in connection.execute(
            query.where(passages.c.document_id.in_(block))
        ):
            found.setdefault(document_id, {})[passage_id] = digest
    return found


def _counted(write: DocumentWrite, now: datetime) -> DocumentRecord:
    articles = {one.article for one in write.passages if one.article}
    return replace(
        write.record,
        passage_count=len(write.passages),
        article_count=write.record.article_count or len(articles),
        indexed_at=now,
    )
