"""Growing a chosen sentence until it says all that it must: lead, items, exception, antecedent."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.citing import Chosen
from assistant.evidence import Candidate, on_one_line
from assistant.question import Kind, Question
from assistant.sentences import Unit, UnitKind
from assistant.shapes.view import DocumentView

MAX_ITEMS = 40
_EXCEPTION = re.compile(
    r"但是?[，,]?|除|不过|然而|特殊情况|确因|确需|因特殊|因[^，。]{1,14}(?:确需|需要)|经[^，。]{2,16}(?:批准|同意)[^，。]{0,4}可以|有下列情形之一的除外|前款规定的?.{0,20}(?:除外|不适用)"
)
_HALF_RULE = re.compile(
    r"但是?[，,]?|不过[，,]?|然而|确因|确需|因[^，。]{2,16}(?:确需|需要)|特殊情况|否则"
)
_NOT_BOUND = re.compile(r"(?:不受|不适用|除)[^。\n]{0,20}$")
_LIFTED = re.compile(r"[^。\n]{0,24}?(?:除外|不适用|限制)")
_MORE_NUMBER = frozenset("之零一二三四五六七八九十百")
_MOST_EXCEPTIONS = 3
_LEANS_BACK = re.compile(
    r"该|其(?![他它余次中])|上述|前款|前述|这些|这一|这项|此外|同时|它|他们|对此|其中"
)


def on_line(anchor: Candidate, view: DocumentView) -> list[Unit]:
    """The units after the anchor up to the end of its line."""
    units = view.block(anchor.hit.passage)
    place = next((i for i, u in enumerate(units) if u.start == anchor.unit.start), len(units))
    found: list[Unit] = []
    for left, right in pairwise(units[place:]):
        if not on_one_line(view.text, 0, left, right):
            break
        found.append(right)
    return found


def whole_leads(chosen: list[Chosen], view: DocumentView) -> list[Chosen]:
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


def with_lead(question: Question, anchor: Candidate, view: DocumentView) -> list[Chosen]:
    """An item with the lead it hangs on (who must, under which condition); a lead with all."""
    units = view.block(anchor.hit.passage)
    here = next((u for u in units if u.start == anchor.unit.start), None)
    if here is None or here.group is None:
        return [view.placed(anchor)]
    group = [unit for unit in units if unit.group == here.group]
    if here.kind is UnitKind.LEAD or (question.kind is Kind.DEFINITION and len(group) <= 8):
        return [view.chosen(unit) for unit in group[:MAX_ITEMS]]
    leads = [view.chosen(unit) for unit in group if unit.kind is UnitKind.LEAD]
    return [*leads, view.chosen(here, anchor.spans)]


def with_neighbours(chosen: list[Chosen], view: DocumentView) -> list[Chosen]:
    """Adds the exception that follows a rule, the rule that an exception follows, and the sentence
    a pronoun leans back on."""
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
    if i and first.document == view.record and _leans_back(first, units[i - 1], view):
        before = units[i - 1]
        if (
            before.kind is UnitKind.SENTENCE
            and first.passage.path == view.passage_at(before.start).path
        ):
            grown.insert(0, view.chosen(before))
    return grown


def _leans_back(part: Chosen, before: Unit, view: DocumentView) -> bool:
    """Whether a unit says only half: by a pronoun, or as the exception of the sentence before it."""
    if part.unit.text.startswith("前款") and part.passage.article is not None:
        return False  # shown as what it refers to
    if _LEANS_BACK.match(part.unit.text):
        return True
    same_line = on_one_line(view.text, 0, before, part.unit)
    return same_line and _HALF_RULE.match(part.unit.text) is not None


def exceptions_elsewhere(chosen: list[Chosen], view: DocumentView) -> list[Chosen]:
    """Sentences of other articles that take the articles of ``chosen`` back: 不受第十条限制."""
    found: list[Chosen] = []
    for label in dict.fromkeys(part.passage.article for part in chosen if part.passage.article):
        place = view.text.find(label)
        while place >= 0 and len(found) < _MOST_EXCEPTIONS:
            end = place + len(label)
            takes_back = _NOT_BOUND.search(view.text[max(0, place - 24) : place])
            lifts = _LIFTED.match(view.text[end : end + 40])
            if (takes_back or lifts) and view.text[end : end + 1] not in _MORE_NUMBER:
                unit = next(iter(view.line_of_range(place, end)), None)
                if unit is not None and view.passage_at(unit.start).article != label:
                    found.append(view.chosen(unit))
            place = view.text.find(label, end)
    return found
