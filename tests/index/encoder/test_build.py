from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.encoder import EncoderError, load_encoder
from index.encoder.build import WHEEL_MODEL, build_default_encoder, read_model, write_model
from index.encoder.onnx_e5 import OnnxEncoder


def _files(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize("precision", ["int8", "int7"])
def test_conversion_is_the_same_bit_for_bit(tmp_path: Path, precision: str):
    for name in ("一", "二"):
        (tmp_path / name).mkdir()
        write_model(tmp_path / name, precision, lambda line: None)
    assert _files(tmp_path / "一") == _files(tmp_path / "二")


def test_a_built_folder_names_its_licence_and_checksums(built_models: Path):
    folder = built_models / WHEEL_MODEL
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = _files(folder)
    assert {name: files[name] for name in manifest["sha256"]} == manifest["sha256"]
    assert manifest["license"] == "MIT"
    assert "multilingual-e5-small" in (folder / "NOTICE.txt").read_text(encoding="utf-8")
    assert [p.name for p in built_models.iterdir()] == [WHEEL_MODEL]


def test_building_again_changes_nothing(built_models: Path):
    folder = built_models / WHEEL_MODEL
    before = [(p.name, p.stat().st_mtime_ns) for p in sorted(folder.iterdir())]
    lines: list[str] = []
    assert build_default_encoder(folder, lines.append) == folder
    assert lines == []
    assert [(p.name, p.stat().st_mtime_ns) for p in sorted(folder.iterdir())] == before


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.bin", "manifest.json", "NOTICE.txt"])
def test_a_damaged_file_is_noticed_and_built_again(tmp_path: Path, built_models: Path, name: str):
    folder = tmp_path / WHEEL_MODEL
    shutil.copytree(built_models / WHEEL_MODEL, folder)
    whole = _files(folder)
    with open(folder / name, "r+b") as file:
        middle = os.path.getsize(folder / name) // 2
        file.seek(middle)
        byte = file.read(1)
        file.seek(middle)
        file.write(bytes([byte[0] ^ 0x80]))
    with pytest.raises(EncoderError, match="已损坏"):
        OnnxEncoder(folder)
    vectors = load_encoder(WHEEL_MODEL, tmp_path).encode_queries(["双报到"])
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=1e-5)
    assert _files(folder) == whole
    assert [p.name for p in tmp_path.iterdir()] == [WHEEL_MODEL]


def test_missing_file_and_missing_folder_say_what_to_do(tmp_path: Path, built_models: Path):
    folder = tmp_path / "model"
    shutil.copytree(built_models / WHEEL_MODEL, folder)
    (folder / "model.onnx").unlink()
    with pytest.raises(EncoderError, match=r"缺少文件 model.onnx.*请删除目录"):
        read_model(folder)
    with pytest.raises(EncoderError, match="清单"):
        read_model(tmp_path / "nothing")


def test_a_folder_that_cannot_be_written_gives_one_line(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(EncoderError, match="无法写入向量模型目录"):
        build_default_encoder(tmp_path / "file" / "model")
