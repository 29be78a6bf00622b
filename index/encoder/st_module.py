"""The default engine as a module of sentence-transformers (imports torch)."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule

from index.encoder.build import MANIFEST_FILE, MODEL_FILE, NOTICE_FILE, TOKENIZER_FILE, read_model
from index.encoder.onnx_e5 import DIMENSION, MAX_TOKENS, PASSAGE_PREFIX, QUERY_PREFIX, OnnxE5


class OnnxE5Module(InputModule):
    """Tokenises, runs the ONNX graph and gives unit vectors: a whole model in one module.

    Saved, its folder is a model folder of ``build_default_encoder``; loading it again through
    ``SentenceTransformer(path, trust_remote_code=True)`` verifies the checksums.
    """

    save_in_root = False

    def __init__(self, engine: OnnxE5, folder: Path) -> None:
        super().__init__()
        self.engine = engine
        self.folder = folder

    @property
    def max_seq_length(self) -> int:
        """Tokens of the longest input; the rest of a text is cut off."""
        return MAX_TOKENS

    def get_embedding_dimension(self) -> int:
        """384."""
        return DIMENSION

    def preprocess(  # type: ignore[override]
        self, inputs: Sequence[str], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, torch.Tensor]:
        """``input_ids`` and ``attention_mask``, padded on the right."""
        rows = [self.engine.token_ids((prompt or "") + text) for text in inputs]
        width = max((len(row) for row in rows), default=0)
        ids = torch.ones((len(rows), width), dtype=torch.long)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = torch.tensor(row)
            mask[i, : len(row)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Adds ``sentence_embedding``, float32 unit vectors on the device of the ids."""
        ids, mask = features["input_ids"], features["attention_mask"]
        lengths = mask.sum(dim=1).tolist()
        rows = [row[:length].tolist() for row, length in zip(ids, lengths, strict=True)]
        features["sentence_embedding"] = torch.from_numpy(self.engine.encode_ids(rows)).to(
            ids.device
        )
        return features

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Copy the model folder."""
        Path(output_path).mkdir(parents=True, exist_ok=True)
        for name in (MODEL_FILE, TOKENIZER_FILE, NOTICE_FILE, MANIFEST_FILE):
            shutil.copyfile(self.folder / name, Path(output_path) / name)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **kwargs: Any) -> OnnxE5Module:  # type: ignore[override]
        """Load a saved module from a local folder. Raises EncoderError when it is damaged."""
        folder = Path(model_name_or_path) / subfolder
        return cls(OnnxE5.open(read_model(folder)), folder)


def sentence_transformer(engine: OnnxE5, folder: Path) -> SentenceTransformer:
    """A SentenceTransformer whose prompts are E5's: ``query`` and ``passage`` (= ``document``)."""
    prompts = {
        "query": QUERY_PREFIX,
        "passage": PASSAGE_PREFIX,
        "document": PASSAGE_PREFIX,
    }
    return SentenceTransformer(
        modules=[OnnxE5Module(engine, folder)], device="cpu", prompts=prompts
    )
