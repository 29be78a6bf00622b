"""Spreadsheets to blocks: every data row says its column names; bounded, and the bound is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.document import Block
from ingest.readers.base import ReadLimits
from ingest.readers.tables import Cell, is_layout, streamed_rows

MAX_COLUMNS = 256
_CHUNK = 1_000
_BLANK_ROWS = 2  # so many empty rows part two tables
_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表)\s?\d*", re.IGNORECASE)

#: (first row, first column, last row, last column) of merged cells, counted from 0.
Merge = tuple[int, int, int, int]


@dataclass
class Sheet:
    """One visible sheet: its rows of shown values from the top, and its merged cells."""

    name: str
    rows: Iterable[list[str]]
    merges: list[Merge] = field(default_factory=list)


class Sheets:
    """Turns sheets to blocks and keeps account of rows and characters for all of them."""

    def __init__(self, limits: ReadLimits) -> None:
        self._rows = limits.max_rows
        self._characters = limits.max_characters - 1_000
        self._limits = limits
        self._cut: str | None = None

    def warnings(self, hidden: list[str]) -> tuple[str, ...]:
        """Lines for the report: what was cut, what is hidden and left out."""
        out = [self._cut] if self._cut else []
        if hidden:
            named = "、".join(f"“{name[:20]}”" for name in hidden[:5])
            out.append(f"隐藏的工作表 {named}{'等' if len(hidden) > 5 else ''} 没有读取")
        return tuple(out)

    def blocks(self, sheet: Sheet) -> Iterator[Block]:
        """The sheet's name where it says something, then its rows."""
        named = bool(_DEFAULT_NAME.fullmatch(sheet.name.strip()))
        heading = None if named else Block(sheet.name, "heading", 1)
        for chunks in self._tables(sheet):
            first = next(chunks, None)
            if first is None:
                continue
            if heading is not None:
                yield heading
                heading = None
            yield from self._table(first, chunks)
        if sheet.rows is not None and hasattr(sheet.rows, "close"):
            sheet.rows.close()

    def _table(self, first: list[list[Cell]], rest: Iterator[list[list[Cell]]]) -> Iterator[Block]:
        if is_layout(first):
            lines: Iterable[str] = (
                cell.text for rows in _chain(first, rest) for row in rows for cell in row
            )
            kind = "paragraph"
        else:
            lines, kind = streamed_rows(_chain(first, rest)), "table_row"
        for line in lines:
            if not line.strip():
                continue
            self._characters -= len(line)
            if self._characters < 0:
                self._stop(f"文字超过 {self._limits.max_characters // 10_000} 万字，只读了前面的")
                return
            yield Block(line, kind)

    def _stop(self, why: str) -> None:
        self._cut = self._cut or f"{why}；其余请拆成几个文件再放入"
        self._rows = 0

    def _tables(self, sheet: Sheet) -> Iterator[Iterator[list[list[Cell]]]]:
        """The tables of a sheet, each as chunks of rows; a table must be used up before the next."""
        source = _Source(self, sheet)
        while not source.done:
            yield source.table()

    def take_row(self) -> bool:
        """Whether one more row may be read."""
        if self._rows <= 0:
            self._stop(f"表格超过 {self._limits.max_rows} 行，只读了前 {self._limits.max_rows} 行")
            return False
        self._rows -= 1
        return True


def _chain(first: list[list[Cell]], rest: Iterator[list[list[Cell]]]) -> Iterator[list[list[Cell]]]:
    yield first
    yield from rest


class _Source:
    """Reads a sheet's rows once, table by table."""

    def __init__(self, sheets: Sheets, sheet: Sheet) -> None:
        self._sheets = sheets
        self._rows = enumerate(sheet.rows)
        self._open: list[Merge] = []
        self._merges = sorted(sheet.merges, reverse=True)
        self.done = False

    def table(self) -> Iterator[list[list[Cell]]]:
        """The chunks up to the next gap of empty rows."""
        chunk: list[list[Cell]] = []
        blank = 0
        for index, values in self._rows:
            empty = not any(value.strip() for value in values)
            if empty:
                blank += 1
                if blank >= _BLANK_ROWS and chunk:
                    yield chunk
                    return
                self._row(index, values)
                continue
            if not self._sheets.take_row():
                break
            blank = 0
            chunk.append(self._row(index, values))
            if len(chunk) >= _CHUNK:
                yield chunk
                chunk = []
        self.done = True
        if chunk:
            yield chunk

    def _row(self, index: int, values: list[str]) -> list[Cell]:
        """The cells that begin in this row; those covered from above are left to the grid."""
        while self._merges and self._merges[-1][0] <= index:
            merge = self._merges.pop()
            # Those of a sound sheet don't overlap, so that no more are open than there are columns.
            if merge[1] < MAX_COLUMNS and len(self._open) < MAX_COLUMNS:
                self._open.append(merge)
        self._open = [merge for merge in self._open if merge[2] >= index]
        covered: set[int] = set()
        starts: dict[int, tuple[int, int]] = {}
        for top, left, low, right in self._open:
            columns = range(left, min(right, MAX_COLUMNS) + 1)
            if top == index:
                starts[left] = (low - top + 1, len(columns))
                covered.update(columns[1:])
            else:
                covered.update(columns)
        cells = []
        width = min(len(values), MAX_COLUMNS)
        while width and not values[width - 1].strip() and width - 1 not in starts:
            width -= 1
        for column, value in enumerate(values[:width]):
            if column in covered:
                continue
            rows, columns_wide = starts.get(column, (1, 1))
            lines = tuple(line for line in value.split("\n") if line.strip()) or ("",)
            cells.append(Cell(lines, columns_wide, min(rows, _CHUNK)))
        return cells
