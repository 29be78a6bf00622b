"""An office's questions with the passages that answer them, found in its library."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from index.evaluation.base import EvaluationError, Question
from index.evaluation.gold import GoldResolver
from index.evaluation.questions import read_questions
from index.evaluation.staged import LibraryAddresses
from index.records import SearchFilter
from training.office_tuning.base import Item, TuningError

if TYPE_CHECKING:
    from index.library import Library

MOST_GOLD = 20
"""Passages that may answer one question: a whole document teaches nothing of where to look."""


def read_items(
    library: Library, path: Path | None, confirmed: Iterable[tuple[str, Question]] = ()
) -> tuple[list[Item], list[str]]:
    """Usable questions of a file and of ``confirmed`` (where from, in Chinese; question).

    Also a Chinese line for each that had to be left out, or that was taken with a remark. Raises
    TuningError when the file is no table of questions.
    """
    problems: list[str] = []
    given: list[tuple[str, Question]] = []
    if path is not None:
        try:
            found = read_questions(path)
        except EvaluationError as error:
            raise TuningError(f"{error}什么都没有改动。") from error
        problems += [str(one) for one in found.problems]
        given += [(f"第 {one.row} 行", one) for one in found.answerable]
    given += [(origin, one) for origin, one in confirmed if not one.unanswerable]
    flt = SearchFilter()
    resolver = GoldResolver(
        library.catalog, flt, library.select(flt), address=LibraryAddresses(library)
    )
    items = []
    for origin, question in given:
        resolved = resolver.resolve(question)
        problems += [f"{origin}：{one}" for one in (*resolved.missing, *resolved.notes)]
        gold = tuple(sorted({one for place in resolved.gold for one in place.passages}))
        if len(gold) > MOST_GOLD:
            problems.append(
                f"{origin}：依据有 {len(gold)} 段，太宽（最多 {MOST_GOLD} 段），请写到条；没有用它。"
            )
        elif gold:
            items.append(Item(question.q, gold))
    return items, problems
