"""Does the library say it somewhere: every distractor and false statement is asked of all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.grounding.canonical import numerals
from assistant.study.quiz.amounts import Amount, amounts, equal
from assistant.text import bigrams
from index.library import Library
from index.records import NOT_IN_FORCE, DocumentRecord, PassageRecord, SearchFilter
from index.versions.titles import family_of

_DEPTH = 60  # passages of the lexical search that are read for one statement
_BEFORE, _AFTER = 18, 14  # characters that bind a word in its place
_SAID = 0.5  # likeness of these from which two places speak of the same
Places = Callable[[str], Iterator[tuple[int, int]]]


@dataclass(frozen=True)
class Saying:
    """A place of the library that has a word where the asked sentence has its blank."""

    document: DocumentRecord
    passage: PassageRecord
    start: int  # of the passage's text
    end: int
    likeness: float

    @property
    def in_force(self) -> bool:
        """Whether it counts today."""
        return self.document.validity not in NOT_IN_FORCE


class Elsewhere:
    """Looks a statement up in the whole library; keeps what it has read for one paper."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._documents = library.documents()[1]
        self._found: dict[str, list[tuple[DocumentRecord, PassageRecord]]] = {}
        library.refresh()
        # A person's part of a library is searched by what may be found in it only.
        self._everything = library.select(SearchFilter(exclude_validity=()))

    def near(self, text: str) -> list[tuple[DocumentRecord, PassageRecord]]:
        """The passages that share most words with ``text``, of every collection and validity."""
        if text not in self._found:
            found = self._library.lexical.search(text, _DEPTH, self._everything)
            ids = [one for one, _ in found]
            passages = self._library.catalog.passages_by_id(ids)
            self._found[text] = [
                (self._documents[passages[one].document_id], passages[one])
                for one in ids
                if one in passages and passages[one].document_id in self._documents
            ]
        return self._found[text]

    def sayings(self, sentence: str, start: int, end: int, places: Places) -> list[Saying]:
        """Where the library has one of ``places`` bound as ``sentence[start:end]`` is, best first."""
        frame = _frame(sentence, start, end)
        found = [
            Saying(document, passage, a, b, _likeness(frame, _frame(passage.text, a, b)))
            for document, passage in self.near(sentence)
            for a, b in places(passage.text)
        ]
        found.sort(key=lambda one: (-one.likeness, one.passage.passage_id, one.start))
        return [one for one in found if one.likeness >= _SAID]

    def says_amount(self, sentence: str, start: int, end: int, value: Amount) -> list[Saying]:
        """Where the library has ``value``, in any writing, in that place."""

        def places(text: str) -> Iterator[tuple[int, int]]:
            return ((one.start, one.end) for one in amounts(text) if equal(one, value))

        return self.sayings(sentence, start, end, places)

    def says_words(self, sentence: str, start: int, end: int, words: str) -> list[Saying]:
        """Where the library has ``words`` in that place."""
        return self.sayings(sentence, start, end, lambda text: _occurrences(text, words))

    def old_amounts(
        self, document: DocumentRecord, sentence: str, start: int, end: int
    ) -> list[tuple[Amount, Saying]]:
        """What versions of ``document`` out of force had there instead."""
        family = family_of(document.title)
        found: list[tuple[Amount, Saying]] = []
        frame = _frame(sentence, start, end)
        for other, passage in self.near(sentence):
            if other.validity not in NOT_IN_FORCE or family_of(other.title) != family:
                continue
            for one in amounts(passage.text):
                likeness = _likeness(frame, _frame(passage.text, one.start, one.end))
                if likeness >= _SAID:
                    found.append((one, Saying(other, passage, one.start, one.end, likeness)))
        return found


def _occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    place = text.find(words)
    while place >= 0:
        yield place, place + len(words)
        place = text.find(words, place + 1)


def _frame(text: str, start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """What stands before and behind a place, within its sentence, in one writing."""
    before = text[max(0, start - _BEFORE) : start].split("。")[-1]
    after = text[end : end + _AFTER].split("。")[0]
    return bigrams(_bare(before)), bigrams(_bare(after))


def _bare(text: str) -> str:
    return "".join(char for char in numerals(text) if char.isalnum())


def _likeness(
    left: tuple[frozenset[str], frozenset[str]], right: tuple[frozenset[str], frozenset[str]]
) -> float:
    """Dice of both sides together, 0-1."""
    shared = len(left[0] & right[0]) + len(left[1] & right[1])
    total = sum(len(side) for side in (*left, *right))
    return 2 * shared / total if total else 0.0
