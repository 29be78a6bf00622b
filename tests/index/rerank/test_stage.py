"""What a search gets from the stage: all hits, in time, whatever the reranker does."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Hit
from index.rerank.base import RERANK_SCORE, Deadline, RerankerUnavailable
from index.rerank.batches import BatchedReranker
from index.rerank.none import NoReranker
from index.rerank.stage import RerankStage
from tests.index.rerank.conftest import make_hits, texts_of

#: Longer than any test waits for a batch that is meant to be in time.
BUDGET_MS = 1_500


class LastFirst(BatchedReranker):
    """Likes a hit better the further behind it is; how long it takes can be read in the texts."""

    def __init__(self, batch: int = 4, before: Callable[[Sequence[str]], None] | None = None):
        super().__init__("last-first", batch)
        self._before = before

    def load(self) -> None:
        pass

    def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        if self._before is not None:
            self._before(texts)
        return [float(text.rpartition(" ")[2]) if text[-1].isdigit() else 0.0 for text in texts]


def numbered(count: int, slow: Sequence[int] = ()) -> list[Hit]:
    return make_hits([f"{'慢' if n in slow else '快'}段 {n}" for n in range(count)])


def numbers(hits: Sequence[Hit]) -> list[int]:
    return [int(text.rpartition(" ")[2]) for text in texts_of(hits)]


def sleep_when_slow(texts: Sequence[str]) -> None:
    if any("慢段" in text for text in texts):
        time.sleep(BUDGET_MS / 1000 + 0.2)


def test_none_leaves_everything_as_it_is() -> None:
    hits = numbered(5)
    ordered, outcome = RerankStage(NoReranker()).rerank("问题", hits)
    assert ordered == hits
    assert (outcome.scored, outcome.candidates, outcome.degraded) == (0, 0, False)


def test_the_first_candidates_are_put_into_order_and_the_rest_stays_behind() -> None:
    hits = numbered(12)
    ordered, outcome = RerankStage(LastFirst(), 10, 0).rerank("问题", hits)
    assert numbers(ordered) == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 10, 11]
    assert (outcome.scored, outcome.candidates, outcome.degraded) == (10, 10, False)
    assert ordered[0].extra[RERANK_SCORE] == 9.0 and ordered[0].score == hits[9].score
    assert RERANK_SCORE not in ordered[-1].extra and RERANK_SCORE not in hits[9].extra


def test_equal_scores_keep_the_fused_order() -> None:
    hits = make_hits(["甲", "乙", "丙"])
    ordered, _ = RerankStage(LastFirst(), 10, 0).rerank("问题", hits)
    assert texts_of(ordered) == ["甲", "乙", "丙"]


def test_a_late_batch_keeps_its_place_behind_those_in_time() -> None:
    stage = RerankStage(LastFirst(4, sleep_when_slow), 12, BUDGET_MS)
    ordered, outcome = stage.rerank("问题", numbered(12, slow=[5]))
    assert numbers(ordered) == [3, 2, 1, 0, 4, 5, 6, 7, 8, 9, 10, 11]
    assert (outcome.scored, outcome.candidates, outcome.degraded) == (4, 12, False)
    assert "12 段中的 4 段" in outcome.reason


def test_when_not_even_the_first_is_in_time_the_fused_order_stays(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stage = RerankStage(LastFirst(4, sleep_when_slow), 12, BUDGET_MS)
    hits = numbered(12, slow=[0])
    ordered, outcome = stage.rerank("问题", hits)
    assert ordered == hits
    assert (outcome.scored, outcome.candidates, outcome.degraded) == (0, 12, True)
    assert "LUMING_RERANK_MS" in outcome.reason
    assert [one.message for one in caplog.records] == [outcome.reason]


def test_a_model_known_to_be_slow_is_not_tried_in_vain() -> None:
    scored: list[str] = []

    def work(texts: Sequence[str]) -> None:
        scored.extend(texts)
        time.sleep(sum(len(text) for text in texts) * 0.001)  # as a model: by the length

    hits = make_hits([f"{'长' * 400} {n}" for n in range(8)])  # nearly half a second each
    stage = RerankStage(LastFirst(4, work), 8, 100)
    stage.warm_up()
    scored.clear()
    ordered, outcome = stage.rerank("问题", hits)
    assert ordered == hits and outcome.degraded
    assert scored == []


def test_of_a_slow_model_the_first_hits_are_scored_and_no_more() -> None:
    stage = RerankStage(LastFirst(4, lambda texts: time.sleep(0.1 * len(texts))), 30, 1_000)
    ordered, outcome = stage.rerank("问题", numbered(30))
    done = outcome.scored
    assert 0 < done < 30 and not outcome.degraded
    assert numbers(ordered) == [*reversed(range(done)), *range(done, 30)]


def test_one_blow_does_not_end_reranking_for_good() -> None:
    blow = [True]

    def work(texts: Sequence[str]) -> None:
        if blow and any("段" in text for text in texts):
            blow.clear()
            time.sleep(0.5)

    stage = RerankStage(LastFirst(4, work), 8, 400)
    hits = numbered(8)
    assert stage.rerank("问题", hits)[1].degraded
    outcomes = [stage.rerank("问题", hits)[1] for _ in range(60)]
    assert outcomes[-1].scored == 8


@pytest.mark.parametrize("bad", [RuntimeError("out of\nmemory"), ValueError("x" * 500)])
def test_a_reranker_that_raises_costs_only_the_order(
    bad: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(texts: Sequence[str]) -> None:
        if any("慢段" in text for text in texts):
            raise bad

    stage = RerankStage(LastFirst(4, fail), 12, 0)
    for _ in range(2):
        ordered, outcome = stage.rerank("问题", numbered(12, slow=[6]))
        assert numbers(ordered) == list(range(12))
        assert all(RERANK_SCORE not in hit.extra for hit in ordered)
        assert outcome.degraded and outcome.scored == 0
        assert "重排出错" in outcome.reason and "\n" not in outcome.reason
        assert len(outcome.reason) < 200
    assert [one.levelno for one in caplog.records] == [logging.WARNING]
    assert not stage.rerank("问题", numbered(12))[1].degraded


@pytest.mark.parametrize("scores", [[float("nan"), 1.0], [1.0], []])
def test_scores_that_are_not_one_number_a_text_count_as_a_failure(scores: list[float]) -> None:
    class Odd(LastFirst):
        def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
            return scores if query == "问题" else [0.0] * len(texts)

    hits = numbered(2)
    ordered, outcome = RerankStage(Odd(), 10, 0).rerank("问题", hits)
    assert ordered == hits and outcome.degraded


def test_what_cannot_be_loaded_is_tried_once(caplog: pytest.LogCaptureFixture) -> None:
    loads: list[int] = []

    class Broken(LastFirst):
        def load(self) -> None:
            loads.append(1)
            raise RerankerUnavailable("无法加载重排模型“甲”。")

    stage = RerankStage(Broken(), 10, 0)
    hits = numbered(3)
    stage.warm_up()
    for _ in range(2):
        ordered, outcome = stage.rerank("问题", hits)
        assert ordered == hits and outcome.degraded
        assert "无法加载重排模型“甲”。" in outcome.reason
    assert loads == [1] and len(caplog.records) == 1


def test_two_queries_at_once_both_come_out_right() -> None:
    stage = RerankStage(LastFirst(2, lambda _: time.sleep(0.005)), 20, 0)
    results: list[list[int]] = []
    threads = [
        threading.Thread(
            target=lambda: results.append(numbers(stage.rerank("问", numbered(20))[0]))
        )
        for _ in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert results == [list(range(19, -1, -1))] * 4


@given(st.integers(0, 9), st.lists(st.integers(0, 14)), st.integers(1, 12))
def test_no_hit_is_lost_or_doubled(count: int, returned: list[int], candidates: int) -> None:
    pool = numbered(15)  # also hits that were never given

    class Anything:
        name = "anything"
        candidates = 30

        def warm_up(self) -> None: ...

        def rerank(self, query: str, hits: Sequence[Hit], deadline: Deadline) -> list[Hit]:
            return [pool[n] for n in returned]

    hits = pool[:count]
    ordered, outcome = RerankStage(Anything(), candidates, 0).rerank("问题", hits)
    given_numbers = range(min(count, candidates))
    wanted = list(dict.fromkeys(n for n in returned if n in given_numbers))
    assert numbers(ordered) == wanted + [n for n in range(count) if n not in wanted]
    assert outcome.scored == len(wanted) and outcome.candidates == len(given_numbers)
