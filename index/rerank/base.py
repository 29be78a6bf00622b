"""The contract of a reranker, and the time that it is given."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.errors import LibraryError
from index.records import Hit

RERANK_SCORE = "rerank_score"
"""Key in ``Hit.extra``. Comparable within one result only: larger is better, any range."""

FUSED_RANK = "fused_rank"
"""Key in ``Hit.extra`` of a hit that was scored: its place from 1 before that."""


class RerankerUnavailable(LibraryError):
    """The reranker that the settings name cannot be had; the message is a Chinese line."""


class OutOfTime(Exception):
    """Not even the first hits could be judged before the deadline."""


@dataclass(frozen=True)
class Deadline:
    """The moment at which the order must stand, on the clock of ``time.monotonic``."""

    at: float

    @classmethod
    def after(cls, milliseconds: float) -> Deadline:
        """That long from now; 0 means never."""
        return cls(time.monotonic() + milliseconds / 1000 if milliseconds else math.inf)

    @property
    def remaining(self) -> float:
        """Seconds left, at least 0, ``inf`` for a deadline that never comes."""
        return max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether what ends now ends too late."""
        return time.monotonic() > self.at


class Reranker(Protocol):
    """Judges hits against the query. Safe to call from several threads."""

    @property
    def name(self) -> str:
        """The name in the settings, e.g. ``none``."""

    @property
    def candidates(self) -> int:
        """How many hits it is given where the settings say nothing; 0: it needs none."""

    def warm_up(self) -> None:
        """Load what judging needs, if it is not loaded; no deadline holds for this.

        Raises RerankerUnavailable.
        """

    def rerank(self, query: str, hits: Sequence[Hit], deadline: Deadline) -> list[Hit]:
        """The hits that it could judge before the deadline, best first.

        ``hits`` come in fused order, so the first matter most. Each that is returned is one of
        them, by ``passage_id``, with ``RERANK_SCORE`` in its ``extra`` where there is a score.
        Hits that are left out keep their order behind the others: the caller sees to that.
        ``score`` stays the fused one.

        Raises OutOfTime when time allowed none; anything else it raises means that no order came
        out of it.
        """


def with_score(hit: Hit, score: float) -> Hit:
    """``hit`` with the reranker's score."""
    return replace(hit, extra={**hit.extra, RERANK_SCORE: score})
