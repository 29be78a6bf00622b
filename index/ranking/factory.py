"""Which ranker the settings name."""

from __future__ import annotations

from index.errors import LibraryError, shorten
from index.ranking.base import Ranker


def make_ranker(name: str) -> Ranker:
    """``learned`` or ``rrf``; LibraryError for another name."""
    if name == "learned":
        from index.ranking.linear import shipped_ranker

        return shipped_ranker()
    if name == "rrf":
        from index.ranking.rrf import RankFusion

        return RankFusion()
    raise LibraryError(
        f"没有名为“{shorten(name)}”的排序方法，LUMING_FUSION 可设为 learned 或 rrf。"
    )
