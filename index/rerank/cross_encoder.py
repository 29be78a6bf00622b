"""A cross-encoder from a local folder: reads query and passage together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import shorten
from index.rerank.base import RerankerUnavailable
from index.rerank.batches import BatchedReranker

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 8
_RUN = 4  # pairs in one run of the model: shorter ones together, so that little is padding
_MAX_TOKENS = 512
_SCORING = ("ForSequenceClassification", "ForCausalLM")
_WEIGHTS = ("*.safetensors", "*.safetensors.index.json", "pytorch_model*.bin*")


class CrossEncoderReranker(BatchedReranker):
    """Any model that ``sentence_transformers.CrossEncoder`` loads and that gives one score.

    The passage is read as the encoder reads it: title, path, repeated head, text. Raw logits
    order the hits: the usual sigmoid makes good scores equal. Pairs are cut at 512 tokens. The
    model is loaded by ``warm_up``, from local files only unless ``allow_hub``; its own code is
    never run.
    """

    def __init__(self, path: str, allow_hub: bool = False, batch: int = _BATCH) -> None:
        """Raises RerankerUnavailable when ``path`` is a folder that holds no cross-encoder."""
        super().__init__(f"cross-encoder:{path}", batch)
        self._path = path
        self._allow_hub = allow_hub
        if Path(path).is_dir():
            check_folder(Path(path))
        elif not allow_hub:
            raise RerankerUnavailable(
                f"找不到重排模型目录“{shorten(path)}”，请检查 LUMING_RERANK；"
                "填模型名时要设置 LUMING_ALLOW_HUB=true 允许下载。"
            )

    @cached_property
    def _model(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(self._path, local_files_only=not self._allow_hub)
        except Exception as error:  # every loader behind it raises its own kinds
            raise RerankerUnavailable(
                f"无法加载重排模型“{shorten(self._path)}”，请确认模型文件完整，"
                "并与 sentence-transformers 的 CrossEncoder 相符。"
            ) from error
        if model.num_labels != 1:
            raise _many_labels(self._path, model.num_labels)
        model.max_seq_length = min(model.max_seq_length or _MAX_TOKENS, _MAX_TOKENS)
        return model

    def load(self) -> None:
        """See ``BatchedReranker``."""
        _ = self._model

    def score(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        """See ``BatchedReranker``: logits."""
        import torch

        scores = self._model.predict(
            [(query, text) for text in texts],
            batch_size=_RUN,
            activation_fn=torch.nn.Identity(),
            show_progress_bar=False,
        )
        return np.asarray(scores, np.float64).tolist()


def check_folder(folder: Path) -> None:
    """Raise RerankerUnavailable unless the files say that this is a cross-encoder with one score.

    Quick, without loading anything. Needed because sentence-transformers takes an embedding model
    too, gives it a scoring layer of random numbers, and any order comes out.
    """
    config = _read(folder / "config.json")
    own = _read(folder / "config_sentence_transformers.json")
    if not config and not own:
        raise RerankerUnavailable(
            f"“{shorten(str(folder))}”不是模型目录（没有可用的 config.json），请检查 LUMING_RERANK。"
        )
    if not any(True for pattern in _WEIGHTS for _ in folder.rglob(pattern)):
        raise RerankerUnavailable(
            f"“{shorten(str(folder))}”里没有模型权重文件，请重新复制完整的模型目录。"
        )
    architectures = config.get("architectures") or [""]
    scores = str(architectures[0]).endswith(_SCORING)
    kind = own.get("model_type", "CrossEncoder" if scores else "")
    if kind != "CrossEncoder":
        raise RerankerUnavailable(
            f"“{shorten(str(folder))}”不是重排模型（CrossEncoder），它没有打分层；"
            "向量模型请填在 LUMING_ENCODER。"
        )
    labels = config.get("id2label")
    if scores and isinstance(labels, dict) and len(labels) > 1 and _classifies(architectures):
        raise _many_labels(str(folder), len(labels))


def _classifies(architectures: Sequence[Any]) -> bool:
    return str(architectures[0]).endswith(_SCORING[0])


def _many_labels(path: str, count: int) -> RerankerUnavailable:
    return RerankerUnavailable(
        f"“{shorten(path)}”给出 {count} 个类别而不是一个相关度分数，不能用来重排，请换一个模型。"
    )


def _read(path: Path) -> dict[str, Any]:
    """The JSON object of a file, {} when there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
