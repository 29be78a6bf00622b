"""Encoders: texts to unit vectors. ``load_encoder`` is the only way in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.encoder.base import Encoder, EncoderError, Progress

__all__ = ["DEFAULT_FOLDER", "Encoder", "EncoderError", "Progress", "load_encoder"]

DEFAULT_FOLDER = "multilingual-e5-small"
"""The default model's folder inside the models folder."""


def load_encoder(
    name: str,
    models_dir: Path,
    *,
    allow_hub: bool = False,
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Encoder:
    """The encoder that the settings name.

    ``default`` is built into ``models_dir`` when it is missing, damaged or outdated (some
    seconds; ``progress`` gets Chinese lines). Anything else is a local folder, a folder inside
    ``models_dir``, or a model name, loaded by sentence-transformers on first use. ``threads``
    bounds the default encoder's threads (None: all processors).

    Raises EncoderError, with a Chinese line, when the name is empty or the model cannot be had.
    """
    if not name.strip():
        raise EncoderError("没有填写向量模型。请把 LUMING_ENCODER 设为 default 或模型目录。")
    if name == "default":
        return _load_default(models_dir / DEFAULT_FOLDER, threads, progress)
    from index.encoder.st import SentenceTransformerEncoder

    inside = models_dir / name
    path = str(inside) if not Path(name).is_dir() and inside.is_dir() else name
    return SentenceTransformerEncoder(path, allow_hub)


def _load_default(
    folder: Path, threads: int | None, progress: Callable[[str], None] | None
) -> Encoder:
    from index.encoder.build import build_default_encoder, suits_this_machine
    from index.encoder.onnx_e5 import DefaultEncoder

    if suits_this_machine(folder):
        try:
            return DefaultEncoder(folder, threads)
        except EncoderError:
            pass  # damaged: built again below
    return DefaultEncoder(build_default_encoder(folder, progress), threads)
