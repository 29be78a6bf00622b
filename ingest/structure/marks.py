"""The number at the start of a line: 第三章, 第十二条之一, 一、, （一）, 1., （1）, ①."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from index.numerals import NUMERAL_CHARS, article_label, parse_number, to_chinese
from ingest.structure.model import SectionKind


class Style(StrEnum):
    """How a number is written. The order is the usual nesting of office texts."""

    LEGAL = "legal"  # 第…编章节条
    CN_COMMA = "cn_comma"  # 一、
    CN_PAREN = "cn_paren"  # （一）
    ARABIC_DOT = "arabic_dot"  # 1. 1、
    ARABIC_PAREN = "arabic_paren"  # （1） 1）
    CIRCLED = "circled"  # ①


@dataclass(frozen=True, slots=True)
class Mark:
    """A number found at the start of a text.

    ``end`` is where it ends in that text (spaces after it not included). ``spaced`` says that a
    space, a bracket or the end of the line follows, as after a true head; in “第三条规定的” it
    doesn't.
    """

    style: Style
    number: tuple[int, ...]
    label: str
    end: int
    kind: SectionKind = SectionKind.HEADING
    spaced: bool = True


_KINDS = {
    "编": SectionKind.PART,
    "部分": SectionKind.PART,
    **dict.fromkeys(("单元", "专题", "讲", "课"), SectionKind.HEADING),
    "篇": SectionKind.PART,
    "分编": SectionKind.SUBPART,
    "章": SectionKind.CHAPTER,
    "节": SectionKind.DIVISION,
    "条": SectionKind.ARTICLE,
}
_LEGAL = re.compile(
    rf"第\s{{0,2}}((?:[{NUMERAL_CHARS}]\s{{0,2}}){{1,12}})(分\s?编|编|章|节|条|部分|篇|单元|专题|讲|课)"
    rf"(?:\s?之\s?([一二三四五六七八九十]{{1,3}}|[0-9０-９]{{1,2}})(?![{NUMERAL_CHARS}]))?"
)
_OPENERS = "【〔［[（(「〖"
_CN = "一二三四五六七八九十百〇零"
_CN_COMMA = re.compile(rf"([{_CN}]{{1,5}})\s?(?:、|[．.](?![0-9]))")
_PAREN = re.compile(rf"[（(]\s?(?:([{_CN}]{{1,5}})|([0-9０-９]{{1,2}}))\s?[）)]")
_ARABIC = re.compile(r"([0-9０-９]{1,3})(?:\s?、|[．.](?![0-9０-９])|([）)]))")
_CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)}
_PAREN_SIGNS = {chr(0x2474 + i): i + 1 for i in range(20)}
_DOT_SIGNS = {chr(0x2488 + i): i + 1 for i in range(20)}
_CN_SIGNS = {chr(0x3220 + i): i + 1 for i in range(10)}
_STARTERS = frozenset("第（(0123456789０１２３４５６７８９" + _CN) | frozenset(
    [*_CIRCLED, *_PAREN_SIGNS, *_DOT_SIGNS, *_CN_SIGNS]
)


def parse_mark(text: str) -> Mark | None:
    """The mark at the start of ``text`` (which has no leading space), None where there is none."""
    first = text[:1]
    if first not in _STARTERS or not first:
        return None
    if first == "第":
        return _legal(text)
    if first in "（(":
        return _paren(text)
    if first in _CN:
        match = _CN_COMMA.match(text)
        number = parse_number(match[1]) if match else None
        if match is None or not number:
            return None
        return Mark(Style.CN_COMMA, (number,), f"{to_chinese(number)}、", match.end())
    return _arabic(text) if first.isdecimal() else _sign(text)


def _legal(text: str) -> Mark | None:
    match = _LEGAL.match(text)
    if not match:
        return None
    number = parse_number(match[1])
    if number is None or not 0 < number < 100_000:
        return None
    unit = match[2].replace(" ", "").replace("　", "")
    branch = parse_number(match[3]) if match[3] else None
    numbers = (number,) if branch is None else (number, branch)
    if unit == "条":
        label = article_label(numbers)
    else:
        label = f"第{to_chinese(number)}{unit}" + (f"之{to_chinese(branch)}" if branch else "")
    after = text[match.end() : match.end() + 1]
    spaced = not after or after.isspace() or after in _OPENERS
    if _KINDS[unit] is SectionKind.HEADING and not spaced and after not in "：:":
        return None  # 第一课堂, 第三讲过
    return Mark(Style.LEGAL, numbers, label, match.end(), _KINDS[unit], spaced)


def _paren(text: str) -> Mark | None:
    match = _PAREN.match(text)
    if not match:
        return None
    number = parse_number(match[1] or match[2])
    if not number:
        return None
    if match[1]:
        return Mark(Style.CN_PAREN, (number,), f"（{to_chinese(number)}）", match.end())
    return Mark(Style.ARABIC_PAREN, (number,), f"（{number}）", match.end())


def _arabic(text: str) -> Mark | None:
    match = _ARABIC.match(text)
    number = parse_number(match[1]) if match else None
    if match is None or not number:
        return None
    if match[2]:
        return Mark(Style.ARABIC_PAREN, (number,), f"{number}）", match.end())
    return Mark(Style.ARABIC_DOT, (number,), f"{number}.", match.end())


def _sign(text: str) -> Mark | None:
    sign = text[0]
    if number := _CIRCLED.get(sign):
        return Mark(Style.CIRCLED, (number,), sign, 1)
    if number := _PAREN_SIGNS.get(sign):
        return Mark(Style.ARABIC_PAREN, (number,), f"（{number}）", 1)
    if number := _DOT_SIGNS.get(sign):
        return Mark(Style.ARABIC_DOT, (number,), f"{number}.", 1)
    if number := _CN_SIGNS.get(sign):
        return Mark(Style.CN_PAREN, (number,), f"（{to_chinese(number)}）", 1)
    return None
