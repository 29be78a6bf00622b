"""Characters of a PDF page to lines in reading order."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from ingest.readers.clean import visible

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f]")
_COLUMN_GAP = 2.6  # heights of a character; wider gaps part columns and cells
_LEAST_COLUMN_LINES = 6
_SCALE = 100


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

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class _Char:
    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def page_lines(page: PdfPage, number: int) -> list[PageLine]:
    """The lines of a page as a person reads them; the caller holds the lock."""
    segments = [line for line in (_line(run, number) for run in _runs(_chars(page))) if line.text]
    width, _ = page.get_size()
    gutter = _gutter(segments, width)
    if gutter is None:
        return _rows(segments)
    return _two_columns(segments, gutter)


def _chars(page: PdfPage) -> list[_Char]:
    import pypdfium2.raw as c

    textpage = page.get_textpage()
    try:
        box = c.FS_RECTF()
        to_top = _transform(page)
        out: list[_Char] = []
        for index in range(c.FPDFText_CountChars(textpage.raw)):
            code = c.FPDFText_GetUnicode(textpage.raw, index)
            if 0xD800 <= code < 0xE000:
                continue
            text = visible(chr(code)) if code else ""
            if not text or text == "\n":
                continue
            if not c.FPDFText_GetLooseCharBox(textpage.raw, index, ctypes.byref(box)):
                continue
            if text.isspace() and text != "\u3000":
                text = " "
            out.append(_Char(text, *to_top(box.left, box.top, box.right, box.bottom)))
        return out
    finally:
        textpage.close()


def _transform(page: PdfPage) -> Any:
    """From PDF space to points from the top left of the page as shown (turned, cropped)."""
    import pypdfium2.raw as c

    width, height = page.get_size()
    x, y = ctypes.c_int(), ctypes.c_int()

    def at(left: float, top: float) -> tuple[float, float]:
        c.FPDF_PageToDevice(
            page.raw, 0, 0, int(width * _SCALE), int(height * _SCALE), 0, left, top,
            ctypes.byref(x), ctypes.byref(y),
        )  # fmt: skip
        return x.value / _SCALE, y.value / _SCALE

    ox, oy = at(0, 0)
    ax, ay = at(1000, 0)
    bx, by = at(0, 1000)
    xx, xy, yx, yy = (ax - ox) / 1000, (ay - oy) / 1000, (bx - ox) / 1000, (by - oy) / 1000

    def to_top(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        xs = (ox + left * xx + top * yx, ox + right * xx + bottom * yx)
        ys = (oy + left * xy + top * yy, oy + right * xy + bottom * yy)
        return min(xs), min(ys), max(xs), max(ys)

    return to_top


def _runs(chars: list[_Char]) -> list[list[_Char]]:
    """Characters that follow one another on one line without a wide gap."""
    runs: list[list[_Char]] = []
    last: _Char | None = None
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


def _line(run: list[_Char], page: int) -> PageLine:
    solid = [char for char in run if char.text.strip()]
    if not solid:
        return PageLine("", page, 0, 0, 0, 0, 0)
    pieces: list[str] = []
    last: _Char | None = None
    space = False
    for char in run:
        if char.text == " ":
            space = True
            continue
        if space and last is not None:
            both = _WIDE.match(last.text) and _WIDE.match(char.text)
            if not both or char.x0 - last.x1 > 0.13 * (char.y1 - char.y0):
                pieces.append(" ")
        pieces.append(char.text)
        last, space = char, False
    text = "".join(pieces).strip()
    size = median(char.y1 - char.y0 for char in solid)
    return PageLine(
        text, page, min(c.x0 for c in solid), min(c.y0 for c in solid),
        max(c.x1 for c in solid), max(c.y1 for c in solid), size,
    )  # fmt: skip


def _same_row(a: PageLine, b: PageLine) -> bool:
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    return overlap > 0.5 * min(a.y1 - a.y0, b.y1 - b.y0)


def _rows(segments: list[PageLine]) -> list[PageLine]:
    """Pieces side by side (cells of a table, runs of another font) make one line."""
    rows: list[list[PageLine]] = []
    for segment in sorted(segments, key=lambda s: s.middle):
        if rows and any(_same_row(one, segment) for one in rows[-1]):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [_joined_row(sorted(row, key=lambda s: s.x0)) for row in rows]


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
    )


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


def _two_columns(segments: list[PageLine], gutter: float) -> list[PageLine]:
    out: list[PageLine] = []
    band: list[PageLine] = []

    def close() -> None:
        out.extend(_rows([s for s in band if (s.x0 + s.x1) / 2 < gutter]))
        out.extend(_rows([s for s in band if (s.x0 + s.x1) / 2 >= gutter]))
        band.clear()

    for segment in sorted(segments, key=lambda s: s.middle):
        if segment.x0 < gutter - segment.size and segment.x1 > gutter + segment.size:
            close()
            out.append(segment)
        else:
            band.append(segment)
    close()
    return out
