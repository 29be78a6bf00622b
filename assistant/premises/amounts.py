"""Amounts in questions and documents: value, unit, and the bound that stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.quantities import compatible
from assistant.text import fold, read_number
from assistant.vocabulary import MEASURES

_CN = "零〇一二两三四五六七八九十百千"
_UNITS = "|".join((*(m for m in MEASURES if m not in ("步", "面", "口", "号", "代", "等", "样", "声")), "%", "％"))  # fmt: skip
_AMOUNT = re.compile(
    rf"百分之(?P<share>[{_CN}0-9.]{{1,8}})"
    rf"|(?<![第{_CN}0-9.])(?P<number>[0-9][0-9,]{{0,11}}(?:\.[0-9]{{1,4}})?|[{_CN}]{{1,7}})"
    rf"(?P<myriad>万|亿)?(?P<more>余|多|来)?(?P<unit>{_UNITS})"
)
_UPPER = re.compile(
    "(?:不超过|不得超过|不多于|不高于|不大于|至多|最多|(?<![不得])(?:低于|少于|小于)|不满|未满|不足|控制在|上限为?)$"
)
_LOWER = re.compile(
    "(?:不少于|不得少于|不低于|不得低于|不小于|至少|最少|(?<![不未])满|达到|达|(?<![不得])(?:超过|高于|大于|多于))$"
)
_ABOUT = re.compile("(?:约|近|大概|差不多|接近|将近)$")
_UPPER_AFTER = re.compile("(?:以内|之内|以下|内(?![部容外勤])|封顶)")
_LOWER_AFTER = re.compile("(?:以上|及以上|起步)")
_MYRIAD = {"万": 10_000, "亿": 100_000_000}
_TOLERANCE = 0.15  # of an amount given as 约, 余 or 多


@dataclass(frozen=True)
class Amount:
    """``value`` ``unit``; ``low`` and ``high`` bound what it allows, both ``value`` where exact."""

    text: str
    start: int
    end: int
    value: float
    unit: str
    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether no bound stands beside it."""
        return self.low == self.high

    def allows(self, value: float) -> bool:
        """Whether a stated value agrees with this amount."""
        return self.low <= value <= self.high


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a text in order. Ordinals (第三次), years (2024年) and 一 are none."""
    for match in _AMOUNT.finditer(text):
        if match["share"]:
            value, unit = _number("100" if match["share"] == "百" else match["share"]), "%"
        else:
            value, unit = _number(match["number"]), match["unit"].replace("％", "%")
            if value is not None:
                value *= _MYRIAD.get(match["myriad"] or "", 1)
        if value is None or match["number"] == "一" or (unit == "年" and value > 1000):
            continue
        if unit == "元" or unit == "%" or value >= 1:
            yield _bounded(text, match, value, unit)


def _bounded(text: str, match: re.Match[str], value: float, unit: str) -> Amount:
    before, after = text[max(0, match.start() - 6) : match.start()], text[match.end() :][:3]
    low = high = value
    start, end = match.span()
    upper, lower = _UPPER.search(before), _LOWER.search(before)
    if upper:
        low, start = 0.0, start - len(upper.group())
    elif lower:
        high, start = float("inf"), start - len(lower.group())
    elif _ABOUT.search(before) or match["more"]:
        low, high = value * (1 - _TOLERANCE), value * (1 + (0.99 if match["more"] else _TOLERANCE))
    if (found := _UPPER_AFTER.match(after)) and not lower:
        low, high, end = 0.0, value, end + len(found.group())
    elif (found := _LOWER_AFTER.match(after)) and not upper:
        low, high, end = value, float("inf"), end + len(found.group())
    return Amount(text[start:end], start, end, value, unit, low, high)


def _number(text: str) -> float | None:
    bare = fold(text).replace(",", "")
    try:
        return float(bare)
    except ValueError:
        found = read_number(bare)
        return None if found is None else float(found)


def same_measure(left: Amount, right: Amount) -> bool:
    """Whether two amounts count the same sort of thing."""
    return left.unit == right.unit or left.unit in compatible(right.unit)
