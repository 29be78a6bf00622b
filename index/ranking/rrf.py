"""Reciprocal rank fusion: the order of two searches put together without learned weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.ranking.base import Asked, Candidate

K = 60.0


class RankFusion:
    """score(d) = Σ over both searches of 1 / (60 + rank of d), ranks from 1.

    A side that did not list a passage gives it nothing (Cormack, Clarke and Büttcher, "Reciprocal
    Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009).
    """

    name = "rrf"
    parts: Sequence[str] = ("lexical_rank", "dense_rank")

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
        """See ``Ranker``."""
        ranks = [(one.lexical_rank, one.dense_rank) for one in candidates]
        return np.array([[1 / (K + rank) if rank else 0.0 for rank in row] for row in ranks])
