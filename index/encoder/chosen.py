"""Which tuned model of its own a home has chosen in place of the default: ``models/chosen.json``.

``{"model": "office-20260101"}`` names a folder beside the file. Without the file the
default model is used, so deleting it is the way back.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from index.encoder.base import EncoderError

CHOSEN_FILE = "chosen.json"


def chosen_model(models_dir: Path) -> Path | None:
    """The folder that is chosen in place of the default; None for the default.

    Raises EncoderError, with what to do, when the choice can't be read or its model isn't there:
    another model than the one that made the vectors must not be taken silently.
    """
    file = models_dir / CHOSEN_FILE
    try:
        name = json.loads(file.read_text(encoding="utf-8"))["model"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError(
            f"{file} 读不出来，不知道选用了哪个模型；运行 luming tune --undo 可改回自带的模型。"
        ) from error
    if not _is_name(name) or not (models_dir / name).is_dir():
        raise EncoderError(
            f"选用的模型“{str(name)[:80]}”不在 {models_dir} 里；"
            "请把它放回去，或运行 luming tune --undo 改回自带的模型。"
        )
    return models_dir / name


def choose_model(models_dir: Path, name: str | None) -> None:
    """Choose a folder of ``models_dir``, or with None go back to the default."""
    file = models_dir / CHOSEN_FILE
    if name is None:
        file.unlink(missing_ok=True)
        return
    if not _is_name(name) or not (models_dir / name).is_dir():
        raise EncoderError(f"{models_dir} 里没有模型“{name[:80]}”。")
    part = file.with_suffix(".part")
    part.write_text(json.dumps({"model": name}, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, file)


def _is_name(name: object) -> bool:
    """Whether it is one step of a path: nothing outside the models folder is ever loaded."""
    return isinstance(name, str) and name not in ("", ".", "..") and not set(name) & set("/\\\0")
