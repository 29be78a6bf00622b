"""Sessions: who is logged in, from where, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, update

from assistant.activity.tables import now as right_now
from ui.access.database import AccessDatabase, Clock
from ui.access.errors import UnknownSession
from ui.access.people import User, folded_name, user_of
from ui.access.recent import Recent
from ui.access.secret import digest, new_id, new_secret
from ui.access.tables import sessions, users

if TYPE_CHECKING:
    from index.settings import Settings
    from ui.access.model import Principal

_SEEN_EVERY = timedelta(minutes=1)
_MOST = 50  # a person's sessions; the oldest end


@dataclass(frozen=True)
class Session:
    """One login. ``session_id`` is no secret. Moments are in UTC."""

    session_id: str
    user: str
    opened: datetime
    seen: datetime
    address: str
    agent: str


class Sessions:
    """Open sessions. They end when unused for a while, after a while in any case, and when they
    are revoked. What a person may is read anew for every request."""

    def __init__(
        self,
        settings: Settings,
        database: AccessDatabase | None = None,
        clock: Clock = right_now,
    ) -> None:
        self._database = database or AccessDatabase(settings.home)
        self._clock = clock
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._recent: Recent[tuple[User, str]] = Recent(self._database, clock)
        self._most = timedelta(hours=settings.session_hours)

    def open(self, user: str, address: str = "", agent: str = "") -> str:
        """A new session of ``user``; its secret, for the cookie."""
        secret, now, key = new_secret(), self._clock(), folded_name(user)
        with self._database.writing() as connection:
            connection.execute(delete(sessions).where(~self._alive(now)))
            mine = select(sessions.c.session_id).where(sessions.c.user == key)
            old = mine.order_by(sessions.c.seen.desc()).offset(_MOST - 1)
            ended = [row.session_id for row in connection.execute(old)]
            connection.execute(delete(sessions).where(sessions.c.session_id.in_(ended)))
            connection.execute(
                sessions.insert().values(
                    session_id=new_id(),
                    user=key,
                    secret=digest(secret),
                    opened=now,
                    seen=now,
                    address=address[:64],
                    agent=agent[:200],
                )
            )
        return secret

    def find(self, secret: str) -> tuple[User, str] | None:
        """Whose session this is, with its id; None for one that ended or never was."""
        if not secret or not self._database.exists():
            return None
        hashed = digest(secret)
        return self._recent.get(hashed, lambda: self._look(hashed))

    def _look(self, hashed: str) -> tuple[User, str] | None:
        now = self._clock()
        with self._database.reading() as connection:
            row = connection.execute(
                select(users, sessions.c.session_id, sessions.c.seen)
                .join(sessions, sessions.c.user == users.c.name)
                .where(sessions.c.secret == hashed, self._alive(now), ~users.c.disabled)
            ).first()
        if row is None:
            return None
        if now - row.seen >= _SEEN_EVERY:
            self._note(row, now)
        return user_of(row), row.session_id

    def principal(self, secret: str) -> Principal | None:
        """Who asks, by the secret of a session; None as for ``find``."""
        found = self.find(secret)
        return None if found is None else found[0].principal(found[1])

    def list(self, user: str) -> list[Session]:
        """A person's open sessions, the one used last first."""
        if not self._database.exists():
            return []
        with self._database.reading() as connection:
            rows = connection.execute(
                select(sessions)
                .where(sessions.c.user == folded_name(user), self._alive(self._clock()))
                .order_by(sessions.c.seen.desc())
            )
            return [
                Session(r.session_id, r.user, r.opened, r.seen, r.address, r.agent) for r in rows
            ]

    def revoke(self, user: str, session_id: str) -> None:
        """End one session of ``user``. Raises UnknownSession."""
        with self._database.writing() as connection:
            ended = connection.execute(
                delete(sessions).where(
                    and_(sessions.c.user == folded_name(user), sessions.c.session_id == session_id)
                )
            )
            if not ended.rowcount:
                raise UnknownSession

    def revoke_all(self, user: str, keep: str = "") -> int:
        """End a person's sessions but ``keep`` (an id); how many."""
        with self._database.writing() as connection:
            ended = connection.execute(
                delete(sessions).where(
                    and_(sessions.c.user == folded_name(user), sessions.c.session_id != keep)
                )
            )
            return int(ended.rowcount)

    def _alive(self, now: datetime) -> ColumnElement[bool]:
        return and_(sessions.c.seen > now - self._idle, sessions.c.opened > now - self._most)

    def _note(self, row: Row[Any], now: datetime) -> None:
        with self._database.writing() as connection:
            mine = sessions.c.session_id == row.session_id
            connection.execute(update(sessions).where(mine).values(seen=now))
            connection.execute(update(users).where(users.c.name == row.name).values(last_seen=now))
