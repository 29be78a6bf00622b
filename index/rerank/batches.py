"""Rerankers that score one passage at a time: batch by batch from the top, while time lasts."""

from __future__ import annotations

import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence

from index.records import Hit
from index.rerank.base import RERANK_SCORE, Deadline, OutOfTime, with_score

CANDIDATES = 30
_WARM_UP = ("一次会议应当有半数以上成员到场。" * 12,) * 4  # about as long as passages are


class Pace:
    """How long scoring takes by the number of characters, learned as it goes.

    A model that is too slow for the budget is not tried in vain on every query; but as one slow
    batch may have been a busy moment, each refusal makes the forecast a little kinder.
    """

    def __init__(self) -> None:
        self._seconds_per_char: float | None = None

    def forecast(self, chars: int) -> float:
        """Seconds that scoring ``chars`` will take; 0 while nothing is known."""
        return (self._seconds_per_char or 0.0) * chars

    def learn(self, chars: int, seconds: float) -> None:
        """Take in a measurement: the mean of it and of what was known."""
        seen = seconds / max(1, chars)
        known = self._seconds_per_char
        self._seconds_per_char = seen if known is None else (known + seen) / 2

    def relent(self) -> None:
        """Expect a little less than before."""
        self._seconds_per_char = (self._seconds_per_char or 0.0) * 0.95


class BatchedReranker(ABC):
    """``Reranker`` over a function that scores texts.

    Only the order within one query counts, so scores need no calibration between documents; equal
    scores keep the fused order. One query is scored at a time: a second thread waits for its turn,
    its time running.
    """

    candidates = CANDIDATES

    def __init__(self, name: str, batch: int) -> None:
        """``batch``: hits between two looks at the clock."""
        self.name = name
        self._batch = batch
        self._pace = Pace()
        self._turn = threading.Lock()

    @abstractmethod
    def load(self) -> None:
        """Load the model, once. Raises RerankerUnavailable."""

    @abstractmethod
    def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        """One number per text, larger is better, comparable within a query."""

    def warm_up(self) -> None:
        """See ``Reranker``. Also learns the pace, on a text of its own."""
        with self._turn:
            self.load()
            self.score("会议人数", _WARM_UP[:1])  # the first run is no measure
            self._timed_score("会议人数", _WARM_UP)

    def rerank(self, query: str, hits: Sequence[Hit], deadline: Deadline) -> list[Hit]:
        """See ``Reranker``."""
        if not self._turn.acquire(timeout=min(deadline.remaining, threading.TIMEOUT_MAX)):
            raise OutOfTime
        try:
            judged = self._judge(query, hits, deadline)
        finally:
            self._turn.release()
        return sorted(judged, key=lambda hit: -hit.extra[RERANK_SCORE])

    def _judge(self, query: str, hits: Sequence[Hit], deadline: Deadline) -> list[Hit]:
        judged: list[Hit] = []
        while len(judged) < len(hits):
            rest = hits[len(judged) : len(judged) + self._batch]
            texts = self._fitting(query, rest, deadline.remaining)
            scores = self._timed_score(query, texts) if texts else []
            if not texts or deadline.passed:
                break
            judged += map(with_score, rest, scores)
        if hits and not judged:
            self._pace.relent()
            raise OutOfTime
        return judged

    def _fitting(self, query: str, hits: Sequence[Hit], seconds: float) -> list[str]:
        """Texts of the first hits that can be expected to be scored in ``seconds``."""
        texts: list[str] = []
        for hit in hits:
            texts.append(hit.passage.embedding_text(hit.document.title))
            if self._pace.forecast(_chars(query, texts)) > seconds:
                return texts[:-1]
        return texts

    def _timed_score(self, query: str, texts: Sequence[str]) -> list[float]:
        began = time.monotonic()
        scores = [float(one) for one in self.score(query, texts)]
        self._pace.learn(_chars(query, texts), time.monotonic() - began)
        if len(scores) != len(texts) or not all(map(math.isfinite, scores)):
            raise ValueError("模型没有给每段一个分数")
        return scores


def _chars(query: str, texts: Sequence[str]) -> int:
    """What the model reads: the query goes with every text."""
    return sum(len(query) + len(text) for text in texts)
