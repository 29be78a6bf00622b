"""Lines of PDF pages to paragraphs: running heads removed, broken lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from ingest.document import Block, Box, Span
from ingest.readers.lines import ends_sentence, is_short_heading, join, starts_new
from ingest.readers.pdf_lines import PageLine

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
    pages: Sequence[list[PageLine]], heights: Sequence[float]
) -> list[list[PageLine]]:
    """Pages without headers, footers and page numbers.

    A line at the edge goes when it is a page number, or when the same words (numbers aside)
    stand there on at least two pages and on most of them.
    """
    edges = [_edge_lines(lines, height) for lines, height in zip(pages, heights, strict=True)]
    seen = Counter(key for edge in edges for key in {_key(line) for line in edge})
    filled = sum(1 for lines in pages if lines)
    sizes = [line.size for lines in pages for line in lines]
    small = _SMALL * median(sizes) if sizes else 0.0
    out = []
    for lines, edge, height in zip(pages, edges, heights, strict=True):
        gone = {
            id(line)
            for line in edge
            if _PAGE_NUMBER.fullmatch(line.text)
            or (line.size < small and line is lines[0] and line.y1 < height * _EDGE)
            or (seen[_key(line)] >= 2 and seen[_key(line)] * 2 >= filled)
        }
        out.append([line for line in lines if id(line) not in gone])
    return out


def _edge_lines(lines: list[PageLine], height: float) -> list[PageLine]:
    by_height = sorted(lines, key=lambda line: line.middle)
    top = [line for line in by_height[:_EDGE_LINES] if line.y1 < height * _EDGE]
    bottom = [line for line in by_height[-_EDGE_LINES:] if line.y0 > height * (1 - _EDGE)]
    return top + [line for line in bottom if line not in top]


def _key(line: PageLine) -> tuple[str, int]:
    return _DIGITS.sub("#", "".join(line.text.split())), round(line.middle / 8)


def paragraphs(pages: Sequence[list[PageLine]]) -> list[Block]:
    """Blocks of all pages; a paragraph may run over a page break."""
    lines = [line for page in pages for line in page]
    if not lines:
        return []
    body = median(line.size for line in lines)
    margins = {page[0].page: _margins(page) for page in pages if page}
    groups: list[list[PageLine]] = []
    for line in lines:
        if groups and _continues(groups[-1], line, margins, body):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(group, body) for group in groups]


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
