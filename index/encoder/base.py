"""The encoder stage: texts in, unit vectors out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Progress = Callable[[int], None]
"""Called with the number of texts done since the last call."""


E5_COSINES = (0.80, 0.92)
"""Cosines of unrelated and of well-fitting texts of multilingual-e5-small: thresholds are set on
this scale, and other encoders' cosines put on it (``on_e5_scale``)."""


class EncoderError(Exception):
    """The encoder cannot be built, loaded or run; the message is a Chinese line for the user."""


class Encoder(Protocol):
    """Turns texts into vectors whose dot product is the cosine similarity."""

    @property
    def name(self) -> str:
        """The name in the settings, e.g. ``default`` or a folder."""

    @property
    def fingerprint(self) -> str:
        """Identifies the weights, their conversion and how texts are prepared.

        Vectors of two fingerprints must never be compared; the catalog stores it.
        """

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, dimension), every row of length 1, in the order of ``texts``."""

    def encode_passages(
        self,
        texts: Sequence[str],
        batch_size: int | None = None,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """float32 (n, dimension), every row of length 1, in the order of ``texts``.

        ``batch_size`` bounds the texts in one run of the model; None lets the encoder choose.
        """

    @property
    def sentence_transformer(self) -> SentenceTransformer:
        """The model as a SentenceTransformer object, made on first use (imports torch)."""


def on_e5_scale(encoder: Encoder, cosine: float) -> float:
    """A cosine of ``encoder`` where multilingual-e5-small's would be, by its ``cosines``.

    An encoder that says nothing of its scale is taken to have the same.
    """
    low, high = getattr(encoder, "cosines", E5_COSINES)
    return E5_COSINES[0] + (cosine - low) * (E5_COSINES[1] - E5_COSINES[0]) / (high - low)
