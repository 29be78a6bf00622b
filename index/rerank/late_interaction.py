"""Late interaction: token by token, with the encoder that the library has anyway.

The vectors of a question's tokens are compared with those of a passage's (MaxSim; Khattab and
Zaharia 2020, arXiv:2004.12832): ``forward`` is the mean, over the tokens of the question, of the
best cosine in the passage, ``backward`` the same the other way round. Both are standardised over
the candidates and added to the standardised fused score with the weights of
``late_interaction.json``, which ``training.late_interaction`` learns.

Vectors of tokens are made when they are needed and kept for a while: to store them would take
forty times the room of the index. So only the first few hits are judged, and none at all when the
first is far ahead: then it is right as often as it would be after judging.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeGuard

import numpy as np

from index.encoder.base import Encoder
from index.encoder.cpu import usable_cpus
from index.records import Hit
from index.rerank.base import Deadline, OutOfTime, with_score
from index.rerank.batches import Pace

TABLE = Path(__file__).with_name("late_interaction.json")
NAME = "late-interaction"
CANDIDATES = 4
_KEPT = 256
"""Passages whose vectors are kept: 50 MB at the most."""
_LONGEST = 320
"""Characters of a passage that are compared: what a longer one is about stands before."""


class TokenEncoder(Encoder, Protocol):
    """An encoder that also gives a vector for every token."""

    gives_tokens: bool

    def query_token_vectors(self, text: str) -> np.ndarray:
        """Unit vectors float32 (n, d) of a question's tokens."""

    def passage_token_vectors(self, text: str) -> np.ndarray:
        """Unit vectors float32 (n, d) of a passage's tokens."""


def gives_tokens(encoder: Encoder) -> TypeGuard[TokenEncoder]:
    """Whether an encoder can be used here."""
    return bool(getattr(encoder, "gives_tokens", False))


def likeness(question: np.ndarray, passage: np.ndarray) -> tuple[float, float]:
    """(forward, backward) of two tables of unit vectors; 0 where one has no rows."""
    if not len(question) or not len(passage):
        return 0.0, 0.0
    cosines = question @ passage.T
    return float(cosines.max(axis=1).mean()), float(cosines.max(axis=0).mean())


def standardised(values: np.ndarray) -> np.ndarray:
    """Values less their mean, by their deviation."""
    return (values - values.mean()) / (values.std() + 1e-6)


def gap(scores: np.ndarray) -> float:
    """How far the first of some scores in falling order is ahead, in deviations."""
    if len(scores) < 2:
        return math.inf
    return float((scores[0] - scores[1]) / (scores.std() + 1e-6))


def compared_text(hit: Hit) -> str:
    """What of a hit is compared with the question: as the encoder reads it, its beginning."""
    return hit.passage.embedding_text(hit.document.title)[:_LONGEST]


class LateInteractionReranker:
    """``Reranker``; see the module."""

    name = NAME
    candidates = CANDIDATES

    def __init__(self, encoder: TokenEncoder) -> None:
        table = json.loads(TABLE.read_text(encoding="utf-8"))
        self._forward, self._backward = table["forward"], table["backward"]
        self._far = table["far"]
        self._encoder = encoder
        self._pace = Pace()
        self._vectors = lru_cache(maxsize=_KEPT)(
            lambda text: encoder.passage_token_vectors(text).astype(np.float16)
        )

    def warm_up(self) -> None:
        """See ``Reranker``. Nothing to load; learns the pace, on a text of its own."""
        for text in ("一次会议应当有半数以上成员到场。" * 12, "会议人数按应到成员计算。" * 12):
            began = time.monotonic()
            self._encoder.passage_token_vectors(text)
            self._pace.learn(len(text), time.monotonic() - began)

    def rerank(self, query: str, hits: Sequence[Hit], deadline: Deadline) -> list[Hit]:
        """See ``Reranker``. All hits as they are, without scores, when the first is far ahead."""
        scores = np.array([hit.score for hit in hits])
        if gap(scores) >= self._far:
            return list(hits)
        texts = self._in_time(hits, deadline)
        if len(texts) < 2:
            self._pace.relent()
            raise OutOfTime
        judged = hits[: len(texts)]
        forward, backward = self._compared(query, texts)
        totals = (
            standardised(scores[: len(texts)])
            + self._forward * standardised(forward)
            + self._backward * standardised(backward)
        )
        scored = map(with_score, judged, totals.tolist())
        return [hit for _, hit in sorted(zip(-totals, scored, strict=True), key=lambda one: one[0])]

    def _in_time(self, hits: Sequence[Hit], deadline: Deadline) -> list[str]:
        """The texts of the first hits that can be compared before the deadline."""
        texts: list[str] = []
        for hit in hits:
            texts.append(compared_text(hit))
            if self._pace.forecast(sum(map(len, texts))) / usable_cpus() > deadline.remaining:
                return texts[:-1]
        return texts

    def _compared(self, query: str, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        question = self._encoder.query_token_vectors(query)

        def one(text: str) -> tuple[float, float]:
            return likeness(question, self._vectors(text).astype(np.float32))

        with ThreadPoolExecutor(usable_cpus(), thread_name_prefix="rerank") as pool:
            order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))  # none ends up alone
            found = dict(zip(order, pool.map(lambda i: one(texts[i]), order), strict=True))
        table = np.array([found[i] for i in range(len(texts))])
        return table[:, 0], table[:, 1]
