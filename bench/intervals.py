"""Shares with bootstrap intervals, for the tables of the benches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_ROUNDS = 2000


@dataclass(frozen=True)
class Share:
    """``hits`` of ``count``, with a percentile bootstrap interval of 95 % for the share."""

    hits: int
    count: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share, 0 where nothing was counted."""
        return self.hits / self.count if self.count else 0.0

    def __str__(self) -> str:
        if not self.count:
            return "—"
        return f"{self.hits}/{self.count} = {self.value:.1%}（{self.low:.0%}–{self.high:.0%}）"


def share(values: Sequence[bool], seed: int = 0) -> Share:
    """The share of true ``values``; resampled with a fixed seed, so it prints the same again."""
    told = np.asarray(values, dtype=bool)
    if not len(told):
        return Share(0, 0, 0.0, 0.0)
    chooser = np.random.default_rng(seed)
    means = told[chooser.integers(0, len(told), (_ROUNDS, len(told)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Share(int(told.sum()), len(told), float(low), float(high))
