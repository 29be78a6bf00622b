"""From a file of questions and a library to a run with its figures."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from index.evaluation.base import (
    EvaluationError,
    Gold,
    NoQuestionLeft,
    Problem,
    Progress,
    Question,
    StagedSearch,
)
from index.evaluation.families import FamilyGold
from index.evaluation.gold import AddressResolver, GoldResolver
from index.evaluation.metrics import DEPTH
from index.evaluation.questions import read_questions
from index.evaluation.run import Conditions, Run, digest, now, run_questions
from index.evaluation.summary import Summary, summarise
from index.library import Library
from index.records import SearchFilter

Prepare = Callable[[str], str]
"""What is done to a question before it is searched; ValueError says why it can't be asked."""

Pair = tuple[Question, Sequence[Gold]]


@dataclass(frozen=True)
class Options:
    """How an evaluation is made. ``limit`` questions are drawn by ``seed``; None takes all."""

    depth: int = DEPTH
    limit: int | None = None
    seed: int = 0
    families: bool = False
    as_of: date | None = None
    worst: int = 10


@dataclass(frozen=True)
class Evaluation:
    """A run, its figures, and what became of the file's rows."""

    run: Run
    summary: Summary
    problems: tuple[Problem, ...]
    read: int  # rows that are questions or were meant to be
    unanswerable: int

    @property
    def left_out(self) -> int:
        """Rows that are not evaluated because something is wrong with them."""
        return len({one.row for one in self.problems if one.left_out})


def evaluate(
    library: Library,
    path: Path,
    flt: SearchFilter,
    search: StagedSearch,
    options: Options | None = None,
    *,
    prepare: Prepare = str.strip,
    address: AddressResolver | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask a library the questions of a file.

    Rows whose gold is nowhere in the library, or outside ``flt``, are left out and told of.
    Raises EvaluationError for a file that can't be used or when no question is left, and what
    ``Library.search`` raises.
    """
    options = options or Options()
    library.check_collections(flt.collections)
    asked = read_questions(path)
    if options.as_of is not None:
        flt = replace(flt, as_of=options.as_of)
    selection = library.select(flt)
    if not selection.allowed:
        raise EvaluationError("按所给的条件，文库里没有一份文件可以检索，请换一个日期或条件。")
    problems = list(asked.problems)
    resolver = GoldResolver(library.catalog, flt, selection, address)
    pairs = list(_pairs(asked.answerable, resolver, prepare, problems))
    if options.families:
        family = FamilyGold(library.catalog, selection)
        pairs = [(question, family.widen(gold)) for question, gold in pairs]
    problems.sort(key=lambda one: one.row)
    if not pairs:
        raise NoQuestionLeft(problems)
    conditions = _conditions(library, path, flt, options)
    run = run_questions(_drawn(pairs, options), search, flt, conditions, progress)
    return Evaluation(
        run=run,
        summary=summarise(run, library.catalog, options.worst),
        problems=tuple(problems),
        read=len(asked.questions) + sum(one.left_out for one in asked.problems),
        unanswerable=len(asked.questions) - len(asked.answerable),
    )


def _pairs(
    questions: Sequence[Question],
    resolver: GoldResolver,
    prepare: Prepare,
    problems: list[Problem],
) -> Iterator[Pair]:
    """The questions that can be asked, with their right places; the others into ``problems``."""
    for question in questions:
        try:
            ready = replace(question, q=prepare(question.q))
        except ValueError as error:
            problems.append(Problem(question.row, str(error)))
            continue
        resolved = resolver.resolve(question)
        left_out = not resolved.gold
        for reason in resolved.missing:
            tail = "" if left_out else "只按其余的依据评。"
            problems.append(Problem(question.row, f"依据{reason}{tail}", left_out))
        problems.extend(Problem(question.row, f"依据{note}", False) for note in resolved.notes)
        if not left_out:
            yield ready, resolved.gold


def _drawn(pairs: Sequence[Pair], options: Options) -> Sequence[Pair]:
    """``limit`` of the questions, in their order; the same seed draws the same."""
    if options.limit is None or options.limit >= len(pairs):
        return pairs
    chosen = random.Random(options.seed).sample(range(len(pairs)), options.limit)
    return [pairs[at] for at in sorted(chosen)]


def _conditions(library: Library, path: Path, flt: SearchFilter, options: Options) -> Conditions:
    summaries = library.catalog.collections()
    names = flt.collections or tuple(one.name for one in summaries)
    chosen = [one for one in summaries if one.name in names]
    return Conditions(
        questions=path.name,
        digest=digest(path),
        collections=tuple(flt.collections),
        all_versions=not flt.exclude_validity and options.as_of is None,
        as_of=options.as_of.isoformat() if options.as_of else None,
        families=options.families,
        depth=options.depth,
        limit=options.limit,
        seed=options.seed,
        encoder=library.encoder.name,
        documents=sum(one.documents for one in chosen),
        passages=sum(one.passages for one in chosen),
        created=now(),
    )
