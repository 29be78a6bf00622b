"""Every date of a claim stands in the window: 2024年3月1日, 3月1日, 2024-03-01, 每年12月."""

from __future__ import annotations

import re

from assistant.grounding.base import Claim, Place
from assistant.grounding.canonical import numerals

_DATE = re.compile(
    r"(?:(?P<y>(?:19|20)[0-9]{2})(?:年|[-/.](?=[0-9])))?(?:(?P<m>[0-9]{1,2})(?:月|[-/.](?=[0-9]))(?P<d>[0-9]{1,2})?(?:日|号)?)|"
    r"(?P<only>(?:19|20)[0-9]{2})年"
)
_Day = tuple[int | None, int | None, int | None]


class DatesCheck:
    """Objects to a date that the window does not have."""

    name = "dates"

    def objection(self, claim: Claim, place: Place) -> str | None:
        """A date is held by one that says at least as much: 2024年3月1日 holds 2024年3月."""
        written = dates(place.window.text)
        for day, words in dates(claim.body).items():
            if not any(_within(day, other) for other in written):
                return f"日期“{words}”不在所引的原文里。"
        return None


def dates(text: str) -> dict[_Day, str]:
    """Year, month and day of the dates in a text, with their words."""
    found: dict[_Day, str] = {}
    for match in _DATE.finditer(numerals(text)):
        if match["only"]:
            day: _Day = (int(match["only"]), None, None)
        elif match["y"] or (match["d"] and match.group().endswith(("日", "号"))):
            day = (_int(match["y"]), _int(match["m"]), _int(match["d"]))
        else:
            continue
        found[day] = match.group()
    return found


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _within(day: _Day, other: _Day) -> bool:
    return all(mine is None or mine == theirs for mine, theirs in zip(day, other, strict=True))
