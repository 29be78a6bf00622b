"""Cutting text into sentences that can be quoted whole, with their exact character ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

MAX_UNIT = 1200  # characters; a longer run without a full stop is cut at this length


class UnitKind(StrEnum):
    """What a unit of text is."""

    SENTENCE = "sentence"
    LEAD = "lead"  # introduces the items that follow it
    ITEM = "item"
    HEADING = "heading"
    ROW = "row"  # of a table


@dataclass(frozen=True, slots=True)
class Unit:
    """``text`` is the document's text from ``start`` to ``end``.

    ``group`` is the same for a lead and its items, None for the rest; ``marker`` is the style of
    an item's number (（一）, 1., 一是), so that an inner list is told from the outer one.
    """

    text: str
    start: int
    end: int
    kind: UnitKind = UnitKind.SENTENCE
    group: int | None = None
    marker: str = ""


_NUM = "[一二三四五六七八九十百]{1,4}"
_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("（一）", re.compile(rf"[（(]{_NUM}[）)]")),
    ("（1）", re.compile(r"[（(][0-9０-９]{1,3}[）)]")),
    ("一是", re.compile(r"[一二三四五六七八九十]{1,2}是")),
    (
        "第一",
        re.compile(
            r"第[一二三四五六七八九十]步?(?=[，、：,])|其[一二三四五六七八九十](?=[，、：,])"
        ),
    ),
    ("首先", re.compile(r"(?:首先|其次|再次|最后)(?=[，、,])")),
    ("①", re.compile(r"[①-⑳]")),
    ("1.", re.compile(r"[0-9０-９]{1,2}(?:[.．](?![0-9])|、)|[0-9]{1,2}[)）]")),
    ("一、", re.compile(rf"{_NUM}、")),
    ("·", re.compile(r"[-*•·●○■◆▪](?=\s)")),
)
_INLINE = ("（一）", "（1）", "一是", "第一", "首先", "①")
_UNMARKED = "；"
_END = "。！？!?"
_OPEN = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "（": "）",
    "(": ")",
    "《": "》",
    "【": "】",
}
_CLOSING = frozenset(_OPEN.values()) | {'"', "'"}
_ARTICLE_HEAD = re.compile(
    r"第[零〇一二两三四五六七八九十百千0-9]{1,9}条(?:之[一二三四五六七八九十])?[\s　：:]*"
)


def split_units(text: str, base: int = 0) -> list[Unit]:
    """Sentences, list items, table rows and headings of ``text`` in order.

    ``base`` is where ``text`` begins in its document. A sentence reaches to its 。！？ and so keeps
    its negations, conditions and provisos; an item reaches to the next item or the line's end.
    Only white space lies outside the units.
    """
    units: list[Unit] = []
    place = 0
    for line in text.split("\n"):
        units.extend(_line_units(line, base + place))
        place += len(line) + 1
    return _grouped(_unmarked_items(units, text, base))


def _unmarked_items(units: list[Unit], text: str, base: int) -> list[Unit]:
    """Lines that end in ；, with the line after them, are items although no number says so."""
    lines = {
        i
        for i, unit in enumerate(units)
        if unit.kind is UnitKind.SENTENCE and _fills_line(text, base, unit)
    }
    listed: set[int] = set()
    for i in lines:
        if units[i].text.endswith(("；", ";")) and i + 1 in lines:
            listed |= {i, i + 1}
    return [
        Unit(u.text, u.start, u.end, UnitKind.ITEM, None, _UNMARKED) if i in listed else u
        for i, u in enumerate(units)
    ]


def _fills_line(text: str, base: int, unit: Unit) -> bool:
    before = text[text.rfind("\n", 0, unit.start - base) + 1 : unit.start - base]
    end = text.find("\n", unit.end - base)
    return not before.strip() and not text[unit.end - base : end if end >= 0 else None].strip()


def item_marker(text: str) -> str:
    """The style of the number that ``text`` begins with, "" for none."""
    head = text[:8]
    for name, pattern in _MARKERS:
        if pattern.match(head):
            return name
    return ""


def _line_units(line: str, base: int) -> list[Unit]:
    if not line.strip():
        return []
    if "|" in line and line.count("|") >= 2:
        return _cut(line, base, [0, len(line)], UnitKind.ROW)
    bounds = _bounds(line)
    units = _cut(line, base, bounds, UnitKind.SENTENCE)
    if len(units) == 1 and (_is_heading(units[0].text) or _is_asked(units[0])):
        return [_replace(units[0], UnitKind.HEADING)]
    return units


def _is_asked(unit: Unit) -> bool:
    """A question on a line of its own heads its answer: 4.调动搬迁费用如何报销？"""
    return (bool(unit.marker) or len(unit.text) <= 40) and unit.text.endswith(("？", "?"))


def _bounds(line: str) -> list[int]:
    """Where the units of a line begin, and its end: after full stops and before inline items."""
    bounds = [0]
    closers: list[str] = []
    opened_at = 0
    in_item = bool(item_marker(line.lstrip()))
    previous_end = True
    for place, char in enumerate(line):
        if place - bounds[-1] >= MAX_UNIT:
            bounds.append(place)
            closers.clear()
        if previous_end and not (closers and place != opened_at):
            marker = item_marker(line[place : place + 8])
            if marker in _INLINE and place > bounds[-1]:
                bounds.append(place)
                in_item = True
            elif marker in _INLINE:
                in_item = True
        if closers and char == closers[-1]:
            closers.pop()
        elif char in _OPEN and _OPEN[char] in line[place + 1 : place + 300]:
            closers.append(_OPEN[char])
            opened_at = place
        ends = char in _END and not closers
        if ends:
            stop = _after_closers(line, place + 1)
            if not in_item or _new_sentence_after_item(line, stop):
                bounds.append(stop)
        elif char in _END and _closes_here(line, place + 1, closers):
            bounds.append(_after_closers(line, place + 1))
            closers.clear()
        previous_end = char in "。；;：:！？" or (char in " \u3000" and previous_end)
    bounds.append(len(line))
    return sorted({bound for bound in bounds if bound <= len(line)})


def _new_sentence_after_item(line: str, stop: int) -> bool:
    """True where an inline item (一是…。) has ended: the next begins there, or plain text."""
    return stop < len(line) and not line[:stop].lstrip().startswith(("（", "(", "①"))


def _closes_here(line: str, place: int, closers: list[str]) -> bool:
    """A full stop inside quotes that also closes them and ends the line or a sentence: 。”"""
    return (
        len(closers) == 1
        and line[place : place + 1] == closers[0]
        and not line[place + 1 :].strip()
    )


def _after_closers(line: str, place: int) -> int:
    while place < len(line) and (line[place] in _CLOSING or line[place] in _END):
        place += 1
    return place


def _cut(line: str, base: int, bounds: list[int], kind: UnitKind) -> list[Unit]:
    units: list[Unit] = []
    for start, end in pairwise(bounds):
        piece = line[start:end]
        text = piece.strip()
        if not text:
            continue
        first = base + start + len(piece) - len(piece.lstrip())
        marker = item_marker(text) if kind is UnitKind.SENTENCE else ""
        if not any(char.isalnum() for char in text):
            continue
        chosen = UnitKind.ITEM if marker else kind
        units.append(Unit(text, first, first + len(text), chosen, None, marker))
    return units


def _is_heading(text: str) -> bool:
    """Short, without a full stop, colon or semicolon at its end: no statement."""
    bare = _ARTICLE_HEAD.sub("", text)
    if text.endswith(("。", "；", ";", "！", "？", "：", ":", "，", "、")):
        return False
    return len(bare) <= 40 and not any(char in bare for char in "。；：:，|")


def _replace(unit: Unit, kind: UnitKind, group: int | None = None) -> Unit:
    return Unit(unit.text, unit.start, unit.end, kind, group, unit.marker)


def _grouped(units: list[Unit]) -> list[Unit]:
    """Give a lead and the run of items after it one group number."""
    grouped = list(units)
    group = 0
    place = 0
    while place < len(grouped):
        if _heads_table(grouped, place):
            group += 1
            grouped[place] = _replace(grouped[place], UnitKind.LEAD, group)
            place += 1
            while place < len(grouped) and grouped[place].kind is UnitKind.ROW:
                grouped[place] = _replace(grouped[place], UnitKind.ROW, group)
                place += 1
            continue
        if grouped[place].kind is not UnitKind.ITEM or not grouped[place].marker:
            place += 1
            continue
        first = place
        marker = grouped[first].marker
        last = _run_end(grouped, first, marker)
        members = range(first, last + 1)
        if sum(grouped[i].marker == marker for i in members) < 2 and not _is_lead(grouped, first):
            place = last + 1
            continue
        group += 1
        if _is_lead(grouped, first):
            grouped[first - 1] = _replace(grouped[first - 1], UnitKind.LEAD, group)
        for i in members:
            grouped[i] = _replace(grouped[i], UnitKind.ITEM, group)
        place = last + 1
    return grouped


def _heads_table(units: list[Unit], place: int) -> bool:
    """A sentence that ends in a colon before a table."""
    return (
        place + 1 < len(units)
        and units[place].kind in (UnitKind.SENTENCE, UnitKind.ITEM)
        and units[place].text.endswith(("：", ":"))
        and units[place + 1].kind is UnitKind.ROW
    )


def _run_end(units: list[Unit], first: int, marker: str) -> int:
    """Last unit of the item run: the outer marker's last item with all that hangs on it."""
    last = first
    for i in range(first + 1, len(units)):
        unit = units[i]
        if unit.kind is UnitKind.HEADING and not unit.marker:
            break
        if unit.marker == marker:
            if _restarts(unit.text):
                break
            last = i
        elif unit.marker and _rank(unit.marker) > _rank(marker):
            last = i
        elif unit.marker or not _continues(units, i, marker):
            break
    return last


def _restarts(text: str) -> bool:
    return text.startswith(
        (
            "（一）",
            "(一)",
            "一是",
            "一、",
            "1.",
            "1、",
            "（1）",
            "(1)",
            "①",
            "第一",
            "首先",
        )
    )


def _rank(marker: str) -> int:
    order = ("一、", "（一）", "第一", "首先", "一是", "1.", "（1）", "①", "·")
    return order.index(marker) if marker in order else len(order)


def _continues(units: list[Unit], place: int, marker: str) -> bool:
    """Plain text inside an item: another item of the same style follows within three units."""
    return any(
        unit.marker == marker and not _restarts(unit.text) for unit in units[place + 1 : place + 4]
    )


def _is_lead(units: list[Unit], first: int) -> bool:
    if first == 0:
        return False
    lead = units[first - 1]
    if lead.kind in (UnitKind.ROW, UnitKind.ITEM):
        return False
    return lead.text.endswith(("：", ":")) or (
        lead.kind is UnitKind.SENTENCE
        and units[first].marker in _INLINE
        and units[first].start == lead.end  # on the same line
    )
