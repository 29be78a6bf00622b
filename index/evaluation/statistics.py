"""How sure a mean over questions is, and whether two means differ by more than chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RESAMPLES = 2_000
PERMUTATIONS = 9_999
_BLOCK = 2_000_000  # numbers held at a time


@dataclass(frozen=True)
class Estimate:
    """A mean over questions and the 95 % interval around it."""

    mean: float
    low: float
    high: float


def estimates(values: np.ndarray, seed: int, resamples: int = RESAMPLES) -> list[Estimate]:
    """One estimate for each column of ``values`` (questions, figures), at least one question.

    Percentile bootstrap over questions (Efron and Tibshirani, 1993, ch. 13). All columns see the
    same resamples; the same seed gives the same intervals.
    """
    count = len(values)
    rng = np.random.default_rng(seed)
    block = max(1, _BLOCK // count)
    means = np.empty((resamples, values.shape[1]))
    for at in range(0, resamples, block):
        size = min(block, resamples - at)
        drawn = rng.multinomial(count, np.full(count, 1 / count), size=size)
        means[at : at + size] = drawn @ values / count
    low, high = np.percentile(means, (2.5, 97.5), axis=0)
    return [
        Estimate(float(mean), float(a), float(b))
        for mean, a, b in zip(values.mean(axis=0), low, high, strict=True)
    ]


def p_value(differences: np.ndarray, seed: int) -> float:
    """Two-sided p of Fisher's randomization test for paired differences (n,).

    Under the hypothesis each question's difference might as well have the other sign. Questions
    without a difference don't matter; up to 13 others are tested over all signs, more by 9,999
    random draws (Smucker, Allan and Carterette, CIKM 2007, recommend it for search).
    """
    from scipy.stats import permutation_test

    moved = differences[differences != 0]
    if len(moved) < 2:  # one difference has either sign with the same chance
        return 1.0
    result = permutation_test(
        (moved,),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=max(1, _BLOCK // len(moved)),
        alternative="two-sided",
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)
