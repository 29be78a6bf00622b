"""Rows of a file of questions, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.evaluation.base import EvaluationError, Problem
from index.evaluation.headings import field_of

MAX_BYTES = 64_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 64
MAX_CELL = 20_000
"""Characters; longer cells are no question and no reference."""

_SEARCHED = 10  # rows that are not blank, among which the headings must be


@dataclass(frozen=True)
class BadCell:
    """A cell that can't be used, and why; no matter in a column that isn't ours."""

    reason: str


Cell = str | BadCell


@dataclass(frozen=True)
class Row:
    """One question's fields by the names of ``headings``; ``number`` counts from 1."""

    number: int
    values: dict[str, Any]


@dataclass
class Rows:
    """What a file holds. ``fields`` are the known ones, ``headings`` all, as they are written."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    headings: list[str] = field(default_factory=list)


def read_bytes(path: Path) -> bytes:
    """The file's content; raises EvaluationError for one that is missing, empty or too large."""
    try:
        if path.is_dir():
            raise EvaluationError(f"{path} 是文件夹，请给出问题文件（.xlsx、.csv 或 .jsonl）。")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise EvaluationError(
                f"{path} 有 {size / 1e6:.0f} MB，太大了；问题文件最多 {MAX_BYTES / 1e6:.0f} MB，"
                "请确认没有给错文件。"
            )
        data = path.read_bytes()
    except OSError as error:
        raise EvaluationError(f"读不了 {path}：{error.strerror}，请检查路径和权限。") from error
    if not data.strip(b"\xef\xbb\xbf\r\n\t \x00"):
        raise EvaluationError(f"{path} 是空的，里面没有问题。")
    return data


def from_table(lines: Iterator[tuple[int, Sequence[Cell]]], rows: Rows) -> None:
    """Fill ``rows`` from a table's lines (number, cells); ``fields`` stay empty without headings.

    The headings stand in one of the first rows that are not blank; a title may be above.
    """
    columns: dict[int, str] = {}
    searched = 0
    for number, cells in lines:
        if not any(cells):
            continue
        if columns:
            _add(rows, number, {name: cells[at] for at, name in columns.items() if at < len(cells)})
            continue
        columns = _columns(cells)
        rows.fields = set(columns.values())
        if columns or not searched:
            rows.headings = [cell for cell in cells if isinstance(cell, str) and cell]
        searched += 1
        if not columns and searched >= _SEARCHED:
            return


def _add(rows: Rows, number: int, values: dict[str, Cell]) -> None:
    if not any(values.values()):
        return
    if len(rows.rows) >= MAX_ROWS:
        raise EvaluationError(f"问题超过 {MAX_ROWS} 行，请分成几个文件。")
    bad = next((cell for cell in values.values() if isinstance(cell, BadCell)), None)
    if bad is None:
        rows.rows.append(Row(number, dict(values)))
    else:
        rows.problems.append(Problem(number, bad.reason))


def _columns(cells: Sequence[Cell]) -> dict[int, str]:
    """Position → field of a line of headings; none when the question's is not among them."""
    found: dict[int, str] = {}
    for at, cell in enumerate(cells[:MAX_COLUMNS]):
        name = field_of(cell) if isinstance(cell, str) else None
        if name is not None and name not in found.values():
            found[at] = name
    return found if "q" in found.values() else {}
