"""Learn the weights of late interaction (``index/rerank/late_interaction.json``).

    python -m training.late_interaction --questions Q.jsonl --passages P.jsonl --home DIR
                                        --office-home DIR [--office-questions FILE] [--dry]

The questions, their homes and their folds are those of ``training.fusion``, which must have been
fitted before: lay ones that the encoder was not tuned on, and our own in the terms of offices, both
counted alike. A softmax over the first hits of a question is fitted on three numbers: the fused
score and the two likenesses, all standardised as ``index.rerank.late_interaction`` does it. How far
ahead the first must be to be left alone is chosen, not learned: ``FAR``. Prints held-out figures,
those of other limits beside it; two cores: some four minutes.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.rerank.late_interaction import (
    CANDIDATES,
    TABLE,
    TokenEncoder,
    compared_text,
    gap,
    gives_tokens,
    likeness,
    standardised,
)
from index.search import HybridSearch
from index.selection import Selection
from training.fusion import OFFICE, PARTS, fit
from training.office import open_office
from training.pool import Question, folds, open_pool
from training.seen import unseen

FAR = 1.0
"""Four questions in ten are judged, which takes 25 ms each. Judging more gains one or two in a
hundred of one kind only."""
LIMITS = (0.3, 0.6, FAR, 1.5, math.inf)
KS = (1, 3, 5)


@dataclass(frozen=True)
class Example:
    """The first hits of a question: what is known of each (n, 3), which answer it, and the gap."""

    features: np.ndarray
    right: np.ndarray
    gap: float
    fold: int


def examples(
    search: HybridSearch, encoder: TokenEncoder, asked: Sequence[Question], selection: Selection
) -> list[Example]:
    """What late interaction would see of questions."""
    fold_of = {int(i): n for n, (_, held) in enumerate(folds(len(asked), PARTS)) for i in held}
    made = []
    for i, question in enumerate(asked):
        first = search.ranked(question.text, CANDIDATES, selection)
        if len(first) < 2:
            continue
        scores = np.array([hit.score for hit in first])
        words = encoder.query_token_vectors(question.text)
        likenesses = np.array([
            likeness(words, encoder.passage_token_vectors(compared_text(hit))) for hit in first
        ])  # fmt: skip
        features = np.stack([
            standardised(scores),
            standardised(likenesses[:, 0]),
            standardised(likenesses[:, 1]),
        ], axis=1)  # fmt: skip
        right = np.array([hit.passage.passage_id in question.gold for hit in first], bool)
        made.append(Example(features, right, gap(scores), fold_of[i]))
        if i % 50 == 0:
            print(f"\r{i}/{len(asked)}", end="", file=sys.stderr)
    return made


def learn(sets: Mapping[str, Sequence[Example]]) -> np.ndarray:
    """Weights of the two likenesses beside a fused score of weight 1."""
    rows = [(one, 1 / len(part)) for part in sets.values() for one in part]
    weights = fit(
        [one.features for one, _ in rows],
        [one.right for one, _ in rows],
        np.array([share for _, share in rows]),
    )
    return np.maximum(weights[1:] / max(float(weights[0]), 1e-3), 0.0)


def hits(rows: Iterable[Example], weights: np.ndarray, far: float) -> np.ndarray:
    """hit@1, 3, 5 among the first hits, and the share that was judged."""
    found = []
    for one in rows:
        judged = one.gap < far
        totals = one.features @ np.array([1.0, *weights]) if judged else -np.arange(len(one.right))
        order = np.argsort(-totals, kind="stable")
        found.append([*(bool(one.right[order[:k]].any()) for k in KS), judged])
    return np.mean(found, 0)


def held_out(sets: Mapping[str, Sequence[Example]]) -> dict[str, dict[str, list[float]]]:
    """Figures of five folds by set: as fused, and for each of ``LIMITS``."""
    weights = [
        learn({name: [x for x in rows if x.fold != fold] for name, rows in sets.items()})
        for fold in range(PARTS)
    ]
    figures: dict[str, dict[str, list[float]]] = {}
    for name, rows in sets.items():
        figures[name] = {"fused": _rounded(hits(rows, np.zeros(2), -1.0))}
        for far in LIMITS:
            parts = [[one for one in rows if one.fold == fold] for fold in range(PARTS)]
            sums = [hits(p, w, far) * len(p) for p, w in zip(parts, weights, strict=True) if p]
            figures[name][str(far)] = _rounded(np.sum(sums, 0) / len(rows))
    return figures


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 3) for value in values]


def main() -> None:
    """Make examples, measure held out, fit, write."""
    parser = argparse.ArgumentParser(description="学习逐词比对的权重")
    for name in ("questions", "passages", "home", "office-home"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--office-questions", type=Path, default=OFFICE)
    parser.add_argument("--dry", action="store_true", help="只测不写")
    given = parser.parse_args()
    sets: dict[str, list[Example]] = {}
    with open_office(given.office_home, given.office_questions) as (library, selection, asked):
        encoder = library.encoder
        if not gives_tokens(encoder):
            raise SystemExit("现在用的向量模型给不出逐词的向量。")
        sets["office"] = examples(library.finder.hybrid(), encoder, asked, selection)
    with open_pool(given.home, given.questions, given.passages) as pool:
        encoder = pool.library.encoder
        assert gives_tokens(encoder)
        places = unseen([one.text for one in pool.questions], encoder)
        asked = [pool.questions[i] for i in places]
        search = pool.library.finder.hybrid()
        sets["lay"] = examples(search, encoder, asked, pool.library.select())
    figures = held_out(sets)
    for name, rows in figures.items():
        for limit, values in rows.items():
            print(f"{name:8s} {limit:6s} hit@1/3/5 {values[:3]} judged {values[3]}")
    forward, backward = _rounded(learn(sets))
    table = {
        "about": "order = standardised fused score + forward * + backward * standardised likeness "
        "(index/rerank/late_interaction.py); nothing is judged when the first is far ahead",
        "data": "LeCoQA training questions (MIT) that the encoder has not seen; "
        "training/data/office_questions.jsonl (our own)",
        "command": "python -m training.late_interaction",
        "forward": forward,
        "backward": backward,
        "far": FAR,
        "held_out_hit_1_3_5_judged": figures,
    }
    print({name: table[name] for name in ("forward", "backward", "far")})
    if not given.dry:
        TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
