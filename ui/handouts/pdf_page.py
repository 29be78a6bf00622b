"""Text on small pages: lines broken by ``typesetting``, the font embedded as a subset."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ui.handouts.typesetting import Measure, sans_font

if TYPE_CHECKING:
    from fpdf import FPDF

WIDTH, HEIGHT = 105.0, 187.0  # mm: 9:16, a phone's screen; two columns of A6 on A4
_SIDE, _TOP, _BOTTOM = 9.0, 11.0, 13.0
_POINT = 25.4 / 72
_LEADING = 1.62
_MISSING = "〓"  # what Chinese printers set for a character that they lack
INK, GREY, BRAND = (34, 38, 43), (95, 101, 109), (159, 47, 36)


@cache
def _covered(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


class Pages:
    """A document written from top to bottom; without ``ink`` only its places are found."""

    def __init__(self, title: str, numbers: str = "{page}", *, ink: bool = True) -> None:
        self._font = sans_font()
        self._measure = Measure(self._font)
        self._numbers = numbers
        self._pdf = _document(title, self._font) if ink else None
        self._links = 0
        self._y = 0.0
        self.page = 0  # the one being written, from 1
        self.turn()

    def turn(self) -> None:
        """A new page."""
        self.page += 1
        self._y = _TOP
        if self._pdf:
            self._pdf.add_page()
            number = self._numbers.format(page=self.page)
            across = self._measure.width(number, 8 * _POINT)
            self._set(8, GREY)
            self._pdf.text((WIDTH - across) / 2, HEIGHT - 6, number)

    def heading(self, text: str, level: int) -> None:
        """A heading with its bookmark; it is never the last thing on a page."""
        size = {0: 16.0, 1: 13.5, 2: 11.5}[level]
        self.space(0 if level == 0 else 10 if level == 1 else 6)
        lines = self._lines(text, size, WIDTH - 2 * _SIDE)
        self._room(len(lines) * size * _LEADING * _POINT + 3 * 11 * _LEADING * _POINT)
        if level and self._pdf:
            self._pdf.start_section(self._shown(text), level - 1)
        colour = BRAND if level < 2 else INK
        for line in lines:
            self._line(line, size, colour, _SIDE)
        if level == 1:
            self._rule()
            self.space(5)

    def paragraph(
        self,
        text: str,
        size: float = 11.0,
        colour: tuple[int, int, int] = INK,
        *,
        indent: float = 0.0,
        bar: bool = False,
        link: int | None = None,
        end: str = "",
    ) -> None:
        """A paragraph; ``indent`` in mm, ``bar`` a rule at its left, ``end`` set at the right."""
        width = WIDTH - 2 * _SIDE - indent - (8 if end else 0)
        lines = self._lines(text, size, width)
        for at, line in enumerate(lines):
            if at == 0 and len(lines) > 1:
                self._room(2 * size * _LEADING * _POINT)
            last = at == len(lines) - 1
            self._line(line, size, colour, _SIDE + indent, bar, link, end if last else "")
        self.space(2.2)

    def space(self, points: float) -> None:
        """White space, none at a page's head."""
        if self._y > _TOP:
            self._y += points * _POINT

    def link(self) -> int:
        """A target to be set later."""
        self._links += 1
        return int(self._pdf.add_link()) if self._pdf else self._links

    def here(self, link: int) -> None:
        """This place is the link's target."""
        if self._pdf:
            self._pdf.set_link(link, y=max(0.0, self._y - 6), page=self.page)

    def data(self) -> bytes:
        """The file; empty without ink."""
        return bytes(self._pdf.output()) if self._pdf else b""

    # -- pieces ----------------------------------------------------------------------------------

    def _lines(self, text: str, size: float, width: float) -> list[str]:
        return self._measure.lines(self._shown(text), width, size * _POINT)

    def _shown(self, text: str) -> str:
        covered = _covered(self._font)
        return "".join(one if ord(one) in covered else _MISSING for one in text)

    def _line(
        self,
        line: str,
        size: float,
        colour: tuple[int, int, int],
        x: float,
        bar: bool = False,
        link: int | None = None,
        end: str = "",
    ) -> None:
        height = size * _LEADING * _POINT
        self._room(height)
        if self._pdf:
            shown = line.strip(" ")
            base = self._y + height / 2 + size * _POINT * 0.36
            self._set(size, colour)
            if shown:
                self._pdf.text(x, base, shown)
            if end:
                across = self._measure.width(end, size * _POINT)
                self._pdf.text(WIDTH - _SIDE - across, base, end)
            if bar:
                self._pdf.set_fill_color(*BRAND)
                self._pdf.rect(x - 3, self._y, 0.7, height, style="F")
            if link is not None:
                self._pdf.link(x, self._y, WIDTH - 2 * _SIDE, height, link)
        self._y += height

    def _rule(self) -> None:
        if self._pdf:
            self._pdf.set_draw_color(*BRAND)
            self._pdf.line(_SIDE, self._y + 0.6, WIDTH - _SIDE, self._y + 0.6)

    def _room(self, height: float) -> None:
        if self._y + height > HEIGHT - _BOTTOM and self._y > _TOP:
            self.turn()

    def _set(self, size: float, colour: tuple[int, int, int]) -> None:
        assert self._pdf is not None
        self._pdf.set_font("sans", size=size)
        self._pdf.set_text_color(*colour)


def _document(title: str, font: Path) -> FPDF:
    import logging

    from fpdf import FPDF

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # its messages are for programmers
    pdf = FPDF(unit="mm", format=(WIDTH, HEIGHT))
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_lang("zh-CN")
    pdf.set_creator("LuMing")
    pdf.add_font("sans", "", str(font))
    # The box of a subset may stay that of the whole font; finding it anew takes a second.
    loaded = getattr(pdf.fonts["sans"], "ttfont", None)
    if loaded is not None:
        loaded.recalcBBoxes = False
    return pdf
