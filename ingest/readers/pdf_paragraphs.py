"""Lines and tables of PDF pages to blocks: broken lines joined, also over a page break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ingest.document import Block, Box, Span
from ingest.readers.lines import ends_sentence, is_short_heading, join, starts_new
from ingest.readers.pdf_lines import PageLine, first_word_width
from ingest.readers.pdf_notes import note_marker
from ingest.readers.pdf_order import Item
from ingest.readers.pdf_table_blocks import goes_on, table_blocks
from ingest.readers.pdf_tables import PageTable

_TITLE_RATIO = 1.45
_HEADING_RATIO = 1.12
_LONGEST_HEADING = 60
_FULL_PAGE = 8  # lines that show a page's margins
_FEW_LINES = 3
_OUTSIDE = 6.0  # points by which Word sets tables wider than the text

_Edges = tuple[float, float]


def page_lines(items: Sequence[Item]) -> list[PageLine]:
    """The lines of a page that stand in no table."""
    return [item for item in items if isinstance(item, PageLine)]


def paragraphs(pages: Sequence[list[Item]], widths: Sequence[float]) -> list[Block]:
    """Blocks of all pages, whose widths are given; a paragraph or table may run over a break."""
    lines = [line for page in pages for line in page_lines(page) if not line.note]
    body = median(line.size for line in lines) if lines else 0.0
    margins = _Margins(pages, widths)
    blocks: list[Block] = []
    group: list[PageLine] = []  # of a paragraph, or
    parts: list[PageTable] = []  # of a table
    notes: list[list[PageLine]] = []  # which wait for the end of the paragraph that they interrupt
    for item in (item for page in pages for item in page):
        if isinstance(item, PageLine) and item.note:
            if notes and note_marker(item.text) is None:
                notes[-1].append(item)
            else:
                notes.append([item])
            continue
        if isinstance(item, PageTable):
            if parts and item.page == parts[-1].page + 1 and goes_on(parts[-1], item):
                parts.append(item)
                continue
        elif group and _continues(group, item, margins, body):
            group.append(item)
            continue
        blocks += _finished(group, parts, body) + _note_blocks(notes, body)
        notes = []
        group, parts = ([], [item]) if isinstance(item, PageTable) else ([item], [])
    return blocks + _finished(group, parts, body) + _note_blocks(notes, body)


def _note_blocks(notes: list[list[PageLine]], body: float) -> list[Block]:
    return [replace(_block(note, body), kind="note", level=0) for note in notes]


def _finished(group: list[PageLine], parts: list[PageTable], body: float) -> list[Block]:
    return table_blocks(parts) if parts else [_block(group, body)] if group else []


class _Margins:
    """Left and right edge of the text on each page and in each of its columns."""

    def __init__(self, pages: Sequence[list[Item]], widths: Sequence[float]) -> None:
        self.edges: dict[tuple[int, int], _Edges] = {}
        self.unsure: set[tuple[int, int]] = set()  # columns of very few lines
        usual: dict[int, list[_Edges]] = {}  # by the width of the page
        for items in pages:
            for column, lines in _by_column(items).items():
                edges = self.edges[lines[0].page, column] = _edges(lines)
                if len(lines) < _FEW_LINES:
                    self.unsure.add((lines[0].page, column))
                if column == 0 and len(lines) >= _FULL_PAGE:
                    usual.setdefault(round(widths[lines[0].page - 1]), []).append(edges)
        for items in pages:
            own = self.edges.get((items[0].page, 0)) if items else None
            if own is None:
                continue
            # A page of a few short lines and tables doesn't show its margins by itself.
            tables = [(t.x0 + _OUTSIDE, t.x1 - _OUTSIDE) for t in items if isinstance(t, PageTable)]
            likes = usual.get(round(widths[items[0].page - 1]), [])
            if likes and len(page_lines(items)) < _FULL_PAGE:
                tables.append((median(x for x, _ in likes), median(x for _, x in likes)))
            if tables:
                self.unsure.discard((items[0].page, 0))
            left, right = (list(side) for side in zip(own, *tables, strict=True))
            self.edges[items[0].page, 0] = min(left), max(right)

    def of(self, line: PageLine) -> _Edges:
        """(left, right) of the column that the line stands in."""
        return self.edges[line.page, line.column]


def _by_column(items: Sequence[Item]) -> dict[int, list[PageLine]]:
    columns: dict[int, list[PageLine]] = {}
    for line in page_lines(items):
        if line.turned or line.note:
            continue
        columns.setdefault(line.column, []).append(line)
    return columns


def _edges(lines: Sequence[PageLine]) -> _Edges:
    """What long lines share."""
    widest = max(line.x1 - line.x0 for line in lines)
    long = [line for line in lines if line.x1 - line.x0 > 0.7 * widest]
    return min(line.x0 for line in long), max(line.x1 for line in long)


def _alike(last: PageLine, line: PageLine) -> float:
    """By what share two lines of one paragraph may differ in size; few characters tell little."""
    return 0.12 if min(len(last.text), len(line.text)) >= 4 else 0.25


def _continues(
    group: list[PageLine],
    line: PageLine,
    margins: _Margins,
    body: float,
) -> bool:
    last = group[-1]
    if last.turned or line.turned:
        return False
    if abs(last.size - line.size) > _alike(last, line) * max(last.size, line.size):
        return False
    if starts_new(line.text):
        return False
    big = line.size > _HEADING_RATIO * body
    if last.column != line.column and min(last.column, line.column) < 0:
        return False
    same_page = last.page == line.page and last.column == line.column
    gap = line.y0 - last.y1
    if same_page and gap > (1.2 if big else 1.6) * line.size:
        return False
    if big:
        return same_page and not is_short_heading(last.text) and len(last.text) < _LONGEST_HEADING
    if (last.page, last.column) in margins.unsure and ends_sentence(last.text):
        return False
    left, _ = margins.of(line)
    _, last_right = margins.of(last)
    if same_page and line.x0 > left + 0.8 * line.size and line.x0 > last.x0 - 0.2 * line.size:
        return False  # an indent, or a centred line
    if not same_page and line.x0 > left + 0.8 * line.size:
        return False
    free = last_right - last.x1
    if free <= max(1.6 * last.size, first_word_width(line) + 0.3 * last.size):
        return True
    return free < 3 * last.size and not ends_sentence(last.text)


def _block(group: list[PageLine], body: float) -> Block:
    text = ""
    spans = []
    for line in group:
        joined = join(text, line.text) if text else line.text
        start = len(joined) - len(line.text)
        spans.append(Span(start, len(joined), Box(line.page, *_rounded(line))))
        text = joined
    ratio = group[0].size / body if body else 1.0
    level = 0
    if len(text) <= _LONGEST_HEADING and not ends_sentence(text):
        level = 1 if ratio > _TITLE_RATIO else 2 if ratio > _HEADING_RATIO else 0
    return Block(text, "heading" if level else "paragraph", level, group[0].page, tuple(spans))


def _rounded(line: PageLine) -> tuple[float, float, float, float]:
    return round(line.x0, 2), round(line.y0, 2), round(line.x1, 2), round(line.y1, 2)
