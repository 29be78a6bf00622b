"""A model of 8-bit weights for processors whose 8-bit products saturate: the same in 7 bits."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder.base import EncoderError
from index.encoder.build import (
    ENCODER,
    MANIFEST_FILE,
    MODEL_FILE,
    precision,
    put_in_place,
    read_model,
)

if TYPE_CHECKING:
    from onnx import ModelProto

_WIDE, _NARROW = 127, 63


def for_this_machine(folder: Path, models_dir: Path, kind: str = ENCODER) -> Path:
    """``folder``, or where this processor needs weights of 7 bits, such a copy in ``models_dir``.

    The copy is made once and again when ``folder`` changed. Raises EncoderError for a damaged
    model, and where the copy can't be written.
    """
    if precision() == "int8":
        return folder
    read_model(folder, kind)
    target = models_dir / f"{folder.name}-int7"
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    if manifest["precision"] != "int8" or _is_of(target, manifest, kind):
        return folder if manifest["precision"] != "int8" else target
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".building-", dir=models_dir))
        try:
            write_narrow(folder, work)
            put_in_place(work, target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise EncoderError(
            f"无法写入模型目录 {target}：{error.strerror or error}。请检查磁盘空间和目录权限。"
        ) from error
    return target


def write_narrow(folder: Path, target: Path) -> None:
    """A copy of a whole model folder in ``target``, its weights in 7 bits."""
    import onnx

    shutil.copytree(folder, target, dirs_exist_ok=True)
    model = onnx.load(str(folder / MODEL_FILE))
    narrow(model)
    data = model.SerializeToString(deterministic=True)
    (target / MODEL_FILE).write_bytes(data)
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    manifest["narrowed_from"] = manifest["sha256"][MODEL_FILE]
    manifest["sha256"][MODEL_FILE] = hashlib.sha256(data).hexdigest()
    manifest["precision"] = "int7"
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (target / MANIFEST_FILE).write_text(text, encoding="utf-8")


def narrow(model: ModelProto) -> None:
    """Round the weights of every ``DynamicQuantizeMatMul`` from ±127 steps to ±63, in place."""
    from onnx import numpy_helper

    tensors = {one.name: one for one in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != "DynamicQuantizeMatMul":
            continue
        codes, scales = tensors[node.input[1]], tensors[node.input[2]]
        fewer = np.rint(numpy_helper.to_array(codes).astype(np.float32) * (_NARROW / _WIDE))
        wider = numpy_helper.to_array(scales) * np.float32(_WIDE / _NARROW)
        codes.CopyFrom(numpy_helper.from_array(fewer.astype(np.int8), codes.name))
        scales.CopyFrom(numpy_helper.from_array(wider.astype(np.float32), scales.name))


def _is_of(target: Path, manifest: dict, kind: str) -> bool:
    """Whether ``target`` is whole and was made of the model that ``manifest`` describes."""
    try:
        made = json.loads((target / MANIFEST_FILE).read_text(encoding="utf-8"))
        if made.get("narrowed_from") != manifest["sha256"][MODEL_FILE]:
            return False
        read_model(target, kind)
    except (OSError, ValueError, EncoderError):
        return False
    return True
