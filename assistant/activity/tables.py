"""Tables of the activity database, ``activity.db`` in the home.

Every table has ``user`` and ``at`` (UTC), so that rights by user can come later. Another module
may put its own tables on ``metadata``: a table that the file lacks is made when it is opened.
Changed columns need a step in :data:`STEPS`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

SCHEMA_VERSION = 1
#: What turns a version into the next one. Nothing is lost. New tables need no step.
STEPS: dict[int, tuple[str, ...]] = {}
LOCAL_USER = "local"
"""Who asks while there are no accounts."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware in Python and UTC in the database; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To UTC, without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Back, with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)


def who_and_when() -> tuple[Column[Any], Column[Any]]:
    """The two columns that every table has."""
    return (
        Column("user", String(64), nullable=False, server_default=LOCAL_USER),
        Column("at", UtcDateTime, nullable=False),
    )


#: Every question asked, with what was answered and under which conditions.
questions = Table(
    "questions",
    metadata,
    Column("question_id", String(32), primary_key=True),
    *who_and_when(),
    Column("channel", String(16), nullable=False),  # cli, api, page, batch
    Column("text", Text, nullable=False),
    Column("key", String(32), nullable=False),  # of the folded text and the scope
    Column("scope", Text, nullable=False),  # JSON, see records.Scope
    Column("abstained", Boolean, nullable=False),
    Column("reply", Text, nullable=False),  # JSON, see records.Reply
    Column("conditions", Text, nullable=False),  # JSON, see records.Conditions
    Column("duration_ms", Float, nullable=False),
    Index("questions_by_time", "at"),
    Index("questions_by_key", "key", "at"),
    Index("questions_by_abstained", "abstained", "at"),
)

#: 有用 / 有误. The question and the reply are copied: feedback outlives the questions log.
feedback = Table(
    "feedback",
    metadata,
    Column("feedback_id", Integer, primary_key=True, autoincrement=True),
    *who_and_when(),
    Column("question_id", String(32)),
    Column("text", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("verdict", String(8), nullable=False),  # useful, wrong
    Column("reason", Text, nullable=False),
    Column("gold", Text, nullable=False),  # where the right answer stands, as the person wrote it
    Index("feedback_by_time", "at"),
    Index("feedback_by_question", "question_id"),
    sqlite_autoincrement=True,
)

#: Refused questions that ask the same, under a number that stays.
gaps = Table(
    "gaps",
    metadata,
    Column("gap_id", Integer, primary_key=True, autoincrement=True),
    *who_and_when(),
    Column("text", Text, nullable=False),  # the first of its questions
    Column("scope", Text, nullable=False),
    Column("status", String(16), nullable=False),  # open, dismissed, filled
    Column("changed", UtcDateTime, nullable=False),  # the status
    Column("checked", UtcDateTime),  # last asked again
    Column("encoder", String(64), nullable=False),  # fingerprint of what made the vector
    Column("vector", LargeBinary, nullable=False),  # float32, little-endian
    sqlite_autoincrement=True,
)

#: Which gap a refused question belongs to, by the question's key.
gap_members = Table(
    "gap_members",
    metadata,
    Column("key", String(32), primary_key=True),
    *who_and_when(),
    Column("gap_id", Integer, nullable=False),
    Index("gap_members_by_gap", "gap_id"),
)

#: The answer that ``replay`` compares with, where one was accepted, by the question's key.
baselines = Table(
    "baselines",
    metadata,
    Column("key", String(32), primary_key=True),
    *who_and_when(),
    Column("text", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("conditions", Text, nullable=False),
)
