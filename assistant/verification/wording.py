"""Comparing what a draft quotes with what stands in a document, and finding where it stands.

Signs, white space and the width of characters don't count, nor does the writing of a number (十五
for 15); every other character does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from index.address.parse import Span
from index.numerals import NUMERAL_CHARS, parse_number
from index.versions.compare.words import Segment, changed_words

_NUMERAL = re.compile(rf"[{NUMERAL_CHARS}]+")
_IN_NUMBER = re.compile(rf"[{NUMERAL_CHARS}]{{2}}")
_GAP = re.compile(r"…+|·{3,}|\*{3,}|\.{3,}|。{3,}|[（(]略[）)]")
_KEPT_SIGNS = "%‰"
_LONGEST = 3_000  # of a text that is aligned
_LEAST = 0.6  # of a quotation's characters that must stand in a text for it to be that text
_BLOCK = 2


@dataclass(frozen=True)
class Folded:
    """A text as it is compared, and for each of its characters the place in the original."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """The range of the original that holds these characters."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Letters and digits only, half-width, a decimal point and % kept."""
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if "\u4e00" <= char <= "\u9fff":
            kept.append(char)
            places.append(place)
            continue
        for one in unicodedata.normalize("NFKC", char).lower():
            point = one == "." and _between_digits(text, place)
            if one.isalnum() or one in _KEPT_SIGNS or point:
                kept.append(one)
                places.append(place)
    return Folded("".join(kept), tuple(places))


def _between_digits(text: str, place: int) -> bool:
    return text[place - 1 : place].isdecimal() and text[place + 1 : place + 2].isdecimal()


def pairs(folded: str) -> frozenset[str]:
    """Pairs of neighbouring characters."""
    return frozenset(folded[at : at + 2] for at in range(len(folded) - 1))


@lru_cache(maxsize=4096)
def numerals(folded: str) -> str:
    """A folded text with every numeral in Arabic digits, so that 十五日 and 15日 are equal."""
    return _NUMERAL.sub(_arabic, folded)


def _arabic(match: re.Match[str]) -> str:
    value = parse_number(match[0])
    return match[0] if value is None else str(value)


@dataclass(frozen=True)
class Likeness:
    """How far a quotation stands in a text.

    ``exact``: word for word, or with numbers in another writing (``numerals``). ``span`` is the
    stretch of the text that it stands for, ``share`` the share of its characters found there.
    """

    exact: bool
    share: float
    span: Span
    numerals: bool = False


def stands_in(quote: str, folded: Folded) -> Likeness | None:
    """The exact place of a quotation, pieces parted by …… in order; None where it has none."""
    pieces = [fold(one).text for one in _GAP.split(quote)]
    pieces = [one for one in pieces if one]
    if not pieces:
        return None
    at, first, last = 0, -1, 0
    for piece in pieces:
        found = _place_of(piece, folded.text, at)
        if found < 0:
            return _with_numerals(pieces, folded)
        first = found if first < 0 else first
        at = last = found + len(piece)
    return Likeness(True, 1.0, folded.span(first, last))


def _place_of(piece: str, text: str, at: int) -> int:
    """Where a piece stands from ``at`` on, not within a number: 5日 is not in 15日; -1 for nowhere."""
    found = text.find(piece, at)
    while found >= 0:
        end = found + len(piece)
        cut_before = _IN_NUMBER.fullmatch(text[max(0, found - 1) : found] + piece[:1])
        cut_after = _IN_NUMBER.fullmatch(piece[-1:] + text[end : end + 1])
        if not cut_before and not cut_after:
            return found
        found = text.find(piece, found + 1)
    return -1


def _with_numerals(pieces: Sequence[str], folded: Folded) -> Likeness | None:
    text = numerals(folded.text)
    at = 0
    for piece in pieces:
        found = _place_of(numerals(piece), text, at)
        if found < 0:
            return None
        at = found + len(numerals(piece))
    nearest = align("".join(pieces), folded)
    span = nearest.span if nearest else (folded.places[0], folded.places[-1] + 1)
    return Likeness(True, 1.0, span, numerals=True)


def align(quote: str, folded: Folded) -> Likeness | None:
    """The stretch of a text that a quotation most likely renders; None where it renders none."""
    said = fold(quote).text[:_LONGEST]
    text = folded.text
    if not said or not text:
        return None
    offset = 0
    if len(text) > _LONGEST:
        offset = _densest(said, text)
        text = text[offset : offset + _LONGEST]
    matcher = SequenceMatcher(None, said, text, autojunk=False)
    blocks = [one for one in matcher.get_matching_blocks() if one.size >= _BLOCK]
    if not blocks:
        return None
    blocks = _together(blocks, len(said))
    matched = sum(one.size for one in blocks)
    first, last = blocks[0], blocks[-1]
    start = max(0, first.b - first.a)
    rest = len(said) - last.a - last.size
    end = min(len(text), last.b + last.size + rest)
    return Likeness(False, matched / len(said), folded.span(offset + start, offset + end))


def _together(blocks: list, length: int) -> list:
    """The run of blocks with most in common that lies within about the quotation's length."""
    reach = 2 * length + 20
    best: list = []
    most = 0
    for first in range(len(blocks)):
        run = [one for one in blocks[first:] if one.b + one.size - blocks[first].b <= reach]
        size = sum(one.size for one in run)
        if size > most:
            best, most = run, size
        if first > 64:
            break
    return best


def _densest(said: str, text: str) -> int:
    """Where in a long text to look: the window that shares most pairs with the quotation."""
    wanted = pairs(said)
    step = _LONGEST // 2
    return max(
        range(0, max(1, len(text) - step), step),
        key=lambda at: len(wanted & pairs(text[at : at + _LONGEST])),
    )


def is_rendering(like: Likeness | None) -> bool:
    """Whether a quotation is a text's with slips, not another text."""
    return like is not None and like.share >= _LEAST


def whole_words(text: str, span: Span) -> Span:
    """``span`` without white space and stray signs at its ends."""
    start, end = span
    while start < end and not text[start].isalnum() and text[start] not in "“《（(":
        start += 1
    while end > start and not text[end - 1].isalnum() and text[end - 1] not in "”》）)。；%":
        end -= 1
    return start, end


def differences(right: str, said: str) -> tuple[Segment, ...]:
    """From the document's words to the draft's; signs and white space are not compared."""
    return changed_words(_flat(right), _flat(said))


def _flat(text: str) -> str:
    return "".join(text.split())
