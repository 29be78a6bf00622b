"""Passages that are nearly equal in the fused order, put right by their words."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from index.encoder.cpu import usable_cpus
from index.encoder.onnx_e5 import PASSAGE_PREFIX, OnnxEncoder
from index.explanation import explain
from index.library import Library
from index.records import Hit
from index.rerank.base import RERANK_SCORE, Deadline, OutOfTime
from index.rerank.late_interaction import LateInteractionReranker, gap, likeness, standardised
from index.rerank.stage import RerankStage
from index.settings import Settings
from tests.index.conftest import make_write
from tests.index.rerank.conftest import SUBJECTS, make_hits, texts_of
from ui.shapes import hit_object

NEVER = Deadline.after(0)


def close(texts: list[str], step: float = 0.001) -> list[Hit]:
    """Hits whose fused scores fall so little that anything may decide; others lie far behind."""
    hits = make_hits([*texts, *(f"无关的第{n}段。" for n in range(12))])
    return [
        replace(hit, score=5 - step * n if n < len(texts) else 1 - 0.01 * n)
        for n, hit in enumerate(hits)
    ]


def table(rows: int, seed: int) -> np.ndarray:
    made = np.random.default_rng(seed).normal(size=(rows, 6)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
def test_likeness_is_of_the_tokens_not_of_their_order(q: int, p: int, seed: int) -> None:
    question, passage = table(q, seed), table(p, seed + 1)
    forward, backward = likeness(question, passage)
    assert -1.001 <= forward <= 1.001 and -1.001 <= backward <= 1.001
    assert likeness(question[::-1], passage[::-1]) == pytest.approx((forward, backward), abs=1e-5)
    assert likeness(passage, question) == pytest.approx((backward, forward), abs=1e-5)
    assert likeness(question, question) == pytest.approx((1.0, 1.0), abs=1e-5)
    more = np.concatenate([passage, question])
    assert likeness(question, more)[0] == pytest.approx(1.0, abs=1e-5)


def test_a_text_without_tokens_is_like_nothing() -> None:
    assert likeness(table(0, 0), table(3, 1)) == (0.0, 0.0)
    assert likeness(table(3, 1), table(0, 0)) == (0.0, 0.0)


def test_tokens_are_those_of_the_text_alone(shipped: OnnxEncoder) -> None:
    rows = shipped.passage_token_vectors("会议应当有半数以上成员到会")
    ids = shipped.engine.token_ids(PASSAGE_PREFIX + "会议应当有半数以上成员到会")
    assert rows.shape == (len(ids) - len(shipped.engine.token_ids(PASSAGE_PREFIX)), 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert rows.dtype == np.float32 and len(shipped.query_token_vectors("")) == 0


@pytest.mark.parametrize("subject", SUBJECTS)
def test_among_near_equals_the_answer_comes_first(shipped: OnnxEncoder, subject: str) -> None:
    question = {
        "举报受理": "收到举报多少天内决定受不受理？",
        "会议人数": "开会最少要来多少人？",
        "差旅报销": "出差回来多久之内报销？",
        "公章使用": "盖公章要谁同意？",
    }[subject]
    others = [text for name, text in SUBJECTS.items() if name != subject]
    hits = close([*others, SUBJECTS[subject]])[:8]
    ordered = LateInteractionReranker(shipped).rerank(question, hits, NEVER)
    assert texts_of(ordered)[0] == SUBJECTS[subject]
    assert sorted(texts_of(ordered)) == sorted(texts_of(hits))
    scores = [hit.extra[RERANK_SCORE] for hit in ordered]
    assert scores == sorted(scores, reverse=True)
    assert {hit.score for hit in ordered} == {hit.score for hit in hits}


def test_a_first_that_is_far_ahead_is_left_alone(shipped: OnnxEncoder) -> None:
    hits = [
        replace(hit, score=hit.score + 9 * (n == 0))
        for n, hit in enumerate(close(["无关的一段。", SUBJECTS["会议人数"]]))
    ]
    ordered = LateInteractionReranker(shipped).rerank("开会最少要来多少人？", hits, NEVER)
    assert ordered == hits


def test_without_time_the_fused_order_stays(shipped: OnnxEncoder) -> None:
    reranker = LateInteractionReranker(shipped)
    reranker.warm_up()
    hits = close([text * 20 for text in SUBJECTS.values()])  # more than a millisecond's work
    with pytest.raises(OutOfTime):
        reranker.rerank("开会最少要来多少人？", hits, Deadline(time.monotonic()))
    stage = RerankStage(reranker, milliseconds=1)
    ordered, outcome = stage.rerank("开会最少要来多少人？", hits)
    assert texts_of(ordered) == texts_of(hits)
    assert outcome.degraded and "LUMING_RERANK_MS" in outcome.reason


def test_hits_beyond_the_candidates_stay_behind(shipped: OnnxEncoder) -> None:
    stage = RerankStage(LateInteractionReranker(shipped), 3, 0)
    hits = close(list(SUBJECTS.values()))
    ordered, outcome = stage.rerank("盖公章要谁同意？", hits)
    assert (outcome.scored, outcome.candidates) == (3, 3)
    assert ordered[3:] == hits[3:]


@bounds(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6), st.text(max_size=40))
def test_whatever_is_asked_the_same_hits_come_back(
    shipped: OnnxEncoder, texts: list[str], question: str
) -> None:
    hits = close(texts)[: max(2, len(texts))]
    ordered = LateInteractionReranker(shipped).rerank(question, hits, NEVER)
    assert sorted(one.passage.passage_id for one in ordered) == sorted(
        one.passage.passage_id for one in hits
    )
    again = LateInteractionReranker(shipped).rerank(question, hits, NEVER)
    assert [one.passage.passage_id for one in again] == [one.passage.passage_id for one in ordered]


def test_a_search_reranks_and_says_where_a_hit_stood(
    shipped: OnnxEncoder, tmp_path: Path
) -> None:
    with Library(Settings(home=tmp_path / "资料"), encoder=shipped) as library:
        texts = {name: [f"第一条　{text}。"] for name, text in SUBJECTS.items()}
        library.write_documents([make_write(f"{name}.txt", one) for name, one in texts.items()])
        library.index_pending()
        asked = "出差回来多久之内报销？"
        for far in (np.inf, -np.inf):
            reranker = LateInteractionReranker(shipped)
            reranker._far = far
            library.finder.replace_reranker(RerankStage(reranker))
            result = library.find(asked, 4)
            reasons = explain(asked, result.hits, library.finder.synonyms())
            found = hit_object(result.hits[0])
            if far > 0:
                places = [one.fused_rank for one in reasons]
                assert sorted(place or 0 for place in places) == [1, 2, 3, 4]
                assert all("重排：融合后排第" in one.moved for one in reasons)
                assert found["rerank_score"] is not None
                assert result.rerank.scored == 4
            else:
                assert [one.moved for one in reasons] == [""] * 4
                assert found["rerank_score"] is None
            assert found["title"] == "差旅报销.txt"


def test_where_many_ask_at_once_nothing_is_reranked(shipped: OnnxEncoder, tmp_path: Path) -> None:
    with Library(Settings(home=tmp_path / "资料"), encoder=shipped) as library, ExitStack() as others:
        texts = {name: [f"第一条　{text}。"] for name, text in SUBJECTS.items()}
        library.write_documents([make_write(f"{name}.txt", one) for name, one in texts.items()])
        library.index_pending()
        finder = library.finder
        for _ in range(usable_cpus()):
            others.enter_context(finder._counted())
        busy = library.find("出差回来多久之内报销？", 4)
        others.close()
        calm = library.find("出差回来多久之内报销？", 4)
        assert busy.rerank.candidates == 0 and not busy.rerank.degraded
        assert calm.rerank.candidates == 4
        assert {hit.passage.passage_id for hit in busy.hits} == {
            hit.passage.passage_id for hit in calm.hits
        }


def test_gaps_and_scales() -> None:
    assert gap(np.array([1.0])) == float("inf")
    assert gap(np.array([3.0, 1.0])) == pytest.approx(2.0, abs=1e-3)
    assert gap(np.array([2.0, 2.0, 2.0])) == 0.0
    assert standardised(np.array([1.0, 3.0])).tolist() == pytest.approx([-1, 1], abs=1e-3)
