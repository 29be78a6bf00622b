"""Tables of the study database, ``study.db`` in the home: sessions, their versions, live quizzes.

A changed column needs a step in :data:`STEPS`; a new table does not.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

from assistant.activity.tables import UtcDateTime

SCHEMA_VERSION = 1
STEPS: dict[int, tuple[str, ...]] = {}
"""What turns a version of the schema into the next one."""

metadata = MetaData()
meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String))

#: ``body`` is the working copy (JSON of a StudySession); ``revision`` counts its changes.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),  # nobody can guess it
    Column("user", String, nullable=False),
    Column("title", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("version", Integer, nullable=False),  # the last one kept
    Column("saved_revision", Integer, nullable=False),  # the working copy of that version
    Column("request", Text, nullable=False),  # how it was asked for, JSON
    Column("body", Text, nullable=False),
    Index("sessions_of", "user", "changed"),
)

versions = Table(
    "versions",
    metadata,
    Column("session", ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1
    Column("at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
)

#: A live quiz. ``code`` is "" once it is over: then nobody can come in any more.
rooms = Table(
    "rooms",
    metadata,
    Column("id", String, primary_key=True),
    Column("code", String, nullable=False, index=True),
    Column("session", String, nullable=False, index=True),
    Column("user", String, nullable=False),
    Column("title", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("place", Integer, nullable=False),  # of the present question, from 0
    Column("phase", String, nullable=False),
    Column("items", Text, nullable=False),  # JSON of the questions
)

players = Table(
    "players",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("room", ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("secret", String, nullable=False, unique=True),  # hash of the phone's cookie
    Column("nickname", String, nullable=False),
)

#: One answer a player and question: a later one takes its place.
answers = Table(
    "answers",
    metadata,
    Column("player", ForeignKey("players.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("room", String, nullable=False, index=True),
    Column("choice", String, nullable=False),
)
