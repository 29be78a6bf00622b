"""Where the files of a collection's documents lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from index.bulk import bulk
from index.database import Database
from index.notes import chunks
from index.placing import put_places, settle, take_places
from index.records import Place
from index.rows import in_utc
from index.tables import documents, places, refusals


@dataclass(frozen=True)
class Refusal:
    """A file that could not be read, and how it was then. ``program`` tells who refused it."""

    source: str
    size: int
    mtime_ns: int
    ctime_ns: int
    program: str
    reason: str


@dataclass(frozen=True)
class KnownDocument:
    """What tells whether a document must be read again."""

    content_hash: str
    metadata_version: int  # of the program that read it
    title: str


@dataclass(frozen=True)
class KnownFiles:
    """What the catalog knows of a collection's files; documents by id, refusals by source."""

    places: tuple[Place, ...]
    documents: Mapping[str, KnownDocument]
    refusals: Mapping[str, Refusal]


class Places:
    """The files of the documents. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @bulk()
    def known(self, collection: str) -> KnownFiles:
        """Everything that is needed to tell what has changed in a collection."""
        columns = documents.c
        query = select(
            columns.document_id, columns.content_hash, columns.metadata_version, columns.title
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.where(columns.collection == collection))
            known = {row[0]: KnownDocument(*row[1:]) for row in rows}
            where = places.c.collection == collection
            found = connection.execute(select(*_COLUMNS).where(where).order_by(places.c.source))
            files = tuple(_place(row) for row in found)
        return KnownFiles(files, known, self.refusals(collection))

    def refusals(self, collection: str) -> dict[str, Refusal]:
        """The files of a collection that could not be read, by source."""
        listed = select(refusals).where(refusals.c.collection == collection)
        with self._database.reading() as connection:
            return {
                row.source: Refusal(
                    row.source, row.size, row.mtime_ns, row.ctime_ns, row.program, row.reason
                )
                for row in connection.execute(listed)
            }

    def of_documents(self, ids: Iterable[str]) -> dict[str, list[Place]]:
        """The files of documents, the one that stands for each first."""
        found: dict[str, list[Place]] = {}
        mains: dict[str, str] = {}
        with self._database.reading() as connection:
            for block in chunks(dict.fromkeys(ids)):
                query = select(documents.c.document_id, documents.c.source)
                query = query.where(documents.c.document_id.in_(block))
                mains.update({row[0]: row[1] for row in connection.execute(query)})
                query = select(*_COLUMNS).where(places.c.document_id.in_(block))
                for row in connection.execute(query.order_by(places.c.source)):
                    found.setdefault(row.document_id, []).append(_place(row))
        for document_id, files in found.items():
            files.sort(key=lambda one: (one.source != mains.get(document_id), one.source))
        return found

    def update(self, given: Sequence[Place], *, dropped: Sequence[tuple[str, str]] = ()) -> None:
        """Put files in the place of those of their names; ``dropped`` names are forgotten.

        All in one transaction. A document that is left without files is removed.
        """
        if not given and not dropped:
            return
        with self._database.writing() as connection:
            owners: list[str] = []
            for collection, source in dropped:
                owners += take_places(connection, collection, [source])
            put_places(connection, given, also=owners)

    def touch(self, given: Sequence[Place]) -> None:
        """Note how unchanged files look now (size, times, device, hash, path); no search knows."""
        if not given:
            return
        names = ("path", "size", "mtime_ns", "ctime_ns", "device", "checked_ns", "file_hash")
        statement = update(places).where(
            places.c.collection == bindparam("of"), places.c.source == bindparam("named")
        )
        rows: list[dict[str, Any]] = [
            {"of": one.collection, "named": one.source, **{n: getattr(one, n) for n in names}}
            for one in given
        ]
        with self._database.writing(counted=False) as connection:
            connection.execute(statement, rows)

    def mark_missing(self, collection: str, sources: Sequence[str], missing: bool = True) -> None:
        """Note that files are not where they were, or (``missing=False``) are there again."""
        if not sources:
            return
        when = datetime.now(UTC) if missing else None
        with self._database.writing() as connection:
            owners: dict[str, None] = {}
            for block in chunks(sources):
                where = (places.c.collection == collection) & places.c.source.in_(block)
                found = connection.execute(select(places.c.document_id).where(where)).scalars()
                owners.update(dict.fromkeys(found))
                connection.execute(update(places).where(where).values(missing_since=when))
            settle(connection, list(owners))

    def remove(self, collection: str, sources: Sequence[str]) -> None:
        """Forget files; documents that are left without any are removed."""
        self.update((), dropped=[(collection, one) for one in sources])

    def set_refusals(
        self, collection: str, refused: Sequence[Refusal], cleared: Iterable[str] = ()
    ) -> None:
        """Remember files that could not be read; forget those of the names ``cleared``."""
        names = dict.fromkeys((*cleared, *(one.source for one in refused)))
        if not names:
            return
        with self._database.writing(counted=False) as connection:
            for block in chunks(names):
                where = (refusals.c.collection == collection) & refusals.c.source.in_(block)
                connection.execute(delete(refusals).where(where))
            if refused:
                rows = [{"collection": collection, **vars(one)} for one in refused]
                connection.execute(refusals.insert(), rows)


#: In the order of the record's fields: thousands of rows are read at once.
_COLUMNS = tuple(places.c[name] for name in Place.__dataclass_fields__)


def _place(row: Any) -> Place:
    values = (*row[:-1], in_utc(row[-1]))
    return Place(*values)
