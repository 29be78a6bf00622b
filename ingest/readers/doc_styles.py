"""Styles and lists of a binary Word document: heading levels and the numbers before paragraphs."""

from __future__ import annotations

import struct
from contextlib import suppress
from dataclasses import dataclass

from ingest.readers.doc_binary import Properties, modifications
from ingest.readers.list_numbers import Level, ListNumbers, Num

_OUTLINE, _LIST, _LIST_LEVEL = 0x2640, 0x460B, 0x260A
_TITLE_STYLE = 62
_DEEPEST = 20
_MAX_STYLES = 4_096
_MAX_LISTS = 10_000
# MSONFC, [MS-OSHARED] 2.2.1.3, in the names of ECMA-376
_FORMATS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    10: "ideographDigital", 11: "japaneseCounting", 14: "decimalFullWidth",
    16: "japaneseLegal", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero",
    23: "bullet", 26: "decimalEnclosedFullstop", 27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese", 29: "ideographEnclosedCircle", 30: "ideographTraditional",
    31: "ideographZodiac", 33: "taiwaneseCounting", 34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand", 36: "taiwaneseDigital", 37: "chineseCounting",
    38: "chineseLegalSimplified", 39: "chineseCountingThousand", 255: "none",
}  # fmt: skip
_FOLLOW = {0: "tab", 1: "space", 2: "nothing"}


@dataclass(frozen=True)
class _Style:
    kind: int  # of the built-in styles, 1–9 are the headings
    base: int
    modifications: tuple[tuple[int, bytes], ...]


class DocStyles:
    """The style sheet (STSH); an unreadable one has no styles."""

    def __init__(self, data: bytes) -> None:
        self._styles: dict[int, _Style] = {}
        with suppress(struct.error, IndexError):
            self._read(data)

    def _read(self, data: bytes) -> None:
        if len(data) < 8:
            return
        head, count, base_size = struct.unpack_from("<HHH", data)
        at = 2 + head
        for index in range(min(count, _MAX_STYLES)):
            if at + 2 > len(data):
                return
            size = struct.unpack_from("<H", data, at)[0]
            std = data[at + 2 : at + 2 + size]
            at += 2 + size + (size & 1)
            if len(std) > base_size + 2:
                self._styles[index] = _style(std, base_size)

    def heading_level(self, properties: Properties) -> int:
        """1–9 for a heading, 0 for body text."""
        own = _last(properties.modifications, _OUTLINE)
        if own is not None:
            return own[0] + 1 if own[0] < 9 else 0
        for style in self._chain(properties.style):
            stated = _last(style.modifications, _OUTLINE)
            if stated is not None and stated[0] < 9:
                return stated[0] + 1
            if 1 <= style.kind <= 9:
                return style.kind
            if style.kind == _TITLE_STYLE:
                return 1
        return 0

    def list_of(self, properties: Properties) -> tuple[int, int]:
        """(number of the list, depth), by the paragraph or its styles; list 0 for none."""
        number = _last(properties.modifications, _LIST)
        depth = _last(properties.modifications, _LIST_LEVEL)
        for style in self._chain(properties.style):
            if number is None:
                number = _last(style.modifications, _LIST)
                depth = depth or _last(style.modifications, _LIST_LEVEL)
        if number is None or len(number) < 2:
            return 0, 0
        return struct.unpack("<H", number[:2])[0], depth[0] if depth else 0

    def _chain(self, index: int) -> list[_Style]:
        out: list[_Style] = []
        while index in self._styles and len(out) < _DEEPEST:
            out.append(self._styles[index])
            index = out[-1].base
        return out


def _last(changes: tuple[tuple[int, bytes], ...], code: int) -> bytes | None:
    return next((operand for one, operand in reversed(changes) if one == code), None)


def _style(std: bytes, base_size: int) -> _Style:
    first, second = struct.unpack_from("<HH", std)
    letters = struct.unpack_from("<H", std, base_size)[0]
    at = base_size + 2 + 2 * letters + 2
    changes: tuple[tuple[int, bytes], ...] = ()
    if second & 0xF == 1 and at + 4 <= len(std):
        size = struct.unpack_from("<H", std, at)[0]
        changes = tuple(modifications(std[at + 4 : at + 2 + size]))
    return _Style(first & 0x0FFF, second >> 4, changes)


def list_numbers(lists: bytes, uses: bytes) -> ListNumbers:
    """The lists of a document by the number that paragraphs give; none where they can't be read."""
    levels: dict[str, dict[int, Level]] = {}
    nums: dict[str, Num] = {}
    with suppress(struct.error, IndexError):
        _read_lists(lists, levels)
        _read_uses(uses, nums)
    return ListNumbers(levels, nums)


def _read_lists(data: bytes, levels: dict[str, dict[int, Level]]) -> None:
    if len(data) < 2:
        return
    count = min(struct.unpack_from("<H", data)[0], _MAX_LISTS)
    at = 2 + 28 * count
    for index in range(count):
        base = 2 + 28 * index
        name = str(struct.unpack_from("<i", data, base)[0])
        levels[name] = {}
        for depth in range(1 if data[base + 26] & 1 else 9):
            levels[name][depth], at = _level(data, at)


def _level(data: bytes, at: int) -> tuple[Level, int]:
    """One LVL and where the next one begins."""
    start = struct.unpack_from("<i", data, at)[0]
    flags = data[at + 5]
    text_at = at + 28 + data[at + 25] + data[at + 24]
    letters = struct.unpack_from("<H", data, text_at)[0]
    raw = data[text_at + 2 : text_at + 2 + 2 * letters].decode("utf-16-le", "replace")
    text = "".join(f"%{ord(c) + 1}" if ord(c) < 9 else c for c in raw)
    level = Level(
        format=_FORMATS.get(data[at + 4], "decimal"),
        text=text,
        start=start,
        suffix=_FOLLOW.get(data[at + 15], "tab"),
        legal=bool(flags & 4),
        restart=data[at + 26] if flags & 8 else None,
    )
    return level, text_at + 2 + 2 * letters


def _read_uses(data: bytes, nums: dict[str, Num]) -> None:
    if len(data) < 4:
        return
    count = min(struct.unpack_from("<I", data)[0], _MAX_LISTS)
    at = 4 + 16 * count
    for index in range(count):
        base = 4 + 16 * index
        num = Num(str(struct.unpack_from("<i", data, base)[0]))
        nums[str(index + 1)] = num
        overrides = data[base + 12]
        at += 4
        for _ in range(overrides):
            start, flags = struct.unpack_from("<iI", data, at)
            at += 8
            depth = flags & 0xF
            if flags & 0x20:
                num.levels[depth], at = _level(data, at)
                start = num.levels[depth].start
            if flags & 0x10:
                num.starts[depth] = start
