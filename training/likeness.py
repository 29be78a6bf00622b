"""Whether two texts say the same: what must not stand on both sides of a split."""

from __future__ import annotations

from collections.abc import Set

from index.words import bigrams

ALIKE = 0.5
"""Share of the smaller text's character pairs from which on two say the same."""


def alike(left: str, right: str) -> bool:
    """Whether most pairs of characters of the shorter text are in the other."""
    return same_pairs(frozenset(bigrams(left)), frozenset(bigrams(right)))


def same_pairs(left: Set[str], right: Set[str]) -> bool:
    """As ``alike``, of texts given by their pairs of characters."""
    return bool(left and right) and len(left & right) >= ALIKE * min(len(left), len(right))
