"""Folders that a collection is kept in step with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update

from index.database import Database
from index.errors import LibraryError, shorten
from index.rows import in_utc, to_json
from index.tables import sources


class SourceError(LibraryError):
    """A remembered folder can't be added or found; the message says what to do."""


class UnknownSource(SourceError):
    """No folder is remembered under this name or number."""


@dataclass(frozen=True)
class Source:
    """One remembered folder.

    ``prefix`` stands in front of its files' names, so that two folders of one collection may
    hold files of the same name; it is empty for a collection's first folder. ``include`` and
    ``exclude`` are shell patterns.
    """

    source_id: int
    collection: str
    path: str  # absolute
    prefix: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    added_at: datetime | None = None
    synced_at: datetime | None = None


class Sources:
    """The remembered folders of a library. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, collection: str | None = None) -> list[Source]:
        """The folders, by collection and in the order in which they were added."""
        query = select(sources).order_by(sources.c.collection, sources.c.source_id)
        if collection is not None:
            query = query.where(sources.c.collection == collection)
        with self._database.reading() as connection:
            return [_source(row) for row in connection.execute(query)]

    def add(
        self,
        collection: str,
        path: str,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
    ) -> Source:
        """Remember a folder (absolute path); one that is known gets the new patterns.

        Raises SourceError for a folder inside a known one of the collection, or around one.
        """
        for known in self.all(collection):
            if path != known.path and (_inside(path, known.path) or _inside(known.path, path)):
                raise SourceError(
                    f"文库“{shorten(collection)}”已有来源 {shorten(known.path, 120)}，"
                    "与这个文件夹互相包含，同一份文件会收两次；"
                    "请只登记其中一个，或换一个文库。"
                )
        patterns = {"include": to_json(list(include)), "exclude": to_json(list(exclude))}
        with self._database.writing(counted=False) as connection:
            rows = connection.execute(
                select(sources).where(sources.c.collection == collection)
            ).all()
            own = next((row for row in rows if row.path == path), None)
            if own is not None:
                where = sources.c.source_id == own.source_id
                connection.execute(update(sources).where(where).values(**patterns))
            else:
                values = {
                    "collection": collection,
                    "path": path,
                    "prefix": _prefix(path, [row.prefix for row in rows]),
                    "added_at": datetime.now(UTC),
                    **patterns,
                }
                connection.execute(sources.insert(), values)
        return next(one for one in self.all(collection) if one.path == path)

    def find(self, name: str, collection: str | None = None) -> Source:
        """The folder of this number or path; raises SourceError for none or several."""
        wanted = name.rstrip("/") or name
        found = [
            one
            for one in self.all(collection)
            if str(one.source_id) == name or one.path in (name, wanted)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownSource(
                f"{shorten(name)} 登记在 {len(found)} 个文库里，请加 --collection 指明。"
            )
        raise UnknownSource(
            f"没有登记过“{shorten(name)}”这个来源。",
            "可运行 luming source list 查看编号和路径",
            "请在“来源”里查看",
        )

    def remove(self, source_id: int) -> None:
        """Forget a folder; its documents stay."""
        with self._database.writing(counted=False) as connection:
            connection.execute(delete(sources).where(sources.c.source_id == source_id))

    def synced(self, source_id: int) -> None:
        """Note that a folder has been gone through just now."""
        where = sources.c.source_id == source_id
        with self._database.writing(counted=False) as connection:
            connection.execute(update(sources).where(where).values(synced_at=datetime.now(UTC)))


def _inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/")


def _prefix(path: str, taken: Sequence[str]) -> str:
    if not taken:
        return ""
    name = path.rstrip("/").rsplit("/", 1)[-1] or "根"
    count, prefix = 1, f"{name}/"
    while prefix in taken:
        count += 1
        prefix = f"{name}~{count}/"
    return prefix


def _source(row: Any) -> Source:
    return Source(
        source_id=row.source_id,
        collection=row.collection,
        path=row.path,
        prefix=row.prefix,
        include=tuple(json.loads(row.include)),
        exclude=tuple(json.loads(row.exclude)),
        added_at=in_utc(row.added_at),
        synced_at=in_utc(row.synced_at),
    )
