"""Comparing Chinese text: folding, numerals and character bigrams."""

from __future__ import annotations

from functools import lru_cache

from index.numerals import parse_number, to_chinese

_QUOTES = "“”‘’\"'「」『』《》〈〉*`"
_TABLE: dict[int, int | str | None] = {
    **{code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)},
    **{code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)},
    **{ord(char): None for char in _QUOTES},
    **{ord(char): None for char in " \t\r\n\u00a0\u3000\u200b\ufeff"},
}


def fold(text: str) -> str:
    """``text`` without white space, quotation and book marks, half-width and lower case.

    “四型” 机关 and 四型机关, （一） and (一) become equal.
    """
    return text.translate(_TABLE)


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, the position in ``text``."""
    folded: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        kept = char.translate(_TABLE)
        if kept:
            folded.append(kept)
            places.append(place)
    return "".join(folded), places


def squeeze(text: str) -> str:
    """``text`` without any white space: what two equal quotes have in common."""
    return "".join(text.split())


@lru_cache(maxsize=8192)
def bigrams(folded: str) -> frozenset[str]:
    """All pairs of neighbouring characters of a folded text."""
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))


def similarity(left: str, right: str) -> float:
    """Share of common bigrams in the shorter of two folded texts, 0–1."""
    a, b = bigrams(left), bigrams(right)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def read_number(text: str) -> int | None:
    """The value of 12, １２, 十二, 一百二十, 二〇二四; None if ``text`` is none such."""
    return parse_number(fold(text))


def write_number(value: int) -> str:
    """``value`` (1–9999) as article numbers write it: 12 → 十二, 133 → 一百三十三."""
    if not 0 < value < 10_000:
        raise ValueError(f"只能写 1 到 9999 的数：{value}")
    return to_chinese(value)


def bare_title(title: str) -> str:
    """A folded title less what people leave out of it."""
    folded = fold(title)
    for dropped in ("中华人民共和国", "(示例)", "示例", "()"):
        folded = folded.replace(dropped, "")
    return folded
