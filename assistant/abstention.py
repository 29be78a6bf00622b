"""When not to answer: the probability that the chosen sentences support an answer.

A logistic formula over a few features, each 0–1, whose weights stand in ``abstention.json`` with
where they come from; ``training/abstention.py`` fits them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from assistant.enumerations import enumeration, listing
from assistant.evidence import WordWeights, presence, scaled_cosine
from assistant.quantities import premises
from assistant.question import Kind, Question
from assistant.sentences import item_marker
from assistant.spans import type_match
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS

_TYPED = (
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


@dataclass(frozen=True)
class Found:
    """How the best sentence was found: its cosine, its places in the searches, its ``worth`` as
    ranked and ``margin`` above the median of the sentences compared."""

    cosine: float = 0.0
    rank: float = 0.0
    margin: float = 0.0
    worth: float = 0.0


@dataclass(frozen=True)
class Support:
    """Features of chosen evidence, each 0–1; larger speaks for an answer unless named missing."""

    close: float  # share of the question's words, by weight, in the sentences, title and path
    entity: float  # of the quoted terms of the question
    fit: float  # a number, date or place of the asked kind stands beside the question's words
    cosine: float  # similarity of the question to the best sentence, rescaled
    rank: float  # 1 where both searches put the passage first
    margin: float  # how far the best sentence stands above the middle of those compared
    worth: float  # of the best sentence as ranked (evidence.score), rescaled
    typed: float  # missing: 1 - fit where a number, date, person or place is asked for, else 0
    listed: float  # missing: 1 - fit where a list is asked for, else 0
    asked: float  # missing: 1 where the noun that 什么 or 哪家 stands before is not there
    contradicted: float  # 1 where the document lacks a place, body, year or 第三讲 of the question
    brief: float  # 1 for a question of one word, falling with their number


@dataclass(frozen=True)
class Weights:
    """The logistic formula: ``bias`` + Σ weight·feature, and the probability that must be met."""

    bias: float
    weights: dict[str, float]
    threshold: float

    def probability(self, support: Support) -> float:
        """P(the evidence answers the question), 0–1."""
        value = self.bias + sum(self.weights[name] * x for name, x in asdict(support).items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that come with the program."""
    path = Path(__file__).with_name("abstention.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    return Weights(data["bias"], data["weights"], data["threshold"])


def measure(
    question: Question,
    texts: Sequence[str],
    title: str,
    context: str,
    passage: str,
    document: Callable[[], str],
    weights: WordWeights,
    found: Found,
    items: int,
) -> Support:
    """The features of an answer made of the sentences ``texts``.

    ``title`` is their document's, ``context`` their path, heading and lead; ``passage`` the text around them;
    ``document`` gives what the document says of itself (title, issuer, dates, text); it is asked
    only where the question names a place or year that the passage does not. ``items`` is how many
    of the sentences are items of a list.
    """
    own = fold(" ".join(texts))
    near, wide = fold(f"{title} {context}"), fold(passage)

    def close(word: str) -> float:
        return max(presence(word, own), presence(word, near))

    typed = question.kind in _TYPED
    entity = [
        max(presence(e, own), presence(e, near), presence(e, wide)) for e in question.entities
    ]
    beside = weights.coverage(close)
    whole = "".join(texts)
    fit = max(type_match(question, text)[0] for text in (*texts, whole[:800]))
    bound = 0.3 + 0.7 * _said_beyond_title(weights, own, fold(title))
    return Support(
        close=beside,
        entity=min(entity, default=1.0),
        fit=fit * min(1.0, 1.3 * beside) * bound if typed else _whole(question, texts),
        cosine=scaled_cosine(found.cosine),
        rank=found.rank,
        margin=min(1.0, max(0.0, found.margin / 4)),
        worth=min(1.0, max(0.0, found.worth / 7)),
        typed=1 - fit if typed else 0.0,
        listed=_unlisted(question, texts, items),
        asked=1 - max(presence(question.attribute, own), presence(question.attribute, near))
        if question.attribute
        else 0.0,
        contradicted=_contradicted(question, own + near + wide, document),
        brief=1 / max(1, len(question.words)),
    )


def _said_beyond_title(weights: WordWeights, own: str, title: str) -> float:
    """Share of the question's words that the sentences say themselves, those of the title aside.

    A date in any sentence of a document on X is not yet the date of X.
    """
    telling = [word for word in weights.weights if word not in GENERIC_WORDS]
    beyond = [word for word in telling if word not in title] or telling
    return weights.coverage(lambda word: presence(word, own), beyond) if beyond else 1.0


def _unlisted(question: Question, texts: Sequence[str], items: int) -> float:
    """0 where several things are told, or no list is wanted; else how little is listed."""
    if question.kind is not Kind.LIST or items >= 2:
        return 0.0
    return 1 - max(listing(question, text)[0] for text in texts)


def _whole(question: Question, texts: Sequence[str]) -> float:
    """1, or less for a list that has another size than the question states."""
    count = question.count
    if not count or len(texts) in (count, count + 1):
        return 1.0
    items = sum(bool(item_marker(text)) for text in texts)
    found = items == count or any(enumeration(text, count)[0] == count for text in texts)
    corrected = any(other is not None for _, other in premises(question, texts))
    return 1.0 if found or corrected else _SHORT_LIST


def _contradicted(question: Question, near: str, document: Callable[[], str]) -> float:
    whole = ""
    for demand in (*question.places, *map(str, question.years), *question.demands):
        if not presence(fold(demand), near) >= 1:
            whole = whole or fold(document())
            if presence(fold(demand), whole) < 1:
                return 1.0
    return 0.0
