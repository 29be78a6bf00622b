"""Reading the catalog: documents, their text and outline, and passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from index.database import Database
from index.errors import UnknownDocument
from index.notes import chunks
from index.records import DocumentRecord, PassageRecord, SectionRecord
from index.rows import DOCUMENT_FIELDS, document_record, outline_records, passage_record
from index.tables import contents, documents, passages
from index.versions import statements
from index.versions.model import Facts

_DOCUMENT = tuple(documents.c[name] for name in DOCUMENT_FIELDS)


@dataclass(frozen=True)
class CollectionSummary:
    """A collection and how much it holds."""

    name: str
    documents: int
    passages: int


class CatalogReading:
    """The reading half of :class:`index.catalog.Catalog`.

    Where ``_within`` is set, only documents of those collections exist, and everything here keeps
    to it (see ``index.visible``).
    """

    _database: Database
    _within: tuple[str, ...] | None = None

    def _seen_documents(self, query: Select) -> Select:
        """A query over documents, of those that exist."""
        if self._within is None:
            return query
        return query.where(documents.c.collection.in_(self._within))

    def _seen_owners(self, query: Select, document_id: ColumnElement) -> Select:
        """A query over what belongs to a document, of those that exist."""
        if self._within is None:
            return query
        owner = documents.alias("owner")  # the query itself may be joined with documents
        return query.where(
            exists().where(owner.c.document_id == document_id, owner.c.collection.in_(self._within))
        )

    # -- documents ---------------------------------------------------------

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
        query = self._seen_documents(query)
        with self._database.reading() as connection:
            return [CollectionSummary(a, b, int(c)) for a, b, c in connection.execute(query)]

    def documents(
        self, collection: str | None = None, kind: str | None = None
    ) -> list[DocumentRecord]:
        """The documents, by collection, title and source."""
        query = select(*_DOCUMENT).order_by(
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
                row.document_id: document_record(row)
                for block in chunks(dict.fromkeys(ids))
                for row in connection.execute(
                    self._seen_documents(
                        select(*_DOCUMENT).where(documents.c.document_id.in_(block))
                    )
                )
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
                found = self._documents(select(*_DOCUMENT).where(where).order_by(*order), limit)
                if found:
                    return found
        return []

    def _documents(self, query: Select, limit: int | None = None) -> list[DocumentRecord]:
        with self._database.reading() as connection:
            rows = connection.execute(self._seen_documents(query).limit(limit))
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
            value = connection.execute(self._seen_owners(query, contents.c.document_id)).scalar()
        if value is None:
            raise UnknownDocument(document_id)
        return value

    def facts(self) -> list[Facts]:
        """What the versions of all documents are worked out from, by collection and source."""
        names = list(Facts.__dataclass_fields__)
        stated = names.index("statements")
        query = select(*(documents.c[name] for name in names)).order_by(
            documents.c.collection, documents.c.source
        )
        query = self._seen_documents(query)
        found: list[Facts] = []
        with self._database.reading() as connection:
            for row in connection.execute(query):
                values = list(row)
                values[stated] = statements.from_json(values[stated])
                found.append(Facts(*values))
        return found

    # -- passages ----------------------------------------------------------

    def passages(self, document_id: str) -> list[PassageRecord]:
        """The passages of a document, in its order."""
        query = self._seen_owners(
            select(passages).where(passages.c.document_id == document_id), passages.c.document_id
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(passages.c.ordinal)).mappings()
            return [passage_record(row) for row in rows]

    def passages_between(self, document_id: str, start: int, end: int) -> list[PassageRecord]:
        """The passages of a document that hold any of the characters ``start:end``, in order."""
        query = select(passages).where(
            passages.c.document_id == document_id, passages.c.start < end, passages.c.end > start
        )
        query = self._seen_owners(query, passages.c.document_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(passages.c.ordinal)).mappings()
            return [passage_record(row) for row in rows]

    def head_texts(self, fragment: str, count: int) -> list[str]:
        """Texts that hold ``fragment`` among the first ``count`` passages of every document."""
        query = select(passages.c.text).where(
            passages.c.ordinal < count, passages.c.text.contains(fragment, autoescape=True)
        )
        query = self._seen_owners(query, passages.c.document_id)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def passages_by_id(self, ids: Iterable[str]) -> dict[str, PassageRecord]:
        """The passages that exist among these ids."""
        with self._database.reading() as connection:
            return {
                row["passage_id"]: passage_record(row)
                for block in chunks(dict.fromkeys(ids))
                for row in connection.execute(
                    self._seen_owners(
                        select(passages).where(passages.c.passage_id.in_(block)),
                        passages.c.document_id,
                    )
                ).mappings()
            }

    def passages_with_documents(
        self, ids: Iterable[str]
    ) -> dict[str, tuple[PassageRecord, DocumentRecord]]:
        """Those of the passages that exist, with their documents, all of one moment."""
        found = {}
        with self._database.reading() as connection:
            for block in chunks(dict.fromkeys(ids)):
                query = self._seen_owners(
                    select(passages).where(passages.c.passage_id.in_(block)),
                    passages.c.document_id,
                )
                rows = [passage_record(row) for row in connection.execute(query).mappings()]
                owners = {one.document_id for one in rows}
                query = select(*_DOCUMENT).where(documents.c.document_id.in_(owners))
                known = {row.document_id: document_record(row) for row in connection.execute(query)}
                found.update({one.passage_id: (one, known[one.document_id]) for one in rows})
        return found

    def all_passages(self, collection: str | None = None) -> Iterator[PassageRecord]:
        """Every passage, streamed, by document and position."""
        query = select(passages).order_by(passages.c.document_id, passages.c.ordinal)
        if collection is not None:
            query = query.join(documents, documents.c.document_id == passages.c.document_id)
            query = query.where(documents.c.collection == collection)
        query = self._seen_owners(query, passages.c.document_id)
        with self._database.reading() as connection:
            for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
                yield passage_record(row)

    def passage_count(self) -> int:
        """Passages in the whole library."""
        with self._database.reading() as connection:
            query = select(func.count()).select_from(passages)
            query = self._seen_owners(query, passages.c.document_id)
            return int(connection.execute(query).scalar_one())
