"""Learn the map that moves lay questions towards the wording of rules.

    python -m training.query_adapter --questions Q.jsonl --passages P.jsonl --home DIR [--dry]

Data: LeCoQA (lay legal questions with their articles; MIT). Loss: softmax over the passages
nearest to the questions of a batch, all gold passages counting (InfoNCE with hard negatives); the
map starts at zero and decays towards it, so that what the data say nothing of stays as it is.
Prints held-out figures of five folds by question – for all questions and for those none of whose
articles answers a training question – then fits on everything and writes the map beside
``index/encoder/query_adapter.py`` with its provenance. Two cores: about five minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.encoder.query_adapter import FILE, QueryAdapter
from training.pool import Pool, folds, open_pool

STRENGTH = 0.4
NEAREST = 200
"""Passages nearest to a question, from which its hard negatives are drawn."""
NEGATIVES = 40
BATCH = 32
EPOCHS = 12
LEARNING_RATE = 5e-4
DECAY = 0.1
TEMPERATURE = 0.03


def fit(
    vectors: np.ndarray, queries: np.ndarray, golds: Sequence[np.ndarray], seed: int = 0
) -> np.ndarray:
    """The map float32 (d, d) for question vectors (m, d) whose answers are rows of ``vectors``."""
    import torch
    from torch.nn import functional

    torch.manual_seed(seed)
    chooser = np.random.default_rng(seed)
    passages, questions = torch.from_numpy(vectors), torch.from_numpy(queries)
    nearest = [_nearest(vectors, query, NEAREST) for query in queries]
    matrix = torch.nn.Parameter(torch.zeros(vectors.shape[1], vectors.shape[1]))
    optimiser = torch.optim.AdamW([matrix], lr=LEARNING_RATE, weight_decay=DECAY)
    for _ in range(EPOCHS):
        order = chooser.permutation(len(queries))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            drawn = [chooser.choice(nearest[i], NEGATIVES, replace=False) for i in batch]
            rows = np.unique(np.concatenate([*drawn, *(golds[i] for i in batch)]))
            right = torch.from_numpy(np.stack([np.isin(rows, golds[i]) for i in batch]))
            asked = questions[batch]
            mapped = functional.normalize(asked + asked @ matrix, dim=-1)
            scores = mapped @ passages[rows].T / TEMPERATURE
            of_gold = scores.masked_fill(~right, -1e9)
            loss = (torch.logsumexp(scores, 1) - torch.logsumexp(of_gold, 1)).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return matrix.detach().numpy()


def question_vectors(pool: Pool) -> np.ndarray:
    """float32 (m, d) of the pool's questions."""
    return pool.library.encoder.encode_queries([one.text for one in pool.questions])


def gold_rows(pool: Pool) -> list[np.ndarray]:
    """Rows of the pool's vectors that answer each question."""
    at = {one: row for row, one in enumerate(pool.ids)}
    return [np.array(sorted(at[one] for one in question.gold)) for question in pool.questions]


def held_out_maps(
    pool: Pool, queries: np.ndarray, golds: Sequence[np.ndarray]
) -> list[tuple[np.ndarray, QueryAdapter]]:
    """(held-out places, the map learned without them) of every fold."""
    maps = []
    for number, (train, held) in enumerate(folds(len(queries)), start=1):
        print(f"第 {number} 折", file=sys.stderr)
        matrix = fit(pool.vectors, queries[train], [golds[i] for i in train])
        maps.append((held, QueryAdapter(matrix, STRENGTH)))
    return maps


def hits(vectors: np.ndarray, query: np.ndarray, gold: np.ndarray) -> list[float]:
    """Whether a gold row is among the nearest 1, 5, 10 and 50."""
    best = _nearest(vectors, query, 50)
    return [float(np.isin(gold, best[:k]).any()) for k in (1, 5, 10, 50)]


def _nearest(vectors: np.ndarray, query: np.ndarray, count: int) -> np.ndarray:
    scores = vectors @ query
    count = min(count, len(scores) - 1)
    best = np.argpartition(-scores, count)[:count]
    return best[np.argsort(-scores[best], kind="stable")]


def report(pool: Pool) -> dict[str, list[float]]:
    """Held-out hit@1/5/10/50 by name of what was measured."""
    queries, golds = question_vectors(pool), gold_rows(pool)
    before, after, new = [], [], []
    for held, adapter in held_out_maps(pool, queries, golds):
        places = set(held.tolist())
        seen = {int(row) for i in range(len(golds)) if i not in places for row in golds[i]}
        for i in held:
            before.append(hits(pool.vectors, queries[i], golds[i]))
            after.append(hits(pool.vectors, adapter(queries[i]), golds[i]))
            new.append(not seen & set(golds[i].tolist()))
    fresh = np.array(new)
    figures = {
        "before": np.mean(before, 0),
        "after": np.mean(after, 0),
        "before_new_articles": np.array(before)[fresh].mean(0),
        "after_new_articles": np.array(after)[fresh].mean(0),
    }
    return {name: [round(float(x), 3) for x in values] for name, values in figures.items()}


def main() -> None:
    """Measure held out, fit, write."""
    parser = argparse.ArgumentParser(description="学习提问向量的映射")
    for name in ("questions", "passages", "home"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--dry", action="store_true", help="只测不写")
    parser.add_argument("--skip-folds", action="store_true", help="不做留出测量")
    given = parser.parse_args()
    with open_pool(given.home, given.questions, given.passages) as pool:
        figures = {} if given.skip_folds else report(pool)
        for name, values in figures.items():
            print(f"{name:22s} hit@1/5/10/50 {values}")
        if given.dry:
            return
        matrix = fit(pool.vectors, question_vectors(pool), gold_rows(pool))
        np.savez(FILE, matrix=matrix.astype(np.float16), strength=np.float32(STRENGTH))
        facts = {
            "about": "q' = unit((1 - strength) q + strength unit(q + q M)); see query_adapter.py",
            "data": "LeCoQA training questions (MIT), "
            f"{len(pool.questions)} questions, {len(pool.ids)} passages",
            "command": "python -m training.query_adapter",
            "held_out": figures,
        }
        text = json.dumps(facts, ensure_ascii=False, indent=2) + "\n"
        FILE.with_suffix(".json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
