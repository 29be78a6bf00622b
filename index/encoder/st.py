"""Any other model that sentence-transformers can load, by folder or by name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder.base import EncoderError, Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32


class SentenceTransformerEncoder:
    """``Encoder`` over a plain SentenceTransformer.

    A model's own prompts are used; a model of the E5 family without prompts gets its prefixes.
    Without ``allow_hub`` only local files are used. The model is loaded on first use.
    """

    def __init__(self, name: str, allow_hub: bool = False) -> None:
        self.name = name
        self._allow_hub = allow_hub

    @cached_property
    def sentence_transformer(self) -> SentenceTransformer:
        """See ``Encoder``. Raises EncoderError when the model cannot be loaded."""
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self.name, local_files_only=not self._allow_hub)
        except Exception as error:  # every loader behind it raises its own kinds
            if Path(self.name).is_dir():
                advice = "请确认该目录是完整的 sentence-transformers 模型。"
            elif self._allow_hub:
                advice = "请检查模型名和网络，或先把模型下载到本地目录再填目录路径。"
            else:
                advice = "本机没有这个模型；请填写模型的本地目录，或设置 LUMING_ALLOW_HUB=true 允许下载。"
            raise EncoderError(f"无法加载向量模型“{self.name}”。{advice}") from error

    @cached_property
    def dimension(self) -> int:
        """See ``Encoder``."""
        size = self.sentence_transformer.get_embedding_dimension()
        return int(size or self.encode_queries(["维数"]).shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over the parameters and the prompts."""
        digest = hashlib.sha256()
        for key, tensor in sorted(self.sentence_transformer.state_dict().items()):
            digest.update(f"{key}{tuple(tensor.shape)}{tensor.dtype}".encode())
            data = tensor.detach().cpu().contiguous().view(-1)
            digest.update(data.view(_bytes_type()).numpy().tobytes())
        for prompt in self._prompts:
            digest.update(b"\0" + prompt.encode())
        return f"st-{digest.hexdigest()[:16]}"

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Encoder``."""
        return self._encode(texts, self._prompts[0], _BATCH)

    def encode_passages(
        self,
        texts: Sequence[str],
        batch_size: int | None = None,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """See ``Encoder``."""
        batch = batch_size or _BATCH
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            vectors[chosen] = self._encode([texts[i] for i in chosen], self._prompts[1], batch)
            if progress is not None:
                progress(len(chosen))
        return vectors

    @cached_property
    def _prompts(self) -> tuple[str, str]:
        """What goes before a query and before a passage."""
        own = self.sentence_transformer.prompts or {}
        query = own.get("query") or ""
        passage = own.get("passage") or own.get("document") or ""
        if not query and not passage and is_e5(self.name):
            return "query: ", "passage: "
        return query, passage

    def _encode(self, texts: Sequence[str], prompt: str, batch: int) -> np.ndarray:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self.sentence_transformer.encode(
            list(texts),
            prompt=prompt,
            batch_size=batch,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)


def is_e5(name: str) -> bool:
    """Whether a model's name says that it belongs to the E5 family (not e5-…-instruct)."""
    words = Path(name).name.lower().replace("_", "-").split("-")
    return "e5" in words and "instruct" not in words


def _bytes_type():
    import torch

    return torch.uint8
