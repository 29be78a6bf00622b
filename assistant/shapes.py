"""Giving an answer its whole shape: lists with all items, rules with their exceptions, steps."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from assistant.citing import Chosen
from assistant.enumerations import enumeration
from assistant.evidence import Candidate, on_one_line, presence, units_of
from assistant.question import Kind, Question
from assistant.sentences import Unit, UnitKind
from assistant.spans import type_match
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS
from index.records import DocumentRecord, PassageRecord

MAX_ITEMS = 40
MAX_SECTION = 8  # sentences of a section shown for a question on the section
_BLOCK_BEFORE, _BLOCK_AFTER = (
    2,
    6,
)  # passages around an anchor where no article bounds it
_OUTLINE_LIMIT = 60_000  # characters; the outline of a longer document is not read for a list
_TYPED = (Kind.NUMBER, Kind.DATE, Kind.DURATION, Kind.FREQUENCY, Kind.PERSON, Kind.PLACE)
_NO_ANSWER, _AN_ANSWER = 0.3, 0.7  # fit below which a sentence holds none, from which it does
_EXCEPTION = re.compile(
    r"但是?[，,]?|除|不过|然而|特殊情况|确因|确需|因特殊|有下列情形之一的除外|前款规定的?.{0,20}(?:除外|不适用)"
)
_LEANS_BACK = re.compile(
    r"该|其(?![他它余次中])|上述|前款|前述|这些|这一|这项|此外|同时|它|他们|对此|其中"
)


@dataclass(frozen=True)
class DocumentView:
    """A document's text and passages, read once per question."""

    record: DocumentRecord
    text: str
    passages: tuple[PassageRecord, ...]

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


def shape(question: Question, ranked: Sequence[Candidate], view: DocumentView) -> list[Chosen]:
    """The units that answer, in reading order, grown from the best candidate.

    ``view`` is the document of ``ranked[0]``.
    """
    if question.kind is Kind.LIST or question.count:
        return whole_list(question, ranked, view)
    if question.kind is Kind.HOW_TO:
        return _whole_leads(steps(question, ranked, view), view)
    anchor = ranked[0]
    if anchor.unit.text.endswith(("？", "?")):
        told = _answered(anchor, view)
        if told:
            return with_neighbours(told, view)
    if anchor.unit.kind in (UnitKind.LEAD, UnitKind.ITEM, UnitKind.ROW):
        return with_neighbours(_with_lead(question, anchor, view), view)
    chosen = _continued(question, anchor, view) or _with_second(question, ranked, view)
    return _whole_leads(with_neighbours(chosen, view), view)


def _on_line(anchor: Candidate, view: DocumentView) -> list[Unit]:
    """The units after the anchor up to the end of its line."""
    units = view.block(anchor.hit.passage)
    place = next((i for i, u in enumerate(units) if u.start == anchor.unit.start), len(units))
    found: list[Unit] = []
    for left, right in pairwise(units[place:]):
        if not on_one_line(view.text, 0, left, right):
            break
        found.append(right)
    return found


def _answered(anchor: Candidate, view: DocumentView) -> list[Chosen]:
    """A question in the document with the answer that follows it; [] where none does."""
    units = view.block(anchor.hit.passage)
    following = _on_line(anchor, view)[:2]
    if not following:  # a line of its own: the next line answers
        following = [u for u in units if u.start >= anchor.unit.end][:1]
    told = [unit for unit in following if not unit.text.endswith(("？", "?"))]
    return [_place(anchor, view), *(view.chosen(unit) for unit in told)] if told else []


def _continued(question: Question, anchor: Candidate, view: DocumentView) -> list[Chosen]:
    """The anchor with the next sentence or two where only those hold what is asked for.

    请在两周内完成一份计划。计划交组织科: the question on the plan is answered by the second.
    """
    if question.kind not in _TYPED or anchor.fit >= _NO_ANSWER:
        return []
    for place, unit in enumerate(_on_line(anchor, view)[:2]):
        fit, spans = type_match(question, unit.text)
        if fit >= _AN_ANSWER:
            between = _on_line(anchor, view)[:place]
            return [
                _place(anchor, view),
                *(view.chosen(u) for u in between),
                view.chosen(unit, spans),
            ]
    return []


def _whole_leads(chosen: list[Chosen], view: DocumentView) -> list[Chosen]:
    """A lead never stands alone: its items follow it."""
    grown: list[Chosen] = []
    for part in chosen:
        grown.append(part)
        if part.unit.kind is UnitKind.LEAD and part.document == view.record:
            here = [u for u in view.block(part.passage) if u.start == part.unit.start]
            group = here[0].group if here else None
            members = [u for u in view.block(part.passage) if u.group == group is not None]
            grown.extend(view.chosen(u) for u in members[:MAX_ITEMS] if u.start > part.unit.start)
    return grown


def _place(candidate: Candidate, view: DocumentView) -> Chosen:
    return Chosen(candidate.unit, candidate.hit.passage, candidate.hit.document, candidate.spans)


def _with_lead(question: Question, anchor: Candidate, view: DocumentView) -> list[Chosen]:
    """An item with the lead it hangs on (who must, under which condition); a lead with all."""
    units = view.block(anchor.hit.passage)
    here = next((u for u in units if u.start == anchor.unit.start), None)
    if here is None or here.group is None:
        return [_place(anchor, view)]
    group = [unit for unit in units if unit.group == here.group]
    if here.kind is UnitKind.LEAD or (question.kind is Kind.DEFINITION and len(group) <= 8):
        return [view.chosen(unit) for unit in group[:MAX_ITEMS]]
    leads = [view.chosen(unit) for unit in group if unit.kind is UnitKind.LEAD]
    return [*leads, view.chosen(here, anchor.spans)]


def with_neighbours(chosen: list[Chosen], view: DocumentView) -> list[Chosen]:
    """Adds the exception that follows a rule, and the sentence a pronoun leans back on."""
    if not chosen:
        return chosen
    grown = list(chosen)
    first, last = chosen[0], chosen[-1]
    units = view.block(last.passage)
    places = {unit.start: i for i, unit in enumerate(units)}
    i = places.get(last.unit.start)
    if i is not None and i + 1 < len(units) and last.document == view.record:
        following = units[i + 1]
        if following.kind is not UnitKind.HEADING and _EXCEPTION.match(following.text):
            grown.append(view.chosen(following))
            if following.kind is UnitKind.LEAD:
                grown.extend(
                    view.chosen(u)
                    for u in units
                    if u.group == following.group and u.start > following.start
                )
    i = places.get(first.unit.start)
    if i and first.document == view.record and _LEANS_BACK.match(first.unit.text):
        before = units[i - 1]
        if (
            before.kind is UnitKind.SENTENCE
            and first.passage.path == view.passage_at(before.start).path
        ):
            grown.insert(0, view.chosen(before))
    return grown


def _with_second(
    question: Question, ranked: Sequence[Candidate], view: DocumentView
) -> list[Chosen]:
    """The best sentence, and one more of its passage that says what the first leaves out.

    The second holds a word of the question that the first and the document's title lack, or is
    nearly as good where the question has no sharp kind.
    """
    anchor = ranked[0]
    known = fold(f"{view.record.title}{anchor.unit.text}")
    left = [w for w in question.words if w not in GENERIC_WORDS and presence(w, known) < 0.5]
    loose = question.kind in (Kind.REASON, Kind.OTHER)
    for other in ranked[1:8]:
        if (
            other.hit.passage.passage_id != anchor.hit.passage.passage_id
            or other.unit.kind is not UnitKind.SENTENCE
        ):
            continue
        adds = any(presence(word, fold(other.unit.text)) >= 0.8 for word in left)
        if (adds and other.score >= 0.6 * anchor.score) or (
            loose and other.score >= 0.88 * anchor.score
        ):
            pair = sorted((anchor, other), key=lambda c: c.unit.start)
            return [_place(candidate, view) for candidate in pair]
    return [_place(anchor, view)]


def whole_list(question: Question, ranked: Sequence[Candidate], view: DocumentView) -> list[Chosen]:
    """The whole list: a sentence that enumerates it, a lead with its items, or sibling headings."""
    anchor = ranked[0]
    count = question.count
    if count:
        found = _of_size(question, ranked, view, count)
        if found:
            return found
    size, span = enumeration(anchor.unit.text, count)
    group = _group_of(anchor.unit, view.block(anchor.hit.passage))
    if group and _says_itself(question, anchor.unit, group):
        group = []
    if group:
        return [view.chosen(unit) for unit in group[:MAX_ITEMS]]
    section = _section(question, anchor, view)
    if section and size < 3:
        return section
    spans = (span,) if size >= 3 else ()
    return with_neighbours(
        [Chosen(anchor.unit, anchor.hit.passage, anchor.hit.document, spans)], view
    )


def _of_size(
    question: Question, ranked: Sequence[Candidate], view: DocumentView, count: int
) -> list[Chosen]:
    """A list of ``count`` parts in or beside one of the best candidates; [] for none.

    A sentence that enumerates so many, the item group of the sentence, or a group of so many
    under a heading or lead that names what is asked; sibling headings of the anchor's document.
    """
    best = ranked[0].score
    for candidate in ranked[:8]:
        if candidate.score < 0.7 * best:
            break
        size, span = enumeration(candidate.unit.text, count)
        if size == count:
            return [Chosen(candidate.unit, candidate.hit.passage, candidate.hit.document, (span,))]
        if candidate.hit.document != view.record:
            continue
        units = view.block(candidate.hit.passage)
        group = _group_of(candidate.unit, units)
        if len(_outer_items(group)) == count:
            return [view.chosen(unit) for unit in group[:MAX_ITEMS]]
        named = _named_group(question, units, count)
        if named:
            return [view.chosen(unit) for unit in named]
    headings = _sibling_headings(question, view, count)
    return [view.chosen(unit) for unit in headings]


def _named_group(question: Question, units: Sequence[Unit], count: int) -> list[Unit]:
    """A group of ``count`` items whose heading holds a quoted term of the question."""
    heading = ""
    seen: set[int] = set()
    for unit in units:
        if unit.kind is UnitKind.HEADING:
            heading = fold(unit.text)
        if unit.group is None or unit.group in seen:
            continue
        seen.add(unit.group)
        group = [other for other in units if other.group == unit.group]
        above = heading + fold("".join(u.text for u in group if u.kind is UnitKind.LEAD))
        if len(_outer_items(group)) == count and any(e in above for e in question.entities):
            return group
    return []


def _group_of(unit: Unit, units: Sequence[Unit]) -> list[Unit]:
    """The lead and items that ``unit`` belongs to, or that directly follow it."""
    for place, other in enumerate(units):
        if other.start != unit.start:
            continue
        if other.group is not None:
            return [u for u in units if u.group == other.group]
        following = units[place + 1] if place + 1 < len(units) else None
        if (
            following is not None
            and following.group is not None
            and following.marker in ("一是", "第一", "首先")
        ):
            return [other, *(u for u in units if u.group == following.group)]
    return []


def _says_itself(question: Question, unit: Unit, group: Sequence[Unit]) -> bool:
    """Whether an item alone is what is asked about: it holds words that its lead does not."""
    if unit.kind is not UnitKind.ITEM:
        return False
    own = fold(unit.text)
    lead = fold("".join(u.text for u in group if u.kind is UnitKind.LEAD))
    words = [word for word in question.words if word not in GENERIC_WORDS and len(word) > 1]
    others = [fold(u.text) for u in group if u.kind is UnitKind.ITEM and u.start != unit.start]
    return any(
        word in own and word not in lead and not any(word in other for other in others)
        for word in words
    )


def _outer_items(group: Sequence[Unit]) -> list[Unit]:
    items = [unit for unit in group if unit.kind is UnitKind.ITEM and unit.marker]
    return [unit for unit in items if unit.marker == items[0].marker]


def _sibling_headings(question: Question, view: DocumentView, count: int) -> list[Unit]:
    """``count`` headings of one style under a title or heading that the question names."""
    runs: dict[str, list[Unit]] = {}
    above = fold(view.record.title)
    for unit in view.units():
        if unit.kind is UnitKind.HEADING and not unit.marker:
            above = fold(unit.text)
        if unit.kind in (UnitKind.HEADING, UnitKind.ITEM) and unit.marker:
            run = runs.setdefault(f"{unit.marker} {above}", [])
            run.append(unit)
    for key, run in runs.items():
        named = any(term in key or term in fold(view.record.title) for term in question.entities)
        asked = question.noun and any(question.noun[-2:] in fold(unit.text) for unit in run)
        if len(run) == count and (named or asked):
            return run
    return []


def _section(question: Question, anchor: Candidate, view: DocumentView) -> list[Chosen]:
    """The sentences of a section whose heading is what the question asks for (成效, 启示)."""
    heading = fold(anchor.hit.passage.path.rsplit("/", 1)[-1])
    asked = fold(question.text)
    if not heading or not any(heading[i : i + 2] in asked for i in range(len(heading) - 1)):
        return []
    path = anchor.hit.passage.path
    sentences = [
        unit
        for passage in view.passages
        if passage.path == path
        for unit in units_of(passage.text, passage.start)
        if unit.kind is not UnitKind.HEADING
    ]
    return [view.chosen(unit) for unit in sentences] if 2 <= len(sentences) <= MAX_SECTION else []


def steps(question: Question, ranked: Sequence[Candidate], view: DocumentView) -> list[Chosen]:
    """The steps in order: the item group of the anchor, else the passage's good sentences."""
    anchor = ranked[0]
    group = _group_of(anchor.unit, view.block(anchor.hit.passage))
    if group and (anchor.unit.kind is UnitKind.LEAD or len(group) <= 8):
        return [view.chosen(unit) for unit in group[:MAX_ITEMS]]
    good = [
        candidate
        for candidate in ranked[:12]
        if candidate.hit.passage.passage_id == anchor.hit.passage.passage_id
        and candidate.score >= 0.85 * anchor.score
    ][:3]
    ordered = sorted(good, key=lambda c: c.unit.start)
    return with_neighbours([_place(candidate, view) for candidate in ordered], view)


def summary(question: Question, view: DocumentView, weigh: Sequence[Candidate]) -> list[Chosen]:
    """One sentence a section, in reading order, at most eight."""
    sections: dict[str, list[PassageRecord]] = {}
    for passage in view.passages:
        sections.setdefault(passage.path.split("/", 1)[0], []).append(passage)
    if len(sections) > 2 * MAX_SECTION:  # articles without chapters: the first ones say most
        sections = dict(list(sections.items())[:MAX_SECTION])
    best = {candidate.unit.start: candidate.score for candidate in weigh}
    lines: list[Chosen] = []
    for passages in list(sections.values())[:MAX_SECTION]:
        units = [
            unit
            for passage in passages[:3]
            for unit in units_of(passage.text, passage.start)
            if unit.kind is not UnitKind.HEADING and len(unit.text) >= 12
        ]
        if units:
            lines.append(view.chosen(max(units, key=lambda u: (best.get(u.start, 0.0), -u.start))))
    return lines


def answer_spans(question: Question, unit: Unit) -> list[tuple[int, int]]:
    """What to show bold in ``unit``."""
    return type_match(question, unit.text)[1]
