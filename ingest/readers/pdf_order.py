"""What stands on a PDF page, in the order in which a person reads it: lines and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.readers.pdf_chars import page_chars, to_top
from ingest.readers.pdf_grid import ruled_grids
from ingest.readers.pdf_lined import lined_grids
from ingest.readers.pdf_lines import PageLine, rows, text_lines
from ingest.readers.pdf_rules import page_rules
from ingest.readers.pdf_tables import PageTable, page_tables

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_LEAST_COLUMN_LINES = 6

Item = PageLine | PageTable


def page_items(page: PdfPage, number: int, before: Sequence[Item] = ()) -> list[Item]:
    """The lines and tables of a page in reading order; the caller holds the lock of PDFium.

    ``before`` is what stands on the page before, where a table may have been cut.
    """
    cut = next((item.xs for item in reversed(before) if isinstance(item, PageTable)), ())
    place = to_top(page)
    rules = page_rules(page, place)
    chars = page_chars(page, place, fonts=bool(rules.across))
    grids = ruled_grids(rules, cut) if chars else []
    tables, others = page_tables(chars, grids, number)
    lined, others = page_tables(others, lined_grids(rules, others, grids), number)
    tables += lined
    segments = text_lines(others, number)
    width, _ = page.get_size()
    gutter = _gutter(segments, width)
    if gutter is None:
        return _stacked([*segments, *tables])
    return _two_columns([*segments, *tables], gutter)


def _stacked(items: Sequence[Item]) -> list[Item]:
    """One column: text above a table, then what stands beside it from left to right, then below."""
    lines = sorted((i for i in items if isinstance(i, PageLine)), key=lambda s: s.middle)
    tables = sorted((i for i in items if isinstance(i, PageTable)), key=lambda t: t.y0)
    out: list[Item] = []
    at = 0
    while tables:
        band = [tables.pop(0)]
        while tables and tables[0].y0 < max(table.y1 for table in band):
            band.append(tables.pop(0))
        top, bottom = band[0].y0, max(table.y1 for table in band)
        first = next((i for i in range(at, len(lines)) if lines[i].middle >= top), len(lines))
        last = next((i for i in range(first, len(lines)) if lines[i].middle >= bottom), len(lines))
        out += rows(lines[at:first])
        beside, at = lines[first:last], last
        for table in sorted(band, key=lambda t: t.x0):
            out += rows([line for line in beside if line.x0 < table.x0])
            out.append(table)
            beside = [line for line in beside if line.x0 >= table.x0]
        out += rows(beside)
    return [*out, *rows(lines[at:])]


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
    if len(wide) < 0.6 * (len(left) + len(right)):
        return None
    return middle


def _two_columns(items: Sequence[Item], gutter: float) -> list[Item]:
    out: list[Item] = []
    band: list[Item] = []

    def close() -> None:
        for column in (1, 2):
            own = [s for s in band if ((s.x0 + s.x1) / 2 < gutter) == (column == 1)]
            for item in _stacked(own):
                if isinstance(item, PageLine):
                    item.column = column
                out.append(item)
        band.clear()

    for item in sorted(items, key=lambda s: s.middle):
        if item.x0 < gutter - item.size and item.x1 > gutter + item.size:
            close()
            out.append(item)
        else:
            band.append(item)
    close()
    return out
