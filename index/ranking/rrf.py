"""Reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np

from index.ranking.base import Asked, Candidate

Id = TypeVar("Id", bound=Hashable)
K = 60.0


def reciprocal_rank_fusion(
    ranked: Sequence[Sequence[Id]], k: float = K, weights: Sequence[float] | None = None
) -> list[tuple[Id, float]]:
    """Fuse lists, best first, into one of (id, score), best first.

    score(d) = Σ over lists of weight / (k + rank of d), ranks from 1; a list without d adds
    nothing (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods", SIGIR 2009, with k = 60). Ties: the better best rank
    first, then the order of the ids as text. An id that a list repeats counts at its first place.
    """
    given = [1.0] * len(ranked) if weights is None else list(weights)
    if len(given) != len(ranked):
        raise ValueError("one weight for each list is needed")
    scores: dict[Id, float] = {}
    best: dict[Id, int] = {}
    for ids, weight in zip(ranked, given, strict=True):
        for rank, one in enumerate(dict.fromkeys(ids), start=1):
            scores[one] = scores.get(one, 0.0) + weight / (k + rank)
            best[one] = min(rank, best.get(one, rank))
    return sorted(scores.items(), key=lambda pair: (-pair[1], best[pair[0]], str(pair[0])))


class RankFusion:
    """The ranker that has learned nothing: reciprocal rank fusion of the two lists."""

    name = "rrf"
    parts = ("lexical_rank", "dense_rank")

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
        """See ``Ranker``; a side that did not list a candidate gives it 0."""
        ranks = [(one.lexical_rank, one.dense_rank) for one in candidates]
        return np.array([[1 / (K + rank) if rank else 0.0 for rank in row] for row in ranks])
