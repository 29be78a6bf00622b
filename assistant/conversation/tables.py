"""Tables of conversations in the activity database."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text

from assistant.activity.tables import UtcDateTime, metadata, who_and_when

#: One conversation of one user; ``at`` is when it began.
conversations = Table(
    "conversations",
    metadata,
    Column("conversation_id", String(32), primary_key=True),
    *who_and_when(),
    Column("name", Text, nullable=False),
    Column("changed", UtcDateTime, nullable=False),  # the last turn
    Column("turns", Integer, nullable=False),
    Index("conversations_by_user", "user", "changed"),
)

#: Its questions with their answers, numbered from 1.
turns = Table(
    "conversation_turns",
    metadata,
    Column("conversation_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *who_and_when(),
    Column("asked", Text, nullable=False),
    Column("understood", Text, nullable=False),
    Column("manner", String(16), nullable=False),
    Column("topic", Text, nullable=False),
    Column("answer", Text, nullable=False),  # JSON of assistant.answer.Answer
)
