"""Questions into a part to learn from and a part to judge by, which have no article in common."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence

from index.words import bigrams
from training.likeness import same_pairs
from training.office_tuning.base import HELD_SHARE, LEAST, LEAST_HELD, Item, Split, TuningError

_TWICE = 0.85  # Jaccard of character pairs from which on a question is one asked twice
_ALIKE = 0.6  # the same, from which on a question says too much of a held-back one
_LEAST_TRAIN = 10

Pairs = frozenset[str]


def split(items: Sequence[Item], texts: Mapping[str, str], seed: int = 0) -> Split:
    """A fifth of the questions, at least ten, is held back; the same seed gives the same parts.

    ``texts`` are the passages' words by id. Questions on one passage stay on one side. What is
    left to train on loses every question that says the same as a held-back one, or whose article
    does. Raises TuningError when too few are left.
    """
    once = _without_repeated(items)
    removed = {"重复或几乎相同的问题": len(items) - len(once)}
    if len(once) < LEAST:
        raise TuningError(
            f"可用的问题只有 {len(once)} 个（去掉重复的以后），至少要 {LEAST} 个才能微调；"
            "什么都没有改动。请补充问题后再运行。"
        )
    groups = _groups(once)
    random.Random(seed).shuffle(groups)
    wanted = max(LEAST_HELD, round(HELD_SHARE * len(once)))
    held: list[Item] = []
    rest: list[Item] = []
    for group in groups:
        fits = len(held) < wanted and len(held) + len(group) <= wanted + LEAST_HELD
        (held if fits else rest).extend(group)
    train = _apart(rest, held, texts)
    removed["与留作检验的问题或条文雷同，不用来训练"] = len(rest) - len(train)
    if len(train) + len(held) < LEAST and len(held) >= LEAST_HELD:
        raise TuningError(
            f"去掉重复的、与留作检验的雷同的以后，可用的问题只剩 {len(train) + len(held)} 个，至少要"
            f" {LEAST} 个才能微调；什么都没有改动。请补充关于其他条文的问题。"
        )
    if len(held) < LEAST_HELD or len(train) < _LEAST_TRAIN:
        raise TuningError(
            f"问题太集中在少数几条上，分不出互不相干的训练（{len(train)} 个，至少 {_LEAST_TRAIN} 个）"
            f"和检验（{len(held)} 个，至少 {LEAST_HELD} 个）两部分；"
            "什么都没有改动。请补充关于其他条文的问题。"
        )
    return Split(tuple(train), tuple(held), removed)


def _without_repeated(items: Iterable[Item]) -> list[Item]:
    """The first of those that ask the same in nearly the same words."""
    kept: list[Item] = []
    seen: list[Pairs] = []
    for one in items:
        pairs = frozenset(bigrams(one.q))
        if pairs and not any(_jaccard(pairs, other) >= _TWICE for other in seen):
            kept.append(one)
            seen.append(pairs)
    return kept


def _jaccard(left: Pairs, right: Pairs) -> float:
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared)


def _groups(items: Sequence[Item]) -> list[list[Item]]:
    """Questions that share a passage, directly or by way of others, together."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for one in items:
        for gold in one.gold[1:]:
            root[find(gold)] = find(one.gold[0])
    groups: dict[str, list[Item]] = {}
    for one in items:
        groups.setdefault(find(one.gold[0]), []).append(one)
    return list(groups.values())


def _apart(items: Iterable[Item], held: Sequence[Item], texts: Mapping[str, str]) -> list[Item]:
    """Questions are short, so most pairs of one may stand in another by their common words alone:
    they are compared by what both have of all that either has, articles as everywhere."""
    questions = [frozenset(bigrams(one.q)) for one in held]
    articles = [frozenset(bigrams(texts[gold])) for one in held for gold in one.gold]

    def asked(text: str) -> bool:
        pairs = frozenset(bigrams(text))
        return any(pairs and _jaccard(pairs, other) >= _ALIKE for other in questions)

    return [
        one
        for one in items
        if not asked(one.q) and not any(_like(texts[g], articles) for g in one.gold)
    ]


def _like(text: str, others: Sequence[Pairs]) -> bool:
    pairs = frozenset(bigrams(text))
    return any(same_pairs(pairs, other) for other in others)


def unlike(texts: Iterable[str]) -> Callable[[str], bool]:
    """Whether a text says something else than all of ``texts``."""
    others = [frozenset(bigrams(text)) for text in texts]
    return lambda text: not _like(text, others)
