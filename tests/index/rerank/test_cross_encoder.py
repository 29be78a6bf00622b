"""A real cross-encoder from a folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.rerank.base import RERANK_SCORE, RerankerUnavailable
from index.rerank.cross_encoder import CrossEncoderReranker
from index.rerank.factory import make_reranker
from index.rerank.stage import RerankStage
from tests.index.rerank.conftest import SUBJECTS, make_hits, save_bert, texts_of


@pytest.mark.parametrize("query", SUBJECTS)
def test_the_passage_that_answers_comes_first(cross_encoder_folder: Path, query: str) -> None:
    texts = [f"执行本条，各单位{text}，办公室。" for text in SUBJECTS.values()] * 3
    answer = texts[list(SUBJECTS).index(query)]
    hits = make_hits(sorted(texts, key=lambda text: text == answer))  # the right ones last
    stage = RerankStage(CrossEncoderReranker(str(cross_encoder_folder)), 30, 0)
    ordered, outcome = stage.rerank(query, hits)
    assert texts_of(ordered)[:3] == [answer] * 3
    assert outcome.scored == outcome.candidates == 12 and not outcome.degraded
    scores = [hit.extra[RERANK_SCORE] for hit in ordered]
    assert scores == sorted(scores, reverse=True)


def test_scores_are_those_of_sentence_transformers(cross_encoder_folder: Path) -> None:
    import torch
    from sentence_transformers import CrossEncoder

    query, other = list(SUBJECTS)[:2]
    hits = make_hits([*SUBJECTS.values(), "无关。" * 400, "短"])
    plain = CrossEncoder(str(cross_encoder_folder), local_files_only=True)
    for asked in (query, other):
        stage = RerankStage(CrossEncoderReranker(str(cross_encoder_folder), batch=4), 30, 0)
        ordered, _ = stage.rerank(asked, hits)
        for hit in ordered:
            text = hit.passage.embedding_text(hit.document.title)
            score = plain.predict((asked, text), activation_fn=torch.nn.Identity())
            assert hit.extra[RERANK_SCORE] == pytest.approx(float(score), abs=1e-4)


def test_a_sigmoid_in_the_models_settings_does_not_make_scores_equal(
    cross_encoder_folder: Path, tmp_path: Path
) -> None:
    """Ten times the logits: after a sigmoid in float32, good and better are both 1."""
    import torch
    from transformers import BertForSequenceClassification

    folder = tmp_path / "steep"
    shutil.copytree(cross_encoder_folder, folder)
    model = BertForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        model.classifier.weight.mul_(10)
        model.classifier.bias.mul_(10)
    model.save_pretrained(folder)
    query, answer = next(iter(SUBJECTS.items()))
    hits = make_hits([f"各单位{answer}", answer, f"{answer}。{answer}", f"本条{answer}"])
    steep, _ = RerankStage(CrossEncoderReranker(str(folder)), 30, 0).rerank(query, hits)
    plain, _ = RerankStage(CrossEncoderReranker(str(cross_encoder_folder)), 30, 0).rerank(
        query, hits
    )
    assert len({hit.extra[RERANK_SCORE] for hit in steep}) == 4
    assert texts_of(steep) == texts_of(plain)


def test_a_folder_inside_the_models_folder_is_found_by_its_name(
    cross_encoder_folder: Path,
) -> None:
    name = f"cross-encoder:{cross_encoder_folder.name}"
    reranker = make_reranker(name, cross_encoder_folder.parent)
    query, answer = next(iter(SUBJECTS.items()))
    ordered, _ = RerankStage(reranker, 30, 0).rerank(query, make_hits(["别的", answer]))
    assert texts_of(ordered)[0] == answer


def test_a_folder_saved_by_sentence_transformers_is_taken(
    cross_encoder_folder: Path, tmp_path: Path
) -> None:
    from sentence_transformers import CrossEncoder

    CrossEncoder(str(cross_encoder_folder), local_files_only=True).save_pretrained(
        str(tmp_path / "saved")
    )
    query, answer = next(iter(SUBJECTS.items()))
    reranker = make_reranker(f"cross-encoder:{tmp_path / 'saved'}", tmp_path)
    ordered, outcome = RerankStage(reranker, 30, 0).rerank(query, make_hits(["别的", answer]))
    assert texts_of(ordered)[0] == answer and not outcome.degraded


def _empty(folder: Path) -> None:
    folder.mkdir()


def _embedding_model(folder: Path) -> None:
    """What another program would save as a BERT for vectors: no scoring layer."""
    folder.mkdir()
    save_bert(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["architectures"] = ["BertModel"]
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def _sentence_transformer(folder: Path) -> None:
    _embedding_model(folder)
    (folder / "config_sentence_transformers.json").write_text(
        '{"model_type": "SentenceTransformer"}', encoding="utf-8"
    )


def _classifier(folder: Path) -> None:
    folder.mkdir()
    save_bert(folder, labels=3)


def _without_weights(folder: Path) -> None:
    folder.mkdir()
    save_bert(folder)
    (folder / "model.safetensors").unlink()


def _nonsense(folder: Path) -> None:
    folder.mkdir()
    (folder / "config.json").write_text("[" * 100_000, encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_empty, "不是模型目录"),
        (_nonsense, "不是模型目录"),
        (_embedding_model, "没有打分层"),
        (_sentence_transformer, "LUMING_ENCODER"),
        (_classifier, "3 个类别"),
        (_without_weights, "没有模型权重"),
        (lambda folder: None, "找不到重排模型目录"),
    ],
)
def test_a_folder_that_is_no_cross_encoder_is_refused_at_once(make, said, tmp_path: Path) -> None:
    make(tmp_path / "model")
    with pytest.raises(RerankerUnavailable, match=said):
        make_reranker(f"cross-encoder:{tmp_path / 'model'}", tmp_path)


def test_broken_weights_cost_only_the_order(tmp_path: Path, caplog) -> None:
    save_bert(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\x00" * 100)
    stage = RerankStage(make_reranker(f"cross-encoder:{tmp_path}", tmp_path), 30, 150)
    hits = make_hits(["甲", "乙"])
    ordered, outcome = stage.rerank("问题", hits)
    assert ordered == hits and outcome.degraded
    assert "无法加载重排模型" in outcome.reason and "\n" not in outcome.reason
    assert len([one for one in caplog.records if one.name.startswith("index.")]) == 1


def test_two_labels_that_the_folder_does_not_name_are_seen_when_loading(tmp_path: Path) -> None:
    save_bert(tmp_path, labels=2)
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    config.pop("id2label", None)
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(RerankerUnavailable, match="2 个类别"):
        make_reranker(f"cross-encoder:{tmp_path}", tmp_path).warm_up()
