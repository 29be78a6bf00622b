"""How well each sentence of the passages found supports an answer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.question import Kind, Question
from assistant.sentences import Unit, UnitKind, split_units
from assistant.spans import type_match
from assistant.text import bigrams, fold, read_number
from assistant.vocabulary import GENERIC_WORDS, PREFIXES, synonyms
from index.records import Hit

DENSE_CANDIDATES = 8
#: e5 cosines of unrelated and of well-fitting sentences; between them the feature runs 0–1.
_COSINE_LOW, _COSINE_HIGH = 0.8, 0.92
_IN_CONTEXT, _BESIDE, _IN_PASSAGE, _BY_SYNONYM = 0.8, 0.6, 0.45, 0.85
_COMPARED = 170  # characters of a candidate that are encoded
_COSINE_WORTH = 1.0  # the most that a similarity adds to a score
_DENSE_FIRST = 3  # passages nearest in meaning that always get a sentence compared
_ORDINAL = re.compile("第([一二三四五六七八九十]{1,3})")


@dataclass(frozen=True)
class Candidate:
    """One unit of a passage with its features, each 0–1; ``score`` weighs them."""

    unit: Unit
    hit: Hit
    rank: int  # of its passage, from 0
    coverage: float
    focus: float
    fit: float  # holds an answer of the asked type
    title: float
    spans: tuple[tuple[int, int], ...] = ()
    cosine: float | None = None
    score: float = 0.0

    @property
    def key(self) -> tuple[str, int]:
        """Where the unit stands."""
        return self.hit.document.document_id, self.unit.start


@lru_cache(maxsize=4096)
def units_of(text: str, base: int) -> tuple[Unit, ...]:
    """The units of a passage, kept for the next question on it."""
    return tuple(split_units(text, base))


class WordWeights:
    """Weight of a question's words: rare ones much, generic ones little.

    ``frequency`` tells in how many of ``total`` passages a word occurs.
    """

    def __init__(self, words: Sequence[str], frequency: Callable[[str], int], total: int) -> None:
        top = math.log(1 + max(total, 2))
        self.weights: dict[str, float] = {}
        for word in words:
            idf = math.log(1 + total / (1 + frequency(word))) / top if total else 1.0
            weight = 0.15 + 0.85 * min(1.0, idf)
            if word in GENERIC_WORDS:
                weight *= 0.3
            elif len(word) == 1 and not word.isascii():
                weight *= 0.35
            self.weights[word] = weight

    def coverage(self, level: Callable[[str], float], words: Sequence[str] | None = None) -> float:
        """Weighted mean of ``level`` over the words; 1 where there are none."""
        chosen = self.weights if words is None else {w: self.weights.get(w, 0.6) for w in words}
        total = sum(chosen.values())
        if not total:
            return 1.0
        return sum(weight * level(word) for word, weight in chosen.items()) / total


def presence(word: str, folded: str) -> float:
    """1 where ``word`` stands in ``folded``, less for a synonym or most of its characters."""
    if word in folded:
        return 1.0
    ordinal = _ORDINAL.match(word)
    if ordinal and f"第{read_number(ordinal[1])}{word[ordinal.end() :]}" in folded:
        return 1.0
    if any(other in folded for other in synonyms(word)):
        return _BY_SYNONYM
    if word[0] in PREFIXES:
        return 0.0
    if len(word) == 2:
        place = folded.find(word[0])
        while place >= 0:  # 宣传教育 for 宣教
            if word[1] in folded[place + 1 : place + 4]:
                return 0.5
            place = folded.find(word[0], place + 1)
        return 0.0
    if len(word) > 2 and not word.isdecimal():
        pairs = bigrams(word)
        share = sum(pair in folded for pair in pairs) / len(pairs)
        return 0.8 * share if share >= 0.34 else 0.0
    return 0.0


def gather(question: Question, hits: Sequence[Hit], weights: WordWeights) -> list[Candidate]:
    """All units of the hits with their features, best first, before dense similarity."""
    found: list[Candidate] = []
    seen: set[tuple[str, int]] = set()
    for rank, hit in enumerate(hits):
        for candidate in _of_passage(question, hit, rank, weights):
            if candidate.key not in seen:
                seen.add(candidate.key)
                found.append(candidate)
    return sorted(found, key=lambda c: -c.score)


def _of_passage(question: Question, hit: Hit, rank: int, weights: WordWeights) -> list[Candidate]:
    passage = hit.passage
    units = units_of(passage.text, passage.start)
    leads = {u.group: u.text for u in units if u.kind is UnitKind.LEAD}
    around = fold(f"{hit.document.title} {passage.path} {passage.context}")
    whole = fold(passage.text)
    title = weights.coverage(lambda word: presence(word, around))
    in_around = {word: presence(word, around) for word in weights.weights}
    in_whole = {word: presence(word, whole) for word in weights.weights}
    heading = asked = before = ""
    candidates: list[Candidate] = []
    for place, unit in enumerate(units):
        if unit.kind is UnitKind.HEADING:
            heading = unit.text
            continue
        own = fold(unit.text)
        if place and not on_one_line(passage.text, passage.start, units[place - 1], unit):
            asked = before = ""
        lead = fold(asked + heading + (leads.get(unit.group, "") if unit.group is not None else ""))
        if unit.kind is UnitKind.LEAD:
            lead = fold(asked + heading)
        previous = fold(before)

        def level(word: str, own: str = own, lead: str = lead, previous: str = previous) -> float:
            near = max(in_around.get(word, 0.0), presence(word, lead) if lead else 0.0)
            return max(
                presence(word, own),
                near * _IN_CONTEXT,
                presence(word, previous) * _BESIDE if previous else 0.0,
                in_whole.get(word, 0.0) * _IN_PASSAGE,
            )

        fit, spans = type_match(question, unit.text)
        if unit.kind is UnitKind.LEAD and question.kind not in (Kind.LIST, Kind.OTHER):
            members = "".join(u.text for u in units if u.group == unit.group)
            fit = max(fit, 0.9 * type_match(question, members[:600])[0])
        if unit.kind is UnitKind.ITEM and question.kind is Kind.YES_NO:
            fit = max(fit, type_match(question, leads.get(unit.group, ""))[0])  # 一律不得：…
        candidate = Candidate(
            unit=unit,
            hit=hit,
            rank=rank,
            coverage=weights.coverage(level),
            focus=weights.coverage(level, question.focus) if question.focus else 0.5,
            fit=fit,
            title=title,
            spans=tuple(spans),
        )
        candidates.append(replace(candidate, score=score(question, candidate)))
        before = unit.text
        if unit.text.endswith(("？", "?")):
            asked = unit.text
    return candidates


def on_one_line(text: str, base: int, left: Unit, right: Unit) -> bool:
    """Whether no line ends between two units of ``text``, which begins at ``base``."""
    return "\n" not in text[left.end - base : right.start - base]


def score(question: Question, candidate: Candidate) -> float:
    """Worth of a candidate as the answer's sentence; larger is better, about 0–6."""
    unit = candidate.unit
    value = (
        2.4 * candidate.coverage
        + 0.4 * candidate.title
        + 0.7 / (1 + candidate.rank / 3)
        + _fit_weight(question.kind) * candidate.fit * (0.2 + 0.8 * candidate.coverage)
        + 0.7 * candidate.focus
        + 0.6 * place_value(candidate.hit.dense_rank)
    )
    if candidate.cosine is not None:
        value += 1.0 * scaled_cosine(candidate.cosine)
    if candidate.hit.document.kind in ("policy", "measure"):
        value += 0.2  # the rule itself before what a lesson or a case says of it
    if len(unit.text) < 8:
        value -= 0.5
    if len(unit.text) > 220:
        value -= 0.25
    if unit.text.endswith(("？", "?")):
        value -= 1.0
    return value


def place_value(rank: int | None) -> float:
    """1 for the first place of a search, falling with the rank, 0 for not found."""
    return 0.0 if rank is None else 1 / (1 + (rank - 1) / 3)


def _fit_weight(kind: Kind) -> float:
    if kind in (Kind.NUMBER, Kind.DATE, Kind.DURATION, Kind.FREQUENCY):
        return 1.6
    return {Kind.LIST: 1.3, Kind.DEFINITION: 1.2}.get(kind, 0.6)


def scaled_cosine(cosine: float) -> float:
    """An e5 cosine on a scale of 0 (unrelated) to 1 (says the same)."""
    return min(1.0, max(0.0, (cosine - _COSINE_LOW) / (_COSINE_HIGH - _COSINE_LOW)))


def with_cosines(
    question: Question,
    candidates: list[Candidate],
    similar: Callable[[list[str]], list[float]],
) -> list[Candidate]:
    """The best candidates scored again with their similarity to the question, best first."""
    head, tail = _to_compare(candidates)
    if not head:
        return tail
    cosines = similar([with_context(candidate) for candidate in head])
    scored = [replace(c, cosine=cos) for c, cos in zip(head, cosines, strict=True)]
    ranked = [replace(c, score=score(question, c)) for c in scored]
    return sorted(ranked, key=lambda c: -c.score) + tail


def with_context(candidate: Candidate) -> str:
    """What is encoded of a candidate: its heading, the lead of an item, and the unit itself."""
    unit, passage = candidate.unit, candidate.hit.passage
    lead = ""
    if unit.group is not None and unit.kind is not UnitKind.LEAD:
        units = units_of(passage.text, passage.start)
        lead = next(
            (u.text for u in units if u.group == unit.group and u.kind is UnitKind.LEAD), ""
        )
    heading = passage.path.rsplit("/", 1)[-1]
    return f"{heading[:24]} {lead[:60]}{unit.text}"[:_COMPARED]


def _to_compare(candidates: list[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """The candidates whose similarity is worth its time, and the rest.

    The best by words, and the best sentence of each passage that is nearest in meaning: where a
    question uses none of the document's words, only those lead to the answer.
    """
    near: dict[int, Candidate] = {}
    for candidate in candidates:
        rank = candidate.hit.dense_rank
        if rank is not None and rank <= _DENSE_FIRST:
            near.setdefault(rank, candidate)
    bound = candidates[0].score - _COSINE_WORTH if candidates else 0.0  # none below can come first
    head = [c for c in candidates[:DENSE_CANDIDATES] if c.score >= bound]
    extra = [c for _, c in sorted(near.items()) if c not in head]
    head = [*head[: DENSE_CANDIDATES - len(extra)], *extra]
    keys = {c.key for c in head}
    return head, [c for c in candidates if c.key not in keys]
