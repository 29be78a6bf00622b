"""How a PDF page is looked at: turned so that its text reads from left to right."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.document import Box, Span

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_SCALE = 100  # FPDF_PageToDevice counts whole units
_LEAN = math.radians(5)

#: How text is set that leans (a watermark), in place of a number of quarter turns.
LEANING = -1


@dataclass(frozen=True, slots=True)
class View:
    """A page in points from the top left, upright for a reader.

    A wide table may be set sideways on a page; ``turn`` counts the quarters by which the page as
    shown (with its /Rotate and crop box) was turned back for reading, clockwise text being 1.
    """

    width: float
    height: float
    turn: int
    matrix: tuple[float, float, float, float, float, float]

    def place(self, x: float, y: float) -> tuple[float, float]:
        """From PDF space to this view."""
        a, b, c, d, e, f = self.matrix
        return a * x + c * y + e, b * x + d * y + f

    def spans(self, span: Span) -> tuple[Span, ...]:
        """The span with its box on the page as shown."""
        return (replace(span, box=self.shown(span.box)),)

    def shown(self, box: Box) -> Box:
        """From this view to the page as shown."""
        if not self.turn:
            return box
        ends = [self._shown(box.x0, box.y0), self._shown(box.x1, box.y1)]
        (ax, ay), (bx, by) = ends
        return Box(box.page, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 1:
            return round(self.height - y, 2), x
        if self.turn == 2:
            return round(self.width - x, 2), round(self.height - y, 2)
        return y, round(self.width - x, 2)


def page_view(page: PdfPage, turns: Counter[int]) -> View:
    """The view in which most characters are upright, whose :func:`turns` are given."""
    width, height = page.get_size()
    a, b, c, d, e, f = _shown_matrix(page, width, height)
    turn = max((0, 1, 2, 3), key=lambda one: turns[one])
    if turn == 1:
        return View(height, width, 1, (b, -a, d, -c, f, width - e))
    if turn == 2:
        return View(width, height, 2, (-a, -b, -c, -d, width - e, height - f))
    if turn == 3:
        return View(height, width, 3, (-b, a, -d, c, height - f, e))
    return View(width, height, 0, (a, b, c, d, e, f))


def _shown_matrix(
    page: PdfPage, width: float, height: float
) -> tuple[float, float, float, float, float, float]:
    import pypdfium2.raw as raw

    x, y = ctypes.c_int(), ctypes.c_int()

    def at(left: float, top: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(
            page.raw, 0, 0, int(width * _SCALE), int(height * _SCALE), 0, left, top,
            ctypes.byref(x), ctypes.byref(y),
        )  # fmt: skip
        return x.value / _SCALE, y.value / _SCALE

    ox, oy = at(0, 0)
    ax, ay = at(1000, 0)
    bx, by = at(0, 1000)
    return (ax - ox) / 1000, (ay - oy) / 1000, (bx - ox) / 1000, (by - oy) / 1000, ox, oy


def char_turns(page: PdfPage, textpage: PdfTextPage) -> list[int]:
    """For each character by how many quarters it is turned clockwise on the page as shown."""
    import pypdfium2.raw as raw

    rotation = page.get_rotation() // 90
    out: list[int] = []
    for index in range(raw.FPDFText_CountChars(textpage.raw)):
        angle = raw.FPDFText_GetCharAngle(textpage.raw, index)
        if angle <= 0:
            out.append(rotation)
            continue
        quarters = round(angle / (math.pi / 2))
        leans = abs(angle - quarters * math.pi / 2) > _LEAN
        out.append(LEANING if leans else (quarters + rotation) % 4)
    return out
