"""The reranker that the settings ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import shorten
from index.rerank.base import Reranker, RerankerUnavailable
from index.rerank.late_interaction import NAME, LateInteractionReranker, gives_tokens
from index.rerank.none import NoReranker
from index.rerank.stage import RerankStage

if TYPE_CHECKING:
    from index.encoder.base import Encoder
    from index.settings import Settings


DEFAULT = "default"


def make_rerank_stage(
    settings: Settings, encoder: Encoder | None = None, reranker: Reranker | None = None
) -> RerankStage:
    """The stage of a library: one for its lifetime, as it keeps the model and what it learned.

    ``encoder`` is that of the library. ``reranker`` replaces the one that the settings name; a
    LlamaIndex postprocessor made in code goes in as ``LlamaIndexReranker(postprocessor)``. Raises
    RerankerUnavailable.
    """
    chosen = reranker or make_reranker(
        settings.rerank, settings.models_dir, encoder, allow_hub=settings.allow_hub
    )
    return RerankStage(chosen, settings.rerank_candidates, settings.rerank_ms)


def make_reranker(
    name: str, models_dir: Path, encoder: Encoder | None = None, *, allow_hub: bool = False
) -> Reranker:
    """``default``, ``none``, ``late-interaction``, ``cross-encoder:PATH`` or
    ``llama-index:package.module:Class``.

    ``default`` is late interaction where ``encoder`` gives vectors of tokens, else none. PATH is a
    folder, also one inside ``models_dir``, or with ``allow_hub`` a model's name. No model is loaded
    here. Raises RerankerUnavailable on anything else, on an encoder or a folder that can't be used
    so, and on a class that isn't there.
    """
    kind, _, rest = (part.strip() for part in name.partition(":"))
    if kind == "none" and not rest:
        return NoReranker()
    if kind in (DEFAULT, NAME) and not rest:
        if encoder is not None and gives_tokens(encoder):
            return LateInteractionReranker(encoder)
        if kind == DEFAULT:
            return NoReranker()
        raise RerankerUnavailable(
            "现在用的向量模型给不出逐词的向量，不能按 late-interaction 重排；"
            "请把 LUMING_RERANK 改为 none，或改用自带的向量模型（LUMING_ENCODER=default）。"
        )
    if kind == "cross-encoder" and rest:
        from index.rerank.cross_encoder import CrossEncoderReranker

        inside = models_dir / rest
        path = str(inside) if not Path(rest).is_dir() and inside.is_dir() else rest
        return CrossEncoderReranker(path, allow_hub)
    if kind == "llama-index" and rest:
        from index.rerank.llama_index import LlamaIndexReranker, load_postprocessor

        return LlamaIndexReranker(load_postprocessor(rest), name)
    raise RerankerUnavailable(
        f"不认识的重排方式“{shorten(name)}”，LUMING_RERANK 可填 default、none、late-interaction、"
        "cross-encoder:模型目录、llama-index:包.模块:类名。"
    )
