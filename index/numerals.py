"""Chinese, Arabic and full-width numerals, both ways, and the numbers of articles.

Chinese drafting counts by 十百千万 (第一百三十三条); typists also write digit strings (一三三, 二〇二四),
Arabic (第133条), full-width (第１３３条) and the old 廿 and 卅.
"""

from __future__ import annotations

import re

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}
_DIGITS.update({"〇": 0, "○": 0, "Ｏ": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5})
_DIGITS.update({"陆": 6, "柒": 7, "捌": 8, "玖": 9})
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_LONGEST = 24

#: Characters of a numeral, for use inside a character class of a regular expression.
NUMERAL_CHARS = "0-9０-９〇○零一二三四五六七八九十百千万两廿卅"

_ARTICLE = re.compile(
    rf"第\s?((?:[{NUMERAL_CHARS}]\s?){{1,12}})\s?条(?:\s?之\s?([{NUMERAL_CHARS}]{{1,3}}))?"
)


def parse_number(text: str) -> int | None:
    """The value of a numeral in any of the known writings, None for anything else.

    >>> parse_number("一百三十三"), parse_number("１２"), parse_number("廿五"), parse_number("二〇二四")
    (133, 12, 25, 2024)
    """
    text = "".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    if text.isdecimal():
        plain = text.translate(_FULL_WIDTH)
        return int(plain) if plain.isascii() else None
    if all(char in _DIGITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    return _parse_counted(text)


def _parse_counted(text: str) -> int | None:
    """A numeral with units: 一千零二十, 十二, 廿五, 一万二千."""
    total = section = digit = 0
    pending = False  # a digit waits for its unit
    for char in text:
        if char in _DIGITS:
            if pending and digit:
                return None  # 一二十 is no number
            digit, pending = _DIGITS[char], True
        elif char in _UNITS:
            section += (digit if pending and digit else 1) * _UNITS[char]
            digit, pending = 0, False
        elif char in _TENS:
            section += _TENS[char]
            digit, pending = 0, False
        elif char == "万":
            total += (section + digit or 1) * 10_000
            section, digit, pending = 0, 0, False
        else:
            return None
    return total + section + digit


def to_chinese(number: int) -> str:
    """A number as drafting writes it: 12 → 十二, 105 → 一百零五, 110 → 一百一十; 0–99,999,999.

    Raises :class:`ValueError` outside that range.
    """
    if not 0 <= number <= 99_999_999:
        raise ValueError(f"no Chinese numeral for {number}")
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        tail = _below_10000(low) if low else ""
        return f"{to_chinese(high)}万{gap}{tail}"
    text = _below_10000(number)
    return text[1:] if text.startswith("一十") else text


def _below_10000(number: int) -> str:
    if number == 0:
        return "零"
    digits = "零一二三四五六七八九"
    out: list[str] = []
    gap = False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            if gap:
                out.append("零")
            out.append(digits[digit] + unit)
            gap = False
        elif out:
            gap = True
    return "".join(out)


def article_label(number: tuple[int, ...]) -> str:
    """(12,) → 第十二条, (133, 1) → 第一百三十三条之一."""
    label = f"第{to_chinese(number[0])}条"
    return label + "".join(f"之{to_chinese(part)}" for part in number[1:])


def parse_article(text: str) -> tuple[int, ...] | None:
    """The number of an article as anyone writes it: 第一百三十三条之一 → (133, 1), 第１２条 → (12,)."""
    match = _ARTICLE.fullmatch(text.strip())
    if not match:
        return None
    number = parse_number(match[1])
    if number is None:
        return None
    if match[2] is None:
        return (number,)
    branch = parse_number(match[2])
    return None if branch is None else (number, branch)
