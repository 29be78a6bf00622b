"""What the parts of an evaluation hand to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.errors import LibraryError
from index.records import SearchFilter

LEXICAL, DENSE, FUSED, RERANKED = "lexical", "dense", "fused", "reranked"
STAGE_NAMES = {LEXICAL: "按词检索", DENSE: "按意思检索", FUSED: "合并排序", RERANKED: "重新排序"}

Progress = Callable[[int, int], None]


class EvaluationError(LibraryError):
    """A file of questions or a saved run that can't be used; one Chinese line."""


@dataclass(frozen=True)
class Problem:
    """Something about one row that its author should see; ``row`` counts as a spreadsheet does."""

    row: int
    message: str  # Chinese, without the row
    left_out: bool = True  # whether the row's question is not evaluated because of it

    def __str__(self) -> str:
        return f"第 {self.row} 行：{self.message}"


class NoQuestionLeft(EvaluationError):
    """Every row of a file had to be left out; ``problems`` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("没有一道题可以评：每道题的依据都要在文库里找得到。")
        self.problems = tuple(problems)


@dataclass(frozen=True)
class GoldText:
    """What a row says of its right passages; ``exact``: one reference, never several in a text."""

    text: str
    exact: bool = False


@dataclass(frozen=True)
class Question:
    """One row of the questions."""

    row: int
    id: str
    q: str
    gold: tuple[GoldText, ...]
    kind: str = ""
    unanswerable: bool = False


@dataclass(frozen=True)
class Gold:
    """One right place; finding any of its passages is finding it."""

    label: str  # as a reader names it: 《X》第十二条
    passages: frozenset[str]


class StagedSearch(Protocol):
    """Ranks passages by every stage of the search."""

    def __call__(self, query: str, depth: int, flt: SearchFilter) -> Mapping[str, Sequence[str]]:
        """Stage → at most ``depth`` passage ids, best first; the last stage is what users get."""
        ...
