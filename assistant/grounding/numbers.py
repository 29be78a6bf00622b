"""Every number of a claim stands in the window with the same unit, and is bound the same way."""

from __future__ import annotations

import re
from collections import Counter

from assistant.grounding.base import Claim, Place
from assistant.grounding.canonical import canonical, numerals
from assistant.grounding.vocabulary import BOUNDS

_AMOUNT = re.compile(
    r"(?<![0-9.])(第?[0-9]{1,12}(?:[./][0-9]{1,8})?(?:余|多)?(?:[万亿千百]{1,2})?)(个?[%％]?[\u4e00-\u9fff]?)"
)
_UNITS = {"天": "日", "位": "名", "个": "", "，": ""}


class NumbersCheck:
    """Objects to a number that the window does not have."""

    name = "numbers"

    def objection(self, claim: Claim, place: Place) -> str | None:
        """A number that is not there, or more often than there, or with another 以上, 不超过."""
        said = numerals(claim.body)
        written = numerals(place.window.text)
        spare = amounts(said) - amounts(written)
        if spare:
            number, unit = next(iter(spare))
            return f"数字“{number}{unit}”不在所引的原文里。"
        mine, theirs = _bounds(said), _bounds(written)
        if mine - theirs:
            return f"“{next(iter(mine - theirs))}”不在所引的原文里。"
        left_out = _bounds(place.alignment.told) - _bounds(canonical(claim.body))
        if left_out:
            return f"漏了原文的“{next(iter(left_out))}”。"
        return None


def _bounds(text: str) -> Counter[str]:
    return Counter(BOUNDS.findall(text))


def amounts(text: str) -> Counter[tuple[str, str]]:
    """The numbers of a text (numerals as digits) with the first character of their unit."""
    found: Counter[tuple[str, str]] = Counter()
    for number, unit in _AMOUNT.findall(text):
        clean = unit.removeprefix("个") if len(unit) > 1 else unit
        found[(number, _UNITS.get(clean, clean))] += 1
    return found
