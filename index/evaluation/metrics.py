"""Figures of one question from the ranks at which its right places stand.

The six are what trec_eval calls success, recip_rank, ndcg_cut and recall, for grades of 0 and 1;
the tests hold them against trec_eval itself. A right place counts once, at the first of its
passages: an article cut into three is one article.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log2

from index.evaluation.base import Gold

Ranks = Sequence[int | None]
"""Of each right place, from 1; None where it was not found."""

FIRST, DEPTH = 10, 50
HITS = (1, 5, 10)


def metric_names(depth: int = DEPTH) -> tuple[str, ...]:
    """The figures in the order of ``score``."""
    return (*(f"hit@{k}" for k in HITS), f"mrr@{FIRST}", f"ndcg@{FIRST}", f"recall@{depth}")


def ranks_of(found: Sequence[str], gold: Sequence[Gold]) -> list[int | None]:
    """The first rank of any passage of each place. Places share no passage (see gold.py)."""
    at: dict[str, int] = {}
    for rank, passage_id in enumerate(found, start=1):
        at.setdefault(passage_id, rank)
    return [_first(at, one.passages) for one in gold]


def _first(at: dict[str, int], passages: Collection[str]) -> int | None:
    return min((at[one] for one in passages if one in at), default=None)


def best(ranks: Ranks) -> int | None:
    """The first of the ranks."""
    return min((rank for rank in ranks if rank is not None), default=None)


def score(ranks: Ranks, depth: int = DEPTH) -> list[float]:
    """The figures of one question, each from 0 to 1, as ``metric_names`` names them.

    hit@k: 1 when a right place is among the first k. mrr@10: 1/rank of the first right place,
    0 beyond 10. ndcg@10: Σ 1/log2(1+rank) over the right places among the first 10, divided by
    its value for the best order (Järvelin and Kekäläinen, TOIS 2002, grades of 0 and 1).
    recall@depth: the share of right places among the first ``depth``.
    """
    first = best(ranks)
    known = [rank for rank in ranks if rank is not None]
    gain = sum(1 / log2(1 + rank) for rank in known if rank <= FIRST)
    ideal = sum(1 / log2(1 + rank) for rank in range(1, min(len(ranks), FIRST) + 1))
    return [
        *(float(first is not None and first <= k) for k in HITS),
        1 / first if first is not None and first <= FIRST else 0.0,
        gain / ideal,
        sum(rank <= depth for rank in known) / len(ranks),
    ]
