"""The learned fusion: a weighted sum of features, its weights in a file that a person can read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.ranking.base import Asked, Candidate
from index.ranking.features import NAMES, features

TABLE = Path(__file__).with_name("fusion.json")


class LinearRanker:
    """Σ weight · feature (``index.ranking.features``)."""

    name = "learned"
    parts: Sequence[str] = NAMES

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Raises ValueError where the weights are not exactly those of the features."""
        if set(weights) != set(NAMES):
            raise ValueError(f"weights of {sorted(set(weights) ^ set(NAMES))} do not fit")
        self.weights = dict(weights)
        self._vector = np.array([weights[name] for name in NAMES], np.float64)

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
        """See ``Ranker``."""
        return features(asked, candidates) * self._vector


@lru_cache(maxsize=1)
def shipped_ranker() -> LinearRanker:
    """The weights that come with the program; ``training/fusion.py`` makes them."""
    return LinearRanker(json.loads(TABLE.read_text(encoding="utf-8"))["weights"])
