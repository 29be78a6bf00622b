"""The catalog: every document and passage of a library, the truth that the stores follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update

from index import changes
from index.changes import DocumentWrite, PassageChanges
from index.database import Database
from index.errors import UnknownDocument
from index.jobs import Jobs
from index.notes import remove_documents
from index.outbox import Outbox, PendingPassage, put_meta
from index.places import Places
from index.reading import CatalogReading, CollectionSummary
from index.records import DocumentRecord, PassageRecord, SectionRecord
from index.sketches import Sketches
from index.sources import Sources
from index.tables import meta, passages

__all__ = ["Catalog", "CollectionSummary", "PendingPassage"]


class Catalog(CatalogReading, Outbox):
    """Reads and writes one catalog by its SQLAlchemy URL. Safe to share between threads.

    Every write is one transaction that also notes what the stores must follow (``pending``)
    and moves ``generation``. Errors are LibraryErrors with a Chinese line. Where files lie, the
    remembered folders, jobs and sketches are parts of their own.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self.places = Places(self._database)
        self.sources = Sources(self._database)
        self.jobs = Jobs(self._database)
        self.sketches = Sketches(self._database)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    @property
    def generation(self) -> int:
        """Moves with every committed write, in whatever process."""
        return self._database.counter("generation")

    @property
    def stores_generation(self) -> int:
        """Moves when the vectors and the lexical index have followed a write."""
        return self._database.counter("stores")

    # -- writing -----------------------------------------------------------

    def replace_document(
        self,
        record: DocumentRecord,
        text: str,
        outline: Sequence[SectionRecord],
        passages: Sequence[PassageRecord],
    ) -> PassageChanges:
        """Put one document in the place of the one of its id; see ``replace_documents``."""
        return self.replace_documents([DocumentWrite(record, text, outline, passages)])[0]

    def replace_documents(self, writes: Sequence[DocumentWrite]) -> list[PassageChanges]:
        """Put documents in the place of those of their ids, all in one transaction.

        Many small documents go in far faster together than one by one. A passage whose
        embedding text (title, path, context, text) is as before is not noted for embedding.
        """
        if not writes:
            return []
        with self._database.writing() as connection:
            return changes.replace_documents(connection, writes)

    def set_validity(
        self,
        document_id: str,
        validity: str,
        *,
        issued: date | None = None,
        effective: date | None = None,
        repealed: date | None = None,
    ) -> None:
        """Set the validity, and those dates that are given."""
        dates = {"issued": issued, "effective": effective, "repealed": repealed}
        given = {name: value for name, value in dates.items() if value is not None}
        self._update(document_id, {"validity": validity, **given})

    def _update(self, document_id: str, values: dict[str, Any]) -> None:
        with self._database.writing() as connection:
            if not changes.update_document(connection, document_id, values):
                raise UnknownDocument(document_id)

    def remove_document(self, document_id: str) -> list[str]:
        """Remove a document; the ids of its passages. None of this id: nothing, []."""
        return self.remove_documents([document_id])

    def remove_documents(self, ids: Sequence[str]) -> list[str]:
        """Remove documents in one transaction; the ids of their passages."""
        if not ids:
            return []
        with self._database.writing() as connection:
            return remove_documents(connection, ids)

    def read_again(self, ids: Sequence[str]) -> None:
        """Let the next run over their folders read documents again, as if by a newer program.

        What the stores hold of them is not trusted: every passage follows anew then.
        """
        with self._database.writing() as connection:
            for one in ids:
                changes.update_document(connection, one, {"metadata_version": 0})
                where = passages.c.document_id == one
                connection.execute(update(passages).where(where).values(text_hash=""))

    # -- meta --------------------------------------------------------------

    def get_meta(self, key: str) -> str | None:
        """A value of the library as a whole."""
        with self._database.reading() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()

    def set_meta(self, values: dict[str, str], *, stores: bool = False) -> None:
        """Set values of the library as a whole, all or none; ``stores``: they say where those are."""
        with self._database.writing(stores=stores) as connection:
            for key, value in values.items():
                put_meta(connection, key, value)
