"""A list, whole and in order: in one sentence, as items, as lines, as headings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.citing import Chosen
from assistant.enumerations import enumeration
from assistant.evidence import Candidate, units_of
from assistant.question import Question
from assistant.sentences import Unit, UnitKind
from assistant.shapes.base import Material, Shaped
from assistant.shapes.growing import MAX_ITEMS, with_neighbours
from assistant.shapes.view import DocumentView
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS

MAX_SECTION = 8  # sentences of a section shown for a question on the section


#: Lines that are the parts of what a lead announces, though no number stands before them.
_PARALLEL = re.compile(r"[一二三四五六七八九十]{1,2}(?:类|级|档|等|种)|(?:甲|乙|丙|丁)类")


class ListShape:
    """All parts of a list, in order."""

    def shape(self, material: Material) -> Shaped:
        """The sentence that enumerates, a lead with its items or lines, or sibling headings."""
        return Shaped(whole_list(material.question, material.ranked, material.view))


def whole_list(question: Question, ranked: Sequence[Candidate], view: DocumentView) -> list[Chosen]:
    """The whole list: a sentence that enumerates it, a lead with its items, or sibling headings."""
    anchor = ranked[0]
    count = question.count
    if count:
        found = _of_size(question, ranked, view, count)
        if found:
            return found
    size, span = enumeration(anchor.unit.text, count)
    group = group_of(anchor.unit, view.block(anchor.hit.passage))
    if group and _says_itself(question, anchor.unit, group):
        group = []
    if group:
        return [view.chosen(unit) for unit in group[:MAX_ITEMS]]
    lines = parallel_lines(anchor, view)
    if lines:
        return [view.chosen(unit) for unit in lines[:MAX_ITEMS]]
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
        group = group_of(candidate.unit, units)
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


def group_of(unit: Unit, units: Sequence[Unit]) -> list[Unit]:
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


def parallel_lines(anchor: Candidate, view: DocumentView) -> list[Unit]:
    """A lead (会议分类如下：) with the lines 一类…, 二类… that follow it in its article; [] for none."""
    units = view.block(anchor.hit.passage)
    heads = [
        i for i, unit in enumerate(units) if _begins_line(view, unit) and _PARALLEL.match(unit.text)
    ]
    if len(heads) < 2:
        return []
    first, last = heads[0], heads[-1]
    lead = units[first - 1] if first else None
    if lead is None or not lead.text.endswith(("：", ":")):
        return []
    near = {unit.start for unit in units[first - 1 : last + 3]}
    if anchor.unit.start not in near:
        return []
    end = last + 1
    while end < len(units) and not _begins_line(view, units[end]):
        end += 1
    return list(units[first - 1 : end])


def _begins_line(view: DocumentView, unit: Unit) -> bool:
    start = view.text.rfind("\n", 0, unit.start) + 1
    return not view.text[start : unit.start].strip()
