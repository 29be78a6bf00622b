"""Training as a process of its own, in the time that there is; goes on where it was stopped."""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from training.office_tuning.base import TuningError

PACKAGES = ("torch", "sentence_transformers", "datasets", "accelerate", "safetensors")
BATCH = 16
MEASURED = 3  # steps, after one that warms up
_ROOT = Path(__file__).resolve().parents[2]


def check_packages() -> None:
    """Raise TuningError with the command that installs what is missing."""
    missing = [one for one in PACKAGES if importlib.util.find_spec(one) is None]
    if missing:
        raise TuningError(
            f"微调需要另装的组件还没有（{'、'.join(missing)}），请先运行："
            "pip install 'luming[training]'。什么都没有改动。"
        )


def quiet() -> None:
    """Let transformers keep its bars and reports to itself: stderr is for the user's lines."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def pace(base: Path, rows: Sequence[dict[str, str]], batch: int, threads: int) -> float:
    """Seconds that a step of ``training.tune`` takes here, measured on ``rows``."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    from training.tune import FROZEN_LAYERS, MAX_TOKENS, freeze

    torch.set_num_threads(threads)
    model = SentenceTransformer(str(base), device="cpu")
    model.max_seq_length = MAX_TOKENS
    freeze(model, FROZEN_LAYERS)
    loss = MultipleNegativesRankingLoss(model)
    columns = list(rows[0])
    taken = []
    for step in range(1 + MEASURED):
        drawn = [rows[(step * batch + n) % len(rows)] for n in range(batch)]
        features = [model.preprocess([row[column] for row in drawn]) for column in columns]
        begun = time.monotonic()
        with torch.autocast("cpu", torch.bfloat16):
            value = loss(features, torch.zeros(batch))
        value.backward()
        model.zero_grad()
        taken.append(time.monotonic() - begun)
    return statistics.median(taken[1:])


def train(
    base: Path,
    mined: Sequence[str],
    out: Path,
    *,
    steps: int,
    batch: int = BATCH,
    threads: int = 2,
    seed: int = 0,
    rate: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Run ``training.tune`` to its end and return the tuned folder; a finished one is taken as is.

    Raises TuningError with the last line that the process wrote where it fails. Where this
    process is stopped, so is the training; what it saved is gone on from the next time.
    """
    final = out / "final"
    if (final / "modules.json").is_file():
        return final
    out.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "training.tune", "--base", str(base), "--mined", *mined]
    command += ["--out", str(out), "--steps", str(steps), "--batch", str(batch)]
    command += ["--save", str(max(1, min(50, steps // 4))), "--threads", str(threads)]
    command += ["--seed", str(seed), *(["--rate", str(rate)] if rate else [])]
    errors = out / "train.log"
    with errors.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=_ROOT, stdout=log, stderr=log)
        try:
            while process.poll() is None:
                time.sleep(0.5)
                if progress is not None:
                    progress(min(steps, _step(out / "log.jsonl")), steps)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if process.returncode or not (final / "modules.json").is_file():
        lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        raise TuningError(
            f"训练中断（{lines[-1][:200] if lines else '没有输出'}），详见 {errors}。"
            "没有装上任何模型；再运行一次会从存下的地方接着训练。"
        )
    return final


def _step(log: Path) -> int:
    try:
        lines = log.read_text(encoding="utf-8").splitlines()
        return int(json.loads(lines[-1])["step"]) if lines else 0
    except (OSError, ValueError, KeyError):
        return 0
