"""Tables of old presentations: a table is a group of text boxes that touch one another."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from ingest.readers.tables import Cell, is_layout, table_rows

_SAME = 8  # master units (1/576 inch) between edges that stand for one
_LEAST = 4  # boxes of a table
_MOST = 5_000


@dataclass(frozen=True)
class TextBox:
    """A box on a slide and its paragraphs."""

    x0: int
    y0: int
    x1: int
    y1: int
    lines: tuple[str, ...]


def box_rows(boxes: list[TextBox]) -> list[str] | None:
    """The lines of the table that the boxes make, None where they make none."""
    if not _LEAST <= len(boxes) <= _MOST:
        return None
    xs, ys = _edges([box.x0 for box in boxes]), _edges([box.y0 for box in boxes])
    if len(xs) < 2 or len(ys) < 2:
        return None
    places: dict[tuple[int, int], TextBox] = {}
    covered = 0
    for box in boxes:
        place = _at(ys, box.y0), _at(xs, box.x0)
        if place in places:
            return None
        places[place] = box
        covered += _span(xs, box.x0, box.x1) * _span(ys, box.y0, box.y1)
    if covered != len(xs) * len(ys):
        return None  # boxes that lie here and there
    rows = []
    for row in range(len(ys)):
        cells = []
        for column in range(len(xs)):
            if (found := places.get((row, column))) is not None:
                width, height = _span(xs, found.x0, found.x1), _span(ys, found.y0, found.y1)
                cells.append(Cell(found.lines or ("",), width, height))
        rows.append(cells)
    return None if is_layout(rows) else table_rows(rows)


def _edges(values: list[int]) -> list[int]:
    out: list[int] = []
    for value in sorted(values):
        if not out or value - out[-1] > _SAME:
            out.append(value)
    return out


def _at(edges: list[int], value: int) -> int:
    return bisect_left(edges, value - _SAME)


def _span(edges: list[int], start: int, end: int) -> int:
    return max(1, bisect_left(edges, end - _SAME) - _at(edges, start))
