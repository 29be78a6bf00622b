"""Numbers as Word shows them: they aren't in the text but in numbering.xml and the styles.

ECMA-376 part 1, 17.9 (numbering) and 17.7 (styles).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.readers.list_numbers import Level, ListNumbers, Num

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLE_LEVEL = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_DEEPEST_STYLE = 20


def value(element: _Element | None, default: str | None = None) -> str | None:
    """``w:val`` of an element that may not be there."""
    return default if element is None else element.get(f"{W}val", default)


def number(element: _Element | None, default: int) -> int:
    """``w:val`` as an integer; the default for anything else."""
    try:
        return int(value(element) or "")
    except ValueError:
        return default


class Styles:
    """Paragraph styles: numbering and outline level, through ``basedOn``."""

    def __init__(self, root: _Element | None) -> None:
        self._styles: dict[str, _Element] = {}
        for style in root.iter(f"{W}style") if root is not None else ():
            self._styles[style.get(f"{W}styleId", "")] = style

    def chain(self, style_id: str | None) -> list[tuple[str, _Element]]:
        """The style and those that it is based on, nearest first; a loop ends it."""
        out: list[tuple[str, _Element]] = []
        while style_id and style_id in self._styles and len(out) < _DEEPEST_STYLE:
            style = self._styles[style_id]
            out.append((style_id, style))
            style_id = value(style.find(f"{W}basedOn"))
        return out

    def heading_level(self, paragraph: _Element | None, style_id: str | None) -> int:
        """1–9 for a heading, 0 for body text."""
        own = paragraph.find(f"{W}outlineLvl") if paragraph is not None else None
        if own is not None:
            level = number(own, 9)
            return level + 1 if 0 <= level < 9 else 0
        for _, style in self.chain(style_id):
            level = number(style.find(f"{W}pPr/{W}outlineLvl"), 9)
            if 0 <= level < 9:
                return level + 1
            name = (value(style.find(f"{W}name")) or "").strip()
            if name.lower() == "title" or name == "标题":
                return 1
            if match := _STYLE_LEVEL.fullmatch(name):
                return int(match[1])
        return 0


class Numbering:
    """Counts paragraphs as they come and gives each its label."""

    def __init__(self, root: _Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, Level]] = {}
        self._nums: dict[str, Num] = {}
        self._numbers = ListNumbers(self._abstract, self._nums)
        if root is None:
            return
        for abstract in root.iter(f"{W}abstractNum"):
            levels = {number_of(level): _level(level) for level in abstract.findall(f"{W}lvl")}
            self._abstract[abstract.get(f"{W}abstractNumId", "")] = levels
        for num in root.findall(f"{W}num"):
            self._nums[num.get(f"{W}numId", "")] = _num(num)

    def label(self, properties: _Element | None, style_id: str | None) -> str:
        """The number of the next paragraph with these properties, empty where it has none."""
        found = self._reference(properties, style_id)
        if found is None:
            return ""
        num_id, depth = found
        return self._numbers.label(num_id, depth)

    def _reference(
        self, properties: _Element | None, style_id: str | None
    ) -> tuple[str, int] | None:
        own = properties.find(f"{W}numPr") if properties is not None else None
        own_id = value(own.find(f"{W}numId")) if own is not None else None
        own_depth = own.find(f"{W}ilvl") if own is not None else None
        if own_id is not None:
            return None if own_id == "0" else (own_id, number(own_depth, 0))
        for name, style in self._styles.chain(style_id):
            stated = style.find(f"{W}pPr/{W}numPr")
            num_id = value(stated.find(f"{W}numId")) if stated is not None else None
            if stated is None or num_id is None:
                continue
            if num_id == "0":
                return None
            depth = own_depth if own_depth is not None else stated.find(f"{W}ilvl")
            return num_id, number(depth, self._linked(num_id, name))
        return None

    def _linked(self, num_id: str, style_id: str) -> int:
        """The level that names this style, 0 where none does."""
        num = self._nums.get(num_id)
        levels = self._abstract.get(num.abstract, {}) if num else {}
        return next((depth for depth, one in levels.items() if one.style == style_id), 0)


def number_of(level: _Element) -> int:
    """``w:ilvl`` of a level."""
    try:
        return int(level.get(f"{W}ilvl", "0"))
    except ValueError:
        return 0


def _level(element: _Element) -> Level:
    restart = element.find(f"{W}lvlRestart")
    return Level(
        format=value(element.find(f"{W}numFmt"), "decimal") or "decimal",
        text=value(element.find(f"{W}lvlText"), "") or "",
        start=number(element.find(f"{W}start"), 0),
        suffix=value(element.find(f"{W}suff"), "tab") or "tab",
        legal=element.find(f"{W}isLgl") is not None,
        restart=None if restart is None else number(restart, 0),
        style=value(element.find(f"{W}pStyle")),
    )


def _num(element: _Element) -> Num:
    num = Num(value(element.find(f"{W}abstractNumId"), "") or "")
    for override in element.findall(f"{W}lvlOverride"):
        depth = number_of(override)
        start = override.find(f"{W}startOverride")
        if start is not None:
            num.starts[depth] = number(start, 1)
        level = override.find(f"{W}lvl")
        if level is not None:
            num.levels[depth] = _level(level)
    return num
