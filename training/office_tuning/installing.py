"""Tuned models in a home: put in, listed, and the way back. Needs no training packages."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from index.encoder.base import EncoderError
from index.encoder.build import read_model
from index.encoder.chosen import choose_model, chosen_model
from training.office_tuning.base import TuningError

PREFIX = "office-"
FIGURES_FILE = "figures.json"


@dataclass(frozen=True)
class Installed:
    """A tuned model of the home; ``problem`` is a Chinese line where it can't be used."""

    name: str
    in_use: bool
    figures: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


def install(folder: Path, models_dir: Path, figures: Mapping[str, Any], day: date) -> str:
    """Copy a model folder into the home under a new name, choose it, and return the name.

    The folder is verified, copied beside its place and renamed, so that a stop leaves nothing half.
    Raises TuningError when it is damaged or the home can't be written.
    """
    try:
        return _install(folder, models_dir, figures, day)
    except (EncoderError, OSError) as error:
        raise TuningError(
            f"装不上微调好的模型：{error}。仍用原来的模型，什么都没有改动。"
        ) from error


def _install(folder: Path, models_dir: Path, figures: Mapping[str, Any], day: date) -> str:
    read_model(folder)
    models_dir.mkdir(parents=True, exist_ok=True)
    name = _free(models_dir, f"{PREFIX}{day:%Y%m%d}")
    work = Path(tempfile.mkdtemp(prefix=".installing-", dir=models_dir))
    try:
        shutil.copytree(folder, work / name)
        text = json.dumps(dict(figures), ensure_ascii=False, indent=1) + "\n"
        (work / name / FIGURES_FILE).write_text(text, encoding="utf-8")
        read_model(work / name)
        os.rename(work / name, models_dir / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    choose_model(models_dir, name)
    return name


def undo(models_dir: Path) -> str | None:
    """Go back to the default; the name of what was in use ("" where it can't be told), or None.

    The tuned model stays on the disk.
    """
    try:
        folder = chosen_model(models_dir)
    except EncoderError:
        choose_model(models_dir, None)
        return ""
    choose_model(models_dir, None)
    return folder.name if folder else None


def installed(models_dir: Path) -> list[Installed]:
    """The tuned models of a home by name."""
    try:
        in_use = chosen_model(models_dir)
    except EncoderError:
        in_use = None
    return [
        _described(folder, folder == in_use)
        for folder in sorted(models_dir.glob(f"{PREFIX}*"))
        if folder.is_dir()
    ]


def _described(folder: Path, in_use: bool) -> Installed:
    try:
        figures = json.loads((folder / FIGURES_FILE).read_text(encoding="utf-8"))
        if not isinstance(figures, dict):
            raise ValueError
    except (OSError, ValueError):
        return Installed(folder.name, in_use, problem="没有读得出来的成绩记录。")
    try:
        read_model(folder)
    except EncoderError as error:
        return Installed(folder.name, in_use, figures, str(error))
    return Installed(folder.name, in_use, figures)


def _free(models_dir: Path, name: str) -> str:
    number, free = 1, name
    while (models_dir / free).exists():
        number += 1
        free = f"{name}-{number}"
    return free
