"""What a document's text states of its versions and validity, as the catalog keeps it.

Read once, at ingest (``ingest.validity``); everything that depends on the date of a question or on
the other documents of the library is worked out later from these.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

#: What a line of the history reports. ``MADE``: the text was adopted or published.
MADE = "公布"
REVISED = "修订"
IN_FORCE = "施行"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history below a title: 2018年10月26日…《关于修改…的决定》修正.

    ``by_decision``: only the amended articles were made anew, so that the clause on coming into
    force is still the one of before.
    """

    day: date
    act: str  # MADE, REVISED, IN_FORCE
    month_only: bool = False
    by_decision: bool = False


@dataclass(frozen=True, slots=True)
class Repeal:
    """《title》（number）同时废止. ``day`` or ``year``: when the repealed one was issued, if stated.

    ``effective`` is when the repeal takes effect; None: unknown.
    """

    title: str
    number: str = ""
    day: date | None = None
    year: int | None = None
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class Statements:
    """All of it. ``effective`` is the date of the document's own clause (自…起施行)."""

    history: tuple[Step, ...] = ()
    effective: date | None = None
    at_once: bool = False  # 自发布之日起施行
    expires: date | None = None  # 有效期至; the first day on which it no longer holds
    repeals: tuple[Repeal, ...] = ()
    named_year: int | None = None  # the version that title or file name claims
    named_day: date | None = None
    place: str = ""  # of the body that the history names
    by_person: frozenset[str] = field(default_factory=frozenset)  # fields that a manifest states
    sketch: str = ""  # see index.versions.sketch


NO_STATEMENTS = Statements()


def to_json(value: Statements) -> str:
    """Compact JSON; what is empty is left out."""
    out: dict[str, Any] = {}
    if value.history:
        out["history"] = [
            [one.day.isoformat(), one.act, int(one.month_only), int(one.by_decision)]
            for one in value.history
        ]
    if value.repeals:
        out["repeals"] = [
            [one.title, one.number, _text(one.day), one.year, _text(one.effective)]
            for one in value.repeals
        ]
    for name in ("effective", "expires", "named_day"):
        if (day := getattr(value, name)) is not None:
            out[name] = day.isoformat()
    for name in ("at_once", "named_year", "place", "sketch"):
        if found := getattr(value, name):
            out[name] = found
    if value.by_person:
        out["by_person"] = sorted(value.by_person)
    return json.dumps(out, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Statements:
    """The statements of :func:`to_json`; none for ``{}``."""
    if text == "{}":
        return NO_STATEMENTS
    value = json.loads(text)
    return Statements(
        history=tuple(
            Step(date.fromisoformat(day), act, bool(month), bool(decision))
            for day, act, month, decision in value.get("history", ())
        ),
        effective=_day(value.get("effective")),
        at_once=value.get("at_once", False),
        expires=_day(value.get("expires")),
        repeals=tuple(
            Repeal(title, number, _day(day), year, _day(effective))
            for title, number, day, year, effective in value.get("repeals", ())
        ),
        named_year=value.get("named_year"),
        named_day=_day(value.get("named_day")),
        place=value.get("place", ""),
        by_person=frozenset(value.get("by_person", ())),
        sketch=value.get("sketch", ""),
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
