"""What changed within a text, word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, REMOVED, ADDED = "same", "removed", "added"
_SIGNS = re.compile("[\\W_]+")
#: What is one word though a dictionary cuts it: 第二百四十九条, （三）, a line's end.
_WHOLE = re.compile(
    "(第[一二三四五六七八九十百千零〇0-9]{1,9}[条款项章节编](?:之[一二三四五六七八九十]{1,2})?"
    "|[（(][一二三四五六七八九十百]{1,4}[）)]|[0-9０-９]{4}年|\n)"
)
#: Words on both sides together, above which only whole lines are compared: bounds the time.
_MOST = 12_000
_JOINT = 1  # an unchanged stretch this short between two changes only makes them harder to read


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text that is the same in both, was removed, or was added."""

    kind: str
    text: str


def changed_words(old: str, new: str) -> tuple[Segment, ...]:
    """The new text with what was removed and added, in reading order.

    Joining what isn't ``added`` gives the old text, what isn't ``removed`` the new one, but for
    signs of another width (（ for (), which don't count as changes: there the new one is given.
    """
    left, right = _cut(old), _cut(new)
    if len(left) + len(right) > _MOST:
        left, right = old.splitlines(keepends=True), new.splitlines(keepends=True)
    matcher = SequenceMatcher(
        None, [fold(one) for one in left], [fold(one) for one in right], autojunk=False
    )
    return tuple(_joined(_segments(matcher.get_opcodes(), left, right)))


def only_signs_differ(old: str, new: str) -> bool:
    """Whether two texts have the same words: punctuation and white space don't count."""
    return _SIGNS.sub("", fold(old)) == _SIGNS.sub("", fold(new))


def fold(text: str) -> str:
    """Full-width signs and digits as the usual ones."""
    return unicodedata.normalize("NFKC", text)


def _cut(text: str) -> list[str]:
    import rjieba

    words: list[str] = []
    for place, part in enumerate(_WHOLE.split(text)):
        words.extend([part] if place % 2 else rjieba.cut(part))
    return words


def _segments(
    opcodes: Sequence[tuple[str, int, int, int, int]], left: Sequence[str], right: Sequence[str]
) -> Iterator[Segment]:
    for tag, i1, i2, j1, j2 in opcodes:
        if tag == "equal":
            yield Segment(SAME, "".join(right[j1:j2]))
            continue
        if i2 > i1:
            yield Segment(REMOVED, "".join(left[i1:i2]))
        if j2 > j1:
            yield Segment(ADDED, "".join(right[j1:j2]))


def _joined(segments: Iterator[Segment]) -> Iterator[Segment]:
    """The segments with changes joined across unchanged stretches of next to nothing."""
    removed = added = held = ""
    for one in segments:
        if one.kind == SAME and (len(one.text) > _JOINT or "\n" in one.text):
            yield from _change(removed, added)
            if held or one.text:
                yield Segment(SAME, held + one.text)
            removed = added = held = ""
        elif one.kind == SAME:
            if removed or added:
                held += one.text
            else:
                yield Segment(SAME, one.text)
        else:
            removed, added, held = removed + held, added + held, ""
            if one.kind == REMOVED:
                removed += one.text
            else:
                added += one.text
    yield from _change(removed, added)
    if held:
        yield Segment(SAME, held)


def _change(removed: str, added: str) -> Iterator[Segment]:
    if removed:
        yield Segment(REMOVED, removed)
    if added:
        yield Segment(ADDED, added)
