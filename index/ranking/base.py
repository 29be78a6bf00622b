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
    doubtful: bool = False  # of unknown validity, while another version of the rule is in force


@dataclass(frozen=True)
class Asked:
    """A question as rankers see it: its text and the weight (idf) of each of its words."""

    text: str
    words: Mapping[str, float] = field(default_factory=dict)


class Ranker(Protocol):
    """Orders the candidates of one question by a sum of parts, so that it can be explained."""

    name: str
    parts: Sequence[str]
    """Names of what a score is the sum of; ``PART_NAMES`` has them in Chinese."""

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> np.ndarray:
        """float (n, len(parts)); the larger a row's sum, the better, within these candidates."""
        ...
