"""Lines of PDF pages to paragraphs: running heads removed, broken lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from ingest.document import Block, Box, Span
from ingest.readers.lines import ends_sentence, is_short_heading, join, starts_new
from ingest.readers.pdf_lines import PageLine
from ingest.readers.pdf_order import Item
from ingest.readers.pdf_table_blocks import goes_on, table_blocks
from ingest.readers.pdf_tables import PageTable

_PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*(?:第\s*)?[0-9０-９一二三四五六七八九十]{1,4}(?:\s*页)?"
    r"(?:\s*[/／，,、]?\s*共?\s*[0-9０-９一二三四五六七八九十]{1,4}\s*页?)?[-—–－·\s]*"
)
_DIGITS = re.compile(r"[0-9０-９一二三四五六七八九十]+")
_EDGE = 0.13  # of the page's height, at top and bottom, where running heads stand
_EDGE_LINES = 3
_SMALL = 0.8  # of the body's size: a first line that small is a running head even on a lone page
_TITLE_RATIO = 1.45
_HEADING_RATIO = 1.12
_LONGEST_HEADING = 60


def without_running_heads(
    pages: Sequence[list[Item]], heights: Sequence[float]
) -> list[list[Item]]:
    """Pages without headers, footers and page numbers.

    A line or table at the edge goes when it is a page number, or when the same words (numbers
    aside) stand there on at least two pages and on most of them.
    """
    edges = [_edge_items(items, height) for items, height in zip(pages, heights, strict=True)]
    seen = Counter(key for edge in edges for key in {_key(item) for item in edge})
    filled = sum(1 for items in pages if items)
    sizes = [line.size for items in pages for line in page_lines(items)]
    small = _SMALL * median(sizes) if sizes else 0.0
    out = []
    for items, edge, height in zip(pages, edges, heights, strict=True):
        gone = {
            id(item)
            for item in edge
            if _PAGE_NUMBER.fullmatch(item.text)
            or (item.size < small and item is items[0] and item.y1 < height * _EDGE)
            or (seen[_key(item)] >= 2 and seen[_key(item)] * 2 >= filled)
        }
        out.append([item for item in items if id(item) not in gone])
    return out


def page_lines(items: Sequence[Item]) -> list[PageLine]:
    """The lines of a page that stand in no table."""
    return [item for item in items if isinstance(item, PageLine)]


def _edge_items(items: Sequence[Item], height: float) -> list[Item]:
    by_height = sorted(items, key=lambda item: item.middle)
    top = [item for item in by_height[:_EDGE_LINES] if item.y1 < height * _EDGE]
    bottom = [item for item in by_height[-_EDGE_LINES:] if item.y0 > height * (1 - _EDGE)]
    return top + [item for item in bottom if item not in top]


def _key(item: Item) -> tuple[str, int]:
    return _DIGITS.sub("#", "".join(item.text.split())), round(item.middle / 8)


def paragraphs(pages: Sequence[list[Item]]) -> list[Block]:
    """Blocks of all pages; a paragraph or a table may run over a page break."""
    lines = [line for page in pages for line in page_lines(page)]
    body = median(line.size for line in lines) if lines else 0.0
    margins = {page[0].page: _margins(page_lines(page)) for page in pages if page_lines(page)}
    blocks: list[Block] = []
    group: list[PageLine] = []  # of a paragraph, or
    parts: list[PageTable] = []  # of a table
    for item in (item for page in pages for item in page):
        if isinstance(item, PageTable):
            if parts and item.page == parts[-1].page + 1 and goes_on(parts[-1], item):
                parts.append(item)
                continue
        elif group and _continues(group, item, margins, body):
            group.append(item)
            continue
        blocks += _finished(group, parts, body)
        group, parts = ([], [item]) if isinstance(item, PageTable) else ([item], [])
    return blocks + _finished(group, parts, body)


def _finished(group: list[PageLine], parts: list[PageTable], body: float) -> list[Block]:
    return table_blocks(parts) if parts else [_block(group, body)] if group else []


def _margins(page: list[PageLine]) -> tuple[float, float]:
    """Left and right edge of the body: what long lines share."""
    widest = max(line.x1 - line.x0 for line in page)
    long = [line for line in page if line.x1 - line.x0 > 0.7 * widest]
    return min(line.x0 for line in long), max(line.x1 for line in long)


def _continues(
    group: list[PageLine],
    line: PageLine,
    margins: dict[int, tuple[float, float]],
    body: float,
) -> bool:
    last = group[-1]
    if abs(last.size - line.size) > 0.12 * max(last.size, line.size):
        return False
    if starts_new(line.text):
        return False
    big = line.size > _HEADING_RATIO * body
    same_page = last.page == line.page
    gap = line.y0 - last.y1
    if same_page and gap > (1.2 if big else 1.6) * line.size:
        return False
    if same_page and gap < -0.5 * line.size:  # the next column
        same_page = False
    if big:
        return same_page and not is_short_heading(last.text) and len(last.text) < _LONGEST_HEADING
    left, _ = margins[line.page]
    _, last_right = margins[last.page]
    if same_page and line.x0 > left + 0.8 * line.size and line.x0 > last.x0 - 0.2 * line.size:
        return False  # an indent, or a centred line
    if not same_page and line.x0 > left + 0.8 * line.size:
        return False
    short = last.x1 < last_right - 1.6 * last.size
    return not short or (not ends_sentence(last.text) and last.x1 > last_right - 3 * last.size)


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
