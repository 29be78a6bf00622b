"""An encoder without a model, for benches of everything but meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np


class HashingEncoder:
    """Bag of character pairs, hashed: deterministic, immediate, and near for like texts."""

    def __init__(self) -> None:
        self.dimension = 64
        self.name = "hashing"
        self.fingerprint = "hashing-bench-1"

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors float32 (n, 64)."""
        return self.encode_passages(texts)

    def encode_passages(
        self, texts: Sequence[str], batch_size: int | None = None, progress: Any = None
    ) -> np.ndarray:
        """Unit vectors float32 (n, 64)."""
        rows = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in pairwise(text):
                digest = hashlib.blake2b("".join(pair).encode(), digest_size=4).digest()
                row[int.from_bytes(digest, "little") % self.dimension] += 1.0
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)
