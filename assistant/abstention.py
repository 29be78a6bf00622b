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

from assistant.enumerations import enumeration
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
)
_SHORT_LIST = 0.0  # fit of a list whose size is not the one the question states


@dataclass(frozen=True)
class Support:
    """Features of chosen evidence, each 0–1; larger speaks for an answer unless named missing."""

    coverage: float  # of the question's words, by weight, in sentences, title, path and passage
    close: float  # the same without the rest of the passage
    missing: float  # weight of the heaviest word found nowhere, as a share of all words' weight
    focus: float  # of the words that name what is asked, in the sentences or their heading
    entity: float  # of the quoted terms of the question
    fit: float  # a number, date or place of the asked kind stands beside the question's words
    cosine: float  # similarity of the question to the best sentence, rescaled
    rank: float  # 1 where both searches put the passage first
    contradicted: float  # share of places and years of the question that the document lacks


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
    cosine: float,
    rank: float,
) -> Support:
    """The features of an answer made of the sentences ``texts``.

    ``title`` is their document's, ``context`` their path, heading and lead; ``passage`` the text around them;
    ``document`` gives what the document says of itself (title, issuer, dates, text); it is asked
    only where the question names a place or year that the passage does not.
    """
    own = fold(" ".join(texts))
    near, wide = fold(f"{title} {context}"), fold(passage)

    def level(word: str) -> float:
        return max(presence(word, own), 0.9 * presence(word, near), 0.5 * presence(word, wide))

    def close(word: str) -> float:
        return max(presence(word, own), presence(word, near))

    total = sum(weights.weights.values()) or 1.0
    absent = [
        weight
        for word, weight in weights.weights.items()
        if word not in GENERIC_WORDS and level(word) < 0.3
    ]
    typed = question.kind in _TYPED
    entity = [
        max(presence(e, own), presence(e, near), presence(e, wide)) for e in question.entities
    ]
    beside = weights.coverage(close)
    whole = "".join(texts)
    fits = [type_match(question, text)[0] for text in (*texts, whole[:800])]
    bound = 0.3 + 0.7 * _said_beyond_title(weights, own, fold(title))
    return Support(
        coverage=weights.coverage(level),
        close=beside,
        missing=max(absent, default=0.0) / total,
        focus=min((close(word) for word in question.focus), default=1.0),
        entity=min(entity, default=1.0),
        fit=max(fits) * min(1.0, 1.3 * beside) * bound if typed else _whole(question, texts),
        cosine=scaled_cosine(cosine),
        rank=rank,
        contradicted=_contradicted(question, own + near + wide, document, texts),
    )


def _said_beyond_title(weights: WordWeights, own: str, title: str) -> float:
    """Share of the question's words that the sentences say themselves, those of the title aside.

    A date in any sentence of a document on X is not yet the date of X.
    """
    telling = [word for word in weights.weights if word not in GENERIC_WORDS]
    beyond = [word for word in telling if word not in title] or telling
    return weights.coverage(lambda word: presence(word, own), beyond) if beyond else 1.0


def _whole(question: Question, texts: Sequence[str]) -> float:
    """1, or less for a list that has another size than the question states."""
    count = question.count
    if not count or len(texts) in (count, count + 1):
        return 1.0
    items = sum(bool(item_marker(text)) for text in texts)
    found = items == count or any(enumeration(text, count)[0] == count for text in texts)
    corrected = any(other is not None for _, other in premises(question, texts))
    return 1.0 if found or corrected else _SHORT_LIST


def _contradicted(
    question: Question, near: str, document: Callable[[], str], texts: Sequence[str]
) -> float:
    demands: list[bool] = []
    whole = ""
    for demand in (*question.places, *map(str, question.years)):
        if demand not in near:
            whole = whole or fold(document())
        demands.append(demand in near or demand in whole)
    if question.count is None:
        stated = premises(question, texts)
        demands += [other is not None or asked in near for asked, other in stated]
    return float(False in demands)
