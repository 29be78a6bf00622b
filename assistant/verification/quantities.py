"""Figures with their units in running text, comparable whatever way they are written in.

二十四个月, 24个月 and 两年 are one quantity, and so are 百分之五 and 5%, 1.5万元 and 15000元.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from index.numerals import parse_number

_CN = "零〇一二两三四五六七八九十百千"
_DIGITS = rf"(?:[0-9]{{1,12}}(?:[.][0-9]{{1,4}})?|[{_CN}]{{1,10}})"
_FACTORS = {"": 1, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000, "百万": 1_000_000}
#: unit as written → (kind, how many of the kind's own unit)
_UNITS: dict[str, tuple[str, int]] = {
    "个月": ("month", 1), "月": ("month", 1), "年": ("month", 12), "周年": ("month", 12),
    "日": ("day", 1), "天": ("day", 1), "个工作日": ("workday", 1), "工作日": ("workday", 1),
    "小时": ("hour", 1), "个小时": ("hour", 1), "分钟": ("minute", 1), "周": ("week", 1), "个星期": ("week", 1),
    "元": ("money", 1), "周岁": ("age", 1), "岁": ("age", 1),
    "人": ("person", 1), "名": ("person", 1), "位": ("person", 1),
    "次": ("time", 1), "倍": ("fold", 1), "级": ("grade", 1), "学时": ("lesson", 1),
    "平方米": ("area", 1), "公里": ("length", 1), "公斤": ("weight", 1), "吨": ("ton", 1), "票": ("vote", 1),
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?<![第{_CN}0-9.])(?P<number>{_DIGITS})(?P<factor>百万|[百千万亿])?(?P<rest>[{_CN}]{{0,6}})"
    rf"\s?(?:余|多)?(?P<unit>{_UNIT})(?P<half>半)?(?![{_CN}0-9]{{1,3}}[月日])"
)
_SHARE = re.compile(
    rf"(?P<percent>[0-9]{{1,3}}(?:\.[0-9]{{1,4}})?)\s?%|百分之(?P<cn>[{_CN}]{{1,6}}|[0-9]{{1,3}}(?:\.[0-9]{{1,4}})?)"
    rf"|(?P<below>[{_CN}]{{1,3}}|[0-9]{{1,3}})分之(?P<above>[{_CN}]{{1,3}}|[0-9]{{1,3}})"
)
_DATE = re.compile(
    r"[0-9〇零一二三四五六七八九]{4}年(?:[0-9一二三四五六七八九十]{1,3}月(?:[0-9一二三四五六七八九十]{1,3}日)?)?"
)
_DAY = re.compile(
    r"(?P<month>[0-9一二三四五六七八九十]{1,3})月(?P<day>[0-9一二三四五六七八九十]{1,3})日"
)
_FULL_DATE = re.compile(
    r"(?P<year>[0-9〇零一二三四五六七八九]{4})年(?P<month>[0-9一二三四五六七八九十]{1,3})月(?P<day>[0-9一二三四五六七八九十]{1,3})日"
)
_HALF = re.compile(r"半(?:个)?(?P<unit>年|月|天|小时)")
_LEAST_MONTH = re.compile(r"[0-9一二三四五六七八九十]{1,3}月(?!以)")


@dataclass(frozen=True)
class Quantity:
    """A figure at ``start:end`` of its text: an amount of a kind, in the kind's own unit."""

    kind: str
    amount: Fraction
    start: int
    end: int

    def equals(self, other: Quantity) -> bool:
        """Whether both say the same."""
        return self.kind == other.kind and self.amount == other.amount


def quantities(text: str) -> list[Quantity]:
    """The figures of a text in order, dates too. Ordinals and 一 of 一次性 and the like are none."""
    narrow = _same_length(text)
    dates = [match.span() for match in _DATE.finditer(narrow)]
    found: list[Quantity] = []
    for match in _SHARE.finditer(narrow):
        amount = _share(match)
        if amount is not None:
            found.append(Quantity("share", amount, *match.span()))
    for match in _FULL_DATE.finditer(narrow):
        year, month, day = (parse_number(match[key]) for key in ("year", "month", "day"))
        if year and month and day:
            amount = Fraction(10_000 * year + 100 * month + day)
            found.append(Quantity("full date", amount, *match.span()))
    starts = {match.start("month") for match in _FULL_DATE.finditer(narrow)}
    for match in _DAY.finditer(narrow):
        month, day = parse_number(match["month"]), parse_number(match["day"])
        if month and day and month <= 12 and match.start() not in starts:
            found.append(Quantity("date", Fraction(100 * month + day), *match.span()))
    shares = [(one.start, one.end) for one in found]
    for match in _QUANTITY.finditer(narrow):
        if any(low < match.end() and match.start() < high for low, high in (*dates, *shares)):
            continue
        amount = _amount(match)
        if amount is None or (match["unit"] == "月" and _LEAST_MONTH.match(match[0])):
            continue
        if amount == 1 and match["unit"] in ("次", "级", "名", "位", "人", "周"):
            continue  # 一次性, 一级, 一名: rarely a figure
        if match["unit"] == "年" and amount >= 100:
            continue
        kind, size = _UNITS[match["unit"]]
        half = Fraction(size, 2) if match["half"] else 0
        found.append(Quantity(kind, amount * size + half, *match.span()))
    for match in _HALF.finditer(narrow):
        kind, size = _UNITS[match["unit"]]
        found.append(Quantity(kind, Fraction(size, 2), *match.span()))
    return sorted(found, key=lambda one: one.start)


def _same_length(text: str) -> str:
    """Half-width, character by character, so that places stay."""
    if text.isascii():
        return text
    return "".join(
        narrow if len(narrow := unicodedata.normalize("NFKC", char)) == 1 else char for char in text
    ).replace(",", "\0")


def _amount(match: re.Match[str]) -> Fraction | None:
    written = match["number"]
    factor, rest = match["factor"] or "", match["rest"]
    if written[0].isdigit():
        if rest:
            return None
        return Fraction(written) * _FACTORS[factor]
    value = parse_number(written + factor + rest) if factor != "百万" else None
    if value is None and not rest:
        left = parse_number(written)
        value = left * _FACTORS[factor] if left is not None else None
    return None if value is None else Fraction(value)


def _share(match: re.Match[str]) -> Fraction | None:
    if match["percent"]:
        return Fraction(match["percent"]) / 100
    if match["cn"]:
        value = match["cn"]
        number = Fraction(value) if value[0].isdigit() else parse_number(value)
        return None if number is None else Fraction(number) / 100
    below, above = parse_number(match["below"]), parse_number(match["above"])
    return Fraction(above, below) if below and above is not None else None
