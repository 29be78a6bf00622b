"""Encoders: texts to unit vectors. ``load_encoder`` is the only way in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.encoder.base import Encoder, EncoderError, Progress

__all__ = ["DEFAULT_MODEL", "Encoder", "EncoderError", "Progress", "load_encoder", "model_of"]

DEFAULT_MODEL = "luming-e5"
"""The model that ``default`` stands for."""


def load_encoder(
    name: str,
    models_dir: Path,
    *,
    allow_hub: bool = False,
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Encoder:
    """The encoder that the settings name.

    ``default`` is the model that the home has chosen (``index.encoder.chosen``), else ours. The
    models that come with the program need nothing else;
    ``multilingual-e5-small`` is built into ``models_dir`` when it is missing, damaged or outdated
    (some seconds; ``progress`` gets Chinese lines). Anything else is a local folder, a folder
    inside ``models_dir``, or a model name, loaded by sentence-transformers on first use unless it
    is a folder in our own layout. ``threads`` bounds the threads (None: all processors).

    Raises EncoderError, with a Chinese line, when the name is empty or the model cannot be had.
    """
    if not name.strip():
        raise EncoderError("没有填写向量模型。请把 LUMING_ENCODER 设为 default 或模型目录。")
    from index.encoder.build import MANIFEST_FILE, SHIPPED, WHEEL_MODEL
    from index.encoder.chosen import chosen_model

    chosen = chosen_model(models_dir) if name == "default" else None
    wanted = chosen.name if chosen else model_of(name)
    if wanted == WHEEL_MODEL:
        return _load_wheel(models_dir / WHEEL_MODEL, threads, progress)
    for folder in (SHIPPED / wanted, Path(wanted), models_dir / wanted):
        if (folder / MANIFEST_FILE).is_file() or (folder.parent == SHIPPED and folder.is_dir()):
            from index.encoder.narrow import for_this_machine
            from index.encoder.onnx_e5 import OnnxEncoder

            return OnnxEncoder(for_this_machine(folder, models_dir), threads, wanted)
    from index.encoder.st import SentenceTransformerEncoder

    inside = models_dir / name
    path = str(inside) if not Path(name).is_dir() and inside.is_dir() else name
    return SentenceTransformerEncoder(path, allow_hub)


def model_of(name: str) -> str:
    """The model that a name in the settings, or one that a library keeps, stands for."""
    return DEFAULT_MODEL if name == "default" else name


def _load_wheel(
    folder: Path, threads: int | None, progress: Callable[[str], None] | None
) -> Encoder:
    from index.encoder.build import build_default_encoder, suits_this_machine
    from index.encoder.onnx_e5 import OnnxEncoder

    if suits_this_machine(folder):
        try:
            return OnnxEncoder(folder, threads)
        except EncoderError:
            pass  # damaged: built again below
    return OnnxEncoder(build_default_encoder(folder, progress), threads)
