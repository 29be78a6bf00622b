"""The catalog's outbox: what the vectors and the lexical index have yet to follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from index.database import Database
from index.notes import chunks, clear_notes, note, note_passages, write_notes
from index.records import PassageRecord
from index.rows import passage_record
from index.tables import documents, meta, passages, pending


@dataclass(frozen=True)
class PendingPassage:
    """Work for the vectors and the lexical index.

    ``op`` is ``upsert`` or ``delete``; ``passage`` is None when it has been removed.
    """

    seq: int
    passage_id: str
    document_id: str
    collection: str
    op: str
    title: str = ""
    passage: PassageRecord | None = None


class Outbox:
    """The part of :class:`index.catalog.Catalog` that the indexer works through."""

    _database: Database

    def pending(self, after: int = 0, limit: int = 4096) -> list[PendingPassage]:
        """Work with numbers above ``after``, in order, at most ``limit``."""
        query = (
            select(
                pending.c.seq,
                pending.c.passage_id.label("pending_id"),
                pending.c.document_id.label("pending_document"),
                pending.c.collection,
                pending.c.op,
                documents.c.title,
                passages,
            )
            .outerjoin(passages, passages.c.passage_id == pending.c.passage_id)
            .outerjoin(documents, documents.c.document_id == passages.c.document_id)
            .where(pending.c.seq > after)
            .order_by(pending.c.seq)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_pending(row) for row in connection.execute(query).mappings()]

    def pending_count(self) -> int:
        """How many passages the stores have yet to follow."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(pending)).scalar_one())

    def must_encode(self) -> bool:
        """Whether the outbox holds passages to be encoded, not only removals and the like."""
        query = select(pending.c.seq).where(pending.c.op == "upsert").limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def clear_pending(self, numbers: Sequence[int]) -> None:
        """Forget work that the stores have committed, by its ``seq``."""
        with self._database.writing(stores=True) as connection:
            clear_notes(connection, numbers)

    def requeue(self, values: dict[str, str] | None = None) -> int:
        """Note every passage for embedding anew; how many. ``values`` go into meta with it."""
        with self._database.writing() as connection:
            connection.execute(delete(pending))
            count = len(note_passages(connection, documents.c.collection != "", "upsert"))
            for key, value in (values or {}).items():
                put_meta(connection, key, value)
            return count

    def note_passages(
        self, upserts: Sequence[str], deletes: Sequence[tuple[str, str, str]] = ()
    ) -> None:
        """Note passages for the stores: ids to be put in anew, and (id, document, collection)
        of what the catalog does not know."""
        with self._database.writing() as connection:
            for block in chunks(upserts):
                note_passages(connection, passages.c.passage_id.in_(block), "upsert")
            write_notes(connection, [note(one[1], one[2], one[0], "delete") for one in deletes])

    def pending_ids(self) -> set[str]:
        """The passages that the stores have yet to follow."""
        with self._database.reading() as connection:
            return set(connection.execute(select(pending.c.passage_id)).scalars())


def put_meta(connection: Any, key: str, value: str) -> None:
    """Set a value of the library as a whole."""
    connection.execute(delete(meta).where(meta.c.key == key))
    connection.execute(meta.insert(), {"key": key, "value": value})


def _pending(row: Any) -> PendingPassage:
    return PendingPassage(
        seq=row["seq"],
        passage_id=row["pending_id"],
        document_id=row["pending_document"],
        collection=row["collection"],
        op=row["op"],
        title=row["title"] or "",
        passage=passage_record(row) if row["ordinal"] is not None else None,
    )
