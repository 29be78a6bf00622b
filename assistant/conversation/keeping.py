"""Asking within conversations: the past is read, the turn answered, logged and kept."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict, deque
from datetime import timedelta
from typing import TYPE_CHECKING

from assistant.activity.database import Quietly
from assistant.activity.tables import LOCAL_USER, now
from assistant.conversation.model import REMEMBERED, Manner, Past
from assistant.conversation.store import Conversation, ConversationStore
from assistant.conversation.talk import Talk, Turn
from assistant.streaming import Listener
from index.records import SearchFilter

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.asking import Asking
    from index.library import Library

_PRUNE_EVERY = timedelta(hours=6)
_AT_HAND = 200  # conversations whose last turns are held in memory


class Conversations:
    """Every conversation of one library. Safe to share between threads.

    One that was not used for ``LUMING_LOG_DAYS`` days is deleted, as the questions log is. Where
    the settings keep no questions (``LUMING_LOG_QUESTIONS=false``), or the file cannot be
    written, a conversation goes on from memory and is gone with the process.
    """

    def __init__(self, library: Library, asking: Asking) -> None:
        self._settings = library.settings
        self._asking = asking
        self._talk = Talk(asking.answerer, library)
        self._quietly = Quietly()
        self._next_pruning = now()
        self._lock = threading.Lock()
        self._recent: OrderedDict[tuple[str, str], deque[Past]] = OrderedDict()
        self.store = ConversationStore(asking.journal.database, library.visible)

    @property
    def keeps(self) -> bool:
        """Whether conversations are stored."""
        return self._settings.log_questions

    def ask(
        self,
        question: str,
        conversation_id: str | None = None,
        flt: SearchFilter | None = None,
        channel: str = "cli",
        user: str = LOCAL_USER,
        listen: Listener | None = None,
    ) -> tuple[str, Turn]:
        """Answer the next question of a conversation, or the first of a new one.

        Returns the conversation's id and the turn. Raises what ``Talk.ask`` raises; a question
        that cannot be taken leaves the conversation as it was.
        """
        flt = flt or SearchFilter()
        started = time.perf_counter()

        def finished(answer: Answer) -> Answer:
            return self._asking.finished(answer, flt, channel, user, started)

        past = self._past(conversation_id, user) if conversation_id else []
        turn = self._talk.ask(question, past, flt, finished, listen)
        if turn.reading.manner is Manner.COURTESY:
            return conversation_id or "", turn
        kept = None
        if self.keeps:
            kept = self._quietly(lambda: self._keep(turn, conversation_id, user))
        conversation_id = kept or conversation_id or secrets.token_hex(4)
        self._remember(conversation_id, user, past, turn)
        return conversation_id, turn

    def delete(self, written: str, user: str = LOCAL_USER) -> Conversation:
        """Delete a conversation, also from memory. Raises UnknownConversation."""
        found = self.store.delete(written, user)
        with self._lock:
            self._recent.pop((user, found.conversation_id), None)
        return found

    def _keep(self, turn: Turn, conversation_id: str | None, user: str) -> str:
        """Store a turn. A conversation that the store lacks (begun in memory, deleted since)
        begins anew there."""
        moment = now()
        if moment >= self._next_pruning:
            self._next_pruning = moment + _PRUNE_EVERY
            self.store.prune(moment - timedelta(days=self._settings.log_days))
        known = conversation_id is not None and self.store.has(conversation_id, user)
        return self.store.add(turn, conversation_id if known else None, user)

    def _past(self, conversation_id: str, user: str) -> list[Past]:
        with self._lock:
            recent = self._recent.get((user, conversation_id))
            if recent is not None:
                return list(recent)
        if not self.keeps:
            return []
        found = self._quietly(lambda: self.store.past(conversation_id, REMEMBERED, user))
        return found or []

    def _remember(self, conversation_id: str, user: str, past: list[Past], turn: Turn) -> None:
        with self._lock:
            key = (user, conversation_id)
            self._recent[key] = deque([*past, turn.past], maxlen=REMEMBERED)
            self._recent.move_to_end(key)
            while len(self._recent) > _AT_HAND:
                self._recent.popitem(last=False)
