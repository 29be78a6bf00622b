"""The words of a question that carry its meaning, by word class and dictionary.

Words are cut and tagged by rjieba (ICTCLAS tags). Function words go by their class, not by a
list; what is left of the stop words are verbs and nouns of asking (规定, 包括, 知道).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from assistant.text import fold
from assistant.vocabulary import MEASURES, PREFIXES, STOP_WORDS

#: Classes of words without content: particles, pronouns, prepositions, conjunctions, numerals,
#: measures, locatives, interjections, onomatopoeia, punctuation.
_FUNCTION = ("u", "y", "r", "p", "c", "m", "q", "f", "e", "o", "x", "k", "h")
#: 能不能, 会不会, 收不收费: the verb is said once.
_ALTERNATIVE = re.compile(r"([\u4e00-\u9fff])[不没]\1")
_COUNTED = re.compile(
    r"[一二两三四五六七八九十百0-9]{1,6}((?![一二两三四五六七八九十百])[\u4e00-\u9fff]{1,2})"
)
#: Measures that name what they count: 一届 is about the term, 一讲 about the lecture.
_TELLING = frozenset("届讲课轮班")
_ORDINAL = re.compile(r"第[一二三四五六七八九十0-9]{1,3}[\u4e00-\u9fff]{1,2}")
_QUOTED = re.compile(r"[“「]([^“”「」，。；：]{1,12})[”」]|\"([^\",]{1,12})\"")
_REGIONS = "省市县州区"


def content_words(text: str) -> tuple[str, ...]:
    """The folded words of ``text`` that carry meaning, in order, without repeats.

    A quoted term (“四型”, “第一议题”) is one word.
    """
    found: dict[str, None] = {}
    at = 0
    for match in _QUOTED.finditer(text):
        _cut_into(text[at : match.start()], found)
        found.setdefault(fold(match[1] or match[2]))
        at = match.end()
    _cut_into(text[at:], found)
    found.pop("", None)
    return tuple(found)


def _cut_into(text: str, found: dict[str, None]) -> None:
    prefix = ""
    for raw, tag in tagged(_ALTERNATIVE.sub(r"\1", text)):
        if len(raw) == 1 and raw in PREFIXES:
            prefix = raw
            continue
        word = _bare(fold(prefix + raw))
        prefix = ""
        counted = _COUNTED.fullmatch(word)
        if counted:
            kept = word if counted[1] not in MEASURES else ""
            word = counted[1] if counted[1] in _TELLING else kept
        elif word.isascii():
            word = word if any(char.isalpha() for char in word) else ""
        elif not _ORDINAL.fullmatch(word) and _is_function(word, tag):
            word = ""
        if word and word not in STOP_WORDS and any(char.isalnum() for char in word):
            found.setdefault(word)


def resolve(words: Iterable[str], known: Callable[[str], bool]) -> tuple[str, ...]:
    """``words`` with those cut anew that neither the dictionary nor the library knows.

    A cut by statistics glues 能谈 and 函分 together as it does the names 首问 and 平急; which of
    them is a word, ``known`` (stands in the passages found) tells.
    """
    import rjieba

    found: dict[str, None] = {}
    for word in words:
        if len(word) < 2 or word.isascii() or known(word) or rjieba.has_word(word):
            found.setdefault(word)
            continue
        for part in rjieba.cut(word, False):
            if part not in STOP_WORDS and (len(part) > 1 or known(part)):
                found.setdefault(part)
    return tuple(found)


@lru_cache(maxsize=256)
def tagged(text: str) -> tuple[tuple[str, str], ...]:
    """The words of ``text`` with their classes."""
    import rjieba  # its dictionary is loaded at the first question, not at start-up

    return tuple(rjieba.tag(text))


def is_noun(word: str) -> bool:
    """Whether a word names a thing (工资, 停车位), and not what is done (休掉, 收取)."""
    cut = tagged(word)
    return (bool(cut) and cut[-1][1].startswith("n")) or any(tag == "vn" for _, tag in cut)


def place_names(text: str) -> tuple[str, ...]:
    """Names of places in ``text``, less 省, 市, 县 and 区, so that 海口市 and 海口 are one."""
    names = [
        word for word, tag in tagged(text) if tag == "ns" and len(word) > 2 and word[-1] in _REGIONS
    ]
    return tuple(dict.fromkeys(fold(name[:-1]) for name in names))


def _bare(word: str) -> str:
    """A word without the particle that the cutting left on it, unless the dictionary has it so."""
    if len(word) > 1 and not in_dictionary(word):
        word = word.rstrip("是为有的了").removeprefix("被") or word
        if len(word) > 1 and word[-1] in "里中内上":
            word = word[:-1]
    return word


def _is_function(word: str, tag: str) -> bool:
    return tag.startswith(_FUNCTION) or (tag == "d" and len(word) == 1)


def in_dictionary(word: str) -> bool:
    """Whether the dictionary has the word."""
    import rjieba

    return bool(rjieba.has_word(word))
