"""Words of Chinese text, as the lexical index and its queries cut them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import pairwise

from index.numerals import parse_number

#: Words that are in nearly every sentence and tell passages apart in no question.
STOP_WORDS = frozenset(
    [
        "的",
        "了",
        "和",
        "与",
        "及",
        "或",
        "是",
        "在",
        "对",
        "为",
        "以",
        "于",
        "由",
        "将",
        "把",
        "被",
        "从",
        "向",
        "到",
        "其",
        "该",
        "之",
        "而",
        "且",
        "并",
        "则",
        "也",
        "都",
        "就",
        "等",
        "吗",
        "呢",
        "吧",
        "啊",
        "么",
        "什么",
        "怎么",
        "怎样",
        "如何",
        "哪些",
        "哪个",
        "有",
        "我",
        "你",
        "您",
        "他",
        "她",
        "它",
        "这",
        "那",
        "请问",
        "请",
    ]
)

_NUMERAL = "零〇○一二两三四五六七八九十百千万"
#: 第十二条, 第12条, 第一百二十条之一: at most 12 numerals, so that the search stays linear.
_ADDRESS = re.compile(
    rf"第\s?([{_NUMERAL}0-9]{{1,12}})\s?([编章节条款项目])(?:之([{_NUMERAL}0-9]{{1,3}}))?"
)
MAX_WORD = 40
"""Longer runs without a cut (a URL, a serial number) are shortened to this."""


def cut(text: str) -> list[str]:
    """The words of a text, in order, with repeats.

    NFKC and lower case; rjieba's words in its search mode (a long word gives its short ones as
    well); no punctuation or stop words; Chinese numerals of more than one digit as Arabic ones,
    and 第十二条 and 第12条 both as ``第12条``. A pure function; time linear in the text.
    """
    clean = unicodedata.normalize("NFKC", text).lower()
    words: list[str] = []
    at = 0
    for match in _ADDRESS.finditer(clean):
        _cut_plain(clean[at : match.start()], words)
        words.append(_address(match))
        at = match.end()
    _cut_plain(clean[at:], words)
    return words


def bigrams(text: str) -> list[str]:
    """Every two neighbouring letters or characters of a text, in order, with repeats.

    NFKC and lower case; punctuation and blanks are passed over as if they were not there.
    """
    clean = [char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum()]
    return [a + b for a, b in pairwise(clean)]


def distinct(words: list[str], limit: int) -> list[str]:
    """The first ``limit`` different words, in order."""
    return list(dict.fromkeys(words))[:limit]


def _address(match: re.Match[str]) -> str:
    number, unit, branch = match.groups()
    value = parse_number(number)
    tail = f"之{parse_number(branch)}" if branch else ""
    return f"第{number if value is None else value}{unit}{tail}"


def _cut_plain(text: str, words: list[str]) -> None:
    if not text.strip():
        return
    for word in _cutter()(text):
        if word in STOP_WORDS or not any(char.isalnum() for char in word):
            continue
        if len(word) > 1 and word[0] in _NUMERAL:
            value = parse_number(word)
            word = word if value is None else str(value)
        words.append(word[:MAX_WORD])


@cache
def _cutter() -> Callable[[str], list[str]]:
    import rjieba

    return rjieba.cut_for_search
