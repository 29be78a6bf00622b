"""A document as answering reads it: its text, its passages, the units around a place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.citing import Chosen
from assistant.evidence import Candidate, units_of
from assistant.sentences import Unit
from assistant.text import fold
from index.records import DocumentRecord, PassageRecord, SectionRecord

_BLOCK_BEFORE, _BLOCK_AFTER = 2, 6  # passages around an anchor where no article bounds it
_OUTLINE_LIMIT = 60_000  # characters; the outline of a longer document is not read for a list


@dataclass(frozen=True)
class DocumentView:
    """A document's text and passages, read once per question."""

    record: DocumentRecord
    text: str
    passages: tuple[PassageRecord, ...]
    outline: tuple[SectionRecord, ...] = ()

    @cached_property
    def folded(self) -> str:
        """The whole text, folded."""
        return fold(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """Where the passages begin."""
        return [passage.start for passage in self.passages]

    def passage_at(self, place: int) -> PassageRecord:
        """The passage that holds ``place``, else the nearest: a heading belongs to the next one."""
        index = max(0, bisect_right(self.starts, place) - 1)
        passage = self.passages[index]
        if place >= passage.end and index + 1 < len(self.passages):
            return self.passages[index + 1]
        return passage

    def chosen(self, unit: Unit, spans: Sequence[tuple[int, int]] = ()) -> Chosen:
        """``unit`` as a part of an answer."""
        return Chosen(unit, self.passage_at(unit.start), self.record, tuple(spans))

    def block(self, passage: PassageRecord) -> tuple[Unit, ...]:
        """Units of the whole article that holds ``passage``; in prose, of the passages around."""
        first = last = next(
            (i for i, p in enumerate(self.passages) if p.passage_id == passage.passage_id),
            0,
        )
        if passage.article is not None:
            while first > 0 and self.passages[first - 1].article == passage.article:
                first -= 1
            while (
                last + 1 < len(self.passages) and self.passages[last + 1].article == passage.article
            ):
                last += 1
        else:
            first = max(0, first - _BLOCK_BEFORE)
            last = min(len(self.passages) - 1, last + _BLOCK_AFTER)
        start, end = self.passages[first].start, self.passages[last].end
        return units_of(self.text[start:end], start)

    def units(self) -> tuple[Unit, ...]:
        """Units of the whole document, none where it is too long to be read for one question."""
        return units_of(self.text, 0) if len(self.text) <= _OUTLINE_LIMIT else ()

    def placed(self, candidate: Candidate) -> Chosen:
        """A candidate as a part of an answer, with its own passage and spans."""
        return Chosen(
            candidate.unit, candidate.hit.passage, candidate.hit.document, candidate.spans
        )

    def line_of(self, unit: Unit) -> tuple[Unit, ...]:
        """The units of the line (a 款) that ``unit`` stands on."""
        start = self.text.rfind("\n", 0, unit.start) + 1
        end = self.text.find("\n", unit.end)
        end = len(self.text) if end < 0 else end
        return units_of(self.text[start:end], start)

    @cached_property
    def articles(self) -> tuple[SectionRecord, ...]:
        """The articles of the outline."""
        return tuple(section for section in self.outline if section.kind == "article")

    def article_of(self, place: int) -> SectionRecord | None:
        """The article that ``place`` is in."""
        return next((one for one in self.articles if one.start <= place < one.end), None)

    def line_of_range(self, start: int, end: int) -> tuple[Unit, ...]:
        """The units that hold ``start:end``, which lies on one line."""
        line = self.text.rfind("\n", 0, start) + 1
        stop = self.text.find("\n", end)
        stop = len(self.text) if stop < 0 else stop
        units = units_of(self.text[line:stop], line)
        return tuple(unit for unit in units if unit.start < end and start < unit.end)
