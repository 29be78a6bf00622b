"""Writes about the files of documents, each within a transaction that its caller opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from index.notes import chunks, remove_documents
from index.records import Place
from index.tables import documents, places


def put_places(
    connection: Connection,
    given: Sequence[Place],
    also: Iterable[str] = (),
    fresh: Collection[str] = (),
) -> list[str]:
    """Put files in the place of those of their names, and settle every document concerned.

    ``also`` are further documents to be settled, ``fresh`` ones that need not be. The passage
    ids of documents that are left without a file, and therefore removed.
    """
    files = (one.document_id for one in given if one.document_id not in fresh)
    concerned = dict.fromkeys((*also, *files))
    by_collection: dict[str, list[str]] = {}
    for one in given:
        by_collection.setdefault(one.collection, []).append(one.source)
    for collection, names in by_collection.items():
        concerned.update(dict.fromkeys(take_places(connection, collection, names)))
    if given:
        connection.execute(places.insert(), [asdict(one) for one in given])
    return settle(connection, list(concerned))


def take_places(connection: Connection, collection: str, names: Iterable[str]) -> list[str]:
    """Forget files by their names; the documents that they belonged to, yet to be settled."""
    owners: dict[str, None] = {}
    for block in chunks(names):
        where = (places.c.collection == collection) & places.c.source.in_(block)
        found = connection.execute(select(places.c.document_id).where(where)).scalars()
        owners.update(dict.fromkeys(found))
        connection.execute(delete(places).where(where))
    return list(owners)


def settle(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Work out anew what a document's row says of its files; a document without any is removed.

    The first place by name that is not missing stands for the document, unless the one that
    stood before still can. The passage ids that were removed.
    """
    removed: list[str] = []
    for block in chunks(ids):
        by_document: dict[str, list[Any]] = {one: [] for one in block}
        query = select(places).where(places.c.document_id.in_(block)).order_by(places.c.source)
        for row in connection.execute(query):
            by_document[row.document_id].append(row)
        query = select(documents.c.document_id, documents.c.source)
        before = {
            row.document_id: row.source
            for row in connection.execute(query.where(documents.c.document_id.in_(block)))
        }
        removed += remove_documents(
            connection, [one for one, rows in by_document.items() if not rows and one in before]
        )
        rows = [
            _settled(one, before[one], found)
            for one, found in by_document.items()
            if found and one in before
        ]
        if rows:
            statement = update(documents).where(documents.c.document_id == bindparam("of"))
            connection.execute(statement, rows)
    return removed


def _settled(document_id: str, source: str, found: Sequence[Any]) -> dict[str, Any]:
    present = [row for row in found if row.missing_since is None]
    candidates = present or found
    main = next((row for row in candidates if row.source == source), candidates[0])
    return {
        "of": document_id,
        "source": main.source,
        "source_path": main.path,
        "size": main.size,
        "mtime_ns": main.mtime_ns,
        "place_count": len(found),
        "missing_since": None if present else max(row.missing_since for row in found),
    }
