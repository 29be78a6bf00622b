"""Finding an address in a document's outline: which characters 第三章第五条第二款 are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from index.address.parse import FINAL, NAMED, Address, Span, Step, Unit
from index.numerals import NUMERAL_CHARS, parse_number, to_chinese
from index.records import SectionRecord

MOST = 20
"""Articles that one address may bring: of a longer chapter or range the first ones are given."""

_KINDS = {
    Unit.NAMED: ("part", "chapter"),
    Unit.PART: ("part",),
    Unit.SUBPART: ("subpart",),
    Unit.CHAPTER: ("chapter",),
    Unit.DIVISION: ("division",),
    Unit.SECTION: ("part", "heading"),
    Unit.ARTICLE: ("article",),
    Unit.PARAGRAPH: ("paragraph",),
    Unit.ITEM: ("item", "heading", "subitem"),
    Unit.SUBITEM: ("subitem", "item"),
}
_NUMERAL = re.compile(rf"[{NUMERAL_CHARS}]+")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(frozen=True)
class NotThere:
    """The level that an address fails at: below ``above`` there are ``count``, up to ``last``."""

    step: Step
    above: str
    count: int
    last: str


@dataclass(frozen=True)
class Found:
    """Ranges in document order; ``total`` articles where ``MOST`` cut them short.

    ``repeated``: the document counts more than one article (or 项) by this number. ``elsewhere``:
    the article is not in the chapter that was named. ``short_of``: a range's end isn't there, the
    last one that is.
    """

    ranges: tuple[Span, ...]
    total: int
    repeated: bool = False
    elsewhere: bool = False
    short_of: str = ""


class Structure:
    """The outline of one document, ready for look-ups. Immutable."""

    def __init__(self, sections: Sequence[SectionRecord]) -> None:
        self._kinds: dict[str, list[SectionRecord]] = defaultdict(list)
        for section in sections:
            self._kinds[section.kind].append(section)
        self._starts = {kind: [s.start for s in some] for kind, some in self._kinds.items()}
        self._appendices = [(s.start, s.end) for s in self._kinds["appendix"]]
        self._end = max((s.end for s in sections), default=0)
        self._entries = [] if self._kinds["article"] else self._top_entries()
        labels = dict.fromkeys(s.label for s in self._body(self._articles((0, self._end))))
        self.article_count = len(labels)
        self.last_article = next(reversed(labels), "")

    def find(self, address: Address) -> Found | NotThere:
        """Where an address is. One that names a wrong chapter is found by its article alone."""
        found = self._walk(address)
        if isinstance(found, NotThere) and found.step.unit not in (
            Unit.PARAGRAPH,
            Unit.ITEM,
            Unit.SUBITEM,
        ):
            at = [i for i, step in enumerate(address.steps) if step.unit is Unit.ARTICLE]
            if at and at[0] > 0:
                again = self._walk(Address(address.steps[at[0] :], address.until))
                if isinstance(again, Found):
                    return Found(again.ranges, again.total, again.repeated, elsewhere=True)
                return again
        return found

    def _walk(self, address: Address) -> Found | NotThere:
        within = [(0, self._end)]
        above = ""
        for step in address.steps[:-1]:
            sections = [s for span in within for s in self._numbered(step, span)]
            if not sections:
                return self._not_there(step, above, within)
            within = [(s.start, s.end) for s in sections]
            above += step.label
        last = address.last
        first = [s for span in within for s in self._numbered(last, span)]
        if not first:
            return self._not_there(last, above, within)
        repeated = len(first) > 1
        if address.until is None:
            return self._found(last.unit, [(s.start, s.end) for s in first], repeated)
        return self._range(last, address.until, first[0], within)

    def _range(
        self, first: Step, until: tuple[int, ...], start: SectionRecord, within: Sequence[Span]
    ) -> Found | NotThere:
        siblings = [s for span in within for s in self._siblings(first.unit, span)]
        low = siblings.index(start)
        ends = [
            s for s in self._matching(Step(first.unit, until), siblings) if s.start >= start.start
        ]
        if ends:
            high, short = siblings.index(ends[0]), ""
        else:
            high = len(siblings) - 1
            short = siblings[-1].label
        spans = [(s.start, s.end) for s in siblings[low : high + 1]]
        found = self._found(first.unit, spans, False)
        return Found(found.ranges, found.total, short_of=short)

    def _found(self, unit: Unit, spans: Sequence[Span], repeated: bool) -> Found:
        """The ranges of the articles where chapters are meant, otherwise of the parts themselves."""
        if unit in (Unit.NAMED, Unit.PART, Unit.SUBPART, Unit.CHAPTER, Unit.DIVISION, Unit.SECTION):
            parts = [
                one
                for span in spans
                for one in [(s.start, s.end) for s in self._articles(span)] or [span]
            ]
            return Found(tuple(parts[:MOST]), len(parts), repeated)
        return Found(tuple(spans[:MOST]), len(spans), repeated)

    # -- levels ------------------------------------------------------------------------------------

    def _numbered(self, step: Step, span: Span) -> list[SectionRecord]:
        """The sections of a number below ``span``; those of an appendix where the body has none."""
        siblings = self._siblings(step.unit, span)
        if not siblings and step.unit is Unit.PARAGRAPH and step.number in ((1,), FINAL):
            return [SectionRecord("paragraph", "第一款", "", span[0], span[1], 0)]
        found = self._matching(step, siblings)
        return self._body(found) or found

    def _matching(self, step: Step, siblings: Sequence[SectionRecord]) -> list[SectionRecord]:
        if step.number == FINAL:
            return list((self._body(siblings) or siblings)[-1:])
        if step.unit is Unit.NAMED:
            return [s for s in siblings if s.title == step.label][:1]
        if step.unit is Unit.ARTICLE and not self._entries:
            return [s for s in siblings if s.label == step.label]
        found = [
            s for s in siblings if _number(s.label) == step.number[0] and len(step.number) == 1
        ]
        if step.unit is Unit.ITEM:  # （三） before 3. and ③
            drafted = [s for s in found if s.label == f"（{to_chinese(step.number[0])}）"]
            return drafted or found[:1]
        return found

    def _siblings(self, unit: Unit, span: Span) -> list[SectionRecord]:
        if unit is Unit.ARTICLE:
            return self._articles(span)
        if unit is Unit.NAMED:
            both = (s for kind in _KINDS[unit] for s in self._within(kind, span))
            return [s for s in both if s.title in NAMED]
        if unit is Unit.SECTION:
            return self._within("part", span) or [
                s for s in self._top_entries() if span[0] <= s.start and s.end <= span[1]
            ]
        for kind in _KINDS[unit]:
            some = self._within(kind, span)
            if some:
                return some
        return []

    def _articles(self, span: Span) -> list[SectionRecord]:
        if not self._entries:
            return self._within("article", span)
        return [s for s in self._entries if span[0] <= s.start and s.end <= span[1]]

    def _top_entries(self) -> list[SectionRecord]:
        """一、二、三、 of a document that has no articles: what its 第二条 or 第二部分 means."""
        marked = [s for s in self._kinds["heading"] if s.label.endswith("、")]
        level = min((s.level for s in marked), default=0)
        return [s for s in marked if s.level == level]

    def _within(self, kind: str, span: Span) -> list[SectionRecord]:
        starts = self._starts.get(kind, [])
        some = self._kinds.get(kind, [])
        return [
            s
            for s in some[bisect_left(starts, span[0]) : bisect_right(starts, span[1])]
            if s.end <= span[1] and (s.start, s.end) != span
        ]

    def _body(self, sections: Sequence[SectionRecord]) -> list[SectionRecord]:
        return [
            s for s in sections if not any(low <= s.start < high for low, high in self._appendices)
        ]

    def _not_there(self, step: Step, above: str, within: Sequence[Span]) -> NotThere:
        siblings = [s for span in within for s in self._siblings(step.unit, span)]
        siblings = self._body(siblings) or siblings
        labels = dict.fromkeys(s.label for s in siblings)
        if not labels and step.unit is Unit.PARAGRAPH:
            return NotThere(step, above, 1, "第一款")
        return NotThere(step, above, len(labels), next(reversed(labels), ""))


def _number(label: str) -> int | None:
    """The number in 第三章, （三）, 3., ③."""
    if label in _CIRCLED and label:
        return _CIRCLED.index(label) + 1
    match = _NUMERAL.search(label)
    return parse_number(match[0]) if match else None
