"""Figures of a run: by stage, by kind of question, and the questions that went worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.catalog import Catalog
from index.errors import shorten
from index.evaluation.metrics import best, metric_names, score
from index.evaluation.run import Outcome, Run
from index.evaluation.statistics import Estimate, estimates

_SNIPPET = 120
_SHOWN = 3


@dataclass(frozen=True)
class StageFigures:
    """The figures of one stage, by name."""

    stage: str
    figures: dict[str, Estimate]


@dataclass(frozen=True)
class KindFigures:
    """The figures of the questions of one kind; ``kind`` is "" for those without."""

    kind: str
    questions: int
    stages: tuple[StageFigures, ...]


@dataclass(frozen=True)
class FoundPassage:
    """What stood before the right place."""

    rank: int
    passage_id: str
    title: str
    path: str
    snippet: str


@dataclass(frozen=True)
class WorstQuestion:
    """A question whose right place is not first; ``ranks`` is the best one of each stage."""

    id: str
    row: int
    q: str
    kind: str
    gold: tuple[str, ...]
    ranks: dict[str, int | None]
    found: tuple[FoundPassage, ...]


@dataclass(frozen=True)
class Summary:
    """Everything of one run that a report shows."""

    questions: int
    metrics: tuple[str, ...]
    stages: tuple[StageFigures, ...]
    kinds: tuple[KindFigures, ...]
    worst: tuple[WorstQuestion, ...]


def summarise(run: Run, catalog: Catalog, worst: int = 10) -> Summary:
    """The figures with 95 % intervals, and at most ``worst`` questions, the worst first."""
    kinds = sorted({one.kind for one in run.outcomes})
    by_kind = {kind: [one for one in run.outcomes if one.kind == kind] for kind in kinds}
    return Summary(
        questions=len(run.outcomes),
        metrics=metric_names(run.conditions.depth),
        stages=_figures(run, run.outcomes),
        kinds=tuple(
            KindFigures(kind, len(some), _figures(run, some)) for kind, some in by_kind.items()
        )
        if kinds != [""]
        else (),
        worst=tuple(_worst(run, catalog, worst)),
    )


def _figures(run: Run, outcomes: Sequence[Outcome]) -> tuple[StageFigures, ...]:
    names = metric_names(run.conditions.depth)
    return tuple(
        StageFigures(
            stage,
            dict(
                zip(
                    names, estimates(scores(run, stage, outcomes), run.conditions.seed), strict=True
                )
            ),
        )
        for stage in run.stages
    )


def scores(run: Run, stage: str, outcomes: Sequence[Outcome]) -> np.ndarray:
    """The figures of each question at a stage, (questions, figures)."""
    return np.array([score(one.ranks[stage], run.conditions.depth) for one in outcomes])


def _worst(run: Run, catalog: Catalog, limit: int) -> list[WorstQuestion]:
    ranked = [(_lateness(run, one), one) for one in run.outcomes if best(one.ranks[run.final]) != 1]
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return [_explained(run, one, catalog) for _, one in ranked[:limit]]


def _lateness(run: Run, one: Outcome) -> tuple[int, ...]:
    """The best ranks from the last stage to the first; not found is beyond the last rank."""
    beyond = run.conditions.depth + 1
    return tuple(best(one.ranks[stage]) or beyond for stage in reversed(run.stages))


def _explained(run: Run, one: Outcome, catalog: Catalog) -> WorstQuestion:
    first = best(one.ranks[run.final])
    before = one.found.get(run.final, ())[: min(_SHOWN, (first or _SHOWN + 1) - 1)]
    passages = catalog.passages_by_id(before)
    documents = catalog.documents_by_id(p.document_id for p in passages.values())
    found = tuple(
        FoundPassage(
            rank,
            passage_id,
            documents[passages[passage_id].document_id].title,
            passages[passage_id].path,
            shorten(passages[passage_id].text, _SNIPPET),
        )
        for rank, passage_id in enumerate(before, start=1)
        if passage_id in passages
    )
    ranks = {stage: best(one.ranks[stage]) for stage in run.stages}
    return WorstQuestion(one.id, one.row, one.q, one.kind, one.gold, ranks, found)
