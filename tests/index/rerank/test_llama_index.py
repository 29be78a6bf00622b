"""Real LlamaIndex postprocessors as rerankers."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from llama_index.core.postprocessor import (
    LongContextReorder,
    SentenceTransformerRerank,
    SimilarityPostprocessor,
)
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.rerank.base import RERANK_SCORE, RerankerUnavailable
from index.rerank.cross_encoder import CrossEncoderReranker
from index.rerank.factory import make_reranker
from index.rerank.llama_index import LlamaIndexReranker
from index.rerank.stage import RerankStage
from tests.index.rerank.conftest import SUBJECTS, make_hits, texts_of


class SharedCharacters(BaseNodePostprocessor):
    """Counts the query's characters in title, path and text."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        assert query_bundle is not None
        asked = set(query_bundle.query_str)
        for one in nodes:
            said = one.node.get_content() + one.node.metadata["title"] + one.node.metadata["path"]
            one.score = float(len(asked & set(said)))
        stranger = NodeWithScore(node=TextNode(text="外来的节点"), score=99.0)
        return [stranger, *sorted(nodes, key=lambda one: -(one.score or 0))]


class Never(BaseNodePostprocessor):
    """Waits until the test lets it go on."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        LET_GO.wait(60)
        return nodes[::-1]


class Failing(BaseNodePostprocessor):
    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        raise KeyError("缺了什么")


class NeedsArgument(SharedCharacters):
    must_be_given: int


def made_by_a_function() -> SharedCharacters:
    return SharedCharacters()


LET_GO = threading.Event()
READY = SharedCharacters()
HITS = make_hits(["会议记录", "举报后十五日内受理", "公章", "受理举报吗"])
WANTED = ["受理举报吗", "举报后十五日内受理", "会议记录", "公章"]


@pytest.mark.parametrize("name", ["SharedCharacters", "made_by_a_function", "READY"])
def test_an_own_class_named_in_the_settings(name: str, tmp_path: Path) -> None:
    reranker = make_reranker(f"llama-index:{__name__}:{name}", tmp_path)
    ordered, outcome = RerankStage(reranker, 30, 0).rerank("受理举报吗", HITS)
    assert texts_of(ordered) == WANTED
    assert [hit.extra[RERANK_SCORE] for hit in ordered] == [5.0, 4.0, 0.0, 0.0]
    assert outcome.scored == outcome.candidates == 4
    assert all(RERANK_SCORE not in hit.extra for hit in HITS)


def test_one_made_in_code() -> None:
    stage = RerankStage(LlamaIndexReranker(LongContextReorder()), 30, 0)
    ordered, _ = stage.rerank("问题", HITS)
    nodes = [NodeWithScore(node=TextNode(text=hit.passage.text), score=hit.score) for hit in HITS]
    wanted = [one.node.get_content() for one in LongContextReorder().postprocess_nodes(nodes)]
    assert texts_of(ordered) == wanted != texts_of(HITS)


def test_what_a_postprocessor_leaves_out_stands_behind() -> None:
    hits = [HITS[2], *HITS[:2]]  # fused scores: third, first, second
    cut = SimilarityPostprocessor(similarity_cutoff=HITS[1].score)
    ordered, outcome = RerankStage(LlamaIndexReranker(cut), 30, 0).rerank("问题", hits)
    assert ordered[0].passage == HITS[0].passage and ordered[-1].passage == HITS[2].passage
    assert (outcome.scored, outcome.candidates, outcome.degraded) == (2, 3, False)
    nothing = SimilarityPostprocessor(similarity_cutoff=2.0)
    ordered, outcome = RerankStage(LlamaIndexReranker(nothing), 30, 0).rerank("问题", hits)
    assert ordered == hits and outcome.degraded and "没有留下" in outcome.reason


def test_llama_indexs_own_cross_encoder_agrees_with_ours(cross_encoder_folder: Path) -> None:
    query = next(iter(SUBJECTS))
    hits = make_hits(list(reversed(SUBJECTS.values())))
    theirs = SentenceTransformerRerank(
        model=str(cross_encoder_folder), top_n=2, device="cpu", trust_remote_code=False
    )
    first, outcome = RerankStage(LlamaIndexReranker(theirs), 30, 0).rerank(query, hits)
    second, _ = RerankStage(CrossEncoderReranker(str(cross_encoder_folder)), 30, 0).rerank(
        query, hits
    )
    assert first[0].passage == second[0].passage and first[0].passage.text == SUBJECTS[query]
    assert (outcome.scored, len(first)) == (2, 4)


def test_a_late_one_is_not_waited_for_and_comes_back_later() -> None:
    LET_GO.clear()
    reranker = LlamaIndexReranker(Never())
    stage = RerankStage(reranker, 30, 100)
    try:
        for _ in range(2):  # the second finds the first still running
            ordered, outcome = stage.rerank("问题", HITS)
            assert ordered == HITS and outcome.degraded
            assert "LUMING_RERANK_MS" in outcome.reason
    finally:
        LET_GO.set()
    ordered, _ = RerankStage(reranker, 30, 0).rerank("问题", HITS)
    assert texts_of(ordered) == texts_of(HITS)[::-1]


def test_one_that_raises_costs_only_the_order(caplog: pytest.LogCaptureFixture) -> None:
    stage = RerankStage(LlamaIndexReranker(Failing()), 30, 0)
    for _ in range(2):
        ordered, outcome = stage.rerank("问题", HITS)
        assert ordered == HITS and outcome.degraded and "重排出错" in outcome.reason
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no.such.package:Class", "找不到"),
        (f"{__name__}:NoSuchClass", "找不到"),
        (f"{__name__}:NeedsArgument", "不能不带参数"),
        (f"{__name__}:WANTED", "不是 LlamaIndex"),
        ("pathlib:Path", "不是 LlamaIndex"),
        (__name__, "写法不对"),
        (f"{__name__}:", "写法不对"),
    ],
)
def test_a_wrong_name_is_refused_at_once(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(RerankerUnavailable, match=said):
        make_reranker(f"llama-index:{name}", tmp_path)
