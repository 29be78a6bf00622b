"""Dates as Chinese documents write them, and as LuMing writes them back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGITS.update({"〇": 0, "○": 0, "Ｏ": 0})
_DIGITS.update({char: value for value, char in enumerate("0123456789")})
_DIGITS.update({char: value for value, char in enumerate("０１２３４５６７８９")})
_DIGIT = "0-9０-９〇○Ｏ零一二三四五六七八九"

#: A date in a running text; groups 1–3 are year, month, day in words, 4–6 in figures.
DATE = re.compile(
    rf"([{_DIGIT}]{{4}})\s?年\s?([{_DIGIT}十]{{1,3}})\s?月\s?([{_DIGIT}十廿卅]{{1,4}})\s?日"
    r"|(?<![0-9])([12][0-9]{3})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])"
)
_MONTH = re.compile(rf"([{_DIGIT}]{{4}})\s?年\s?([{_DIGIT}十]{{1,3}})\s?月(?!\s?[{_DIGIT}十])")
_COMPACT = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands in the text. ``month_only``: the day is not stated, 1 is put."""

    day: date
    start: int
    end: int
    month_only: bool = False


def find_dates(text: str, months: bool = False) -> Iterator[FoundDate]:
    """The dates of a text in order; with ``months`` also those that state no day."""
    found = [
        FoundDate(day, match.start(), match.end())
        for match in DATE.finditer(text)
        if (day := _of(match))
    ]
    if months:
        for match in _MONTH.finditer(text):
            day = _date(_digits(match[1]), _small(match[2]), 1)
            if day:
                found.append(FoundDate(day, match.start(), match.end(), month_only=True))
        found.sort(key=lambda one: one.start)
    return iter(found)


def parse_date(text: str) -> date | None:
    """2024年5月1日, 二〇二四年五月一日, 2024-05-01 → a date; None for anything that is none."""
    match = DATE.search(text)
    return _of(match) if match else None


def parse_compact(text: str) -> date | None:
    """20240628, as file names have it; None for anything else."""
    match = _COMPACT.search(text)
    return _date(*(int(part) for part in match.groups())) if match else None


def parse_year(text: str) -> int | None:
    """A year of four digits in any writing (2024, ２０２４, 二〇二四); None outside 1900–2199."""
    value = _digits(text)
    return value if len(text) == 4 and value in _YEARS else None


def chinese_date(day: date, month_only: bool = False) -> str:
    """2024年7月1日, the way documents write it."""
    return f"{day.year}年{day.month}月" + ("" if month_only else f"{day.day}日")


def _of(match: re.Match[str]) -> date | None:
    year, month, day = match.group(1, 2, 3) if match[1] else match.group(4, 5, 6)
    return _date(_digits(year), _small(month), _small(day))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _digits(text: str) -> int:
    """The value of a string of digits, each in whatever writing; 0 where one is none."""
    value = 0
    for char in text:
        if char not in _DIGITS:
            return 0
        value = value * 10 + _DIGITS[char]
    return value


def _small(text: str) -> int:
    """A month or day: 7, 十二, 二十八, 廿八; 0 for what is none."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, sign, ones = text.partition("十")
    if not sign:
        return _digits(text)
    return (_digits(tens) if tens else 1) * 10 + (_digits(ones) if ones else 0)
