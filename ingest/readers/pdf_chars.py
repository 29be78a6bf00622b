"""Characters of a PDF page, as text and boxes in points from the top left of the page as shown."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.readers.clean import visible

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage

_SCALE = 100  # FPDF_PageToDevice counts whole units
_SUBSET = re.compile(rb"^[A-Z]{6}\+")

#: From a point in PDF space to points from the top left of the page.
ToTop = Callable[[float, float], tuple[float, float]]


@dataclass(slots=True)
class Char:
    """One visible character or a space and its box."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    font: str = ""  # equal for characters of the same font and weight

    @property
    def height(self) -> float:
        """Height of its box, which is that of its font."""
        return self.y1 - self.y0


def to_top(page: PdfPage) -> ToTop:
    """The change of coordinates to the page as shown: turned by /Rotate, cut to its crop box."""
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
    return lambda left, top: (ox + left * xx + top * yx, oy + left * xy + top * yy)


def page_chars(page: PdfPage, place: ToTop, fonts: bool = False) -> list[Char]:
    """All characters in the order of the file, with their ``fonts`` where these are asked for.

    The caller holds the lock of PDFium.
    """
    import pypdfium2.raw as c

    textpage = page.get_textpage()
    try:
        box = c.FS_RECTF()
        name = ctypes.create_string_buffer(64)
        out: list[Char] = []
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
            (ax, ay), (bx, by) = place(box.left, box.top), place(box.right, box.bottom)
            font = _font(textpage, index, name) if fonts else ""
            out.append(Char(text, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), font))
        return out
    finally:
        textpage.close()


def _font(textpage: PdfTextPage, index: int, name: Any) -> str:
    """The name of a character's font, "" where the file gives none (Type 3)."""
    import pypdfium2.raw as c

    c.FPDFText_GetFontInfo(textpage.raw, index, name, len(name), None)
    if not name.value:
        return ""
    item = c.FPDFText_GetTextObject(textpage.raw, index)
    # A font without a bold cut is made bold by drawing its outline too.
    mode = c.FPDFTextObj_GetTextRenderMode(item) if item else 0
    return f"{_SUBSET.sub(b'', name.value)!r}{mode}"
