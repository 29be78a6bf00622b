"""Tables of formats that write them as a flow of paragraphs with cell and row marks (.doc, .rtf)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Block
from ingest.readers.tables import Cell, is_layout, table_rows

_SAME = 30  # twips between edges that stand for one
_MAX_COLUMNS = 256

ALONE = ""
TOP = "top"  # the first of cells merged downwards
BELOW = "below"  # goes on from the cell above
LEFT = "left"  # goes on from the cell on its left


@dataclass(frozen=True)
class FlatRow:
    """One row: the paragraphs of each cell, edges in twips (one more than cells) and merges.

    ``edges`` or ``merges`` may be shorter than the cells where the file says nothing of them.
    """

    cells: tuple[tuple[str, ...], ...]
    edges: tuple[int, ...] = ()
    merges: tuple[str, ...] = ()
    header: bool = False


def table_blocks(rows: Sequence[FlatRow]) -> Iterator[Block]:
    """The blocks of a table as Word and HTML tables are said."""
    grid = _columns(rows)
    placed = [_placed(row, grid) for row in rows]
    cells: list[list[Cell]] = []
    for at, row in enumerate(placed):
        out = []
        for column, (lines, span, merge) in row.items():
            if merge == BELOW and at and column in placed[at - 1]:
                continue
            height = 1
            while merge == TOP and at + height < len(placed):
                below = placed[at + height].get(column)
                if below is None or below[2] != BELOW:
                    break
                height += 1
            out.append(Cell(lines or ("",), span, height, rows[at].header and at < 4))
        cells.append(out)
    if is_layout(cells):
        yield from (Block(line) for row in cells for cell in row for line in cell.lines)
    else:
        yield from (Block(text, "table_row") for text in table_rows(cells))


def _columns(rows: Sequence[FlatRow]) -> list[int]:
    """The edges of all rows, those that differ by little taken as one; none where any is missing."""
    if any(len(row.edges) <= len(row.cells) for row in rows):
        return []
    out: list[int] = []
    for edge in sorted({edge for row in rows for edge in row.edges}):
        if not out or edge - out[-1] > _SAME:
            out.append(edge)
    return out if len(out) <= _MAX_COLUMNS else []


def _placed(row: FlatRow, grid: list[int]) -> dict[int, tuple[tuple[str, ...], int, str]]:
    """Cells by their first column: paragraphs, columns covered, merge."""
    out: dict[int, tuple[tuple[str, ...], int, str]] = {}
    last = -1
    for index, lines in enumerate(row.cells[:_MAX_COLUMNS]):
        merge = row.merges[index] if index < len(row.merges) else ALONE
        first, end = index, index + 1
        if grid:
            first = bisect_left(grid, row.edges[index] - _SAME)
            end = bisect_left(grid, row.edges[index + 1] - _SAME)
        first = max(first, last + 1)
        if merge == LEFT and out:
            column = next(reversed(out))
            before, span, kind = out[column]
            out[column] = (before + lines, max(span, end - column), kind)
        else:
            out[first] = (lines, max(1, end - first), merge)
        last = max(first, end - 1)
    return out
