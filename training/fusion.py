"""Learn the weights of the fusion (``index/ranking/fusion.json``).

    python -m training.fusion --questions Q.jsonl --passages P.jsonl --home DIR [--dry]

The same data and home as ``training.query_adapter``. Features are those of the real search, with
maps that have not seen the question; each question is asked of the whole library and of one with
a twelfth of its documents, as an office's is small. A logistic regression over candidates gives
the learned weights. They are mixed with a plain prior (standardised scores of words, half of
bigrams, and of the adapted cosine): lay legal questions lean on the encoder more than questions in
an office's own terms do. Prints held-out figures; two cores: about ten minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.encoder.query_adapter import QueryAdapter
from index.ranking.features import NAMES, features
from index.ranking.linear import TABLE
from index.search import DEPTH, HybridSearch
from index.selection import Selection
from training.pool import Pool, open_pool
from training.query_adapter import gold_rows, held_out_maps, question_vectors

LEARNED = 0.4
"""Share of the learned weights beside the prior's."""
PRIOR = {"words": 1.0, "bigrams": 0.5, "adapted": 1.0}
SMALL = 1 / 12


@dataclass(frozen=True)
class Example:
    """The candidates of a question: features (n, f) and which of them answer it."""

    features: np.ndarray
    right: np.ndarray


def examples(pool: Pool, share: float) -> list[tuple[np.ndarray, list[Example]]]:
    """(held-out places, their examples) of every fold, over a share of the documents."""
    queries, golds = question_vectors(pool), gold_rows(pool)
    chooser = np.random.default_rng(1)
    whole = pool.library.select()
    made = []
    for held, adapter in held_out_maps(pool, queries, golds):
        search = _search(pool, adapter)
        rows = []
        for i in held:
            selection = whole if share >= 1 else _part(pool, whole, int(i), share, chooser)
            rows.append(_example(search, pool, int(i), selection))
        made.append((held, rows))
        print(f"{len(held)} 个问题", file=sys.stderr)
    return made


def _search(pool: Pool, adapter: QueryAdapter) -> HybridSearch:
    search = pool.library.finder.hybrid()
    return search.with_adapter(adapter)


def _part(
    pool: Pool, whole: Selection, place: int, share: float, chooser: np.random.Generator
) -> Selection:
    """A random part of the documents, with those that answer the question."""
    passages = pool.library.catalog.passages_by_id(pool.questions[place].gold)
    names = sorted(whole.allowed)
    kept = frozenset(np.array(names)[chooser.random(len(names)) < share].tolist())
    kept |= {one.document_id for one in passages.values()}
    records = pool.library.documents()[1]
    count = sum(records[one].passage_count for one in kept)
    return replace(whole, allowed=kept, excluded=whole.allowed - kept, passages=count)


def _example(search: HybridSearch, pool: Pool, place: int, selection: Selection) -> Example:
    question = pool.questions[place]
    candidates = search.candidates(question.text, DEPTH, selection)
    right = np.array([one.passage.passage_id in question.gold for one in candidates], bool)
    return Example(features(search.asked(question.text), candidates), right)


def fit(rows: Sequence[Example]) -> np.ndarray:
    """Weights (f) of a logistic regression over all candidates."""
    from sklearn.linear_model import LogisticRegression

    table = np.concatenate([one.features for one in rows])
    right = np.concatenate([one.right for one in rows])
    scale = table.std(0) + 1e-6
    model = LogisticRegression(C=0.1, max_iter=500).fit((table - table.mean(0)) / scale, right)
    return model.coef_[0] / scale


def mixed(learned: np.ndarray) -> np.ndarray:
    """The learned weights with the prior."""
    prior = np.array([PRIOR.get(name, 0.0) for name in NAMES])
    return LEARNED * learned + (1 - LEARNED) * prior


def hits(rows: Sequence[Example], weights: np.ndarray) -> list[float]:
    """hit@1/5/10 of an order by weights."""
    found = []
    for one in rows:
        order = np.argsort(-(one.features @ weights), kind="stable")
        found.append([bool(one.right[order[:k]].any()) for k in (1, 5, 10)])
    return [round(float(x), 3) for x in np.mean(found, 0)]


def main() -> None:
    """Make examples, measure held out, fit, write."""
    parser = argparse.ArgumentParser(description="学习融合权重")
    for name in ("questions", "passages", "home"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--dry", action="store_true", help="只测不写")
    given = parser.parse_args()
    with open_pool(given.home, given.questions, given.passages) as pool:
        sets = {"whole": examples(pool, 1.0), "small": examples(pool, SMALL)}
    figures: dict[str, list[float]] = {}
    for name, parts in sets.items():
        held: dict[str, list[list[float]]] = {"prior": [], "learned": [], "mixed": []}
        for number, (_, rows) in enumerate(parts):
            train = [
                one
                for other in sets.values()
                for at, (_, more) in enumerate(other)
                if at != number
                for one in more
            ]
            learned = fit(train)
            prior = np.array([PRIOR.get(feature, 0.0) for feature in NAMES])
            for kind, weights in (
                ("prior", prior),
                ("learned", learned),
                ("mixed", mixed(learned)),
            ):
                held[kind].append([*hits(rows, weights), float(len(rows))])
        for kind, values in held.items():
            array = np.array(values)
            means = (array[:, :3] * array[:, 3:]).sum(0) / array[:, 3].sum()
            figures[f"{name}_{kind}"] = [round(float(x), 3) for x in means]
            print(f"{name:6s} {kind:8s} hit@1/5/10 {figures[f'{name}_{kind}']}")
    weights = mixed(fit([one for parts in sets.values() for _, rows in parts for one in rows]))
    table = {
        "about": "score = sum of weight * feature; features: index/ranking/features.py",
        "data": "LeCoQA training questions (MIT); whole library and a twelfth of it",
        "command": "python -m training.fusion",
        "held_out_hit_1_5_10": figures,
        "weights": {name: round(float(x), 4) for name, x in zip(NAMES, weights, strict=True)},
    }
    if not given.dry:
        TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(table["weights"])


if __name__ == "__main__":
    main()
