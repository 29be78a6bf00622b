"""Notes of what the vectors and the lexical index must follow, each within a transaction.

A note says what to do: ``upsert`` (embed and index) or ``delete``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, delete, select

from index.tables import documents, passages, pending

CHUNK = 500
"""Values in one IN list; SQLite of old allows 999."""

T = TypeVar("T")


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


def note(document_id: str, collection: str, passage_id: str, op: str) -> dict[str, Any]:
    """A row of ``pending``, without its number."""
    return {
        "passage_id": passage_id,
        "document_id": document_id,
        "collection": collection,
        "op": op,
    }


def write_notes(connection: Connection, notes: Sequence[dict[str, Any]]) -> None:
    """Put the notes in the place of earlier ones on the same passages."""
    for block in chunks(notes):
        ids = [one["passage_id"] for one in block]
        connection.execute(delete(pending).where(pending.c.passage_id.in_(ids)))
        connection.execute(pending.insert(), block)


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


def clear_notes(connection: Connection, numbers: Sequence[int]) -> None:
    """Forget the notes of these numbers; a newer note on the same passage has its own."""
    statement = delete(pending).where(pending.c.seq == bindparam("number"))
    if numbers:
        connection.execute(statement, [{"number": number} for number in numbers])
