"""Accepted answers: what ``replay`` compares with before it looks into the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from assistant.activity.database import ActivityDatabase
from assistant.activity.records import Asked, Conditions, Reply, Scope, key_of
from assistant.activity.tables import LOCAL_USER, baselines, now


@dataclass(frozen=True)
class Baseline:
    """A question and the answer that is taken to be right."""

    text: str
    scope: Scope
    reply: Reply
    conditions: Conditions
    at: datetime

    @property
    def key(self) -> str:
        """See :func:`assistant.activity.records.key_of`."""
        return key_of(self.text, self.scope)

    @classmethod
    def of(cls, asked: Asked) -> Baseline:
        """A line of the log taken as the baseline."""
        return cls(asked.text, asked.scope, asked.reply, asked.conditions, asked.at)


class BaselineStore:
    """Reads and writes the accepted answers of one home."""

    def __init__(self, database: ActivityDatabase) -> None:
        self._database = database

    def all(self) -> dict[str, Baseline]:
        """All of them, by key."""
        with self._database.reading() as connection:
            return {
                row["key"]: Baseline(
                    row["text"],
                    Scope.from_json(row["scope"]),
                    Reply.from_json(row["reply"]),
                    Conditions.from_json(row["conditions"]),
                    row["at"],
                )
                for row in connection.execute(select(baselines)).mappings()
            }

    def accept(self, accepted: Iterable[Baseline], user: str = LOCAL_USER) -> int:
        """Put answers in the place of earlier ones; how many."""
        moment = now()
        rows = {
            one.key: {
                "key": one.key,
                "user": user,
                "at": moment,
                "text": one.text,
                "scope": one.scope.to_json(),
                "reply": one.reply.to_json(),
                "conditions": one.conditions.to_json(),
            }
            for one in accepted
        }
        if rows:
            with self._database.writing() as connection:
                for key in rows:
                    connection.execute(delete(baselines).where(baselines.c.key == key))
                connection.execute(baselines.insert(), list(rows.values()))
        return len(rows)
