"""Logistic regression and folds by group, as the abstention and the entailment scorer fit them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_STEPS = 60
_ENOUGH = 1e-9


def newton(design: np.ndarray, y: np.ndarray, weight: np.ndarray, penalty: float) -> np.ndarray:
    """Weights (f,) of a weighted logistic regression with a ridge, by Newton's method.

    The first column of ``design`` (n, f) is the constant, which is not held back.
    """
    solved = np.zeros(design.shape[1])
    ridge = penalty * np.eye(len(solved))
    ridge[0, 0] = 1e-6
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ solved, -30, 30)))
        gradient = design.T @ (weight * (p - y)) + ridge @ solved
        curvature = (design.T * (weight * p * (1 - p))) @ design + ridge
        step = np.linalg.solve(curvature, gradient)
        solved = solved - step
        if np.abs(step).max() < _ENOUGH:
            break
    return solved


def folds_by_group(groups: Sequence[str], count: int) -> np.ndarray:
    """The fold (n,) of each example: those of one group are in one fold, the same every time."""
    names = sorted(set(groups))
    order = np.random.default_rng(1).permutation(len(names))
    fold_of = {names[place]: number % count for number, place in enumerate(order)}
    return np.array([fold_of[one] for one in groups])
