"""Headers, footers and page numbers: what stands at the edge of page after page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from ingest.readers.lines import starts_new
from ingest.readers.pdf_lines import PAGE_NUMBER, PageLine
from ingest.readers.pdf_order import Item

_DIGITS = re.compile("[0-9０-９一二三四五六七八九十]+")
_EDGE = 0.13  # of the page's height, at top and bottom, where running heads stand
_EDGE_LINES = 3
_SMALL = 0.8  # of the body's size: a first line that small is a running head even on a lone page
_STEP = 8  # points between lines that stand at the same height

_Key = tuple[str, int]


def without_running_heads(
    pages: Sequence[list[Item]], heights: Sequence[float]
) -> list[list[Item]]:
    """Pages without headers, footers and page numbers.

    A line or table at the edge goes when it is a page number, or when the same words (numbers
    aside) stand there on at least two pages and on most of them, or of the odd or even ones.
    """
    edges = [_edge_items(items, height) for items, height in zip(pages, heights, strict=True)]
    sizes = [item.size for items in pages for item in items if isinstance(item, PageLine)]
    small = _SMALL * median(sizes) if sizes else 0.0
    repeated = _Repeated(pages, edges)
    out = []
    for number, (items, edge, height) in enumerate(zip(pages, edges, heights, strict=True)):
        gone = {
            id(item)
            for item in edge
            if PAGE_NUMBER.fullmatch(item.text)
            or (item.size < small and item is items[0] and item.y1 < height * _EDGE)
            or repeated(item, number)
        }
        out.append([item for item in items if id(item) not in gone])
    return out


class _Repeated:
    """On how many pages, all, odd and even, the same words stand at the same height."""

    def __init__(self, pages: Sequence[list[Item]], edges: Sequence[list[Item]]) -> None:
        filled = [number for number, items in enumerate(pages) if items]
        self.pages = Counter([*("all" for _ in filled), *(n % 2 for n in filled)])
        self.seen: Counter[tuple[object, _Key]] = Counter()
        for number, edge in enumerate(edges):
            keys = {key for item in edge for key in _keys(item)}
            self.seen.update(("all", key) for key in keys)
            self.seen.update((number % 2, key) for key in keys)

    def __call__(self, item: Item, number: int) -> bool:
        key = _keys(item)[0]
        return any(
            self.seen[which, key] >= 2 and self.seen[which, key] * 2 >= self.pages[which]
            for which in ("all", number % 2)
        )


def _keys(item: Item) -> list[_Key]:
    """The words and height of an item; its height is also counted as the next one on either side."""
    words = "".join(item.text.split())
    if not starts_new(item.text):  # 附件1 and 附件2 are not the same words
        words = _DIGITS.sub("#", words)
    step = round(item.middle / _STEP)
    return [(words, step), (words, step - 1), (words, step + 1)]


def _edge_items(items: Sequence[Item], height: float) -> list[Item]:
    items = [item for item in items if not (isinstance(item, PageLine) and item.note)]
    by_height = sorted(items, key=lambda item: item.middle)
    top = [item for item in by_height[:_EDGE_LINES] if item.y1 < height * _EDGE]
    bottom = [item for item in by_height[-_EDGE_LINES:] if item.y0 > height * (1 - _EDGE)]
    # On a page turned for reading, its number stands at a side.
    side = [item for item in items if isinstance(item, PageLine) and item.turned]
    side = [item for item in side if PAGE_NUMBER.fullmatch(item.text)]
    return top + [item for item in (*bottom, *side) if item not in top]
