"""Numbers with their units in a sentence: deadlines, terms, money, shares, heads; any writing.

三十日, 30日 and 一个月 are told apart or equal by ``Amount.size``: days, months, hours, yuan, shares
and counts on scales of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from index.numerals import parse_number, to_chinese

_N = "零〇一二两三四五六七八九十百千万"
_D = "0-9０-９"
_ONE = rf"(?:[{_D}]{{1,9}}(?:\.[{_D}]{{1,4}})?|[{_N}]{{1,9}}|半)"
_UNITS = "个工作日|工作日|个月|周年|周岁|年|日|天|小时|分钟|周|岁|万元|亿元|元|倍|人|名|次|个学时|学时|平方米|公里|%|％"
_AFTER_BAD = {
    "年": "度龄份代级初底末终月第轻间检鉴",
    "日": "常益期报前程元历记",
    "人": "民员大事选数身才力们士口均格以外",
    "名": "义称单额誉下录字",
    "次": "序日年要会生",
    "周": "边期围岁年转",
    "元": "素首件",
    "天": "然",
    "岁": "月",
}
_AMOUNT = re.compile(
    rf"(?P<share>百分之(?P<percent>[{_N}{_D}.]{{1,8}})|(?P<under>[{_N}]{{1,4}})分之(?P<over>[{_N}]{{1,4}}))"
    rf"|(?P<number>{_ONE})\s?(?P<unit>{_UNITS})(?P<half>半)?"
)
_BEFORE_BAD = re.compile(
    rf"(?:[第每当同去今逐下历另任某这那首头统唯几数近{_N}{_D}.．月年]|(?<!以)上|缓期)$"
)
_MONTHS = {"年": 12, "周年": 12, "个月": 1}
_DAYS = {"日": 1, "天": 1, "周": 7}
_SAME = {
    "工作日": "个工作日",
    "天": "日",
    "名": "人",
    "周年": "年",
    "％": "%",
    "周岁": "岁",
    "个学时": "学时",
}


@dataclass(frozen=True)
class Amount:
    """``text`` stands at ``start:end`` of its sentence; ``size`` is comparable within ``scale``."""

    text: str
    start: int
    end: int
    scale: str  # 日, 个工作日, 月, 元, 份, 人 …
    size: Fraction
    unit: str  # as written
    number: str  # as written, without the unit


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a text in order; no dates, ordinals or numbers inside words. Linear."""
    for match in _AMOUNT.finditer(text):
        if _BEFORE_BAD.search(text[max(0, match.start() - 2) : match.start()]):
            continue
        found = _share(match) if match["share"] else _counted(match, text)
        if found is not None:
            yield found


def equal(left: Amount, right: Amount) -> bool:
    """Whether two amounts may pass for the same: 30日 and 一个月, 12个月 and 一年, 7日 and 一周."""
    if left.scale == right.scale:
        return left.size == right.size
    days = {"日": 1, "个工作日": 1, "月": 30}
    if left.scale in days and right.scale in days:
        return left.size * days[left.scale] == right.size * days[right.scale]
    return False


def written(value: Amount, like: Amount) -> str:
    """``value`` in the writing of ``like``: numerals and, where its scale allows, unit."""
    if like.scale == "份":
        return value.text
    unit = like.unit if _factor(like.unit) == _factor(value.unit) else value.unit
    plain = parse_number(value.number)
    if plain is None or value.text.endswith("半") or value.number == "半":
        return value.text
    if like.number[0].isdecimal():
        return f"{plain}{unit}"
    if plain == 2 and (like.number == "两" or (value.number == "两" and unit != "年")):
        return f"两{unit}"
    return f"{to_chinese(plain)}{unit}" if plain < 10**8 else value.text


def writings(value: Amount) -> tuple[str, ...]:
    """What is accepted for it in a blank: as written, and in the other numerals."""
    plain = parse_number(value.number) if value.number else None
    found = [value.text]
    if value.scale == "份":
        if value.text.startswith("百分之") and plain is not None:
            found.append(f"{plain}%")
    elif value.scale == "%":
        if plain is not None:
            found.append(f"百分之{to_chinese(plain)}")
    elif plain is not None and not value.text.endswith("半"):
        found += [f"{plain}{value.unit}"]
        if plain < 10**8:
            found.append(f"{to_chinese(plain)}{value.unit}")
    return tuple(dict.fromkeys(found))


def _share(match: re.Match[str]) -> Amount | None:
    if match["percent"]:
        number = match["percent"]
        size = _fraction(number)
        size = size / 100 if size is not None else None
    else:
        under, over = parse_number(match["under"]), parse_number(match["over"])
        number = ""
        size = Fraction(over, under) if under and over is not None else None
    if size is None:
        return None
    return Amount(match.group(), match.start(), match.end(), "份", size, "", number)


def _counted(match: re.Match[str], text: str) -> Amount | None:
    number, unit = match["number"], match["unit"]
    after = text[match.end() : match.end() + 1]
    if not match["half"] and after and after in _AFTER_BAD.get(unit, ""):
        return None
    size = Fraction(1, 2) if number == "半" else _fraction(number)
    if size is None or size == 0:
        return None
    if match["half"]:
        size += Fraction(1, 2)
    if unit == "年" and size > 200:
        return None  # a date
    if unit == "日" and text[max(0, match.start() - 1) : match.start()] == "月":
        return None
    if unit in ("人", "名", "次") and size == 1:
        return None  # 一人, 一次: hardly ever what a rule counts
    scale, factor = _factor(unit)
    return Amount(match.group(), match.start(), match.end(), scale, size * factor, unit, number)


def _factor(unit: str) -> tuple[str, int]:
    plain = _SAME.get(unit, unit)
    if plain in _MONTHS:
        return "月", _MONTHS[plain]
    if plain in _DAYS:
        return "日", _DAYS[plain]
    if plain.endswith("元"):
        return "元", {"元": 1, "万元": 10_000, "亿元": 100_000_000}[plain]
    return plain, 1


def _fraction(number: str) -> Fraction | None:
    if "." in number:
        whole, _, part = number.partition(".")
        if not (whole.isdecimal() and part.isdecimal()):
            return None
        return Fraction(int(whole + part), 10 ** len(part))
    value = parse_number(number)
    return None if value is None else Fraction(value)
