"""Moves a question's vector towards how rules word what it asks in everyday words.

A linear map on top of the wheel's encoder, ``training/query_adapter.py`` learns it from lay
questions and the articles that answer them; only questions go through it, so passages keep their
vectors. q' = (1 − strength) · q + strength · unit(q + q·M), made a unit vector.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from index.encoder.build import WHEEL_MODEL

FILE = Path(__file__).with_name("query_adapter.npz")


class QueryAdapter:
    """One learned map."""

    def __init__(self, matrix: np.ndarray, strength: float) -> None:
        """``matrix`` is (d, d); ``strength`` 0 changes nothing, 1 takes the mapped vector."""
        self.matrix = np.asarray(matrix, np.float32)
        self.strength = strength

    def __call__(self, vector: np.ndarray) -> np.ndarray:
        """The unit vector float32 (d) to search with for a question's unit vector."""
        mapped = vector + vector @ self.matrix
        mapped = mapped / max(float(np.linalg.norm(mapped)), 1e-12)
        mixed = (1 - self.strength) * vector + self.strength * mapped
        return (mixed / max(float(np.linalg.norm(mixed)), 1e-12)).astype(np.float32)


@lru_cache(maxsize=1)
def shipped_adapter() -> QueryAdapter:
    """The map for the wheel's encoder that comes with the program."""
    with np.load(FILE) as data:
        return QueryAdapter(data["matrix"].astype(np.float32), float(data["strength"]))


def adapter_for(encoder_name: str) -> QueryAdapter | None:
    """The map for an encoder. A tuned one has learned what the map knows, and has none."""
    return shipped_adapter() if encoder_name == WHEEL_MODEL else None
