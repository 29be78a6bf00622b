"""What stands on a PDF page, in the order in which a person reads it: lines and tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import TYPE_CHECKING

from ingest.readers.pdf_chars import Char, page_chars
from ingest.readers.pdf_grid import Grid, ruled_grids
from ingest.readers.pdf_layer import TextLayer, text_layer
from ingest.readers.pdf_lined import lined_grids
from ingest.readers.pdf_lines import PageLine, rows, text_lines
from ingest.readers.pdf_notes import mark_notes, without_references
from ingest.readers.pdf_rules import Rules, page_rules
from ingest.readers.pdf_tables import PageTable, page_tables, parted
from ingest.readers.pdf_view import View, char_turns, page_view

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_LEAST_COLUMN_LINES = 6
_WIDE_LINES = 0.4  # of a page in columns; numbered rules have many short lines
_TALL = 2.2  # heights of a character; a lower box is drawn around words of a line
_LARGE = 0.6  # of the page; a larger box is its border

Item = PageLine | PageTable


@dataclass(frozen=True, slots=True)
class _Frame:
    """A box around text, which is read before what stands on its right."""

    x0: float
    y0: float
    x1: float
    y1: float
    items: tuple[Item, ...]

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    @property
    def size(self) -> float:
        return median(item.size for item in self.items)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page read: what stands on it in reading order, how it was looked at, and what its text
    layer is made of."""

    items: list[Item]
    view: View
    layer: TextLayer


def read_page(page: PdfPage, number: int, before: Sequence[Item] = ()) -> ReadPage:
    """The lines and tables of a page in reading order; the caller holds the lock of PDFium.

    ``before`` is what stands on the page before, where a table may have been cut.
    """
    cut = next((item.xs for item in reversed(before) if isinstance(item, PageTable)), ())
    textpage = page.get_textpage()
    try:
        turns = char_turns(page, textpage)
        view = page_view(page, Counter(turns))
        rules = page_rules(page, view)
        chars = page_chars(textpage, view, turns, fonts=bool(rules.across))
        layer = text_layer(textpage)
    finally:
        textpage.close()
    return ReadPage(arranged(chars, rules, number, view.width, view.height, cut), view, layer)


def arranged(
    chars: list[Char],
    rules: Rules,
    number: int,
    width: float,
    height: float,
    cut: Sequence[float] = (),
) -> list[Item]:
    """The lines and tables that these characters and ruling lines make, in reading order.

    ``cut`` are the column edges of a table that the page before ends in.
    """
    grids = ruled_grids(rules, cut) if chars else []
    boxes = [grid for grid in grids if grid.is_box]
    grids = [grid for grid in grids if not grid.is_box]
    tables, others = page_tables(chars, grids, number)
    lined, others = page_tables(others, lined_grids(rules, others, grids), number)
    tables += lined
    items = _Page(number, width, height).items(others, tables, boxes)
    if markers := _notes(items, rules, width, height):
        others = without_references(others, markers)
        items = _Page(number, width, height).items(others, tables, boxes)
        _notes(items, rules, width, height)
    return items


def _notes(items: Sequence[Item], rules: Rules, width: float, height: float) -> set[str]:
    lines = [item for item in items if isinstance(item, PageLine)]
    return mark_notes(lines, rules.across, width, height)


class _Page:
    """Puts the parts of one page in order and numbers its columns (see :class:`PageLine`)."""

    def __init__(self, number: int, width: float, height: float) -> None:
        self.number = number
        self.width = width
        self.area = width * height
        self.columns = count(1)

    def items(
        self, chars: Sequence[Char], tables: Iterable[PageTable], boxes: Iterable[Grid]
    ) -> list[Item]:
        """Everything on the page, text in boxes kept together."""
        parts: list[PageTable | _Frame] = list(tables)
        for box in sorted(boxes, key=lambda grid: grid.area):
            inside, outside = parted(chars, box)
            if not self._is_frame(inside, box):
                continue
            chars = outside
            x0, y0, x1, y1 = box.xs[0], box.ys[0], box.xs[-1], box.ys[-1]
            within = [p for p in parts if x0 <= p.x0 and p.x1 <= x1 and y0 <= p.y0 and p.y1 <= y1]
            parts = [part for part in parts if part not in within]
            text = self._apart(text_lines(inside, self.number))
            parts.append(_Frame(x0, y0, x1, y1, tuple(self._stacked(text, within))))
        segments = text_lines(chars, self.number)
        gutter = _gutter(segments, self.width)
        if gutter is None:
            return self._stacked(segments, parts)
        return self._two_columns(segments, parts, gutter)

    def _is_frame(self, chars: Sequence[Char], box: Grid) -> bool:
        if not any(char.text != " " for char in chars) or box.area > _LARGE * self.area:
            return False
        return box.ys[-1] - box.ys[0] > _TALL * median(char.height for char in chars)

    def _apart(self, lines: list[PageLine]) -> list[PageLine]:
        """The same lines, told apart from those beside them, which have other margins."""
        number = -next(self.columns)
        for line in lines:
            line.column = number
        return lines

    def _stacked(
        self, segments: Sequence[PageLine], parts: Iterable[PageTable | _Frame]
    ) -> list[Item]:
        """One column: text above a table, what stands beside it from left to right, then below."""
        lines = sorted(segments, key=lambda s: s.middle)
        left = sorted(parts, key=lambda part: part.y0)
        out: list[Item] = []
        at = 0
        while left:
            band = [left.pop(0)]
            bottom = band[0].y1
            while left and left[0].y0 < bottom:
                band.append(left.pop(0))
                bottom = max(bottom, band[-1].y1)
            first = next((i for i in range(at, len(lines)) if lines[i].middle >= band[0].y0), None)
            first = len(lines) if first is None else first
            last = next((i for i in range(first, len(lines)) if lines[i].middle >= bottom), None)
            last = len(lines) if last is None else last
            out += rows(lines[at:first])
            beside, at = lines[first:last], last
            for part in sorted(band, key=lambda p: p.x0):
                out += rows(self._apart([line for line in beside if line.x0 < part.x0]))
                out += part.items if isinstance(part, _Frame) else [part]
                beside = [line for line in beside if line.x0 >= part.x0]
            out += rows(self._apart(beside))
        return [*out, *rows(lines[at:])]

    def _two_columns(
        self, segments: Sequence[PageLine], parts: Iterable[PageTable | _Frame], gutter: float
    ) -> list[Item]:
        """Two columns between what goes across both."""
        out: list[Item] = []
        band: list[PageLine | PageTable | _Frame] = []

        def stacked(some: Sequence[PageLine | PageTable | _Frame]) -> list[Item]:
            lines = [item for item in some if isinstance(item, PageLine)]
            return self._stacked(lines, [p for p in some if not isinstance(p, PageLine)])

        def close() -> None:
            for number, side in ((1, True), (2, False)):
                own = [s for s in band if ((s.x0 + s.x1) / 2 < gutter) == side]
                for item in own:
                    if isinstance(item, PageLine):
                        item.column = number
                out.extend(stacked(own))
            band.clear()

        for item in sorted([*segments, *parts], key=lambda s: s.middle):
            if item.x0 < gutter - item.size and item.x1 > gutter + item.size:
                close()
                out.extend(stacked([item]))
            else:
                band.append(item)
        close()
        return out


def _gutter(segments: list[PageLine], width: float) -> float | None:
    """Where a page set in two columns is parted: nothing but full-width lines cross it."""
    if len(segments) < 2 * _LEAST_COLUMN_LINES:
        return None
    middle = width / 2
    left = [s for s in segments if s.x1 <= middle + 0.03 * width]
    right = [s for s in segments if s.x0 >= middle - 0.03 * width]
    crossing = len(segments) - len(left) - len(right)
    if min(len(left), len(right)) < _LEAST_COLUMN_LINES or crossing > 0.3 * len(segments):
        return None
    # Columns of prose are full lines; cells of a table are short and stand side by side.
    wide = [s for s in (*left, *right) if s.x1 - s.x0 > 0.3 * width]
    if len(wide) < _WIDE_LINES * (len(left) + len(right)):
        return None
    return middle
