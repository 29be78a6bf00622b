"""What speaks for and against an answer: the features that the formula of ``abstention`` weighs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING

from assistant.enumerations import enumeration, listing
from assistant.evidence import (
    Candidate,
    WordWeights,
    presence,
    scaled_cosine,
    units_of,
    with_context,
)
from assistant.named import named_things, nearness
from assistant.quantities import premises
from assistant.question import Kind, Question
from assistant.sentences import UnitKind, item_marker
from assistant.spans import type_match
from assistant.terms import is_noun
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS

if TYPE_CHECKING:
    from assistant.citing import Chosen
    from assistant.shapes import DocumentView

TYPED = (
    Kind.NUMBER,
    Kind.DATE,
    Kind.DURATION,
    Kind.FREQUENCY,
    Kind.PLACE,
    Kind.PERSON,
    Kind.NAME,
    Kind.CODE,
)
_SHORT_LIST = 0.0  # fit of a list whose size is not the one the question states
#: 送家人去医院: where somebody goes, not whose rule is asked for.
_GONE_TO = re.compile("[去到送往回进][了过]?$")
_SHED = 0.03  # rise of an e5 cosine that is much
_COMPARED = 24  # candidates among which the best sentence's margin is taken
_FEWEST = 5  # candidates; among fewer a small margin says nothing
_NEUTRAL = 0.3  # a margin that speaks neither for an answer nor against it


@dataclass(frozen=True)
class Support:
    """Features of chosen evidence, each 0–1; larger speaks for an answer unless named missing."""

    entity: float  # of the quoted terms of the question
    fit: float  # a number, date or place of the asked kind stands beside the question's words
    cosine: float  # similarity of the question to the best sentence, rescaled
    rank: float  # 1 where both searches put the passage first
    margin: float  # how far the best sentence stands above the middle of those compared
    named: float  # how near the evidence names the places, bodies and people asked about
    typed: float  # missing: 1 - fit where a number, date, person or place is asked for, else 0
    listed: float  # missing: 1 - fit where a list is asked for, else 0
    asked: float  # missing: 1 where the noun that 什么 or 哪家 stands before is not there
    noun: float  # missing: weight of the most telling noun that the whole passage lacks
    shed: float  # missing: how much nearer the sentence is to the question less a word it lacks
    contradicted: float  # 1 where the document lacks a place, body, year or 第三讲 of the question
    brief: float  # 1 for a question of one word, falling with their number


@dataclass(frozen=True)
class Evidence:
    """What an answer would be made of: the sentences chosen, and where they were found."""

    question: Question
    chosen: Sequence[Chosen]
    ranked: Sequence[Candidate]  # best first; the first is the anchor of the answer
    view: DocumentView  # of the anchor's document
    weights: WordWeights
    similar: Callable[[str, list[str]], list[float]]  # cosines of a question to texts

    @property
    def anchor(self) -> Candidate:
        """The best sentence."""
        return self.ranked[0]

    @property
    def texts(self) -> list[str]:
        """The sentences chosen."""
        return [part.unit.text for part in self.chosen]

    @cached_property
    def own(self) -> str:
        """The sentences chosen, folded."""
        return fold(" ".join(self.texts))

    @cached_property
    def above(self) -> str:
        """Title, path, context, headings and lead over the anchor, folded."""
        passage = self.anchor.hit.passage
        headings = " ".join(
            unit.text
            for unit in units_of(passage.text, passage.start)
            if unit.kind is UnitKind.HEADING
            or (unit.kind is UnitKind.LEAD and unit.group == self.anchor.unit.group)
        )
        title = self.anchor.hit.document.title
        return fold(f"{title} {passage.path} {passage.context} {headings}")

    @cached_property
    def passage(self) -> str:
        """The anchor's passage, folded."""
        return fold(self.anchor.hit.passage.text)

    @cached_property
    def document(self) -> str:
        """What the anchor's document says of itself and its whole text, folded."""
        record = self.anchor.hit.document
        about = f"{record.title} {record.issuer} {record.doc_number} {record.issued}"
        return fold(about) + self.view.folded

    @property
    def subject(self) -> str:
        """Title and issuer, folded."""
        record = self.anchor.hit.document
        return fold(f"{record.title} {record.issuer or ''}")

    def near(self, word: str) -> float:
        """How far a word stands in the sentences or above them, 0–1."""
        return max(presence(word, self.own), presence(word, self.above))


def measure(evidence: Evidence) -> Support:
    """The features of an answer."""
    question, hit = evidence.question, evidence.anchor.hit
    typed = question.kind in TYPED
    close = evidence.weights.coverage(evidence.near)
    whole = "".join(evidence.texts)
    fit = max(type_match(question, text)[0] for text in (*evidence.texts, whole[:800]))
    bound = 0.3 + 0.7 * _said_beyond_title(evidence)
    ranks = [rank for rank in (hit.lexical_rank, hit.dense_rank) if rank is not None]
    absent = missing_words(evidence)
    nowhere = _in_passage(evidence, absent)
    return Support(
        entity=_entity(evidence),
        fit=fit * min(1.0, 1.3 * close) * bound if typed else _whole(question, evidence.texts),
        cosine=scaled_cosine(_cosine(evidence)),
        rank=sum(1 / rank for rank in ranks) / 2,
        margin=_margin(evidence),
        named=nearness(
            named_things(question.text),
            evidence.own + evidence.above,
            evidence.passage,
            evidence.subject,
            lambda: evidence.document,
        ),
        typed=1 - fit if typed else 0.0,
        listed=_unlisted(evidence),
        asked=1 - evidence.near(question.attribute) if question.attribute else 0.0,
        noun=max((weight for word, weight in nowhere if is_noun(word)), default=0.0),
        shed=_shed(evidence, [word for word, _ in absent[:2]]),
        contradicted=float(contradicted(evidence) is not None),
        brief=1 / max(1, len(question.words)),
    )


def _margin(evidence: Evidence) -> float:
    """An only sentence has no rivals, which is not the same as standing no higher than they."""
    compared = [candidate.score for candidate in evidence.ranked[:_COMPARED]]
    margin = min(1.0, max(0.0, (evidence.anchor.score - median(compared)) / 4))
    return margin if len(compared) >= _FEWEST else max(margin, _NEUTRAL)


def telling(question: Question) -> list[str]:
    """The words of a question that tell one matter from another."""
    words = [word for word in question.words if word not in GENERIC_WORDS and len(word) > 1]
    return words or list(question.words)


def contradicted(evidence: Evidence) -> str | None:
    """A place, body, year or 第三讲 of the question that the document nowhere names."""
    question = evidence.question
    near = evidence.own + evidence.above + evidence.passage
    for demand in (*question.places, *map(str, question.years), *question.demands):
        wanted = fold(demand)
        if demand in question.bodies and _GONE_TO.search(question.text.split(demand)[0]):
            continue
        if presence(wanted, near) < 1 and presence(wanted, evidence.document) < 1:
            return demand
    return None


def _cosine(evidence: Evidence) -> float:
    keys = {(part.document.document_id, part.unit.start) for part in evidence.chosen}
    keys.add(evidence.anchor.key)
    return max((c.cosine or 0.0 for c in evidence.ranked if c.key in keys), default=0.0)


def _entity(evidence: Evidence) -> float:
    return min(
        (max(evidence.near(e), presence(e, evidence.passage)) for e in evidence.question.entities),
        default=1.0,
    )


def missing_words(evidence: Evidence) -> list[tuple[str, float]]:
    """The telling words by how much their absence weighs, the heaviest first; those there aside."""
    weights = evidence.weights.weights
    found = [
        (word, weights.get(word, 0.6) * (1 - evidence.near(word)))
        for word in telling(evidence.question)
    ]
    return sorted((one for one in found if one[1] > 0), key=lambda one: -one[1])


def _in_passage(evidence: Evidence, absent: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """The missing words, weighed by how far the whole passage lacks them as well."""
    return [(word, weight * (1 - presence(word, evidence.passage))) for word, weight in absent]


def _shed(evidence: Evidence, words: Sequence[str]) -> float:
    """How much the best sentence's similarity rises when a word that it lacks is left out.

    Where the sentence says the same in other words, the question without it is further off; where
    the sentence is silent on just that (公车驾驶员的工资: a rule on 公车驾驶员), it is nearer.
    """
    text, best = with_context(evidence.anchor), 0.0
    whole = evidence.anchor.cosine or 0.0
    for word in words:
        rest = fold(evidence.question.text).replace(word, "", 1)
        if whole and len(rest) >= 4:
            best = max(best, evidence.similar(rest, [text])[0] - whole)
    return min(1.0, best / _SHED)


def _said_beyond_title(evidence: Evidence) -> float:
    """Share of the question's words that the sentences say themselves, those of the title aside.

    A date in any sentence of a document on X is not yet the date of X.
    """
    title = fold(evidence.anchor.hit.document.title)
    words = [word for word in evidence.weights.weights if word not in GENERIC_WORDS]
    beyond = [word for word in words if word not in title] or words
    if not beyond:
        return 1.0
    return evidence.weights.coverage(lambda word: presence(word, evidence.own), beyond)


def _unlisted(evidence: Evidence) -> float:
    """0 where several things are told, or no list is wanted; else how little is listed."""
    question = evidence.question
    items = sum(part.unit.kind in (UnitKind.ITEM, UnitKind.ROW) for part in evidence.chosen)
    if question.kind is not Kind.LIST or items >= 2:
        return 0.0
    return 1 - max(listing(question, text)[0] for text in evidence.texts)


def _whole(question: Question, texts: Sequence[str]) -> float:
    """1, or less for a list that has another size than the question states."""
    count = question.count
    if not count or len(texts) in (count, count + 1):
        return 1.0
    items = sum(bool(item_marker(text)) for text in texts)
    found = items == count or any(enumeration(text, count)[0] == count for text in texts)
    corrected = any(other is not None for _, other in premises(question, texts))
    return 1.0 if found or corrected else _SHORT_LIST
