"""A conversation with one library: each question read after the turns before it, then answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.conversation.model import Manner, Past, Reading, Source
from assistant.conversation.reading import read
from assistant.library_view import Recent
from assistant.streaming import Listener, answered
from index.address.titles import TitleIndex

if TYPE_CHECKING:
    from assistant.factory import Answerer
    from index.library import Library
    from index.records import DocumentRecord, SearchFilter

COURTESY = (
    "好的。还想查什么，请直接写出问题；也可以接着上一个问题问，例如“由谁负责？”“那第九条呢？”。"
)
UNDERSTOOD = "按“{}”理解。"
_TEXTS_KEPT = 16
_AROUND = 1_500  # characters on either side of what was cited
_SHORTEST_TITLE = 4


@dataclass(frozen=True)
class Turn:
    """One question of a conversation with how it was understood and what was answered."""

    asked: str
    reading: Reading
    answer: Answer

    @property
    def past(self) -> Past:
        """The turn as later ones need it."""
        return Past.of(self.reading, self.asked, self.answer)


class LibrarySurroundings:
    """What a reading needs of a library; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._texts = Recent(_TEXTS_KEPT)
        self._lock = threading.Lock()
        self._titles: tuple[int, TitleIndex, str] | None = None

    def around(self, sources: Sequence[Source]) -> Sequence[str]:
        """The texts around these places; of documents that are gone nothing."""
        known = self._library.documents()[1]
        found = []
        for one in sources:
            if one.document_id in known:
                text = self._text(known[one.document_id])
                found.append(text[max(0, one.start - _AROUND) : one.start + _AROUND])
        return found

    def _text(self, record: DocumentRecord) -> str:
        def read() -> str:
            return self._library.catalog.document_text(record.document_id)

        return self._texts.get((record.document_id, record.content_hash), read)

    def in_titles(self, term: str) -> bool:
        """Whether a document's title holds a term."""
        return term in self._known()[2]

    def title_at(self, text: str) -> int | None:
        """Where the first title of the library's begins in ``text``, or a 《 of any; None for none."""
        marked = text.find("《")
        found = [
            one.start
            for one in self._known()[1].mentions(text)
            if len(one.name) >= _SHORTEST_TITLE or one.name.endswith(("法", "章"))
        ]
        return min([*found, *([marked] if marked >= 0 else [])], default=None)

    def _known(self) -> tuple[int, TitleIndex, str]:
        generation, documents = self._library.documents()
        with self._lock:
            if self._titles is None or self._titles[0] != generation:
                records = list(documents.values())
                titles = "\n".join(dict.fromkeys(one.title for one in records))
                self._titles = (generation, TitleIndex(records), titles)
            return self._titles


class Talk:
    """Answers the questions of conversations. Holds none of them: the caller hands in the past."""

    def __init__(self, answerer: Answerer, library: Library) -> None:
        self._answerer = answerer
        self._surroundings = LibrarySurroundings(library)

    def read(self, question: str, past: Sequence[Past] = ()) -> Reading:
        """How ``question`` is understood after the turns ``past``, the oldest first."""
        return read(question, past, self._surroundings)

    def ask(
        self,
        question: str,
        past: Sequence[Past] = (),
        flt: SearchFilter | None = None,
        finished: Callable[[Answer], Answer] = lambda answer: answer,
        listen: Listener | None = None,
    ) -> Turn:
        """Read and answer ``question``; a note says how it was understood where that is not as
        it was written.

        ``finished`` gets the answer of the self-standing question (to log it, to suggest others)
        before the note is put to it; ``listen`` hears of the steps to it.

        Raises :class:`assistant.question.QuestionError` for a question that is empty, too long or
        holds no words, and LibraryError as the answerer does.
        """
        reading = self.read(question, past)
        if reading.manner is Manner.COURTESY:
            answer = Answer(question=question.strip(), abstained=True, message=COURTESY)
            return Turn(question, reading, answer)
        answer = finished(answered(self._answerer, reading.text, flt, reading.context, listen))
        if reading.rewritten:
            notes = (UNDERSTOOD.format(reading.text.rstrip("？?")), *answer.notes)
            answer = answer.model_copy(update={"question": question.strip(), "notes": notes})
        return Turn(question, reading, answer)
