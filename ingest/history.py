"""The history that stands below a title: when a text was adopted, published and revised."""

from __future__ import annotations

import re

from index.versions.dates import FoundDate, find_dates
from index.versions.statements import IN_FORCE, MADE, REVISED, Step
from ingest.structure.shape import is_date

_SIGNS = " \t　​*#_>"
_OPEN, _CLOSE = "（(［[【〔", "）)］]】〕"
_CLOSES = re.compile(r"[）)］\]】〕]\W{0,3}$")
_STARTS = re.compile(
    r"(?:根据|依据|自|于|第[一二三四五六七八九十]+次为)?\s?(?=[0-9０-９〇○零一二三四五六七八九]{4}[年.\-/])"
)
_ANNOUNCED = re.compile("(?:已于|已经).{0,200}(?:通过|批准)|现予(?:公布|发布|印发)")
_META = re.compile(
    r"[【\[]?\s?(?P<what>发布|公布|颁布|印发|成文|通过|实施|施行|生效)(?:日期|时间)\s?[】\]]?\s?[:：]?\s?"
)
_IN_FORCE = re.compile("\\s?(?:起|零时起)?\\s?(?:正式)?(?:施行|实施|执行|生效|试行)")
_REVISED = re.compile("修订|修正|修改")
_MADE = re.compile("通过|批准|公布|发布|印发|颁布|下发|制定|签署|审议(?!了)")
_TOLD = re.compile("(?:通过|发布|印发|公布|转发|召开)了|召开会议|以来|报道")
_NAME = re.compile(
    "《[^《》]{0,120}(?:《[^《》]{0,120}》[^《》]{0,120}){0,3}》|[〈<][^〈〉<>]{0,120}[〉>]"
)
_SEGMENT = 200
_LONGEST_NOTE = 40  # lines of one note in brackets


def read_history(head: str) -> tuple[list[Step], list[str]]:
    """The steps that the text above the first article states, by date, and who made them.

    Only notes are read: lines that begin with a date, that stand in brackets, that announce
    (已于…通过，现予公布) or that name a date as a data base does (【发布日期】…). A date within prose
    is none of a document's own.
    """
    steps: list[Step] = []
    bodies: list[str] = []
    inside = 0
    for line in head.split("\n"):
        text = line.strip(_SIGNS)
        if not text:
            continue
        opens = text[0] in _OPEN
        meta = _META.match(text)
        if meta:
            steps.extend(_stated(text[meta.end() :], meta["what"]))
        elif opens or inside or _ANNOUNCED.search(text) or _dated(text):
            bracketed = opens or inside > 0
            _read_line(text, bracketed, steps, bodies)
        inside = inside + 1 if (opens or inside) and not _CLOSES.search(text) else 0
        if inside > _LONGEST_NOTE:
            inside = 0
    unique = dict.fromkeys(steps)
    return sorted(unique, key=lambda one: one.day), bodies


def _dated(text: str) -> bool:
    """Whether a line begins with a date and goes on as a note, not as prose."""
    start = _STARTS.match(text)
    if not start or _TOLD.search(_NAME.sub("", text)):
        return False
    found = next(find_dates(text[start.end() : start.end() + 20], months=True), None)
    rest = text[start.end() + found.end :] if found else ""
    return bool(found) and found is not None and found.start == 0 and rest[:1] not in ("，", ",")


def _stated(text: str, what: str) -> list[Step]:
    found = next(find_dates(text[:30]), None)
    act = IN_FORCE if what in ("实施", "施行", "生效") else MADE
    return [Step(found.day, act)] if found else []


def _read_line(text: str, bracketed: bool, steps: list[Step], bodies: list[str]) -> None:
    dates = list(find_dates(text, months=bracketed))
    waiting: list[FoundDate] = []  # dates whose act follows after the next date
    for place, found in enumerate(dates):
        end = dates[place + 1].start if place + 1 < len(dates) else len(text)
        segment = text[found.end : min(end, found.end + _SEGMENT)].split("。")[0]
        act = _act(segment)
        if act is None and place + 1 < len(dates):
            waiting.append(found)
            continue
        if act is None and (is_date(text) or (bracketed and len(text) <= 60)):
            act = MADE  # （1987年7月14日）
        if act is None:
            waiting.clear()
            continue
        by_decision = act == REVISED and "决定" in segment
        for one in (*waiting, found):
            shared = act if one is found or act != IN_FORCE else MADE
            steps.append(Step(one.day, shared, one.month_only, by_decision))
        waiting.clear()
        bodies.append(_NAME.sub("", segment).strip(" 　由经，,")[:40])


def _act(segment: str) -> str | None:
    bare = _NAME.sub("", segment)
    if _IN_FORCE.match(bare):
        return IN_FORCE
    if _REVISED.search(bare):
        return REVISED
    return MADE if _MADE.search(bare) else None
