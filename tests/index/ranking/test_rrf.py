from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ranking.rrf import reciprocal_rank_fusion


def test_the_formula() -> None:
    fused = dict(reciprocal_rank_fusion([["a", "b", "c"], ["b", "d"]], k=60))
    assert fused == pytest.approx(
        {"a": 1 / 61, "b": 1 / 62 + 1 / 61, "c": 1 / 63, "d": 1 / 62}, rel=1e-12
    )


def test_found_by_both_beats_first_by_one_and_weights_count() -> None:
    assert reciprocal_rank_fusion([["a", "b"], ["c", "b"]])[0][0] == "b"
    weighted = reciprocal_rank_fusion([["a"], ["b"]], weights=[1.0, 2.0])
    assert weighted == [("b", pytest.approx(2 / 61)), ("a", pytest.approx(1 / 61))]


def test_ties_have_one_order_and_repeats_count_once() -> None:
    assert reciprocal_rank_fusion([["b"], ["a"]]) == reciprocal_rank_fusion([["a"], ["b"]])
    assert reciprocal_rank_fusion([["a", "a", "b"]])[1] == ("b", pytest.approx(1 / 62))
    assert reciprocal_rank_fusion([[], []]) == []


def test_weights_must_fit() -> None:
    with pytest.raises(ValueError, match="weight"):
        reciprocal_rank_fusion([["a"]], weights=[1.0, 1.0])


@given(st.lists(st.lists(st.integers(0, 30), unique=True), max_size=4))
def test_every_id_once_best_first(ranked: list[list[int]]) -> None:
    fused = reciprocal_rank_fusion(ranked)
    assert {one for one, _ in fused} == {one for ids in ranked for one in ids}
    assert len({one for one, _ in fused}) == len(fused)
    assert [score for _, score in fused] == sorted((s for _, s in fused), reverse=True)
