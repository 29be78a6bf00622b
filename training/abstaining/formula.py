"""The logistic formula and its calibration: fitting, held-out values, threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np

from assistant.support import Support
from training.logistic import folds_by_group, newton

NAMES = tuple(field.name for field in fields(Support))
#: Features of which more speaks against an answer.
AGAINST = ("typed", "listed", "asked", "noun", "shed", "contradicted", "brief")
PENALTY = 2.0
FOLDS = 8


@dataclass(frozen=True)
class Example:
    """Features of one try to answer, whether the answer was right, and how much it counts.

    ``group`` is the document that it is on: a group is never split. ``sort`` says how the example
    came about; ``source`` names the data.
    """

    features: tuple[float, ...]
    right: bool
    weight: float
    group: str
    sort: str
    source: str
    q: str


@dataclass(frozen=True)
class Model:
    """``values(x)`` = logistic(bias + x · weights)."""

    bias: float
    weights: np.ndarray

    def values(self, features: np.ndarray) -> np.ndarray:
        """Of each row (n, f) → (n,)."""
        total = np.clip(self.bias + features @ self.weights, -30, 30)
        return np.asarray(1 / (1 + np.exp(-total)))


def matrix(data: Sequence[Example]) -> np.ndarray:
    """The features, float (n, f)."""
    return np.array([example.features for example in data], float)


def fit(data: Sequence[Example]) -> Model:
    """Newton's method with an L2 penalty on standardised features.

    Right and wrong examples weigh the same in all; a weight whose sign contradicts what its
    feature means is held at 0.
    """
    x = matrix(data)
    y = np.array([example.right for example in data], float)
    weight = np.array([example.weight for example in data])
    weight[y == 1] *= weight[y == 0].sum() / weight[y == 1].sum()
    weight /= weight.mean()
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    against = np.array([name in AGAINST for name in NAMES])
    free = np.ones(len(NAMES), bool)
    while True:
        design = np.column_stack([np.ones(len(x)), ((x - mean) / spread)[:, free]])
        solved = newton(design, y, weight, PENALTY)
        weights = np.zeros(len(NAMES))
        weights[free] = solved[1:] / spread[free]
        wrong = (against == (weights > 0)) & (weights != 0)
        if not wrong.any():
            return Model(float(solved[0] - mean @ weights), weights)
        free &= ~wrong


def held_out(data: Sequence[Example]) -> np.ndarray:
    """The value of each example by weights fitted without the questions on its document."""
    folds = folds_by_group([one.group for one in data], FOLDS)
    out = np.zeros(len(data))
    for number in range(FOLDS):
        rest = [e for e, f in zip(data, folds, strict=True) if f != number]
        here = [e for e, f in zip(data, folds, strict=True) if f == number]
        if here:
            out[folds == number] = fit(rest).values(matrix(here))
    return out


Curve = list[tuple[float, float]]


def calibrate(values: np.ndarray, right: np.ndarray, weight: np.ndarray, points: int = 16) -> Curve:
    """Isotonic regression of rightness on held-out values, as at most ``points`` points.

    The steps of the regression are joined in the middle of each, so that the curve rises
    strictly and two answers of different value never get one probability.
    """
    from scipy.optimize import isotonic_regression

    order = np.argsort(values)
    x, y, w = values[order], right[order].astype(float), weight[order]
    edges = np.linspace(0, len(x), points + 1).astype(int)
    bins = [slice(a, b) for a, b in pairwise(edges) if b > a]
    centre = np.array([np.average(x[b], weights=w[b]) for b in bins])
    mass = np.array([w[b].sum() for b in bins])
    # one example of each kind is added to each bin, spread, so that none says 0 or 1
    share = np.array([(np.sum(w[b] * y[b]) + 0.5) / (w[b].sum() + 1) for b in bins])
    fitted = np.clip(isotonic_regression(share, weights=mass).x, 0.005, 0.995)
    curve = [(0.0, 0.0), *zip(centre.tolist(), fitted.tolist(), strict=True), (1.0, 1.0)]
    strict: Curve = []
    for a, b in curve:
        if not strict or (a > strict[-1][0] and b > strict[-1][1]):
            strict.append((round(a, 4), round(b, 4)))
    if strict[-1][0] < 1:
        strict.append((1.0, 1.0))
    return strict


def apply_curve(curve: Curve, values: np.ndarray) -> np.ndarray:
    """The calibrated probabilities of values."""
    xs, ys = zip(*curve, strict=True)
    return np.interp(values, xs, ys)


def threshold_of(right: np.ndarray, p: np.ndarray, weight: np.ndarray) -> float:
    """The probability from which to answer: least of wrongly refused plus wrongly answered."""
    grid = np.arange(0.2, 0.81, 0.01)

    def loss(t: float) -> float:
        refused = np.average(p[right] < t, weights=weight[right])
        answered = np.average(p[~right] >= t, weights=weight[~right])
        return float(refused + answered)

    losses = np.array([loss(t) for t in grid])
    best = grid[losses <= losses.min() + 0.01]  # the middle of the flat bottom
    return round(float(np.median(best)), 2)
