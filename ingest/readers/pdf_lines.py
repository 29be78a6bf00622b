"""Characters of a PDF page to visual lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TypeVar

from ingest.readers.pdf_chars import Char

#: A line that is nothing but the number of a page: 3, — 3 —, 第3页 共9页, 3/9.
_COUNT = "[0-9０-９一二三四五六七八九十]{1,4}"
PAGE_NUMBER = re.compile(
    rf"[-—–－―·•~\s]*(?:第\s*|page\s*|p\.\s*)?(?:{_COUNT}|[ivx]{{1,6}})(?:\s*页)?"
    rf"(?:\s*(?:[/／，,、|]|of)?\s*(?:共|总)?\s*{_COUNT}\s*页?)?[-—–－―·•~\s]*",
    re.IGNORECASE,
)
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f]")
_SPACE = 0.13  # heights of a character
_BETWEEN_SCRIPTS = 0.3  # the gap that Word sets by itself between 年 and 2024 is a quarter
_COLUMN_GAP = 2.6  # heights of a character; wider gaps part columns and cells
# What no line break parts: a number or Latin word, or one character; with an opening mark before
# it, closing marks after it, and across quotation marks (UAX #14, class QU) the next character.
_WORD = re.compile(
    "[（《“‘「『【〔〈([<]?(?:[A-Za-z0-9０-９.,%℃/:-]+|.)"
    "(?:[“”‘’].?|[，。、；：！？）》」』】〕〉…—,.;:!?)%])*"
)


@dataclass(slots=True)
class PageLine:
    """One visual line: its text and box in points from the top left."""

    text: str
    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    size: float  # height of its characters
    note: bool = False  # in a footnote
    turned: bool = False  # against the other lines of the page
    column: int = 0  # on its page; below 0 what stands by itself: in a box, or beside a table

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.y0 + self.y1) / 2


_Boxed = TypeVar("_Boxed", Char, PageLine)


def text_lines(chars: Sequence[Char], page: int) -> list[PageLine]:
    """Pieces of lines: characters that follow one another without a wide gap."""
    lines = [
        line
        for line in (_line(run, page) for run in _runs([c for c in chars if not c.turn]))
        if line.text
    ]
    for turn in sorted({char.turn for char in chars if char.turn}):
        # Turned back about the origin, read, and turned again.
        back = [_turned(char, -turn) for char in chars if char.turn == turn]
        for run in _runs(back):
            line = _line(run, page)
            if line.text:
                lines.append(replace(_turned(line, turn), turned=True))
    return lines


def _turned(item: _Boxed, turn: int) -> _Boxed:
    """A copy turned clockwise about the origin by quarters."""
    x0, y0, x1, y1 = item.x0, item.y0, item.x1, item.y1
    for _ in range(turn % 4):
        x0, y0, x1, y1 = -y1, x0, -y0, x1
    return replace(item, x0=x0, y0=y0, x1=x1, y1=y1)


def _runs(chars: Sequence[Char]) -> list[list[Char]]:
    """Characters that follow one another on one line without a wide gap."""
    runs: list[list[Char]] = []
    last: Char | None = None
    for char in chars:
        if char.text == " ":
            if last is not None and runs:
                runs[-1].append(char)
            continue
        height = char.y1 - char.y0
        if last is not None:
            level = abs((char.y0 + char.y1) - (last.y0 + last.y1)) / 2 < 0.45 * max(height, 1)
            gap = char.x0 - last.x1
            if level and -0.6 * height <= gap < _COLUMN_GAP * max(height, 1):
                runs[-1].append(char)
                last = char
                continue
        runs.append([char])
        last = char
    return runs


def _line(run: list[Char], page: int) -> PageLine:
    solid = [char for char in run if char.text.strip()]
    if not solid:
        return PageLine("", page, 0, 0, 0, 0, 0)
    pieces: list[str] = []
    last: Char | None = None
    space = typed = False
    least = _least_space(solid)
    for char in run:
        if char.text == " ":
            space, typed = True, typed or char.typed
            continue
        if space and last is not None and _shown_space(last, char, least, typed):
            pieces.append(" ")
        pieces.append(char.text)
        last, space, typed = char, False, False
    text = "".join(pieces).strip()
    size = median(char.y1 - char.y0 for char in solid)
    return PageLine(
        text, page, min(c.x0 for c in solid), min(c.y0 for c in solid),
        max(c.x1 for c in solid), max(c.y1 for c in solid), size,
    )  # fmt: skip


def _shown_space(left: Char, right: Char, least: float, typed: bool) -> bool:
    """Whether a space between two characters is more than the way in which they are set."""
    wide = bool(_WIDE.match(left.text)) + bool(_WIDE.match(right.text))
    if wide == 2:
        return right.x0 - left.x1 > least
    return not wide or typed or right.x0 - left.x1 > _BETWEEN_SCRIPTS * right.height


def _least_space(solid: Sequence[Char]) -> float:
    """How wide a gap between Chinese characters must be to be a space.

    Set wide (关 于 印 发) or justified, every gap is as wide as the next and none is a space.
    """
    gaps = [
        right.x0 - left.x1
        for left, right in pairwise(solid)
        if _WIDE.match(left.text) and _WIDE.match(right.text)
    ]
    usual = median(gaps) if gaps else 0.0
    return max(_SPACE * (solid[0].y1 - solid[0].y0), 1.5 * usual)


def _same_row(a: PageLine, b: PageLine) -> bool:
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    return overlap > 0.5 * min(a.y1 - a.y0, b.y1 - b.y0)


def rows(segments: Sequence[PageLine]) -> list[PageLine]:
    """Pieces side by side (runs of another font) make one line; turned ones come last."""
    found: list[list[PageLine]] = []
    turned = sorted((s for s in segments if s.turned), key=lambda s: s.x0)
    for segment in sorted((s for s in segments if not s.turned), key=lambda s: s.middle):
        if found and any(_same_row(one, segment) for one in found[-1]):
            found[-1].append(segment)
        else:
            found.append([segment])
    return [*(_joined_row(sorted(row, key=lambda s: s.x0)) for row in found), *turned]


def _joined_row(row: list[PageLine]) -> PageLine:
    text, edge = row[0].text, row[0].x1
    for segment in row[1:]:
        text += ("" if segment.x0 - edge < 0.3 * segment.size else " ") + segment.text
        edge = max(edge, segment.x1)
    return PageLine(
        text,
        row[0].page,
        row[0].x0,
        min(one.y0 for one in row),
        edge,
        max(one.y1 for one in row),
        max(one.size for one in row),
        column=row[0].column,
    )


def first_word_width(line: PageLine) -> float:
    """The least that must fit on a line for a break before this one to be avoidable, in points."""
    word = _WORD.match(line.text)
    share = _ems(word[0] if word else line.text[:1]) / max(_ems(line.text), 0.5)
    return share * (line.x1 - line.x0)


def _ems(text: str) -> float:
    return sum(1.0 if ord(char) > 255 else 0.5 for char in text)
