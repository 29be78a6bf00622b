"""Questions in the terms of offices (``training/data/office_questions.jsonl``) with their passages.

The questions are our own and name their article (《X》第N条); the regulations are not part of the
project. Any library that holds them will do: ``luming ingest`` makes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.evaluation.families import FamilyGold
from index.evaluation.gold import GoldResolver
from index.evaluation.questions import read_questions
from index.library import Library
from index.records import SearchFilter
from index.selection import Selection
from index.settings import Settings
from training.pool import Question


@contextmanager
def open_office(home: Path, questions: Path) -> Iterator[tuple[Library, Selection, list[Question]]]:
    """A library, what is searched of it, and the questions whose articles it holds."""
    with Library(Settings(home=home)) as library:
        yield library, *cited(library, questions)


def cited(library: Library, questions: Path) -> tuple[Selection, list[Question]]:
    """What is searched of a library, and the questions whose articles it holds.

    An article with nearly the same words in another version answers as well.
    """
    flt = SearchFilter()
    selection = library.select(flt)
    resolver = GoldResolver(library.catalog, flt, selection)
    family = FamilyGold(library.catalog, selection)
    found = []
    for one in read_questions(questions).answerable:
        gold = family.widen(resolver.resolve(one).gold)
        if gold:
            found.append(Question(one.q, frozenset().union(*(place.passages for place in gold))))
    return selection, found
