"""Numbers as word processors and browsers show them in lists (ECMA-376 Part 1, 17.18.59)."""

from __future__ import annotations

from index.numerals import to_chinese

_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_LARGEST = 99_999


def _formal(number: int) -> str:
    """The writing of cheques: 12 → 壹拾贰."""
    plain = to_chinese(number)
    return ("一" + plain if plain.startswith("十") else plain).translate(_FORMAL)


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        out += letters * count
    return out


def _letters(number: int) -> str:
    """a … z, then aa, bb … as Word does it."""
    count, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * min(count + 1, 20)


def _circled(number: int) -> str:
    for first, last, start in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(start + number - first)
    return str(number)


def _within(number: int, signs: str | range) -> str:
    if 1 <= number <= len(signs):
        sign = signs[number - 1]
        return sign if isinstance(sign, str) else chr(sign)
    return str(number)


def format_number(number: int, format: str) -> str:
    """``number`` in one of Word's number formats; an unknown format is shown as decimal.

    Examples: decimal 3, chineseCounting 三 / 十二, chineseCountingThousand 一百零五,
    ideographDigital 一二, decimalEnclosedCircle ③, lowerRoman iii, upperLetter C.
    """
    if format in ("none", "bullet"):
        return ""
    if not 0 <= number <= _LARGEST or (number == 0 and format not in _WITH_ZERO):
        return str(number)
    if format in _CHINESE:
        return to_chinese(number)
    if format in ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"):
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if format in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return _formal(number)
    if format in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return _circled(number)
    return _western(number, format)


_CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
        "koreanDigital2",
    ]
)
_WITH_ZERO = _CHINESE | {"decimal", "decimalZero", "decimalFullWidth", "ideographDigital"}


def _western(number: int, format: str) -> str:
    if format == "decimalZero":
        return f"{number:02d}"
    if format in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    if format == "decimalEnclosedFullstop":
        return _within(number, range(0x2488, 0x249C))
    if format == "decimalEnclosedParen":
        return _within(number, range(0x2474, 0x2488))
    if format in ("ideographEnclosedCircle",):
        return _within(number, range(0x3280, 0x328A))
    if format == "ideographTraditional":
        return _within(number, _STEMS)
    if format == "ideographZodiac":
        return _within(number, _BRANCHES)
    if format == "lowerLetter":
        return _letters(number)
    if format == "upperLetter":
        return _letters(number).upper()
    if format == "lowerRoman":
        return _roman(number)
    if format == "upperRoman":
        return _roman(number).upper()
    return str(number)
