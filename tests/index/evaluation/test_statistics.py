"""Intervals and p values against exact ones."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import bootstrap

from index.evaluation.statistics import estimates, p_value


def test_p_of_a_few_differences_by_hand() -> None:
    # All of n differences of one size and sign: 2 of 2**n sign patterns are as far from 0.
    assert p_value(np.array([1.0, 1, 1, 0, 0, 0]), 0) == pytest.approx(2 / 2**3)
    assert p_value(np.array([0.5] * 10), 0) == pytest.approx(2 / 2**10)
    # 3, 2, −1: the sum 4 is reached by (3,2,±1) only: 2 of 8 patterns, and 2 on the other side.
    assert p_value(np.array([3.0, 2, -1]), 0) == pytest.approx(4 / 8)
    assert p_value(np.array([1.0, -1]), 0) == 1
    assert p_value(np.zeros(40), 0) == 1 and p_value(np.array([0, 1.0]), 0) == 1


def test_many_differences_are_drawn_and_the_seed_decides() -> None:
    rng = np.random.default_rng(7)
    shifted = rng.normal(0.3, 1, 200)
    assert p_value(shifted, 1) == p_value(shifted, 1) < 0.01
    assert p_value(rng.normal(0, 1, 200), 1) > 0.05


def test_intervals_agree_with_scipy() -> None:
    values = np.random.default_rng(3).random((80, 2)) < 0.3
    ours = estimates(values.astype(float), 5)
    for column, one in enumerate(ours):
        data = (values[:, column].astype(float),)
        theirs = bootstrap(data, np.mean, method="percentile", rng=np.random.default_rng(1))
        assert one.mean == pytest.approx(values[:, column].mean())
        assert (one.low, one.high) == pytest.approx(tuple(theirs.confidence_interval), abs=0.02)
    assert ours == estimates(values.astype(float), 5) != estimates(values.astype(float), 6)


def test_one_question_and_equal_questions_give_a_point() -> None:
    for values in (np.ones((1, 1)), np.full((50, 1), 0.25)):
        [one] = estimates(values, 0)
        assert one.low == pytest.approx(one.mean) and one.high == pytest.approx(one.mean)


def test_many_questions_fit_in_little_memory() -> None:
    [one] = estimates(np.tile([[0.0], [1.0]], (30_000, 1)), 0)
    assert one.low == pytest.approx(0.496, abs=0.002) and one.high == pytest.approx(
        0.504, abs=0.002
    )
