"""The stage that a search calls: whatever a reranker does, the same hits come back, in time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.errors import LibraryError, shorten
from index.records import Hit
from index.rerank.base import FUSED_RANK, RERANK_SCORE, Deadline, OutOfTime, Reranker

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RerankOutcome:
    """What became of one reranking."""

    scored: int = 0  # hits that the reranker put into order
    candidates: int = 0  # hits that it was given; 0 where there is no reranker
    milliseconds: float = 0.0  # without the loading of a model
    degraded: bool = False  # nothing was reranked though it should have been
    reason: str = ""  # one Chinese line when fewer were scored than given


class RerankStage:
    """Reranks the first ``candidates`` hits of a search under a budget of time.

    Never raises and never loses a hit: when the reranker fails or is late the fused order stays,
    the outcome says so, and the first time of each kind one warning is logged. A reranker that
    cannot be loaded is not tried again. Safe to call from several threads.
    """

    def __init__(
        self, reranker: Reranker, candidates: int | None = None, milliseconds: int = 150
    ) -> None:
        """``candidates``: as many as the reranker asks for where it is None; ``milliseconds``: the
        budget of a query, 0 for none."""
        self._reranker = reranker
        self._candidates = candidates or reranker.candidates
        self._milliseconds = milliseconds
        self._loading = threading.Lock()
        self._ready = False
        self._unavailable = ""
        self._warned: set[str] = set()

    @property
    def name(self) -> str:
        """The reranker's name."""
        return self._reranker.name

    @property
    def candidates(self) -> int:
        """How many fused hits it wants to see; 0 where there is no reranker."""
        return self._candidates if self._reranker.candidates else 0

    def warm_up(self) -> None:
        """Load the model now, not on the first query. Never raises, as ``rerank``."""
        with self._loading:
            if self._ready or self._unavailable:
                return
            try:
                self._reranker.warm_up()
                self._ready = True
            except Exception as error:
                self._unavailable = f"{_said(error)}结果按检索的原有顺序给出。"
                self._warn("unavailable", self._unavailable, error)

    def rerank(self, query: str, hits: Sequence[Hit]) -> tuple[list[Hit], RerankOutcome]:
        """All ``hits``, the reranker's order first; ``hits`` are in fused order, best first."""
        if not self.candidates or not hits:
            return list(hits), RerankOutcome()
        given = hits[: self._candidates]
        self.warm_up()
        if self._unavailable:
            return list(hits), RerankOutcome(0, len(given), 0.0, True, self._unavailable)
        began = time.monotonic()
        judged, reason = self._judged(query, given)
        spent = (time.monotonic() - began) * 1000
        if judged and len(judged) < len(given):
            reason = f"重排了 {len(given)} 段中的 {len(judged)} 段，其余按原有顺序排在后面。"
        behind = {hit.passage.passage_id for hit in judged}
        ordered = judged + [hit for hit in hits if hit.passage.passage_id not in behind]
        return ordered, RerankOutcome(len(judged), len(given), spent, not judged, reason)

    def _judged(self, query: str, given: Sequence[Hit]) -> tuple[list[Hit], str]:
        """What the reranker put into order, each hit once, or nothing and why."""
        try:
            found = self._reranker.rerank(query, given, Deadline.after(self._milliseconds))
        except OutOfTime:
            late = (
                f"重排在 {self._milliseconds} 毫秒内来不及完成，结果按检索的原有顺序给出；"
                "可调大 LUMING_RERANK_MS 或换更快的模型。"
            )
            self._warn("late", late)
            return [], late
        except Exception as error:  # a model or another's code may raise anything
            failed = f"{_said(error)}结果按检索的原有顺序给出。"
            self._warn("failed", failed, error)
            return [], failed
        places = {hit.passage.passage_id: place for place, hit in enumerate(given, start=1)}
        once: dict[str, Hit] = {}
        for hit in found:
            if place := places.get(hit.passage.passage_id):
                once.setdefault(hit.passage.passage_id, _placed(hit, place))
        nothing = "重排没有留下任何一段，结果按检索的原有顺序给出。"
        return list(once.values()), "" if once else nothing

    def _warn(self, kind: str, message: str, error: Exception | None = None) -> None:
        if kind not in self._warned:
            self._warned.add(kind)
            log.warning(message)
        if error is not None:
            log.debug("reranker %s", self.name, exc_info=error)


def _placed(hit: Hit, place: int) -> Hit:
    """The hit with its fused place, where it was scored."""
    if RERANK_SCORE not in hit.extra:
        return hit
    return replace(hit, extra={**hit.extra, FUSED_RANK: float(place)})


def _said(error: Exception) -> str:
    """One Chinese sentence: a LibraryError's own, or that and how reranking failed."""
    if isinstance(error, LibraryError):
        return str(error)
    return f"重排出错（{shorten(f'{type(error).__name__}: {error}', 120)}），"
