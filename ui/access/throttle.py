"""Waits after failed logins, growing by name and by address. They outlive a restart.

A try is counted as failed before it is looked at, so that many at once gain nothing. Names are
kept as hashes: people type passwords into the wrong field.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from ui.access.database import AccessDatabase, Clock
from ui.access.errors import Throttled
from ui.access.secret import digest
from ui.access.tables import attempts

FORGET = timedelta(hours=24)
"""A failure counts that long."""


@dataclass(frozen=True)
class Limit:
    """``free`` failures cost nothing; the next costs ``first`` seconds, each further twice that,
    at most ``most``."""

    free: int
    first: float = 5.0
    most: float = 900.0

    def wait(self, failures: int) -> float:
        """Seconds to wait after so many failures."""
        over = failures - self.free
        return 0.0 if over < 0 else min(self.most, self.first * 2.0 ** min(over, 30))


BY_NAME = Limit(free=5)
BY_ADDRESS = Limit(free=30)  # many people may come through one address


class Throttle:
    """Who must wait before the next try."""

    def __init__(self, database: AccessDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self, name: str, address: str) -> None:
        """Count a try, as failed for now. Raises Throttled while there is a wait."""
        now = self._clock()
        with self._database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.last < now - FORGET))
            keys = _keys(name, address)
            waits = [_until(connection, key) for key, _ in keys]
            until = max((one for one in waits if one is not None), default=None)
            if until is not None and until > now:
                raise Throttled(max(1, ceil((until - now).total_seconds())))
            for key, limit in keys:
                _count(connection, key, limit, now)

    def succeeded(self, name: str, address: str) -> None:
        """The try was right: the name's failures are forgotten, the address's is taken back."""
        by_name, *by_address = [key for key, _ in _keys(name, address)]
        with self._database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.key == by_name))
            for key in by_address:
                connection.execute(
                    attempts.update()
                    .where(attempts.c.key == key, attempts.c.failures > 0)
                    .values(failures=attempts.c.failures - 1, until=None)
                )

    def forget(self, name: str) -> None:
        """An administrator lets this name try again at once."""
        with self._database.writing() as connection:
            connection.execute(delete(attempts).where(attempts.c.key == _name_key(name)))

    def forget_all(self) -> None:
        """Everybody may try again at once."""
        with self._database.writing() as connection:
            connection.execute(delete(attempts))


def _keys(name: str, address: str) -> list[tuple[str, Limit]]:
    keys = [(_name_key(name), BY_NAME)]
    return [*keys, (f"address:{address[:64]}", BY_ADDRESS)] if address else keys


def _name_key(name: str) -> str:
    return f"name:{digest(name)[:32]}"


def _until(connection: Connection, key: str) -> datetime | None:
    return connection.execute(select(attempts.c.until).where(attempts.c.key == key)).scalar()


def _count(connection: Connection, key: str, limit: Limit, now: datetime) -> None:
    found = connection.execute(select(attempts.c.failures).where(attempts.c.key == key)).scalar()
    failures = (found or 0) + 1
    wait = limit.wait(failures)
    until = now + timedelta(seconds=wait) if wait else None
    row = {"failures": failures, "last": now, "until": until}
    statement = insert(attempts).values(key=key, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))
