"""Writes to the catalog, each within a transaction that its caller opened.

Every change that the vectors or the lexical index must follow is noted in ``pending`` by the
same transaction. A note says what to do: ``upsert`` (embed and index), ``meta`` (the text is as
before; kind or validity changed) or ``delete``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, delete, select, update

from index.records import DocumentRecord, PassageRecord, SectionRecord
from index.rows import document_row, outline_json, passage_row, text_hash
from index.tables import contents, documents, passages, pending

CHUNK = 500
"""Values in one IN list; SQLite of old allows 999."""

T = TypeVar("T")


@dataclass(frozen=True)
class DocumentWrite:
    """One document as it shall be in the catalog."""

    record: DocumentRecord
    text: str
    outline: Sequence[SectionRecord]
    passages: Sequence[PassageRecord]


@dataclass(frozen=True)
class PassageChanges:
    """Passage ids that a write made, altered (text, title or path) and removed."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of up to ``size`` values, in order."""
    block: list[T] = []
    for value in values:
        block.append(value)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block


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
    before = _documents_before(connection, ids)
    hashes = _hashes_before(connection, list(before))
    now = datetime.now(UTC)
    stage = _Stage()
    results = []
    for write in writes:
        record = _counted(write, now)
        old = before.get(record.document_id)
        moved = old is not None and (old[0], old[1]) != (record.kind, record.validity)
        results.append(stage.add(record, write, hashes.get(record.document_id, {}), moved))
    stage.execute(connection, list(before))
    return results


class _Stage:
    """Rows gathered over many documents, to be written by a few executemany calls."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []
        self.contents: list[dict[str, Any]] = []
        self.passages: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []

    def add(
        self, record: DocumentRecord, write: DocumentWrite, old: dict[str, str], moved: bool
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
        kept: list[str] = []
        left = dict(old)
        for passage in write.passages:
            digest = text_hash(passage, record.title)
            self.passages.append(passage_row(passage, digest))
            was = left.pop(passage.passage_id, None)
            group = added if was is None else changed if was != digest else kept
            group.append(passage.passage_id)
        self._note(record, (*added, *changed), "upsert")
        self._note(record, kept if moved else (), "meta")
        self._note(record, left, "delete")
        return PassageChanges(tuple(added), tuple(changed), tuple(left))

    def _note(self, record: DocumentRecord, ids: Iterable[str], op: str) -> None:
        self.notes.extend(note(record.document_id, record.collection, one, op) for one in ids)

    def execute(self, connection: Connection, existing: Sequence[str]) -> None:
        for block in chunks(existing):  # passages and contents follow by cascade
            connection.execute(delete(documents).where(documents.c.document_id.in_(block)))
        for table, rows in (
            (documents, self.documents),
            (contents, self.contents),
            (passages, self.passages),
        ):
            if rows:
                connection.execute(table.insert(), rows)
        write_notes(connection, self.notes)


def note(document_id: str, collection: str, passage_id: str, op: str) -> dict[str, Any]:
    """A row of ``pending``, without its number."""
    return {
        "passage_id": passage_id,
        "document_id": document_id,
        "collection": collection,
        "op": op,
    }


def write_notes(connection: Connection, notes: Sequence[dict[str, Any]]) -> None:
    """Put the notes in the place of earlier ones on the same passages.

    ``meta`` after an ``upsert`` that nobody has done yet stays an ``upsert``.
    """
    for block in chunks(notes):
        ids = [one["passage_id"] for one in block]
        query = select(pending.c.passage_id, pending.c.op).where(pending.c.passage_id.in_(ids))
        earlier = {passage_id: op for passage_id, op in connection.execute(query)}
        if earlier:
            connection.execute(delete(pending).where(pending.c.passage_id.in_(list(earlier))))
        rows = [
            {**one, "op": "upsert"}
            if one["op"] == "meta" and earlier.get(one["passage_id"]) == "upsert"
            else one
            for one in block
        ]
        connection.execute(pending.insert(), rows)


def note_passages(connection: Connection, where: Any, op: str) -> list[str]:
    """Note ``op`` for the passages of every document that ``where`` selects; their ids."""
    query = (
        select(passages.c.passage_id, passages.c.document_id, documents.c.collection)
        .join(documents, documents.c.document_id == passages.c.document_id)
        .where(where)
        .order_by(passages.c.document_id, passages.c.ordinal)
    )
    rows = connection.execute(query).all()
    write_notes(connection, [note(row[1], row[2], row[0], op) for row in rows])
    return [row[0] for row in rows]


def remove_documents(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Remove the documents with their passages; the removed passage ids."""
    removed: list[str] = []
    for block in chunks(ids):
        where = documents.c.document_id.in_(block)
        removed.extend(note_passages(connection, where, "delete"))
        connection.execute(delete(documents).where(where))
    return removed


def update_document(connection: Connection, document_id: str, values: dict[str, Any]) -> bool:
    """Set columns of one document; False when there is none of this id.

    A change of kind or validity is noted for its passages. The title cannot be set here: it is
    part of what is embedded.
    """
    columns = [documents.c.kind, documents.c.validity]
    query = select(*columns).where(documents.c.document_id == document_id)
    old = connection.execute(query).one_or_none()
    if old is None:
        return False
    connection.execute(
        update(documents).where(documents.c.document_id == document_id).values(**values)
    )
    if (values.get("kind", old[0]), values.get("validity", old[1])) != tuple(old):
        note_passages(connection, documents.c.document_id == document_id, "meta")
    return True


def clear_notes(connection: Connection, numbers: Sequence[int]) -> None:
    """Forget the notes of these numbers; a newer note on the same passage has its own."""
    statement = delete(pending).where(pending.c.seq == bindparam("number"))
    if numbers:
        connection.execute(statement, [{"number": number} for number in numbers])


def _documents_before(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    def query(block: list[str]) -> Select:
        return select(documents.c.document_id, documents.c.kind, documents.c.validity).where(
            documents.c.document_id.in_(block)
        )

    return {
        row[0]: (row[1], row[2])
        for block in chunks(ids)
        for row in connection.execute(query(block))
    }


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
