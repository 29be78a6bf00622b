"""The places of a passage that can hold a claim: a sentence, an item, a list with its lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.canonical import canonical
from assistant.grounding.injection import instruction_spans
from assistant.sentences import Unit, UnitKind, split_units

_ARTICLE_HEAD = re.compile(
    r"第[零〇一二两三四五六七八九十百千0-9]{1,9}条(?:之[一二三四五六七八九十])?[\s\u3000：:]{1,4}"
)
_MARKER = re.compile(
    r"^\s*(?:[（(][零〇一二三四五六七八九十百0-9]{1,4}[）)]|[0-9]{1,2}[.．、)）](?![0-9])|[一二三四五六七八九十]{1,3}、|[①-⑳]|[-*•·]\s)"
)
_GOES_ON = ("但", "然而", "其中", "不过", "同时")
_PARTS = re.compile(r"[；;。！？!?]+(?!但|然而|不过)")
_CLAUSES = re.compile(r"[，,；;：:。！？!?]+")
MAX_LIST = 40  # items of a list that may be told as one claim


@dataclass(frozen=True)
class Window:
    """``start:end`` of the passage's text, and its clauses in canonical writing.

    ``groups`` numbers the parts that ；divides, one number a clause. In a list (a lead and its
    items) whole items may be left out.
    """

    start: int
    end: int
    text: str
    clauses: tuple[str, ...]
    groups: tuple[int, ...]
    is_list: bool = False


@lru_cache(maxsize=512)
def windows(text: str) -> tuple[Window, ...]:
    """All windows of a passage, in order. Sentences that instruct a model are none."""
    units = [u for u in split_units(text) if not _is_instruction(u, text)]
    led = {u.group for u in units if u.kind is UnitKind.LEAD}
    found: list[Window] = []
    for place, unit in enumerate(units):
        if unit.group in led and unit.kind is not UnitKind.LEAD:
            continue  # 组织赌博 alone hides that its lead says 不得有下列行为
        found.append(_of(text, [unit]))
        after = units[place + 1] if place + 1 < len(units) else None
        if after is not None and after.text.startswith(_GOES_ON):
            found.append(_of(text, [unit, after]))
        if unit.kind is UnitKind.LEAD:
            items = [u for u in units[place + 1 :] if u.group == unit.group][:MAX_LIST]
            found += [_of(text, [unit, item], True) for item in items]
            found.append(_of(text, [unit, *items], True))
    return tuple(found)


def _is_instruction(unit: Unit, text: str) -> bool:
    return any(start < unit.end and unit.start < end for start, end in instruction_spans(text))


def _of(text: str, units: list[Unit], is_list: bool = False) -> Window:
    start, end = units[0].start, units[-1].end
    clauses: list[str] = []
    groups: list[int] = []
    for part in (p for unit in units for p in _PARTS.split(bare(unit.text))):
        found = clauses_of(part)
        clauses += found
        groups += [groups[-1] + 1 if groups else 0] * len(found)
    shown = text[start:end] if len(units) != 2 or not is_list else units[0].text + units[1].text
    return Window(start, end, shown, tuple(clauses), tuple(groups), is_list)


def bare(text: str) -> str:
    """A unit without its article's number and its item's marker."""
    return _MARKER.sub("", _ARTICLE_HEAD.sub("", text, count=1) if text[:1] == "第" else text)


@lru_cache(maxsize=8192)
def clauses_of(text: str) -> tuple[str, ...]:
    """The clauses of a text in canonical writing, without empty ones."""
    return tuple(c.strip("、") for c in _CLAUSES.split(canonical(text)) if c.strip("、"))


def exception_after(text: str, end: int) -> tuple[int, int] | None:
    """The range of the sentence that takes something back (但…除外) right after ``end``."""
    following = next((u for u in split_units(text) if u.start >= end), None)
    if following is None or "\n" in text[end : following.start]:
        return None
    takes_back = following.text.startswith(("但", "然而", "不过"))
    return (following.start, following.end) if takes_back else None
