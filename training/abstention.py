"""Fit the weights of ``assistant/abstention.json``: ``python -m training.abstention [--dry]``.

Data: the project's own questions on its sample library (``corpus/questions.jsonl`` and
``corpus/questions-staff.jsonl``). Positives are answerable questions whose chosen sentences hold
what the answer must hold. Negatives are

- ``unanswerable``: questions that the library cannot answer, written as such,
- ``without_passage``: an answerable question with the passages that answer it taken out of what
  the search finds; the rest of its document stays, so this is a near miss,
- ``without_document``: the same with its documents taken out of the library.

Another passage may answer as well, so the last two are partly mislabelled and weigh less.

Method: logistic regression with an L2 penalty on standardised features; a weight whose sign
contradicts what its feature means is set to 0. The threshold is the one that loses least on
held-out data, where a wrong answer costs as much as a wrong refusal. Held out are whole documents:
eight folds, every question in the fold of its document; then the held-out questions
(``corpus/questions-heldout.jsonl``), of which nothing is fitted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.abstention import Support
from bench.answers import (
    SETS,
    contains_all,
    gold_documents,
    is_answerable,
    open_corpus,
    read_questions,
)

if TYPE_CHECKING:
    from assistant.extractive import ExtractiveAnswerer
    from index.library import Library
    from index.records import Hit

WEIGHTS = Path(__file__).resolve().parent.parent / "assistant" / "abstention.json"
FITTED, HELD_OUT = ("示例", "员工"), ("留出",)
NAMES = tuple(field.name for field in fields(Support))
AGAINST = ("typed", "listed", "asked", "contradicted", "brief")  # larger speaks against an answer
WEIGHT = {"positive": 1.0, "unanswerable": 1.0, "without_passage": 0.2, "without_document": 0.1}
PENALTY = 2.0
FOLDS = 8


@dataclass(frozen=True)
class Example:
    """Features of one try to answer; ``group`` is its document."""

    features: tuple[float, ...]
    kind: str  # a key of WEIGHT
    group: str
    q: str


def examples(library: Library, questions: Sequence[dict[str, Any]]) -> list[Example]:
    """Positives and the three sorts of negatives."""
    from assistant.extractive import ExtractiveAnswerer

    answerer = ExtractiveAnswerer(library)
    found: list[Example] = []
    for line in questions:
        group = min((Path(name).name for name in gold_documents(line)), default=line["q"])
        if not is_answerable(line):
            tried = answerer.support(line["q"])
            if tried is not None:
                found.append(_example(tried[0], "unanswerable", group, line))
            continue
        tried = answerer.support(line["q"])
        if tried is not None and contains_all(tried[1], line["answer_contains"]):
            found.append(_example(tried[0], "positive", group, line))
        found.extend(_without(answerer, library, line, group))
    return found


def _without(
    answerer: ExtractiveAnswerer, library: Library, line: dict[str, Any], group: str
) -> list[Example]:
    """The question asked of a library that lacks its passages, or its documents."""
    from index.records import SearchFilter

    gold = {Path(name).name for name in gold_documents(line)}
    rest = tuple(
        d.document_id
        for d in library.catalog.documents()
        if Path(d.source).name not in gold
        and not contains_all(library.catalog.document_text(d.document_id), line["answer_contains"])
    )
    tries = {
        "without_passage": answerer.support(line["q"], without=_answers(line, gold)),
        "without_document": answerer.support(line["q"], SearchFilter(document_ids=rest))
        if rest
        else None,
    }
    return [
        _example(tried[0], kind, group, line) for kind, tried in tries.items() if tried is not None
    ]


def _answers(line: dict[str, Any], gold: set[str]) -> Callable[[Hit], bool]:
    """Whether a passage holds any part of the answer (in the answer's document) or all of it."""

    def holds(hit: Hit) -> bool:
        text = hit.passage.text
        if Path(hit.document.source).name in gold:
            return any(contains_all(text, [wanted]) for wanted in line["answer_contains"])
        return contains_all(text, line["answer_contains"])

    return holds


def _example(support: Support, kind: str, group: str, line: dict[str, Any]) -> Example:
    return Example(tuple(asdict(support).values()), kind, group, line["q"])


@dataclass(frozen=True)
class Model:
    """``probability(x)`` = logistic(bias + x · weights)."""

    bias: float
    weights: np.ndarray

    def probability(self, features: np.ndarray) -> np.ndarray:
        """Of each row (n, f) → (n,)."""
        value = np.clip(self.bias + features @ self.weights, -30, 30)
        return np.asarray(1 / (1 + np.exp(-value)))


def fit(data: Sequence[Example]) -> Model:
    """Newton's method; positives and negatives weigh the same in all."""
    x = np.array([example.features for example in data])
    y = np.array([example.kind == "positive" for example in data], float)
    weight = np.array([WEIGHT[example.kind] for example in data])
    weight[y == 1] *= weight[y == 0].sum() / weight[y == 1].sum()
    weight /= weight.mean()
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    free = np.ones(len(NAMES), bool)
    while True:
        design = np.column_stack([np.ones(len(x)), ((x - mean) / spread)[:, free]])
        solved = _newton(design, y, weight)
        weights = np.zeros(len(NAMES))
        weights[free] = solved[1:] / spread[free]
        wrong = [n in AGAINST for n in NAMES] == (weights > 0)
        wrong &= weights != 0
        if not wrong.any():
            return Model(float(solved[0] - mean @ weights), weights)
        free &= ~wrong


def _newton(design: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    solved = np.zeros(design.shape[1])
    ridge = PENALTY * np.eye(len(solved))
    ridge[0, 0] = 1e-6
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(design @ solved, -30, 30)))
        gradient = design.T @ (weight * (p - y)) + ridge @ solved
        curvature = (design.T * (weight * p * (1 - p))) @ design + ridge
        step = np.linalg.solve(curvature, gradient)
        solved = solved - step
        if np.abs(step).max() < 1e-9:
            break
    return solved


def held_out(data: Sequence[Example]) -> np.ndarray:
    """Probability of each example by weights fitted without the questions on its document."""
    groups = sorted({example.group for example in data})
    order = np.random.default_rng(1).permutation(len(groups))
    fold_of = {groups[g]: i % FOLDS for i, g in enumerate(order)}
    folds = np.array([fold_of[example.group] for example in data])
    out = np.zeros(len(data))
    for number in range(FOLDS):
        rest = [e for e, f in zip(data, folds, strict=True) if f != number]
        here = np.array([e.features for e, f in zip(data, folds, strict=True) if f == number])
        out[folds == number] = fit(rest).probability(here)
    return out


def threshold_of(data: Sequence[Example], p: np.ndarray) -> float:
    """The probability from which to answer: least of wrongly refused plus wrongly answered."""
    positive = np.array([e.kind == "positive" for e in data])
    negative = np.array([e.kind == "unanswerable" for e in data])
    grid = np.arange(0.3, 0.71, 0.01)
    losses = np.array([(p[positive] < t).mean() + (p[negative] >= t).mean() for t in grid])
    best = grid[losses <= losses.min() + 0.005]  # the middle of the flat bottom
    return round(float(np.median(best)), 2)


def figures(data: Sequence[Example], p: np.ndarray, threshold: float) -> dict[str, float | int]:
    """Shares answered by kind, and the area under the curve against the unanswerable."""
    kinds = np.array([e.kind for e in data])
    report: dict[str, float | int] = {}
    for kind in WEIGHT:
        here = p[kinds == kind]
        report[kind] = len(here)
        report[f"{kind}_answered"] = round(float((here >= threshold).mean()), 3)
    yes, no = p[kinds == "positive"], p[kinds == "unanswerable"]
    above = (yes[:, None] > no[None]).mean() + 0.5 * (yes[:, None] == no[None]).mean()
    report["auc"] = round(float(above), 3)
    return report


def main() -> int:
    """Fit, print the held-out figures, and write the file unless ``--dry``."""
    parser = argparse.ArgumentParser(description="训练不作答的判断公式")
    parser.add_argument("--dry", action="store_true", help="只打印，不写文件")
    parser.add_argument("--home", type=Path, help="示例文库放在这里，下次再用；默认用临时目录")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        library = open_corpus(args.home or Path(temporary))
        data, apart = (
            [e for name in names for e in examples(library, read_questions(SETS[name]))]
            for names in (FITTED, HELD_OUT)
        )
        library.close()
    p = held_out(data)
    threshold = threshold_of(data, p)
    model = fit(data)
    by_document = figures(data, p, threshold)
    by_question = figures(
        apart, model.probability(np.array([e.features for e in apart])), threshold
    )
    named = dict(zip(NAMES, (round(float(w), 3) for w in model.weights), strict=True))
    print(json.dumps({"by_document": by_document, "held_out_questions": by_question}, indent=1))
    print(json.dumps({"bias": round(model.bias, 3), **named, "threshold": threshold}, indent=1))
    if not args.dry:
        write(round(model.bias, 3), named, threshold, by_document, by_question)
    return 0


def write(
    bias: float,
    named: dict[str, float],
    threshold: float,
    by_document: dict[str, Any],
    by_question: dict[str, Any],
) -> None:
    """The weights file."""
    data = {
        "about": "P(answered) = logistic(bias + sum of weight * feature); "
        "features: assistant/abstention.py, Support",
        "provenance": "training/abstention.py on corpus/questions.jsonl and "
        "corpus/questions-staff.jsonl (written by the project)",
        "held_out_by_document": by_document,
        "held_out_questions": by_question,
        "bias": bias,
        "weights": named,
        "threshold": threshold,
    }
    WEIGHTS.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
