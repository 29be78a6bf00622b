"""The models that come with the program: whole, found by name, refused when they are damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import index.encoder.build as build
from index.encoder import DEFAULT_MODEL, EncoderError, load_encoder
from index.encoder.build import RERANKER, SHIPPED, read_model
from index.encoder.narrow import for_this_machine, write_narrow
from index.encoder.onnx_e5 import OnnxEncoder


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the default model that may be damaged."""
    return Path(shutil.copytree(SHIPPED / DEFAULT_MODEL, tmp_path / DEFAULT_MODEL))


def test_every_shipped_model_is_whole_and_small(tmp_path: Path) -> None:
    for folder in (one for one in SHIPPED.iterdir() if (one / "manifest.json").is_file()):
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        files = read_model(folder, manifest.get("kind", "encoder"))
        assert files.name == folder.name
        assert sum(one.stat().st_size for one in folder.iterdir()) <= 40e6
        assert "MIT" in (folder / "NOTICE.txt").read_text(encoding="utf-8")
        assert len((folder / "README.md").read_text(encoding="utf-8")) > 500


def test_the_default_needs_no_folder_of_the_home(tmp_path: Path) -> None:
    encoder = load_encoder("default", tmp_path / "没有")
    assert encoder.name == DEFAULT_MODEL
    near, far = encoder.encode_passages(["收受礼品的，给予警告处分。", "食堂七点开门。"])
    [asked] = encoder.encode_queries(["别人送的东西收了会怎么处理"])
    assert asked @ near > asked @ far
    assert load_encoder(DEFAULT_MODEL, tmp_path).fingerprint == encoder.fingerprint


def test_a_folder_in_our_layout_is_taken_by_its_path(copied: Path, tmp_path: Path) -> None:
    by_path = load_encoder(str(copied), tmp_path / "models")
    assert by_path.fingerprint == load_encoder("default", tmp_path / "models").fingerprint


def test_a_swapped_tokenizer_is_noticed(copied: Path, built_models: Path) -> None:
    shutil.copy(built_models / build.WHEEL_MODEL / "tokenizer.bin", copied / "tokenizer.bin")
    with pytest.raises(EncoderError, match=r"tokenizer.bin 已损坏，或是另一个模型的"):
        OnnxEncoder(copied)


def test_a_truncated_model_is_noticed(copied: Path) -> None:
    data = (copied / "model.onnx").read_bytes()
    (copied / "model.onnx").write_bytes(data[: len(data) // 2])
    with pytest.raises(EncoderError, match=r"model.onnx 已损坏"):
        load_encoder(str(copied), copied)


def test_a_damaged_shipped_model_says_how_to_go_on(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copied / "model.onnx").write_bytes(b"")
    monkeypatch.setattr(build, "SHIPPED", copied.parent)
    with pytest.raises(
        EncoderError, match=r"重新安装 LuMing.*LUMING_ENCODER=multilingual-e5-small"
    ):
        read_model(copied)


def test_a_reranker_is_no_encoder(copied: Path) -> None:
    path = copied / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) | {"kind": RERANKER}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(EncoderError, match="是重排模型，不是向量模型"):
        load_encoder(str(copied), copied)


def test_seven_bits_for_other_processors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: list[str]
) -> None:
    folder = SHIPPED / DEFAULT_MODEL
    monkeypatch.setattr("index.encoder.narrow.precision", lambda: "int7")
    made = for_this_machine(folder, tmp_path)
    stamp = (made / "model.onnx").stat().st_mtime_ns
    assert for_this_machine(folder, tmp_path) == made  # once only
    assert (made / "model.onnx").stat().st_mtime_ns == stamp
    narrow, whole = OnnxEncoder(made), OnnxEncoder(folder)
    assert narrow.fingerprint != whole.fingerprint and "int7" in narrow.fingerprint
    cosines = (narrow.encode_passages(texts) * whole.encode_passages(texts)).sum(axis=1)
    assert cosines.min() >= 0.98
    (made / "model.onnx").write_bytes(b"")
    assert np.isfinite(
        OnnxEncoder(for_this_machine(folder, tmp_path)).encode_queries(["你好"])
    ).all()


def test_narrowing_is_the_same_bit_for_bit(tmp_path: Path) -> None:
    for name in ("一", "二"):
        write_narrow(SHIPPED / DEFAULT_MODEL, tmp_path / name)
    first, second = ((tmp_path / name / "model.onnx").read_bytes() for name in ("一", "二"))
    assert first == second
