"""The learned fusion: a weighted sum of features, its weights in a file that a person can read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from index.ranking.base import Asked, Candidate
from index.ranking.features import NAMES, features
from index.ranking.traits import TRAITS, traits

TABLE = Path(__file__).with_name("fusion.json")
MOVED = ("words", "bigrams", "adapted", "lexical_rank", "dense_rank")
"""Features whose weights depend on the question."""
BOUND = 2.0
"""A trait counts for at most so many standard deviations."""
STANDING = ("article", "doubtful")
"""What a passage is, whatever is asked: an article of a rule; a version that may be out of force.
Questions that were made from articles can't teach how much that should count, so it is set."""


class LinearRanker:
    """Σ weight · feature (``index.ranking.features``), the weights moved by the question's traits.

    A set amount for what a passage is comes on top (``STANDING``).

    weight = base + Σ move · clip((trait - mean) / scale, ±2), for the features of ``MOVED``.
    """

    name = "learned"
    parts: Sequence[str] = (*NAMES, *STANDING)

    def __init__(
        self,
        weights: Mapping[str, float],
        centre: Mapping[str, tuple[float, float]] | None = None,
        moves: Mapping[str, Mapping[str, float]] | None = None,
        standing: Mapping[str, float] | None = None,
    ) -> None:
        """``centre``: mean and scale by trait; ``moves``: by trait and feature.

        Raises ValueError where names are not exactly those of the features and traits.
        """
        if set(weights) != set(NAMES):
            raise ValueError(f"weights of {sorted(set(weights) ^ set(NAMES))} do not fit")
        moves = moves or {}
        unknown = set(moves) - set(TRAITS) | {n for m in moves.values() for n in m} - set(MOVED)
        if unknown or set(moves) - set(centre or {}):
            raise ValueError(f"moves of {sorted(unknown or moves)} do not fit")
        self._base = np.array([weights[name] for name in NAMES], np.float64)
        self._standing = np.array([(standing or {}).get(name, 0.0) for name in STANDING])
        self._moves = np.zeros((len(TRAITS), len(NAMES)))
        self._mean, self._scale = np.zeros(len(TRAITS)), np.ones(len(TRAITS))
        for name, row in moves.items():
            at = TRAITS.index(name)
            self._mean[at], self._scale[at] = (centre or {})[name]
            for feature, move in row.items():
                self._moves[at, NAMES.index(feature)] = move

    def weights(self, asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
        """float64 (len(NAMES),): the weights for this question."""
        deviations = (traits(asked, candidates) - self._mean) / self._scale
        moved: np.ndarray = self._base + np.clip(deviations, -BOUND, BOUND) @ self._moves
        return moved

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
        """See ``Ranker``."""
        if not candidates:
            return np.zeros((0, len(self.parts)))
        learned = features(asked, candidates) * self.weights(asked, candidates)
        flags = [(bool(one.passage.article), one.doubtful) for one in candidates]
        return np.concatenate([learned, np.array(flags, np.float64) * self._standing], axis=1)


def ranker_of(table: Mapping[str, Any]) -> LinearRanker:
    """The ranker of a table as ``training/fusion.py`` writes it."""
    centre = {name: (float(mean), float(scale)) for name, (mean, scale) in table["traits"].items()}
    return LinearRanker(table["weights"], centre, table["moves"], table["standing"])


@lru_cache(maxsize=1)
def shipped_ranker() -> LinearRanker:
    """The weights that come with the program; ``training/fusion.py`` makes them."""
    return ranker_of(json.loads(TABLE.read_text(encoding="utf-8")))
