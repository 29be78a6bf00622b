"""Questions as CSV, with Excel's quoting: commas, tabs or semicolons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from index.evaluation.base import Problem
from index.evaluation.files.base import (
    MAX_CELL,
    MAX_COLUMNS,
    BadCell,
    Cell,
    Rows,
    from_table,
)

_LOOKED_AT = 4_000  # characters from which the delimiter is told


def read_csv(text: str) -> Rows:
    """Rows count as a spreadsheet shows them: a cell of several lines stands in one row."""
    rows = Rows()
    csv.field_size_limit(max(csv.field_size_limit(), 1_000_000))
    from_table(_lines(text, rows), rows)
    return rows


def _lines(text: str, rows: Rows) -> Iterator[tuple[int, Sequence[Cell]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            rows.problems.append(Problem(number, _reason(error)))
            continue
        yield number, [_cell(cell) for cell in cells[:MAX_COLUMNS]]


def _cell(text: str) -> Cell:
    if len(text) > MAX_CELL:
        return BadCell(f"有一格超过 {MAX_CELL} 字，多半是英文引号没有成对。")
    return text.strip()


def _reason(error: csv.Error) -> str:
    if "unexpected end" in str(error) or "field larger" in str(error):
        return "从这一行起有英文引号没有成对，后面的内容都读成了一格；请检查引号。"
    return '英文引号用得不对：格子里有英文引号时，引号要写两遍，整格再用引号括起（如 "他问""行吗"""）。'


def _delimiter(text: str) -> str:
    """The most frequent of the candidates outside quotes in the first lines."""
    head = "".join(text[:_LOOKED_AT].split('"')[::2])
    return max(",\t;", key=head.count)
