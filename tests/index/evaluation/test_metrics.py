"""The figures against values worked out by hand and against trec_eval itself."""

from __future__ import annotations

from itertools import pairwise
from math import log2

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from index.evaluation.base import Gold
from index.evaluation.metrics import best, metric_names, ranks_of, score


def test_by_hand() -> None:
    assert metric_names(50) == ("hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10", "recall@50")
    assert score([1]) == [1, 1, 1, 1, 1, 1]
    assert score([None]) == [0, 0, 0, 0, 0, 0]
    # Places at 3 and 12 of three: DCG 1/log2(4) = .5, ideal 1 + 1/log2(3) + 1/2 = 2.1309.
    assert score([12, 3, None]) == pytest.approx([0, 1, 1, 1 / 3, 0.5 / 2.130930, 2 / 3], abs=1e-6)
    assert score([11])[:5] == [0, 0, 0, 0, 0] and score([51], depth=50)[5] == 0
    assert score([2, 4]) == pytest.approx(
        [0, 1, 1, 0.5, (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3)), 1]
    )


def test_an_article_cut_into_passages_counts_once_at_its_first() -> None:
    gold = [Gold("第三条", frozenset({"a#3/1", "a#3/2"})), Gold("第九条", frozenset({"a#9"}))]
    assert ranks_of(["x", "a#3/2", "a#3/1", "y", "a#9"], gold) == [2, 5]
    assert ranks_of(["x"], gold) == [None, None]
    assert (best([None, 4, 2]), best([None])) == (2, None)


RANKED = st.lists(st.integers(0, 80), unique=True, min_size=1, max_size=60)


@settings(max_examples=60)
@given(RANKED, st.sets(st.integers(0, 80), min_size=1, max_size=12))
def test_the_same_as_trec_eval(ranked: list[int], right: set[int]) -> None:
    measures = [Success @ 1, Success @ 5, Success @ 10, RR @ 10, nDCG @ 10, R @ 50]
    qrels = {"q": {f"d{one}": 1 for one in right}}
    run = {"q": {f"d{one}": float(-at) for at, one in enumerate(ranked)}}
    expected = ir_measures.calc_aggregate(measures, qrels, run)
    gold = [Gold(str(one), frozenset([f"d{one}"])) for one in sorted(right)]
    ours = score(ranks_of([f"d{one}" for one in ranked], gold), 50)
    assert ours == pytest.approx([expected[one] for one in measures], abs=1e-6)


@given(RANKED, st.sets(st.integers(0, 80), min_size=1, max_size=12))
def test_more_depth_never_hurts(ranked: list[int], right: set[int]) -> None:
    gold = [Gold(str(one), frozenset([str(one)])) for one in right]
    ranks = ranks_of([str(one) for one in ranked], gold)
    recalls = [score(ranks, depth)[-1] for depth in (10, 20, 50, 100)]
    assert all(a <= b for a, b in pairwise(recalls))
