"""Two runs over the same questions: which is better, by how much, and is it chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.evaluation.base import EvaluationError
from index.evaluation.metrics import best, metric_names
from index.evaluation.run import Conditions, Outcome, Run
from index.evaluation.statistics import Estimate, estimates, p_value
from index.evaluation.summary import scores

FINAL = "final"
"""The last stage of either run, whatever it is called: what users get."""

SIGNIFICANT = 0.05

_Key = tuple[str, frozenset[str], int]


@dataclass(frozen=True)
class Difference:
    """One figure of one stage in both runs; ``difference`` is the new less the old, paired."""

    stage: str
    metric: str
    before: float
    after: float
    difference: Estimate
    p: float

    @property
    def significant(self) -> bool:
        """Whether chance alone would rarely give such a difference."""
        return self.p < SIGNIFICANT


@dataclass(frozen=True)
class Moved:
    """A question whose first right place moved in what users get."""

    id: str
    q: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Comparison:
    """Paired differences over the questions that both runs have alike."""

    before: Conditions
    questions: int
    only_before: int
    only_after: int
    differences: tuple[Difference, ...]
    better: tuple[Moved, ...]
    worse: tuple[Moved, ...]


def compare(before: Run, after: Run, seed: int = 0) -> Comparison:
    """``after`` against ``before``. Raises EvaluationError when they share no question."""
    pairs = list(_pairs(before, after))
    if not pairs:
        raise EvaluationError("两次评测没有相同的题（问题和依据都相同的才能比），无法比较。")
    moved = [
        Moved(new.id, new.q, best(old.ranks[before.final]), best(new.ranks[after.final]))
        for old, new in pairs
    ]
    beyond = max(before.conditions.depth, after.conditions.depth) + 1

    def gain(one: Moved) -> int:
        return (one.before or beyond) - (one.after or beyond)

    return Comparison(
        before=before.conditions,
        questions=len(pairs),
        only_before=len(before.outcomes) - len(pairs),
        only_after=len(after.outcomes) - len(pairs),
        differences=tuple(_differences(before, after, pairs, seed)),
        better=tuple(sorted((one for one in moved if gain(one) > 0), key=gain, reverse=True)),
        worse=tuple(sorted((one for one in moved if gain(one) < 0), key=gain)),
    )


def _pairs(before: Run, after: Run) -> Iterator[tuple[Outcome, Outcome]]:
    """Questions of the same words and references; the id decides between equal ones."""
    left: dict[_Key, list[Outcome]] = {}
    for one in before.outcomes:
        left.setdefault(_key(one), []).append(one)
    for one in after.outcomes:
        same = left.get(_key(one))
        if same:
            at = next((i for i, other in enumerate(same) if other.id == one.id), 0)
            yield same.pop(at), one


def _key(one: Outcome) -> _Key:
    """Also how many places: a reference may lead to fewer of them in one of the runs."""
    return " ".join(one.q.split()), frozenset(one.written), len(one.gold)


def _differences(
    before: Run, after: Run, pairs: list[tuple[Outcome, Outcome]], seed: int
) -> Iterator[Difference]:
    old, new = [one for one, _ in pairs], [one for _, one in pairs]
    names = metric_names(before.conditions.depth)
    shared = [name for name in metric_names(after.conditions.depth) if name in names]
    stages = [(stage, stage, stage) for stage in after.stages if stage in before.stages]
    if before.final != after.final:
        stages.append((FINAL, before.final, after.final))
    for stage, one, other in stages:
        first = scores(before, one, old)[:, : len(shared)]
        second = scores(after, other, new)[:, : len(shared)]
        changes = second - first
        intervals = estimates(changes, seed)
        for at, name in enumerate(shared):
            yield Difference(
                stage,
                name,
                float(first[:, at].mean()),
                float(second[:, at].mean()),
                intervals[at],
                p_value(changes[:, at], seed),
            )
