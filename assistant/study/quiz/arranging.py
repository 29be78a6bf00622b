"""How chosen items become papers: numbers by kind, dealing out evenly, order, places of the keys."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from assistant.study.model import Choice, QuizItem, QuizKind
from assistant.study.quiz.base import LABELS

_ORDER: tuple[QuizKind, ...] = (
    "single",
    "multiple",
    "true_false",
    "blank",
    "matching",
    "ordering",
    "short",
    "case",
)


def shares_of(count: int, shares: dict[QuizKind, float]) -> dict[QuizKind, int]:
    """Whole numbers that add up to ``count`` (largest remainders)."""
    total = sum(shares.values())
    exact = {kind: count * share / total for kind, share in shares.items()}
    whole = {kind: int(value) for kind, value in exact.items()}
    rest = sorted(exact, key=lambda kind: (whole[kind] - exact[kind], kind))
    for kind in rest[: count - sum(whole.values())]:
        whole[kind] += 1
    return whole


def dealt(items: Sequence[QuizItem], papers: int) -> list[list[QuizItem]]:
    """Items of each kind by difficulty, to the papers back and forth."""
    hands: list[list[QuizItem]] = [[] for _ in range(papers)]
    turn = 0
    for kind in _ORDER:
        of_kind = sorted(
            (one for one in items if one.kind == kind), key=lambda one: (one.difficulty, one.id)
        )
        for first in range(0, len(of_kind), papers):
            batch = of_kind[first : first + papers]
            order = range(papers) if turn % 2 == 0 else range(papers - 1, -1, -1)
            for hand, item in zip(order, batch, strict=False):
                hands[hand].append(item)
            turn += 1
    return hands


def finished(items: Sequence[QuizItem], seed: int) -> list[QuizItem]:
    """Kinds in the order of a paper, each by difficulty; keys of single choices spread evenly."""
    ordered = sorted(items, key=lambda one: (_ORDER.index(one.kind), one.difficulty, one.id))
    chance = Random(f"keys:{seed}:{'/'.join(one.id for one in ordered)}")
    done: list[QuizItem] = []
    spots: list[int] = []
    for item in ordered:
        size = len(item.choices)
        if item.kind in ("single", "case") and size > 1:
            spots = [one for one in spots if one < size] or chance.sample(range(size), size)
            item = _placed(item, spots.pop())
        done.append(item)
    return done


def _placed(item: QuizItem, spot: int) -> QuizItem:
    """The item with its key at ``spot``, the other choices in their order."""
    right = next(one for one in item.choices if one.right)
    others = [one for one in item.choices if not one.right]
    order: list[Choice] = [*others[:spot], right, *others[spot:]]
    choices = tuple(one.model_copy(update={"label": LABELS[i]}) for i, one in enumerate(order))
    return item.model_copy(update={"choices": choices, "answer": LABELS[spot]})
