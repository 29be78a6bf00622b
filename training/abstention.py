"""Fit the weights of ``assistant/abstention.json``: ``python -m training.abstention``.

Data: the sample library's own development questions (``corpus/questions.jsonl``, written by the
project). A question that the library answers is a positive where the answer holds what it must;
negatives are the unanswerable questions, and every answerable question asked again with the
documents that answer it taken out of the library (its hits are filtered). Groups are split by
document, so no document of the held-out part is in the fit.

Method: logistic regression, maximum a posteriori with a Gaussian prior around the weights that
stand in the file under ``prior`` (set by hand from what each feature means), so that few examples
move them little; the signs of the weights are kept.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.answers import (
    contains_all,
    gold_documents,
    is_answerable,
    open_corpus,
    read_questions,
)

if TYPE_CHECKING:
    from index.library import Library

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "assistant" / "abstention.json"
QUESTIONS = ROOT / "corpus" / "questions.jsonl"
PRIOR = {
    "bias": -15.5,
    "coverage": 2.0,
    "close": 5.0,
    "missing": -4.0,
    "focus": 1.5,
    "entity": 1.5,
    "fit": 9.5,
    "cosine": 2.0,
    "rank": 0.5,
    "contradicted": -8.0,
}
PRIOR_STRENGTH = 0.6  # inverse variance of the prior
FOLDS = 5


def examples(
    library: Library, questions: Sequence[dict[str, Any]]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Features (n, f) with a leading 1, labels (n,), and the document group of each example."""
    from assistant.abstention import Weights
    from assistant.extractive import ExtractiveAnswerer
    from index.records import SearchFilter

    never = Weights(10.0, dict.fromkeys(list(PRIOR)[1:], 0.0), 0.0)  # answers everything
    answerer = ExtractiveAnswerer(library, never)
    documents = library.catalog.documents()
    rows: list[list[float]] = []
    labels: list[int] = []
    groups: list[str] = []

    def add(question: str, flt: SearchFilter, label: int, group: str) -> None:
        support = answerer.support(question, flt)
        if support is not None:
            rows.append([1.0, *asdict(support).values()])
            labels.append(label)
            groups.append(group)

    for line in questions:
        gold = {Path(name).name for name in gold_documents(line)}
        group = min(gold, default=line["q"])
        if not is_answerable(line):
            add(line["q"], SearchFilter(), 0, group)
            continue
        text = "".join(s.text for s in answerer.answer(line["q"]).sentences)
        if contains_all(text, line.get("answer_contains", [])):
            add(line["q"], SearchFilter(), 1, group)
        rest = tuple(
            d.document_id
            for d in documents
            if Path(d.source).name not in gold and not _also_holds(library, d.document_id, line)
        )
        if rest and gold:
            add(line["q"], SearchFilter(document_ids=rest), 0, group)
    return np.array(rows), np.array(labels), groups


def _also_holds(library: Library, document_id: str, line: dict[str, Any]) -> bool:
    """Whether another document states the answer too; it is then no negative."""
    return contains_all(library.catalog.document_text(document_id), line.get("answer_contains", []))


def fit(features: np.ndarray, labels: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """MAP weights by Newton's method with backtracking; classes weigh the same."""
    weights = prior.copy()
    share = max(labels.mean(), 1e-6)
    balance = np.where(labels == 1, 0.5 / share, 0.5 / max(1 - share, 1e-6))

    def loss(candidate: np.ndarray) -> float:
        margin = np.where(labels == 1, 1, -1) * (features @ candidate)
        misfit = float(balance @ np.logaddexp(0, -margin))
        return misfit + PRIOR_STRENGTH / 2 * float(((candidate - prior) ** 2).sum())

    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        gradient = features.T @ (balance * (p - labels)) + PRIOR_STRENGTH * (weights - prior)
        curvature = (features.T * (balance * p * (1 - p))) @ features
        step = np.linalg.solve(curvature + PRIOR_STRENGTH * np.eye(len(prior)), gradient)
        length = 1.0
        while length > 1e-6 and loss(weights - length * step) > loss(weights):
            length /= 2
        weights = weights - length * step
        if np.abs(length * step).max() < 1e-8:
            break
    return np.where(np.sign(prior) * weights < 0, 0.0, weights)


def held_out(features: np.ndarray, labels: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    """Probability of each example by weights fitted without its document's group."""
    prior = np.array(list(PRIOR.values()))
    order = {group: i % FOLDS for i, group in enumerate(sorted(set(groups)))}
    fold = np.array([order[group] for group in groups])
    out = np.zeros(len(labels))
    for number in range(FOLDS):
        test = fold == number
        if test.any():
            weights = fit(features[~test], labels[~test], prior)
            out[test] = 1 / (1 + np.exp(-np.clip(features[test] @ weights, -30, 30)))
    return out


def main() -> int:
    """Fit, print the held-out figures, and write the file unless ``--dry``."""
    parser = argparse.ArgumentParser(description="训练不作答的判断公式")
    parser.add_argument("--dry", action="store_true", help="只打印，不写文件")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        library = open_corpus(Path(home))
        features, labels, groups = examples(library, read_questions(QUESTIONS))
        library.close()
    p = held_out(features, labels, groups)
    weights = fit(features, labels, np.array(list(PRIOR.values())))
    answered, refused = p[labels == 1] >= 0.5, p[labels == 0] < 0.5
    figures = {
        "positives": int((labels == 1).sum()),
        "negatives": int((labels == 0).sum()),
        "held_out_answered": round(float(answered.mean()), 3),
        "held_out_refused": round(float(refused.mean()), 3),
        "held_out_brier": round(float(((p - labels) ** 2).mean()), 4),
    }
    print(json.dumps(figures))
    named = dict(zip(PRIOR, (round(float(w), 3) for w in weights), strict=True))
    print(json.dumps(named))
    if not args.dry:
        write(named, figures)
    return 0


def write(named: dict[str, float], figures: dict[str, Any]) -> None:
    """The weights file."""
    bias = named.pop("bias")
    data = {
        "about": "P(answered) = logistic(bias + sum of weight * feature); "
        "features: assistant/abstention.py, Support",
        "provenance": "training/abstention.py on corpus/questions.jsonl (written by the project)",
        "held_out": figures,
        "prior": PRIOR,
        "bias": bias,
        "weights": named,
        "threshold": 0.5,
    }
    WEIGHTS.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
