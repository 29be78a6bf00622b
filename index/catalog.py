"""The catalog: every document and passage of a library, the truth that the stores follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, or_, select

from index import changes
from index.changes import DocumentWrite, PassageChanges, chunks
from index.database import Database
from index.errors import UnknownDocument
from index.records import DocumentRecord, PassageRecord, SectionRecord
from index.rows import document_record, outline_records, passage_record
from index.tables import contents, documents, meta, passages, pending
from index.versions import statements
from index.versions.model import Facts


@dataclass(frozen=True)
class CollectionSummary:
    """A collection and how much it holds."""

    name: str
    documents: int
    passages: int


@dataclass(frozen=True)
class SourceState:
    """What is known of one source file, to tell whether it must be read again."""

    document_id: str
    size: int
    mtime_ns: int
    content_hash: str
    metadata_version: int = 0


@dataclass(frozen=True)
class PendingPassage:
    """Work for the vectors and the lexical index.

    ``op`` is ``upsert``, ``meta`` or ``delete``; ``passage`` is None when it has been removed.
    """

    seq: int
    passage_id: str
    document_id: str
    collection: str
    op: str
    title: str = ""
    kind: str = ""
    validity: str = ""
    passage: PassageRecord | None = None


class Catalog:
    """Reads and writes one catalog by its SQLAlchemy URL. Safe to share between threads.

    Every write is one transaction that also notes what the stores must follow (``pending``)
    and moves ``generation``. Errors are LibraryErrors with a Chinese line.
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)

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

    # -- reading documents -------------------------------------------------

    def collections(self) -> list[CollectionSummary]:
        """Every collection that holds documents, by name."""
        query = (
            select(
                documents.c.collection,
                func.count(documents.c.document_id),
                func.sum(documents.c.passage_count),
            )
            .group_by(documents.c.collection)
            .order_by(documents.c.collection)
        )
        with self._database.reading() as connection:
            return [CollectionSummary(a, b, int(c)) for a, b, c in connection.execute(query)]

    def documents(
        self, collection: str | None = None, kind: str | None = None
    ) -> list[DocumentRecord]:
        """The documents, by collection, title and source."""
        query = select(documents).order_by(
            documents.c.collection, documents.c.title, documents.c.source
        )
        if collection is not None:
            query = query.where(documents.c.collection == collection)
        if kind is not None:
            query = query.where(documents.c.kind == kind)
        return self._documents(query)

    def document(self, document_id: str) -> DocumentRecord | None:
        """One document by its id."""
        return self.documents_by_id([document_id]).get(document_id)

    def documents_by_id(self, ids: Iterable[str]) -> dict[str, DocumentRecord]:
        """The documents that exist among these ids."""
        with self._database.reading() as connection:
            return {
                row["document_id"]: document_record(row)
                for block in chunks(dict.fromkeys(ids))
                for row in connection.execute(
                    select(documents).where(documents.c.document_id.in_(block))
                ).mappings()
            }

    def find_documents(self, text: str, limit: int = 100) -> list[DocumentRecord]:
        """Documents by id, else by exact title or source, else by a fragment of the title."""
        wanted = text.strip()
        if not wanted:
            return []
        order = (documents.c.collection, documents.c.title, documents.c.source)
        bare = wanted.removeprefix("《").removesuffix("》")
        for where in (
            documents.c.document_id == wanted,
            or_(documents.c.title.in_([wanted, bare]), documents.c.source == wanted),
            documents.c.title.contains(bare, autoescape=True) if bare else None,
        ):
            if where is not None:
                found = self._documents(select(documents).where(where).order_by(*order), limit)
                if found:
                    return found
        return []

    def _documents(self, query: Any, limit: int | None = None) -> list[DocumentRecord]:
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit)).mappings()
            return [document_record(row) for row in rows]

    def document_text(self, document_id: str) -> str:
        """The whole text that passage ranges count in; UnknownDocument when there is none."""
        return self._content(document_id, contents.c.text)

    def outline(self, document_id: str) -> list[SectionRecord]:
        """The outline of a document, in order; UnknownDocument when there is none."""
        return outline_records(self._content(document_id, contents.c.outline))

    def _content(self, document_id: str, column: Any) -> str:
        with self._database.reading() as connection:
            query = select(column).where(contents.c.document_id == document_id)
            value = connection.execute(query).scalar()
        if value is None:
            raise UnknownDocument(document_id)
        return value

    def facts(self) -> list[Facts]:
        """What the versions of all documents are worked out from, by collection and source."""
        names = list(Facts.__dataclass_fields__)
        query = select(*(documents.c[name] for name in names)).order_by(
            documents.c.collection, documents.c.source
        )
        found: list[Facts] = []
        with self._database.reading() as connection:
            for row in connection.execute(query):
                values = dict(zip(names, row, strict=True))
                values["statements"] = statements.from_json(values["statements"])
                found.append(Facts(**values))
        return found

    def sources(self, collection: str) -> dict[str, SourceState]:
        """What is known of every source file of a collection, by its relative path."""
        columns = documents.c
        query = select(
            columns.source,
            columns.document_id,
            columns.size,
            columns.mtime_ns,
            columns.content_hash,
            columns.metadata_version,
        ).where(columns.collection == collection)
        with self._database.reading() as connection:
            return {row[0]: SourceState(*row[1:]) for row in connection.execute(query)}

    # -- reading passages --------------------------------------------------

    def passages(self, document_id: str) -> list[PassageRecord]:
        """The passages of a document, in its order."""
        query = select(passages).where(passages.c.document_id == document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(passages.c.ordinal)).mappings()
            return [passage_record(row) for row in rows]

    def passages_between(self, document_id: str, start: int, end: int) -> list[PassageRecord]:
        """The passages of a document that hold any of the characters ``start:end``, in order."""
        query = select(passages).where(
            passages.c.document_id == document_id, passages.c.start < end, passages.c.end > start
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(passages.c.ordinal)).mappings()
            return [passage_record(row) for row in rows]

    def head_texts(self, fragment: str, count: int) -> list[str]:
        """Texts that hold ``fragment`` among the first ``count`` passages of every document."""
        query = select(passages.c.text).where(
            passages.c.ordinal < count, passages.c.text.contains(fragment, autoescape=True)
        )
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def passages_by_id(self, ids: Iterable[str]) -> dict[str, PassageRecord]:
        """The passages that exist among these ids."""
        with self._database.reading() as connection:
            return {
                row["passage_id"]: passage_record(row)
                for block in chunks(dict.fromkeys(ids))
                for row in connection.execute(
                    select(passages).where(passages.c.passage_id.in_(block))
                ).mappings()
            }

    def all_passages(self, collection: str | None = None) -> Iterator[PassageRecord]:
        """Every passage, streamed, by document and position."""
        query = select(passages).order_by(passages.c.document_id, passages.c.ordinal)
        if collection is not None:
            query = query.join(documents, documents.c.document_id == passages.c.document_id)
            query = query.where(documents.c.collection == collection)
        with self._database.reading() as connection:
            for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
                yield passage_record(row)

    def passage_count(self) -> int:
        """Passages in the whole library."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(passages)).scalar_one())

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

    def touch_document(
        self, document_id: str, *, size: int, mtime_ns: int, source_path: str | None = None
    ) -> None:
        """Note that a file's content is as before though its size record or time moved."""
        values: dict[str, Any] = {"size": size, "mtime_ns": mtime_ns}
        if source_path is not None:
            values["source_path"] = source_path
        self._update(document_id, values)

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
            return changes.remove_documents(connection, ids)

    # -- the outbox --------------------------------------------------------

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
                documents.c.kind,
                documents.c.validity,
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
            changes.clear_notes(connection, numbers)

    def requeue(self, values: dict[str, str] | None = None) -> int:
        """Note every passage for embedding anew; how many. ``values`` go into meta with it."""
        with self._database.writing() as connection:
            connection.execute(delete(pending))
            count = len(changes.note_passages(connection, documents.c.collection != "", "upsert"))
            for key, value in (values or {}).items():
                _put_meta(connection, key, value)
            return count

    # -- meta --------------------------------------------------------------

    def get_meta(self, key: str) -> str | None:
        """A value of the library as a whole."""
        with self._database.reading() as connection:
            return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()

    def set_meta(self, values: dict[str, str]) -> None:
        """Set values of the library as a whole."""
        with self._database.writing() as connection:
            for key, value in values.items():
                _put_meta(connection, key, value)


def _put_meta(connection: Any, key: str, value: str) -> None:
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
        kind=row["kind"] or "",
        validity=row["validity"] or "",
        passage=passage_record(row) if row["ordinal"] is not None else None,
    )
