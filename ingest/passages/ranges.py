"""Ranges of a text and how long a passage may be: paragraphs, sentences, trimming."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Characters. The default encoder reads 512 tokens, about 750 characters with title and path.
LONGEST = 560
TARGET = 400
SHORT = 120  # a piece of prose below this is put together with its neighbours
_SENTENCE = re.compile(r"[。！？；!?;][”’」』）)》】]*")


def paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a range that are not blank."""
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if text[at:stop].strip():
            yield at, stop
        at = stop + 1


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The range itself when it fits a passage, else parts cut at sentence ends, else anywhere."""
    while end - start > LONGEST:
        cut = start + TARGET
        ends = [m.end() for m in _SENTENCE.finditer(text, start + TARGET // 3, start + LONGEST)]
        if ends:
            cut = min(ends, key=lambda at: abs(at - cut))
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
