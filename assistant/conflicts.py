"""Two passages that say different things on one point: both shown, with which governs and why.

A conflict is told by near-identical sentences that differ in an amount, a year or day, or a
negation. The other side comes from the passages found for the question, and from the older
versions of the document that the answer cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import count, islice
from typing import TYPE_CHECKING

from assistant.answer import Citation, Conflict, ConflictSide
from assistant.citing import Chosen, cite
from assistant.evidence import Candidate, units_of
from assistant.premises.amounts import Amount, amounts, same_measure
from assistant.sentences import Unit, UnitKind
from assistant.standing import ruling
from assistant.text import bigrams, fold

if TYPE_CHECKING:
    from assistant.library_view import LibraryView
    from assistant.shapes import DocumentView

Span = tuple[int, int]
MOST = 3  # conflicts shown
_SENTENCES = 6  # of an answer that are compared
_CANDIDATES = 60  # sentences found for the question that they are compared with
_OLDER = 2  # older versions looked into
_VERSION_TEXT = 200_000  # characters of an older version that are looked through
_ALIKE = 0.72  # share of common character pairs, amounts and negations aside
_ALIKE_ELSEWHERE = 0.85  # the same between two regulations, which speak of other things sooner
_LEANS = re.compile(
    "前款|前条|下列|上述|前述|本条|第[一二三四五六]款"
)  # what it is about stands elsewhere
_SHORTEST = 8  # characters of a sentence's skeleton below which it says too little
_DEED = 2  # characters of a deed that must be the same
_OWN_DAY = re.compile("施行|通过|印发|公布|发布")
_LEADS_ALIKE = 0.6
_AS_RELEVANT = 0.8  # of the answer's share of the question's words
_ARTICLE = re.compile("第[零〇一二三四五六七八九十百千0-9]{1,9}条")
_HEAD = re.compile(
    "^(?:第[零〇一二三四五六七八九十百千0-9]{1,9}条(?:之[一二三四五六七八九十])?|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[.、]|[一二三四五六七八九十]{1,3}、)\\s*"
)
_RANGE = re.compile("[0-9一二两三四五六七八九十百千万]{1,6}(?:[个名]?[至到~～—-])$")
_NEGATION = re.compile(
    "不得|不应|不能|不可以|不准|不予|不再|严禁|禁止|无需|不需|不必|免予|无权|不适用|不属于|不享受"
)
_AFFIRMATION = re.compile("可以|应当|必须|有权|需要|允许|准予|适用|享受")
_AMOUNT_MARK, _DATE = "#", re.compile("(?:19|20)[0-9]{2}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?")


@dataclass(frozen=True)
class _Side:
    """A sentence with what leads to it: an item says nothing without the line that it hangs on."""

    unit: Unit
    view: DocumentView
    lead: str = ""


def _side(unit: Unit, view: DocumentView) -> _Side:
    if unit.group is None or unit.kind is UnitKind.LEAD:
        return _Side(unit, view)
    units = units_of(view.text, 0) if len(view.text) <= _VERSION_TEXT else ()
    here = next((u for u in units if u.start == unit.start), None)
    group = here.group if here else None
    lead = next((u for u in units if group is not None and u.group == group), None)
    return _Side(unit, view, lead.text if lead and lead.kind is UnitKind.LEAD else "")


@dataclass(frozen=True)
class _Difference:
    point: str
    spans: tuple[tuple[Span, ...], tuple[Span, ...]]


def find_conflicts(
    chosen: Sequence[Chosen],
    ranked: Sequence[Candidate],
    library: LibraryView,
    citations: Sequence[Citation],
) -> tuple[Conflict, ...]:
    """The conflicts of an answer's sentences with what else was found; most often none.

    The citation of the other side is numbered on from ``citations``.
    """
    found: list[Conflict] = []
    seen: set[frozenset[str]] = set()
    for part in islice((p for p in chosen if p.unit.kind is not UnitKind.HEADING), _SENTENCES):
        own = _side(part.unit, library.document(part.document))
        for other in _others(part, ranked, library):
            pair = frozenset((part.document.document_id, other.view.record.document_id))
            difference = None if pair in seen else _between(own, other)
            if difference is None:
                continue
            seen.add(pair)
            known = [*citations, *(side.citation for one in found for side in one.sides)]
            found.append(_conflict(own, other, difference, library, known))
            if len(found) >= MOST:
                return tuple(found)
    return tuple(found)


def _others(part: Chosen, ranked: Sequence[Candidate], library: LibraryView) -> Iterable[_Side]:
    """The likest sentence of each other document found, and of each older version."""
    best: dict[str, tuple[float, Candidate]] = {}
    leaning = _LEANS.search(part.unit.text)
    covered = max((c.coverage for c in ranked if c.key == _key_of(part)), default=0.0)
    skeleton = _skeleton(part.unit.text)
    for candidate in ranked[:_CANDIDATES]:
        key = candidate.hit.document.document_id
        if key == part.document.document_id or candidate.unit.kind is UnitKind.HEADING:
            continue
        if candidate.coverage < _AS_RELEVANT * covered:
            continue
        alike = _alike(skeleton, _skeleton(candidate.unit.text))
        if not library.same_rule(part.document, candidate.hit.document) and (
            alike < _ALIKE_ELSEWHERE or leaning or _LEANS.search(candidate.unit.text)
        ):
            continue
        if alike >= _ALIKE and alike > best.get(key, (0.0, candidate))[0]:
            best[key] = (alike, candidate)
    for _, candidate in best.values():
        yield _side(candidate.unit, library.document(candidate.hit.document))
    for record in library.older_versions(part.document)[:_OLDER]:
        view = library.document(record)
        if record.document_id in best or len(view.text) > _VERSION_TEXT:
            continue
        unit = _likest(skeleton, units_of(view.text, 0))
        if unit is not None:
            yield _side(unit, view)


def _key_of(part: Chosen) -> tuple[str, int]:
    """Where a chosen sentence stands, as ``Candidate.key`` says it."""
    return part.document.document_id, part.unit.start


def _likest(skeleton: str, units: Iterable[Unit]) -> Unit | None:
    """The unit of a text that says most nearly the same; None below the bound."""
    best, found = _ALIKE, None
    for unit in units:
        other = _skeleton(unit.text)
        if not 0.6 * len(skeleton) <= len(other) <= 1.7 * len(skeleton):
            continue
        alike = _alike(skeleton, other)
        if alike > best:
            best, found = alike, unit
    return found


def _between(own: _Side, other: _Side) -> _Difference | None:
    """What two sentences differ in, where they hang on the same lead or on none."""
    if bool(own.lead) != bool(other.lead):
        return None
    if own.lead and _alike(_skeleton(own.lead), _skeleton(other.lead)) < _LEADS_ALIKE:
        return None
    return compared(own.unit.text, other.unit.text)


def compared(left: str, right: str) -> _Difference | None:
    """On what two sentences on one point differ; None where they agree or speak of other things."""
    if _alike(_skeleton(left), _skeleton(right)) < _ALIKE or _referred(left) != _referred(right):
        return None
    spans = (
        _amounts_differ(left, right) or _dates_differ(left, right) or _negation_differs(left, right)
    )
    if spans is None:
        return None
    ours, theirs = (
        "、".join(text[start:end] for start, end in side)
        for text, side in zip((left, right), spans, strict=True)
    )
    return _Difference(f"一处写“{ours}”，一处写“{theirs}”", spans)


def _referred(text: str) -> set[str]:
    """The articles that a sentence refers to: one on article 137 is no match for one on 138."""
    return set(_ARTICLE.findall(_HEAD.sub("", text)))


@lru_cache(maxsize=8192)
def _skeleton(text: str) -> str:
    """A sentence without its number, amounts, dates and words of duty: what it is about."""
    bare = _DATE.sub(_AMOUNT_MARK, _HEAD.sub("", text))
    for amount in sorted(amounts(bare), key=lambda one: -one.start):
        bare = bare[: amount.start] + _AMOUNT_MARK + bare[amount.end :]
    return fold(_AFFIRMATION.sub("", _NEGATION.sub("", bare))).replace(_AMOUNT_MARK, "")


def _alike(left: str, right: str) -> float:
    """Share of common character pairs in the larger of two skeletons, 0–1."""
    if min(len(left), len(right)) < _SHORTEST:
        return 0.0
    a, b = bigrams(left), bigrams(right)
    return len(a & b) / max(len(a), len(b))


_Spans = tuple[tuple[Span, ...], tuple[Span, ...]]


def _amounts_differ(left: str, right: str) -> _Spans | None:
    """All amounts in the same place of both sentences that differ; None for none."""
    ours, theirs = _undated(left), _undated(right)
    if len(ours) != len(theirs):
        return None  # another count of amounts: the sentences are built differently
    pairs = [
        (_whole_range(left, a), _whole_range(right, b))
        for a, b in zip(ours, theirs, strict=True)
        if same_measure(a, b) and _unlike(a, b) and _same_place(left, right, a, b)
    ]
    if not pairs:
        return None
    return tuple(a for a, _ in pairs), tuple(b for _, b in pairs)


def _undated(text: str) -> list[Amount]:
    """The amounts that are no part of a date."""
    dates = [match.span() for match in _DATE.finditer(text)]
    return [a for a in amounts(text) if not any(s <= a.start < e for s, e in dates)]


def _whole_range(text: str, amount: Amount) -> Span:
    """The amount with the lower end of its range before it (3至7人)."""
    before = _RANGE.search(text[: amount.start])
    return (before.start() if before else amount.start), amount.end


def _unlike(a: Amount, b: Amount) -> bool:
    """Whether two amounts contradict: another value, and none is exact and within the other."""
    if a.unit != b.unit or (a.low, a.high) == (b.low, b.high):
        return False
    within = (a.exact and b.allows(a.value)) or (b.exact and a.allows(b.value))
    return not within


def _same_place(left: str, right: str, a: Amount, b: Amount) -> bool:
    """Whether the words before both amounts are the same, as far as half of six characters."""
    before = (fold(left[: a.start])[-6:], fold(right[: b.start])[-6:])
    return SequenceMatcher(None, *before, autojunk=False).ratio() >= 0.5 or not any(before)


def _dates_differ(left: str, right: str) -> _Spans | None:
    ours, theirs = list(_DATE.finditer(left)), list(_DATE.finditer(right))
    if len(ours) != 1 or len(theirs) != 1 or _OWN_DAY.search(left + right):
        return None  # every rule has its own day of being adopted and coming into force
    if ours[0].group() == theirs[0].group():
        return None
    return (ours[0].span(),), (theirs[0].span(),)


def _negation_differs(left: str, right: str) -> _Spans | None:
    """One forbids just what the other allows or demands: 不得兼任 and 可以兼任."""
    for negated, other, turned in ((left, right, False), (right, left, True)):
        for denied in _NEGATION.finditer(negated):
            deed = fold(negated[denied.end() : denied.end() + 8])[:_DEED]
            if len(deed) < _DEED or any(
                fold(other[again.end() : again.end() + 8]).startswith(deed)
                for again in _NEGATION.finditer(other)
            ):
                continue
            for allowed in _AFFIRMATION.finditer(other):
                if fold(other[allowed.end() : allowed.end() + 8]).startswith(deed):
                    spans = ((denied.span(),), (allowed.span(),))
                    return (spans[1], spans[0]) if turned else spans
    return None


def _conflict(
    own: _Side,
    other: _Side,
    difference: _Difference,
    library: LibraryView,
    known: Sequence[Citation],
) -> Conflict:
    """``known`` are the citations that have numbers; a side among none of them gets the next."""
    records = (own.view.record, other.view.record)
    told = ruling(
        records,
        (own.unit.text, other.unit.text),
        library.same_rule(*records),
        library.edition,
    )
    free = count(1 + max((one.n for one in known), default=0))
    numbers = [_number(side, known) or next(free) for side in (own, other)]
    sides = tuple(
        ConflictSide(
            text=side.unit.text,
            highlights=spans,
            citation=_cited(side, n),
        )
        for side, spans, n in zip((own, other), difference.spans, numbers, strict=True)
    )
    return Conflict(
        point=difference.point,
        sides=sides,
        governs=told.governs,
        basis=told.basis.value,
        reason=told.reason,
    )


def _number(side: _Side, citations: Sequence[Citation]) -> int | None:
    """The number of the answer's citation that holds a side's sentence."""
    for citation in citations:
        inside = citation.start <= side.unit.start and side.unit.end <= citation.end
        if inside and citation.document_id == side.view.record.document_id:
            return citation.n
    return None


def _cited(side: _Side, number: int) -> Citation:
    unit, view = side.unit, side.view
    passage = view.passage_at(unit.start)
    quote = view.text[unit.start : unit.end]
    return cite(number, passage, view.record, unit.start, unit.end, quote)
