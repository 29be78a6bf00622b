"""Characters of a PDF page: text and box, in points from the top left of the page as viewed."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.readers.clean import visible
from ingest.readers.pdf_view import LEANING, View

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_MOST_LEANING = 0.2  # of a page's characters
_NEAR = 4.0  # points
_SUBSET = re.compile(rb"^[A-Z]{6}\+")


@dataclass(slots=True)
class Char:
    """One visible character or a space and its box."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    font: str = ""  # equal for characters of the same font and weight
    turn: int = 0  # quarters by which it stands clockwise of the others
    typed: bool = True  # False for a space that PDFium reads into a gap

    @property
    def height(self) -> float:
        """Height of its box, which is that of its font."""
        return self.y1 - self.y0


def page_chars(
    textpage: PdfTextPage, view: View, turns: Sequence[int], fonts: bool = False
) -> list[Char]:
    """All characters in the order of the file, with their ``fonts`` where these are asked for.

    Few characters that lean are a watermark and left out. The caller holds the lock of PDFium.
    """
    import pypdfium2.raw as c

    leaning = turns.count(LEANING)
    watermark = 0 < leaning < _MOST_LEANING * len(turns)
    box = c.FS_RECTF()
    name = ctypes.create_string_buffer(64)
    out: list[Char] = []
    drawn = _Drawn()
    for index, turn in enumerate(turns):
        code = c.FPDFText_GetUnicode(textpage.raw, index)
        if 0xD800 <= code < 0xE000 or (watermark and turn == LEANING):
            continue
        text = visible(chr(code)) if code else ""
        if not text or text == "\n":
            continue
        if not c.FPDFText_GetLooseCharBox(textpage.raw, index, ctypes.byref(box)):
            continue
        if text.isspace() and text != "\u3000":
            text = " "
        (ax, ay), (bx, by) = view.place(box.left, box.top), view.place(box.right, box.bottom)
        font = _font(textpage, index, name) if fonts else ""
        relative = 0 if turn == LEANING else (turn - view.turn) % 4
        char = Char(text, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), font, relative)
        if text == " ":
            char.typed = not c.FPDFText_IsGenerated(textpage.raw, index)
            out.append(char)
        elif drawn.first_time(char):
            out.append(char)
    return out


class _Drawn:
    """What stands where already: shadows and bold by overprinting draw a character twice."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, int, int], list[Char]] = {}

    def first_time(self, char: Char) -> bool:
        """Whether no equal character was drawn here, or hardly beside it, before."""
        x, y = int(char.x0 // _NEAR), int(char.y0 // _NEAR)
        for column in (x - 1, x, x + 1):
            for row in (y - 1, y, y + 1):
                for other in self.places.get((char.text, column, row), ()):
                    if (
                        abs(other.x0 - char.x0) < 0.3 * (char.x1 - char.x0)
                        and abs(other.y0 - char.y0) < 0.3 * char.height
                    ):
                        return False
        self.places.setdefault((char.text, x, y), []).append(char)
        return True


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
