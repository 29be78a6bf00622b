"""What a ranker is given and gives: candidates of the two searches, one score for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from index.records import DocumentRecord, PassageRecord


@dataclass(frozen=True)
class Candidate:
    """A passage that at least one search found, with what each side says of it.

    Ranks are from 1, None where that side did not list it; scores are known for every candidate.
    """

    passage: PassageRecord
    document: DocumentRecord
    lexical_rank: int | None
    dense_rank: int | None
    words: float  # BM25 of words
    bigrams: float  # BM25 of characters' bigrams
    dense: float  # cosine to the question as encoded
    adapted: float  # cosine to the question moved towards the wording of rules


@dataclass(frozen=True)
class Asked:
    """A question as rankers see it: its text and the weight (idf) of each of its words."""

    text: str
    words: Mapping[str, float] = field(default_factory=dict)


class Ranker(Protocol):
    """Orders the candidates of one question."""

    name: str

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
        """float (n): larger is better, comparable within these candidates only."""
        ...
