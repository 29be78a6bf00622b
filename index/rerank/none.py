"""No reranking: the fused order is the order."""

from __future__ import annotations

from collections.abc import Sequence

from index.records import Hit
from index.rerank.base import Deadline


class NoReranker:
    """``Reranker`` that leaves everything as it is."""

    name = "none"
    candidates = 0

    def warm_up(self) -> None:
        """See ``Reranker``: nothing to load."""

    def rerank(self, query: str, hits: Sequence[Hit], deadline: Deadline) -> list[Hit]:
        """See ``Reranker``."""
        return list(hits)
