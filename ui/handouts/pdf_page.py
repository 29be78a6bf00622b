"""Text on small pages: lines broken by ``typesetting``, fonts embedded as subsets."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ui.handouts.typesetting import Measure, sans_font, serif_font

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
    """A document written from top to bottom."""

    def __init__(self, title: str, numbers: str = "{page}") -> None:
        import logging

        from fpdf import FPDF

        # its messages on fonts are for programmers
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        self._pdf: FPDF = FPDF(unit="mm", format=(WIDTH, HEIGHT))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_title(title)
        self._pdf.set_lang("zh-CN")
        self._pdf.set_creator("LuMing")
        self._fonts = {"sans": sans_font(), "serif": serif_font()}
        self._measures = {name: Measure(path) for name, path in self._fonts.items()}
        for name, path in self._fonts.items():
            self._pdf.add_font(name, "", str(path))
        self._numbers = numbers
        self._y = 0.0
        self.turn()

    @property
    def page(self) -> int:
        """The page being written, from 1."""
        return int(self._pdf.page_no())

    def turn(self) -> None:
        """A new page."""
        self._pdf.add_page()
        self._y = _TOP
        number = self._numbers.format(page=self.page)
        across = self._measures["sans"].width(number, 8 * _POINT)
        self._set("sans", 8, GREY)
        self._pdf.text((WIDTH - across) / 2, HEIGHT - 6, number)

    def heading(self, text: str, level: int) -> None:
        """A heading with its bookmark; it is never the last thing on a page."""
        size = {0: 16.0, 1: 13.5, 2: 11.5}[level]
        self.space(0 if level == 0 else 10 if level == 1 else 6)
        lines = self._lines(text, size, "sans", WIDTH - 2 * _SIDE)
        self._room(len(lines) * size * _LEADING * _POINT + 3 * 11 * _LEADING * _POINT)
        if level:
            self._pdf.start_section(self._shown(text, "sans"), level - 1)
        colour = BRAND if level < 2 else INK
        for line in lines:
            self._line(line, size, "sans", colour, _SIDE)
        if level == 1:
            self._pdf.set_draw_color(*BRAND)
            self._pdf.line(_SIDE, self._y + 0.6, WIDTH - _SIDE, self._y + 0.6)
            self.space(5)

    def paragraph(
        self,
        text: str,
        size: float = 11.0,
        font: str = "serif",
        colour: tuple[int, int, int] = INK,
        *,
        indent: float = 0.0,
        bar: bool = False,
        link: int | None = None,
        end: str = "",
    ) -> None:
        """A paragraph; ``indent`` in mm, ``bar`` a rule at its left, ``end`` set at the right."""
        width = WIDTH - 2 * _SIDE - indent - (8 if end else 0)
        lines = self._lines(text, size, font, width)
        for at, line in enumerate(lines):
            if at == 0 and len(lines) > 1:
                self._room(2 * size * _LEADING * _POINT)
            last = at == len(lines) - 1
            self._line(line, size, font, colour, _SIDE + indent, bar, link, end if last else "")
        self.space(2.2)

    def space(self, points: float) -> None:
        """White space, none at a page's head."""
        if self._y > _TOP:
            self._y += points * _POINT

    def link(self) -> int:
        """A target to be set later."""
        return int(self._pdf.add_link())

    def here(self, link: int) -> None:
        """This place is the link's target."""
        self._pdf.set_link(link, y=max(0.0, self._y - 6), page=self.page)

    def data(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output())

    # -- pieces ----------------------------------------------------------------------------------

    def _lines(self, text: str, size: float, font: str, width: float) -> list[str]:
        shown = self._shown(text, font)
        return self._measures[font].lines(shown, width, size * _POINT)

    def _shown(self, text: str, font: str) -> str:
        covered = _covered(self._fonts[font])
        return "".join(one if ord(one) in covered else _MISSING for one in text)

    def _line(
        self,
        line: str,
        size: float,
        font: str,
        colour: tuple[int, int, int],
        x: float,
        bar: bool = False,
        link: int | None = None,
        end: str = "",
    ) -> None:
        height = size * _LEADING * _POINT
        self._room(height)
        shown = line.strip(" ")
        base = self._y + height / 2 + size * _POINT * 0.36
        self._set(font, size, colour)
        if shown:
            self._pdf.text(x, base, shown)
        if end:
            across = self._measures[font].width(end, size * _POINT)
            self._pdf.text(WIDTH - _SIDE - across, base, end)
        if bar:
            self._pdf.set_fill_color(*BRAND)
            self._pdf.rect(x - 3, self._y, 0.7, height, style="F")
        if link is not None:
            self._pdf.link(x, self._y, WIDTH - 2 * _SIDE, height, link)
        self._y += height

    def _room(self, height: float) -> None:
        if self._y + height > HEIGHT - _BOTTOM and self._y > _TOP:
            self.turn()

    def _set(self, font: str, size: float, colour: tuple[int, int, int]) -> None:
        self._pdf.set_font(font, size=size)
        self._pdf.set_text_color(*colour)
