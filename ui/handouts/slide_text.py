"""Texts cut and sized so that they fit into a frame of a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ui.handouts.typesetting import Measure, sans_font

LEADING = 1.45  # distance of lines, in sizes
AFTER = 0.35  # space behind a paragraph, in sizes
_SPARE = 0.95  # of the width, because fonts differ in their Latin letters


@dataclass(frozen=True)
class Frame:
    """A rectangle in points."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Fitted:
    """The paragraphs of one slide and the size that lets them fit."""

    paragraphs: tuple[str, ...]
    size: float


class Fitting:
    """Finds sizes and page breaks for one frame after another."""

    @cached_property
    def _measure(self) -> Measure:
        return Measure(sans_font())

    def height(self, paragraphs: Sequence[str], width: float, size: float) -> float:
        """The height of paragraphs set at ``size``."""
        lines = sum(len(self._lines(one, width, size)) for one in paragraphs)
        return size * (lines * LEADING + len(paragraphs) * AFTER)

    def pages(
        self, paragraphs: Sequence[str], frame: Frame, sizes: Sequence[float]
    ) -> list[Fitted]:
        """All on one page at the largest of ``sizes`` that fits, else on several at the last.

        A paragraph longer than a page is cut at the end of a line.
        """
        held = [one for one in paragraphs if one]
        for size in sizes:
            if self.height(held, frame.width, size) <= frame.height:
                return [Fitted(tuple(held), size)]
        return [Fitted(tuple(page), sizes[-1]) for page in self._broken(held, frame, sizes[-1])]

    def one_page(self, paragraphs: Sequence[str], frame: Frame, sizes: Sequence[float]) -> Fitted:
        """The first of ``pages``, its end marked where there is more."""
        pages = self.pages(paragraphs, frame, sizes)
        if len(pages) == 1:
            return pages[0]
        *before, last = pages[0].paragraphs
        return Fitted((*before, f"{last[:-2]}……"), pages[0].size)

    def _broken(self, paragraphs: Sequence[str], frame: Frame, size: float) -> list[list[str]]:
        """Paragraphs by page; only one that no page could hold is cut, at the ends of lines."""
        pages: list[list[str]] = [[]]
        left = frame.height
        for text in paragraphs:
            lines = self._lines(text, frame.width, size)
            most = max(1, int((frame.height - size * AFTER) / (size * LEADING)))
            for at in range(0, len(lines), most):
                piece = lines[at : at + most]
                needs = size * (len(piece) * LEADING + AFTER)
                if needs > left and pages[-1]:
                    pages.append([])
                    left = frame.height
                pages[-1].append("".join(piece))
                left -= needs
        return [one for one in pages if one]

    def _lines(self, text: str, width: float, size: float) -> list[str]:
        return self._measure.lines(text, width * _SPARE, size)
