"""Whether two questions ask the same in other words.

A cosine alone cannot tell: “党建品牌隔几年申报一次” and “党建品牌认定后管几年” are at .962 with
multilingual-e5-small. Of the same kind, with the same words and near in meaning together they can;
``python -m bench.gaps`` prints the table that the two bounds were taken from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evidence import presence
from assistant.question import Question, QuestionError, understand
from assistant.text import fold
from index.encoder.base import Encoder, on_e5_scale

COSINE = 0.954
"""On the scale of ``on_e5_scale``."""
WORDS = 0.7


@dataclass(frozen=True)
class Wording:
    """A question as it is compared; ``vector`` is the encoder's, of length 1."""

    text: str
    folded: str
    asked: Question | None  # None for what can't be understood: only equal text is alike
    vector: np.ndarray

    @classmethod
    def of(cls, text: str, vector: np.ndarray) -> Wording:
        """Reads a question."""
        try:
            asked = understand(text)
        except QuestionError:
            asked = None
        return cls(text, fold(text), asked, vector)


def alike(
    left: Wording,
    right: Wording,
    encoder: Encoder,
    cosine: float = COSINE,
    words: float = WORDS,
) -> bool:
    """Whether both want the same: kind, year, place, amounts and addresses are equal.

    ``encoder`` made the vectors of both.
    """
    if left.folded == right.folded:
        return True
    if left.asked is None or right.asked is None or _bounds(left.asked) != _bounds(right.asked):
        return False
    if on_e5_scale(encoder, float(np.dot(left.vector, right.vector))) < cosine:
        return False
    return shared_words(left, right) >= words


def shared_words(left: Wording, right: Wording) -> float:
    """Mean of the shares of either's words that the other holds too, 0–1."""
    if left.asked is None or right.asked is None:
        return 0.0
    return (_held(left.asked.words, right.folded) + _held(right.asked.words, left.folded)) / 2


def _held(words: Sequence[str], folded: str) -> float:
    return sum(presence(word, folded) for word in words) / len(words) if words else 0.0


def _bounds(asked: Question) -> tuple[object, ...]:
    """What must be equal, however near the rest."""
    return (
        asked.kind,
        asked.years,
        frozenset(asked.places),
        frozenset(asked.demands),
        frozenset(fold(title) for title in asked.titles),
        frozenset(asked.amounts),
        asked.wants_old,
    )
