"""One question of a person: the answer, questions to ask instead of a refused one, and the log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from assistant.activity.journal import Journal
from assistant.activity.tables import LOCAL_USER
from assistant.streaming import Listener, answered
from assistant.suggestions import Suggester
from index.records import SearchFilter

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.factory import Answerer
    from index.library import Library


class Asking:
    """What stands between those who ask (command line, REST, page) and the answerer.

    Evaluations, batches and the program's own questions go to the answerer itself: they are
    neither logged nor need suggestions.
    """

    def __init__(
        self, library: Library, answerer: Answerer, journal: Journal | None = None
    ) -> None:
        self.answerer = answerer
        self.journal = journal or Journal(library)
        self._suggester = Suggester(library, answerer)

    def ask(
        self,
        question: str,
        flt: SearchFilter | None = None,
        channel: str = "cli",
        user: str = LOCAL_USER,
        listen: Listener | None = None,
    ) -> Answer:
        """Answer, suggest after a refusal, log; raises what the answerer raises."""
        flt = flt or SearchFilter()
        started = time.perf_counter()
        answer = answered(self.answerer, question, flt, listen=listen)
        return self.finished(answer, flt, channel, user, started)

    def finished(
        self,
        answer: Answer,
        flt: SearchFilter,
        channel: str,
        user: str = LOCAL_USER,
        started: float | None = None,
    ) -> Answer:
        """An answer that was made elsewhere, with suggestions, logged.

        ``started`` is the ``time.perf_counter`` of its beginning.
        """
        spent = 0.0 if started is None else (time.perf_counter() - started) * 1000
        if answer.abstained:
            answer = self._suggester.complete(answer, flt)
        return self.journal.record(answer, flt, channel, spent, user)

    def close(self) -> None:
        """Let go of the log's file."""
        self.journal.close()
