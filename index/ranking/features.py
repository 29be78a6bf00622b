"""Features of a candidate among its rivals, as the learned fusion weighs them.

Raw scores of the two searches mean different things for every question and library, so most
features are relative: standardised over the best candidates, or reciprocal ranks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from index.lexical import BIGRAM_WEIGHT
from index.ranking.base import Asked, Candidate
from index.words import cut

NAMES = (
    "words",  # BM25 of words, standardised
    "bigrams",  # BM25 of bigrams, standardised
    "dense",  # cosine, standardised
    "adapted",  # cosine to the adapted question, standardised
    "lexical_rank",  # 1 / (5 + rank)
    "dense_rank",
    "title",  # share of the question's words, by idf, in the title and path
    "length",  # ln(1 + characters)
    "document",  # ln Σ exp of the best five candidates of the same document
    "neighbour",  # best candidate within two places in the same document
)
_TOP = 50
_UNLISTED = 200
_OFFSET = 5
_FAR = -2.0  # of a candidate without neighbours among the candidates


def features(asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
    """float32 (n, len(NAMES)) in the order of the candidates."""
    if not candidates:
        return np.zeros((0, len(NAMES)), np.float32)
    words = _standardised([one.words for one in candidates])
    bigrams = _standardised([one.bigrams for one in candidates])
    adapted = _standardised([one.adapted for one in candidates])
    lexical = _standardised([one.words + BIGRAM_WEIGHT * one.bigrams for one in candidates])
    both = 0.5 * lexical + adapted
    columns = (
        words,
        bigrams,
        _standardised([one.dense for one in candidates]),
        adapted,
        [_reciprocal(one.lexical_rank) for one in candidates],
        [_reciprocal(one.dense_rank) for one in candidates],
        _in_titles(asked, candidates),
        [np.log1p(len(one.passage.text)) for one in candidates],
        _of_documents(candidates, both),
        _of_neighbours(candidates, both),
    )
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _standardised(values: Sequence[float]) -> np.ndarray:
    """Less the mean, over the standard deviation, of the best 50."""
    array = np.asarray(values, np.float64)
    top = np.sort(array)[-_TOP:]
    return (array - top.mean()) / (top.std() + 1e-6)


def _reciprocal(rank: int | None) -> float:
    return 1.0 / (_OFFSET + (rank or _UNLISTED))


def _in_titles(asked: Asked, candidates: Sequence[Candidate]) -> list[float]:
    total = sum(asked.words.values()) or 1.0
    shares = []
    for one in candidates:
        held = _words_of(f"{one.document.title} {one.passage.path}")
        shares.append(sum(idf for word, idf in asked.words.items() if word in held) / total)
    return shares


@lru_cache(maxsize=8192)
def _words_of(head: str) -> frozenset[str]:
    """The words of a title and path, kept for the next question: cutting costs more than all else."""
    return frozenset(cut(head))


def _of_documents(candidates: Sequence[Candidate], worth: np.ndarray) -> list[float]:
    groups: dict[str, list[float]] = defaultdict(list)
    for one, value in zip(candidates, worth, strict=True):
        groups[one.document.document_id].append(float(value))
    mass = {
        name: float(np.log(np.exp(sorted(values)[-5:]).sum())) for name, values in groups.items()
    }
    return [mass[one.document.document_id] for one in candidates]


def _of_neighbours(candidates: Sequence[Candidate], worth: np.ndarray) -> list[float]:
    at = {
        (one.document.document_id, one.passage.ordinal): float(value)
        for one, value in zip(candidates, worth, strict=True)
    }
    best = []
    for one in candidates:
        place, document = one.passage.ordinal, one.document.document_id
        near = [at.get((document, place + step), _FAR) for step in (-2, -1, 1, 2)]
        best.append(max(near))
    return best
