"""Learn the weights of the fusion (``index/ranking/fusion.json``).

    python -m training.fusion --questions Q.jsonl --passages P.jsonl --home DIR
                              --office-home DIR [--office-questions FILE] [--dry]

Two kinds of questions, counted alike: lay ones (the data and home of ``training.query_adapter``)
that the encoder was not tuned on, of an encoder with a map each asked with one that has not seen
it, of the whole library and of a twelfth of it, as an
office's is small; and our own in the terms of offices, of a library that holds their regulations.
A softmax over the candidates of a question is fitted; the weights of five features move with the
question's traits. The result is mixed with a plain prior (standardised scores of words, half of
bigrams, and twice that of the adapted cosine), which holds where the data say nothing. Prints held-out
figures of five folds by question; two cores: about ten minutes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder.query_adapter import adapter_for
from index.ranking.features import NAMES, features
from index.ranking.linear import BOUND, MOVED, TABLE
from index.ranking.traits import TRAITS, traits
from index.search import DEPTH, HybridSearch
from index.selection import Selection
from training.office import open_office
from training.pool import Pool, folds, open_pool
from training.query_adapter import gold_rows, held_out_maps, question_vectors
from training.seen import unseen

LEARNED = 0.85
"""Share of the learned weights beside the prior's."""
PRIOR = {"words": 1.0, "bigrams": 0.5, "adapted": 2.0}
SMALL = 1 / 12
STANDING = {"article": 0.6, "doubtful": -3.0}
"""Set, not learned: see ``index.ranking.linear``."""
DECAY = 0.1
OFFICE = Path(__file__).with_name("data") / "office_questions.jsonl"
PARTS = 5


@dataclass(frozen=True)
class Example:
    """The candidates of a question: features (n, f), which answer it, and its traits."""

    features: np.ndarray
    right: np.ndarray
    traits: np.ndarray
    fold: int


@dataclass(frozen=True)
class Scale:
    """How traits are standardised."""

    mean: np.ndarray
    deviation: np.ndarray

    def expanded(self, one: Example) -> np.ndarray:
        """The features, and those that are moved times each trait: (n, f + traits · moved)."""
        standard = np.clip((one.traits - self.mean) / self.deviation, -BOUND, BOUND)
        moved = one.features[:, [NAMES.index(name) for name in MOVED]]
        return np.concatenate([one.features, *(moved * value for value in standard)], axis=1)


def lay_examples(pool: Pool) -> dict[str, list[Example]]:
    """Of lay questions, over the whole library and a small part of it.

    None is asked of an encoder that was tuned on it, or with a map that was learned from it.
    """
    chooser = np.random.default_rng(1)
    whole = pool.library.select()
    made: dict[str, list[Example]] = {"whole": [], "small": []}
    for fold, (held, search) in enumerate(_searches(pool)):
        for i in held:
            question = pool.questions[int(i)]
            part = _part(pool, whole, int(i), SMALL, chooser)
            for name, selection in (("whole", whole), ("small", part)):
                made[name].append(example(search, question.text, question.gold, selection, fold))
        print(f"{len(held)} 个问题", file=sys.stderr)
    return made


def _searches(pool: Pool) -> Iterator[tuple[np.ndarray, HybridSearch]]:
    """(places of questions, the search that has not seen them) of every fold."""
    encoder = pool.library.encoder
    hybrid = pool.library.finder.hybrid()
    if adapter_for(encoder.name) is None:
        places = np.array(unseen([one.text for one in pool.questions], encoder))
        for _, held in folds(len(places), PARTS):
            yield places[held], hybrid
        return
    queries, golds = question_vectors(pool), gold_rows(pool)
    for held, adapter in held_out_maps(pool, queries, golds):
        yield held, hybrid.with_adapter(adapter)


def office_examples(home: Path, questions: Path) -> list[Example]:
    """Of questions in an office's terms."""
    with open_office(home, questions) as (library, selection, asked):
        search = library.finder.hybrid()
        fold_of = {int(i): n for n, (_, held) in enumerate(folds(len(asked), PARTS)) for i in held}
        return [
            example(search, one.text, one.gold, selection, fold_of[i])
            for i, one in enumerate(asked)
        ]


def example(
    search: HybridSearch, text: str, gold: frozenset[str], selection: Selection, fold: int
) -> Example:
    """What a ranker would see of a question."""
    asked, candidates = search.asked(text), search.candidates(text, DEPTH, selection)
    right = np.array([one.passage.passage_id in gold for one in candidates], bool)
    return Example(features(asked, candidates), right, traits(asked, candidates), fold)


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


def fit(
    tables: Sequence[np.ndarray], rights: Sequence[np.ndarray], shares: np.ndarray
) -> np.ndarray:
    """Weights of a softmax over each question's candidates, the right ones taken together."""
    from scipy.optimize import minimize

    scale = np.concatenate(tables).std(0) + 1e-6
    rows = [
        (table / scale, right, share)
        for table, right, share in zip(tables, rights, shares, strict=True)
        if right.any()
    ]
    total = sum(share for _, _, share in rows)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = 0.0, np.zeros_like(weights)
        for table, right, share in rows:
            scores = table @ weights
            odds = np.exp(scores - scores.max())
            chance, wanted = odds / odds.sum(), odds * right / (odds @ right + 1e-30)
            value -= share * float(np.log((odds @ right) / odds.sum() + 1e-30))
            slope += share * (table.T @ (chance - wanted))
        decay = DECAY * weights
        return value / total + float(weights @ decay) / 2, slope / total + decay

    found = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / scale)


def learn(sets: Mapping[str, Sequence[Example]], scale: Scale) -> np.ndarray:
    """The weights of the expanded features, mixed with the prior; both kinds count alike."""
    lay, office = [*sets["whole"], *sets["small"]], list(sets["office"])
    rows = lay + office
    tables = [scale.expanded(one) for one in rows]
    shares = np.array([1 / len(lay)] * len(lay) + [1 / len(office)] * len(office))
    learned = fit(tables, [one.right for one in rows], shares)
    prior = plain(len(learned))
    seen = np.concatenate(tables[len(lay) :])
    return LEARNED * learned + (1 - LEARNED) * prior * (seen @ learned).std() / (seen @ prior).std()


def plain(length: int) -> np.ndarray:
    """The prior among the expanded features."""
    head = [PRIOR.get(name, 0.0) for name in NAMES]
    return np.array(head + [0.0] * (length - len(head)))


def hits(rows: Sequence[Example], weights: np.ndarray, scale: Scale) -> np.ndarray:
    """hit@1/5/10 of an order by weights."""
    found = []
    for one in rows:
        order = np.argsort(-(scale.expanded(one) @ weights), kind="stable")
        found.append([bool(one.right[order[:k]].any()) for k in (1, 5, 10)])
    return np.mean(found, 0)


def report(sets: Mapping[str, Sequence[Example]], scale: Scale) -> dict[str, list[float]]:
    """Held-out hit@1/5/10 by set, with the prior alone beside it."""
    figures: dict[str, list[float]] = {}
    size = len(scale.expanded(sets["office"][0])[0])
    learned = [
        learn({n: [x for x in rows if x.fold != fold] for n, rows in sets.items()}, scale)
        for fold in range(PARTS)
    ]
    for name, rows in sets.items():
        parts = [[one for one in rows if one.fold == fold] for fold in range(PARTS)]
        means = [hits(p, w, scale) * len(p) for p, w in zip(parts, learned, strict=True)]
        for kind, values in (
            ("prior", hits(rows, plain(size), scale)),
            ("learned", np.sum(means, 0) / len(rows)),
        ):
            figures[f"{name}_{kind}"] = [round(float(x), 3) for x in values]
    return figures


def table_of(weights: np.ndarray, scale: Scale, figures: dict[str, list[float]]) -> dict[str, Any]:
    """What the program ships."""
    moves = weights[len(NAMES) :].reshape(len(TRAITS), len(MOVED))
    return {
        "about": "score = sum of weight * feature (index/ranking/features.py); a trait "
        "(index/ranking/traits.py) of so many deviations moves weights by moves",
        "data": "LeCoQA training questions (MIT), whole library and a twelfth of it; "
        "training/data/office_questions.jsonl (our own)",
        "command": "python -m training.fusion",
        "held_out_hit_1_5_10": figures,
        "weights": _named(NAMES, weights),
        "traits": {
            name: [round(float(mean), 4), round(float(deviation), 4)]
            for name, mean, deviation in zip(TRAITS, scale.mean, scale.deviation, strict=True)
        },
        "standing": STANDING,
        "moves": {name: _named(MOVED, row) for name, row in zip(TRAITS, moves, strict=True)},
    }


def _named(names: Sequence[str], values: np.ndarray) -> dict[str, float]:
    return {name: round(float(x), 4) for name, x in zip(names, values, strict=False)}


def main() -> None:
    """Make examples, measure held out, fit, write."""
    parser = argparse.ArgumentParser(description="学习融合权重")
    for name in ("questions", "passages", "home", "office-home"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--office-questions", type=Path, default=OFFICE)
    parser.add_argument("--dry", action="store_true", help="只测不写")
    given = parser.parse_args()
    sets: dict[str, list[Example]] = {
        "office": office_examples(given.office_home, given.office_questions)
    }
    with open_pool(given.home, given.questions, given.passages) as pool:
        sets |= lay_examples(pool)
    seen = np.stack([one.traits for name in ("whole", "office") for one in sets[name]])
    scale = Scale(seen.mean(0), seen.std(0) + 1e-6)
    figures = report(sets, scale)
    for name, values in figures.items():
        print(f"{name:16s} hit@1/5/10 {values}")
    table = table_of(learn(sets, scale), scale, figures)
    print(table["weights"])
    if not given.dry:
        TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
