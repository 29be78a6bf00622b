"""Study sessions that people keep: a working copy, versions of it, a list of one's own."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, delete, func, insert, select, update

from assistant.study.database import StudyDatabase, StudyStoreError
from assistant.study.errors import StudyError
from assistant.study.model import StudySession
from assistant.study.tables import rooms, sessions, versions
from index.errors import shorten

Clock = Callable[[], datetime]
MOST_KEPT, MOST_VERSIONS, MOST_TITLE = 500, 50, 80
"""Sessions of one person; versions of one session, the oldest go first; characters of a name."""


class UnknownSession(StudyError):
    """No such session, or none of this person's."""

    def __init__(self) -> None:
        super().__init__("没有这份备课，可能已被删除；请回到“我的备课”查看。")


class SessionChanged(StudyError):
    """The working copy was changed elsewhere since the page was made."""

    def __init__(self) -> None:
        super().__init__("这份备课在别的窗口改过了，请刷新页面后再改。")


@dataclass(frozen=True)
class Kept:
    """A session in the list. ``dirty``: the working copy differs from the last version."""

    session_id: str
    user: str
    title: str
    at: datetime
    changed: datetime
    revision: int
    version: int
    dirty: bool


@dataclass(frozen=True)
class KeptSession:
    """A kept session with its working copy, and what it was asked for with."""

    kept: Kept
    session: StudySession
    request: dict[str, Any]


@dataclass(frozen=True)
class Version:
    """One version: its number, from 1, and when it was kept."""

    number: int
    at: datetime


def now() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC)


class SessionStore:
    """The sessions of ``study.db``. Raises StudyError and what the database raises."""

    def __init__(self, database: StudyDatabase, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def add(self, user: str, session: StudySession, request: Mapping[str, Any]) -> str:
        """Keep a new session, as its first version; its id, which nobody can guess."""
        session_id, moment, body = secrets.token_urlsafe(12), self._clock(), _written(session)
        with self._database.writing() as connection:
            mine = select(func.count()).where(sessions.c.user == user)
            if (connection.execute(mine).scalar() or 0) >= MOST_KEPT:
                raise StudyError(f"备课已有 {MOST_KEPT} 份，请先删去不用的。")
            connection.execute(
                insert(sessions).values(
                    id=session_id,
                    user=user,
                    title=shorten(session.title, MOST_TITLE),
                    at=moment,
                    changed=moment,
                    revision=1,
                    version=1,
                    saved_revision=1,
                    request=json.dumps(dict(request), ensure_ascii=False),
                    body=body,
                )
            )
            connection.execute(
                insert(versions).values(session=session_id, number=1, at=moment, body=body)
            )
        return session_id

    def of(self, user: str) -> list[Kept]:
        """One's own, the last changed first."""
        query = select(sessions).where(sessions.c.user == user).order_by(sessions.c.changed.desc())
        with self._database.reading() as connection:
            return [_kept(row) for row in connection.execute(query)]

    def get(self, session_id: str, user: str | None = None) -> KeptSession:
        """The session; with ``user``, of this person only. Raises UnknownSession."""
        with self._database.reading() as connection:
            row = _row(connection, session_id, user)
            return KeptSession(_kept(row), _read(row.body), json.loads(row.request))

    def last_version(self, session_id: str) -> KeptSession:
        """The session as it was kept last: what a colleague sees. Raises UnknownSession."""
        with self._database.reading() as connection:
            row = _row(connection, session_id, None)
            body = _version(connection, session_id, row.version)
            return KeptSession(_kept(row), _read(body), json.loads(row.request))

    def change(self, session_id: str, user: str, revision: int, session: StudySession) -> None:
        """Put ``session`` as the working copy, which was ``revision``. Raises SessionChanged."""
        body = _written(session)
        with self._database.writing() as connection:
            _row(connection, session_id, user)
            done = connection.execute(
                update(sessions)
                .where(sessions.c.id == session_id, sessions.c.revision == revision)
                .values(body=body, revision=revision + 1, changed=self._clock())
            )
            if not done.rowcount:
                raise SessionChanged

    def save(self, session_id: str, user: str, revision: int) -> int:
        """Keep the working copy as a version; its number. Nothing is kept where nothing changed."""
        with self._database.writing() as connection:
            row = _row(connection, session_id, user)
            if row.revision != revision:
                raise SessionChanged
            if row.saved_revision == row.revision:
                return int(row.version)
            number, moment = int(row.version) + 1, self._clock()
            connection.execute(
                insert(versions).values(session=session_id, number=number, at=moment, body=row.body)
            )
            connection.execute(
                delete(versions).where(
                    versions.c.session == session_id, versions.c.number <= number - MOST_VERSIONS
                )
            )
            connection.execute(
                update(sessions)
                .where(sessions.c.id == session_id)
                .values(version=number, saved_revision=row.revision, changed=moment)
            )
            return number

    def versions(self, session_id: str) -> list[Version]:
        """The versions, the latest first."""
        query = (
            select(versions.c.number, versions.c.at)
            .where(versions.c.session == session_id)
            .order_by(versions.c.number.desc())
        )
        with self._database.reading() as connection:
            return [Version(row.number, row.at) for row in connection.execute(query)]

    def go_back(self, session_id: str, user: str, revision: int, number: int) -> None:
        """Make version ``number`` the working copy; the later versions stay. Raises StudyError."""
        with self._database.reading() as connection:
            row = _row(connection, session_id, user)
            session = _read(_version(connection, session_id, number))
        self.change(session_id, user, revision, session)
        if number == row.version:  # as it was kept last: nothing is unsaved
            with self._database.writing() as connection:
                connection.execute(
                    update(sessions)
                    .where(sessions.c.id == session_id, sessions.c.revision == revision + 1)
                    .values(saved_revision=revision + 1)
                )

    def rename(self, session_id: str, user: str, title: str) -> None:
        """Another name in the list. Raises StudyError for none or a long one."""
        clean = " ".join(title.split())
        if not clean or len(clean) > MOST_TITLE:
            raise StudyError(f"名称请写 1 到 {MOST_TITLE} 个字。")
        with self._database.writing() as connection:
            _row(connection, session_id, user)
            connection.execute(
                update(sessions).where(sessions.c.id == session_id).values(title=clean)
            )

    def remove(self, session_id: str, user: str) -> None:
        """Delete it with its versions, and the live quizzes held with it."""
        with self._database.writing() as connection:
            _row(connection, session_id, user)
            connection.execute(delete(versions).where(versions.c.session == session_id))
            connection.execute(delete(rooms).where(rooms.c.session == session_id))
            connection.execute(delete(sessions).where(sessions.c.id == session_id))


def cited(value: Any) -> Iterable[tuple[str, str]]:
    """Document and collection of everything that a session, or a question of one, cites."""
    if isinstance(value, BaseModel):
        document = getattr(value, "document_id", None)
        if isinstance(document, str):
            yield document, getattr(value, "collection", "")
        for name in type(value).model_fields:
            yield from cited(getattr(value, name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from cited(one)


def _written(session: StudySession) -> str:
    return session.model_dump_json()


def _read(body: str) -> StudySession:
    try:
        return StudySession.model_validate_json(body)
    except ValidationError as error:
        raise StudyStoreError("这份备课的记录读不出来，可能由别的版本写成或已损坏。") from error


def _row(connection: Connection, session_id: str, user: str | None) -> Any:
    query = select(sessions).where(sessions.c.id == session_id)
    if user is not None:
        query = query.where(sessions.c.user == user)
    row = connection.execute(query).first()
    if row is None:
        raise UnknownSession
    return row


def _version(connection: Connection, session_id: str, number: int) -> str:
    query = select(versions.c.body).where(
        versions.c.session == session_id, versions.c.number == number
    )
    body = connection.execute(query).scalar()
    if body is None:
        raise StudyError(f"没有第 {number} 版，可能已超过保留的版数。")
    return str(body)


def _kept(row: Any) -> Kept:
    return Kept(
        row.id,
        row.user,
        row.title,
        row.at,
        row.changed,
        row.revision,
        row.version,
        row.saved_revision != row.revision,
    )
