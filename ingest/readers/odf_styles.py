"""Styles of OpenDocument files (ODF 1.3 part 3): list numbers, titles, hidden text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ingest.readers.list_numbers import Level, ListNumbers, Num

if TYPE_CHECKING:
    from lxml.etree import _Element

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT = f"{{{_URN}text:1.0}}"
TABLE = f"{{{_URN}table:1.0}}"
OFFICE = f"{{{_URN}office:1.0}}"
DRAW = f"{{{_URN}drawing:1.0}}"
PRESENTATION = f"{{{_URN}presentation:1.0}}"
_STYLE = f"{{{_URN}style:1.0}}"
_FORMATS = {
    "1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman",
    "一": "chineseCounting", "壹": "chineseLegalSimplified", "①": "decimalEnclosedCircle",
    "甲": "ideographTraditional", "子": "ideographZodiac", "１": "decimalFullWidth",
}  # fmt: skip
_FOLLOW = {"space": "space", "nothing": "nothing"}
_OUTLINE = "\x00outline"
_DEEPEST = 20


class OdfStyles:
    """What the style parts of a document say."""

    def __init__(self, roots: Iterable[_Element | None]) -> None:
        self._parents: dict[str, str] = {}
        self._lists_of: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.invisible: set[str] = set()  # of slides
        self._levels: dict[str, dict[int, Level]] = {}
        self._nums: dict[str, Num] = {}
        self._numbers = ListNumbers(self._levels, self._nums)
        self._current: dict[str, str] = {}  # list style: the list that counts on
        for root in roots:
            if root is not None:
                self._read(root)
        if _OUTLINE in self._levels:
            self._nums[_OUTLINE] = Num(_OUTLINE)

    def _read(self, root: _Element) -> None:
        for style in root.iter(f"{_STYLE}style"):
            name = style.get(f"{_STYLE}name", "")
            self._parents[name] = style.get(f"{_STYLE}parent-style-name", "")
            if listed := style.get(f"{_STYLE}list-style-name"):
                self._lists_of[name] = listed
            drawn = style.find(f"{_STYLE}drawing-page-properties")
            if drawn is not None and drawn.get(f"{PRESENTATION}visibility") == "hidden":
                self.invisible.add(name)
            properties = style.find(f"{_STYLE}text-properties")
            if properties is not None and properties.get(f"{TEXT}display") == "none":
                self.hidden.add(name)
        for style in root.iter(f"{TEXT}list-style"):
            self._levels[style.get(f"{_STYLE}name", "")] = _levels(style)
        for style in root.iter(f"{TEXT}outline-style"):
            self._levels[_OUTLINE] = _levels(style)

    def is_title(self, style: str) -> bool:
        """Whether a paragraph style is the document's title, or based on it."""
        for _ in range(_DEEPEST):
            if style in ("Title", "标题"):
                return True
            if style not in self._parents:
                return False
            style = self._parents[style]
        return False

    def list_style(self, paragraph: str) -> str:
        """The list style that a paragraph style states, empty for none."""
        for _ in range(_DEEPEST):
            if paragraph in self._lists_of:
                return self._lists_of[paragraph]
            if paragraph not in self._parents:
                return ""
            paragraph = self._parents[paragraph]
        return ""

    def begin_list(self, style: str, goes_on: bool) -> None:
        """A list of this style begins, or one of this style is continued."""
        if not goes_on or style not in self._current:
            name = f"{style}\x00{len(self._nums)}"
            self._levels.setdefault(name, self._levels.get(style, {}))
            self._nums[name] = Num(name)
            self._current[style] = name

    def label(self, style: str, depth: int) -> str:
        """The number of the next item of the list of this style, ``depth`` from 0."""
        return self._numbers.label(self._current.get(style, ""), depth)

    def outline_label(self, level: int) -> str:
        """The number of the next heading, level from 1."""
        return self._numbers.label(_OUTLINE, level - 1)


def _levels(style: _Element) -> dict[int, Level]:
    out: dict[int, Level] = {}
    for element in style:
        if not isinstance(element.tag, str):
            continue
        depth = _int(element.get(f"{TEXT}level"), 1) - 1
        numbered = element.tag in (
            f"{TEXT}list-level-style-number", f"{TEXT}outline-level-style"
        )  # fmt: skip
        format = element.get(f"{_STYLE}num-format") or ""
        if not numbered or not format or not 0 <= depth <= 8:
            out[depth] = Level(format="none")
            continue
        shown = max(1, min(_int(element.get(f"{TEXT}display-levels"), 1), depth + 1))
        places = ".".join(f"%{n + 1}" for n in range(depth + 1 - shown, depth + 1))
        before = element.get(f"{_STYLE}num-prefix") or ""
        after = element.get(f"{_STYLE}num-suffix") or ""
        aligned = element.find(f".//{_STYLE}list-level-label-alignment")
        follow = aligned.get(f"{TEXT}label-followed-by") if aligned is not None else None
        out[depth] = Level(
            format=_FORMATS.get(format[0], "decimal"),
            text=before.replace("%", "") + places + after.replace("%", ""),
            start=_int(element.get(f"{TEXT}start-value"), 1),
            suffix=_FOLLOW.get(follow or "", "tab"),
        )
    return out


def _int(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 7 else default
