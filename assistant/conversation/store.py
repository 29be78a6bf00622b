"""Conversations kept in the home, each its user's own."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from assistant.activity.database import ActivityDatabase
from assistant.activity.tables import LOCAL_USER, now
from assistant.answer import Answer
from assistant.conversation.hiding import for_viewer
from assistant.conversation.model import Manner, Past, Reading
from assistant.conversation.tables import conversations, turns
from assistant.conversation.talk import Turn
from index.errors import LibraryError, shorten

NAME_LENGTH = 60
"""Characters of a conversation's name."""
_NAMED_BY = 30  # characters of the first question that name a conversation at first


class UnknownConversation(LibraryError):
    """No conversation of this user, or more than one, has such a number."""


@dataclass(frozen=True)
class Conversation:
    """A conversation as a list shows it."""

    conversation_id: str
    name: str
    user: str
    began: datetime
    changed: datetime
    turns: int


@dataclass(frozen=True)
class Kept:
    """A turn as it was stored; ``number`` counts from 1."""

    number: int
    at: datetime
    turn: Turn


class ConversationStore:
    """Reads and writes conversations. Safe to share between threads.

    Every method sees the conversations of ``user`` only. Raises the database's errors, and
    UnknownConversation with a line for the user.
    """

    def __init__(self, database: ActivityDatabase, visible: Collection[str] | None = None) -> None:
        """``visible`` are the collections whose passages may be shown; None: all."""
        self.database = database
        self._visible = visible

    # -- writing -----------------------------------------------------------

    def add(self, turn: Turn, conversation_id: str | None = None, user: str = LOCAL_USER) -> str:
        """Store a turn; without ``conversation_id`` it begins a conversation. Returns the id."""
        with self.database.writing() as connection:
            moment = now()
            if conversation_id is None:
                conversation_id, number = self._begin(connection, turn, user, moment), 1
            else:
                number = self._found(connection, conversation_id, user)["turns"] + 1
                connection.execute(
                    update(conversations)
                    .where(conversations.c.conversation_id == conversation_id)
                    .values(turns=number, changed=moment)
                )
            connection.execute(turns.insert(), _row(turn, conversation_id, number, user, moment))
        return conversation_id

    def _begin(self, connection: Connection, turn: Turn, user: str, moment: datetime) -> str:
        conversation_id = secrets.token_hex(4)
        row = {
            "conversation_id": conversation_id,
            "user": user,
            "at": moment,
            "name": shorten(turn.asked, _NAMED_BY),
            "changed": moment,
            "turns": 1,
        }
        connection.execute(conversations.insert(), row)
        return conversation_id

    def rename(self, written: str, name: str, user: str = LOCAL_USER) -> Conversation:
        """Give a conversation a name; LibraryError for an empty one. Long ones are cut."""
        name = shorten(name, NAME_LENGTH)
        if not name:
            raise LibraryError("对话的名称不能是空的，请写出名称。")
        found = self.find(written, user)
        with self.database.writing() as connection:
            connection.execute(
                update(conversations)
                .where(conversations.c.conversation_id == found.conversation_id)
                .values(name=name)
            )
        return self.find(found.conversation_id, user)

    def delete(self, written: str, user: str = LOCAL_USER) -> Conversation:
        """Delete a conversation with all its turns; returns what it was."""
        found = self.find(written, user)
        with self.database.writing() as connection:
            for table in (turns, conversations):
                where = table.c.conversation_id == found.conversation_id
                connection.execute(delete(table).where(where))
        return found

    def prune(self, before: datetime) -> None:
        """Delete everybody's conversations that were last used before a moment."""
        with self.database.writing() as connection:
            old = select(conversations.c.conversation_id).where(conversations.c.changed < before)
            connection.execute(delete(turns).where(turns.c.conversation_id.in_(old)))
            connection.execute(delete(conversations).where(conversations.c.changed < before))

    # -- reading -----------------------------------------------------------

    def conversations(self, user: str = LOCAL_USER, limit: int | None = None) -> list[Conversation]:
        """Those of a user, the last used first."""
        query = (
            select(conversations)
            .where(conversations.c.user == user)
            .order_by(conversations.c.changed.desc(), conversations.c.conversation_id)
            .limit(limit)
        )
        with self.database.reading() as connection:
            return [_conversation(row) for row in connection.execute(query).mappings()]

    def count(self, user: str = LOCAL_USER) -> int:
        """How many conversations a user has."""
        query = select(func.count()).where(conversations.c.user == user)
        with self.database.reading() as connection:
            return int(connection.execute(query.select_from(conversations)).scalar_one())

    def find(self, written: str, user: str = LOCAL_USER) -> Conversation:
        """The conversation of a number or of the beginning of one, or of exactly this name."""
        with self.database.reading() as connection:
            return _conversation(self._found(connection, written, user))

    def turns(
        self, conversation_id: str, user: str = LOCAL_USER, last: int | None = None
    ) -> list[Kept]:
        """The turns of a conversation, the oldest first; only the ``last`` ones if given."""
        query = (
            select(turns)
            .where(turns.c.conversation_id == conversation_id, turns.c.user == user)
            .order_by(turns.c.number.desc())
            .limit(last)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings()
            found = [_kept(row, self._visible) for row in rows]
        return found[::-1]

    def past(self, conversation_id: str, last: int, user: str = LOCAL_USER) -> list[Past]:
        """The last turns as a reading needs them."""
        return [one.turn.past for one in self.turns(conversation_id, user, last)]

    def has(self, conversation_id: str, user: str = LOCAL_USER) -> bool:
        """Whether the user has a conversation of exactly this id."""
        query = select(conversations.c.name).where(
            conversations.c.conversation_id == conversation_id, conversations.c.user == user
        )
        with self.database.reading() as connection:
            return connection.execute(query).first() is not None

    def _found(self, connection: Connection, written: str, user: str) -> Any:
        written = written.strip()
        mine = select(conversations).where(conversations.c.user == user)
        for where in (
            conversations.c.conversation_id == written,
            conversations.c.name == written,
            conversations.c.conversation_id.startswith(written, autoescape=True),
        ):
            rows: Sequence[Any] = connection.execute(mine.where(where).limit(6)).mappings().all()
            if len(rows) == 1 and written:
                return rows[0]
            if len(rows) > 1 and written:
                listed = "、".join(row["conversation_id"] for row in rows[:5])
                raise UnknownConversation(
                    f"“{shorten(written)}”对应不止一段对话，请写出编号：{listed}。"
                )
        raise UnknownConversation(
            f"没有编号或名称为“{shorten(written)}”的对话。",
            "可运行 luming conversations list 查看",
            "可能已被删除",
        )


def _row(
    turn: Turn, conversation_id: str, number: int, user: str, moment: datetime
) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "number": number,
        "user": user,
        "at": moment,
        "asked": turn.asked,
        "understood": turn.reading.text,
        "manner": turn.reading.manner.value,
        "topic": turn.reading.topic,
        "answer": turn.answer.model_dump_json(),
    }


def _conversation(row: Any) -> Conversation:
    return Conversation(
        row["conversation_id"], row["name"], row["user"], row["at"], row["changed"], row["turns"]
    )


def _kept(row: Any, visible: Collection[str] | None) -> Kept:
    answer = for_viewer(Answer.model_validate_json(row["answer"]), visible)
    reading = Reading(row["understood"], Manner(row["manner"]), row["topic"])
    return Kept(row["number"], row["at"], Turn(row["asked"], reading, answer))
