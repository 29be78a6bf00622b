"""The turns before a question, for clients that send the whole conversation each time."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ui.api.service import Service

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.conversation.model import Past
    from assistant.conversation.talk import Talk, Turn
    from assistant.streaming import Listener
    from index.records import SearchFilter

REPLAYED = 4
"""Earlier questions that are answered again where their answers are not at hand any more."""
_KEPT = 500


class ChatPast:
    """Answers the last question of conversations that their clients keep.

    What follow-ups need of the turns before (what they were about, what they cited) is remembered
    by the questions themselves; after a restart the last few are answered once more, unlogged and
    without a language model. Nothing that a client says an answer was is believed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Past, ...]] = OrderedDict()
        self._talks: WeakKeyDictionary[Service, tuple[Talk, Talk]] = WeakKeyDictionary()

    def ask(
        self,
        seen: Service,
        user: str,
        questions: Sequence[str],
        flt: SearchFilter,
        finished: Callable[[Answer], Answer],
        listen: Listener | None = None,
    ) -> Turn:
        """The turn of the last of ``questions``, read after the others. Raises as ``Talk.ask``."""
        talk, plain = self._talk(seen)
        earlier, question = list(questions[:-1]), questions[-1]
        past = self._past(plain, user, earlier, flt)
        turn = talk.ask(question, past, flt, finished, listen)
        self._remember(_key(user, flt, questions), (*past, turn.past))
        return turn

    def _past(
        self, plain: Talk, user: str, earlier: Sequence[str], flt: SearchFilter
    ) -> tuple[Past, ...]:
        if not earlier:
            return ()
        with self._lock:
            found = self._kept.get(_key(user, flt, earlier))
        if found is not None:
            return found
        from assistant.question import QuestionError

        past: tuple[Past, ...] = ()
        for question in earlier[-REPLAYED:]:
            try:
                past = (*past, plain.ask(question, past, flt).past)
            except QuestionError:
                continue  # it was refused then, too
        self._remember(_key(user, flt, earlier), past)
        return past

    def _remember(self, key: str, past: tuple[Past, ...]) -> None:
        from assistant.conversation.model import REMEMBERED

        with self._lock:
            self._kept[key] = past[-REMEMBERED:]
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def _talk(self, seen: Service) -> tuple[Talk, Talk]:
        """The talk with the answerer of the settings, and one without a language model."""
        from assistant.conversation.talk import Talk
        from assistant.extractive import ExtractiveAnswerer

        with self._lock:
            if seen not in self._talks:
                answerer = seen.asking.answerer
                talk = Talk(answerer, seen.library)
                plain = talk
                if not isinstance(answerer, ExtractiveAnswerer):
                    plain = Talk(ExtractiveAnswerer(seen.library), seen.library)
                self._talks[seen] = (talk, plain)
            return self._talks[seen]


def _key(user: str, flt: SearchFilter, questions: Sequence[str]) -> str:
    whole = repr((user, flt, list(questions)))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
