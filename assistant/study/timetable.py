"""How long each part takes: shares by length, bounded by what the library has to offer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.study.audiences import Audience
from assistant.study.minutes import fit
from assistant.study.model import PartKind
from assistant.study.request import StudyRequest
from assistant.study.selecting import Chosen, most_minutes, worth

ITEM_MINUTES = 1.5
"""To read a question, answer it and hear why."""
CASE_FROM, QUIZ_FROM = 25, 10
"""Minutes of a session from which on it has these parts."""
CASE_MINUTES = (8, 20)
"""A case takes at least and at most."""
_MOST_CASES = 6
_USUAL_CASE = 12
_UNKNOWN = 10_000
_SHARES: dict[PartKind, float] = {
    "intro": 0.08,
    "reading": 0.42,
    "case": 0.24,
    "quiz": 0.17,
    "summary": 0.09,
}


@dataclass(frozen=True)
class Times:
    """Minutes by part; parts that don't take place are absent."""

    parts: dict[PartKind, int]

    @property
    def total(self) -> int:
        """Of the session."""
        return sum(self.parts.values())

    @property
    def reading(self) -> int:
        """Of 原文领学."""
        return self.parts.get("reading", 0)

    @property
    def case(self) -> int:
        """Of 案例研讨."""
        return self.parts.get("case", 0)

    @property
    def cases(self) -> int:
        """How many cases fit."""
        return min(_MOST_CASES, max(1, round(self.case / _USUAL_CASE))) if self.case else 0

    @property
    def quiz_items(self) -> int:
        """How many questions fit."""
        return items_in(self.parts.get("quiz", 0))


def items_in(minutes: int) -> int:
    """Questions that fit into minutes.

    >>> items_in(15), items_in(2)
    (10, 1)
    """
    return int(minutes / ITEM_MINUTES)


@dataclass(frozen=True)
class Supply:
    """What there is to fill the time with. Cases and items not yet looked for count as plenty."""

    request: StudyRequest
    audience: Audience
    reading: int  # minutes that the articles are worth
    cases: int = _UNKNOWN
    items: int = _UNKNOWN
    least_reading: int = 1

    @classmethod
    def of(
        cls,
        request: StudyRequest,
        audience: Audience,
        found: Sequence[Chosen],
        whole: bool = False,
    ) -> Supply:
        """Before cases and items are looked for. ``whole``: all of ``found`` is to be read."""
        speed = request.reading_speed
        least = 1
        if whole:
            characters = sum(one.characters for one in found)
            least = max(len(found), math.ceil(characters / speed))
        return cls(request, audience, worth(found, speed), least_reading=least)

    def with_found(
        self,
        *,
        cases: int | None = None,
        items: int | None = None,
        reading: int | None = None,
    ) -> Supply:
        """With what was really found."""
        return replace(
            self,
            cases=self.cases if cases is None else cases,
            items=self.items if items is None else items,
            reading=self.reading if reading is None else reading,
        )

    def times(self, minutes: int) -> Times:
        """The minutes of each part: ``minutes`` together, or fewer where there isn't enough."""
        most = self._most(minutes)
        core = sum(most.values())
        edges: dict[PartKind, int] = {}
        if "intro" not in self.request.skip:
            edges["intro"] = max(1, min(10, minutes // 8, round(core / 6)))
        if "summary" not in self.request.skip:
            edges["summary"] = max(1, min(15, minutes // 7, round(core / 6)))
        bounds = {kind: {**most, **edges}[kind] for kind in _SHARES if kind in {**most, **edges}}
        wanted = {kind: self._share(kind, minutes) for kind in bounds}
        least = {kind: min(bounds[kind], self._least(kind)) for kind in bounds}
        return Times({k: m for k, m in fit(minutes, wanted, least, bounds).items() if m})  # type: ignore[arg-type,misc]

    def _most(self, minutes: int) -> dict[PartKind, int]:
        most: dict[PartKind, int] = {"reading": max(1, self.reading, self.least_reading)}
        if "case" not in self.request.skip and minutes >= CASE_FROM and self.cases:
            most["case"] = min(self.cases, _MOST_CASES) * CASE_MINUTES[1]
        wanted = self.request.quiz_items
        if "quiz" not in self.request.skip and minutes >= QUIZ_FROM and self.items and wanted != 0:
            items = min(self.items, _UNKNOWN if wanted is None else wanted)
            most["quiz"] = min(math.ceil(items * ITEM_MINUTES), max(2, minutes // 2))
        return most

    def _least(self, kind: PartKind) -> int:
        wanted = self.request.quiz_items
        if kind == "case":
            return CASE_MINUTES[0]
        if kind == "quiz":
            return math.ceil(wanted * ITEM_MINUTES) if wanted else 2
        return self.least_reading if kind == "reading" else 1

    def _share(self, kind: PartKind, minutes: int) -> float:
        share = _SHARES[kind]
        if kind == "case":
            share *= self.audience.cases
        if kind == "quiz" and self.request.quiz_items:
            share = self.request.quiz_items * ITEM_MINUTES / minutes
        return share


def passage_minutes(chosen: Sequence[Chosen], minutes: int, speed: int) -> list[int]:
    """Minutes of each passage, that add up to those of the reading part exactly.

    A passage has at least one, and the more the longer it is.
    """
    names = [str(place) for place in range(len(chosen))]
    given = fit(
        minutes,
        {n: 60 + one.characters for n, one in zip(names, chosen, strict=True)},
        dict.fromkeys(names, 1),
        {n: most_minutes(one, speed) for n, one in zip(names, chosen, strict=True)},
    )
    return [given[name] for name in names]
