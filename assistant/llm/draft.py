"""What a model writes, cut into sentences with their marks while it is still writing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MARKS = r"(?:[ \t]?(?:\[[0-9]{1,3}(?:[,，、 ]{1,2}[0-9]{1,3}){0,7}\]|【[0-9]{1,3}】))"
_SENTENCE = re.compile(
    rf"(?P<text>[^。！？\n]{{1,2000}}?)(?P<inner>{_MARKS}{{1,8}})?(?P<end>[。！？]|\n|$)(?P<after>{_MARKS}{{0,8}})"
)
_NUMBERS = re.compile(r"[0-9]{1,3}")
_ANY_MARK = re.compile(_MARKS)
_BULLET = re.compile(r"^\s*(?:[-*•·]\s{1,3}|[0-9]{1,2}[.)、．](?![0-9])\s{0,3}|#{1,6}\s)")
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_EMPHASIS = re.compile(r"\*\*|__|`")
_PENDING = re.compile(r"<(?:t(?:h(?:i(?:n(?:k)?)?)?)?)?$")
_ITEM = re.compile(r"^\s*(?:[-*•·]\s|[0-9]{1,2}[.)、．](?![0-9]))")
_LONGEST_OPEN = 2000


@dataclass(frozen=True)
class Drafted:
    """A sentence without its marks, and the numbers that it cites, in order, each once."""

    text: str
    marks: tuple[int, ...]
    is_item: bool = False


class Cutter:
    """Takes a model's words piece by piece and gives sentences as soon as they are whole: when the
    next one, or the end, has begun.

    A model's thoughts (``<think>``), bullets and emphasis are taken away.
    """

    def __init__(self) -> None:
        self.said = ""
        self._done = 0  # characters of the clean text that have been given out

    def feed(self, piece: str) -> list[Drafted]:
        """The sentences that ``piece`` makes whole."""
        if not piece:
            return []
        self.said += piece
        clean = _clean(self.said)
        found: list[Drafted] = []
        for drafted, end in _whole(clean, self._done, last=False):
            self._done = end
            found.append(drafted)
        if len(clean) - self._done > _LONGEST_OPEN:
            self._done = len(clean)  # no sentence is that long
        return found

    def finish(self) -> list[Drafted]:
        """What is left at the end."""
        return [drafted for drafted, _ in _whole(_clean(self.said), self._done, last=True)]


def sentences(pieces: Iterable[str]) -> Iterator[Drafted]:
    """All sentences of a text in pieces, each as soon as it is whole."""
    cutter = Cutter()
    for piece in pieces:
        yield from cutter.feed(piece)
    yield from cutter.finish()


def _clean(said: str) -> str:
    return _PENDING.sub("", _THOUGHT.sub("", said))


def _whole(clean: str, done: int, last: bool) -> Iterator[tuple[Drafted, int]]:
    at = done
    while at < len(clean):
        match = _SENTENCE.match(clean, at)
        if match is None:
            at += 1
            continue
        after = clean[match.end() :]
        unsure = not after.strip() or re.match(r"\s?[\[【][0-9,，、 ]*$", after) is not None
        if not last and (match["end"] == "" or unsure):
            return  # marks may still come
        at = match.end()
        drafted = _drafted(match)
        if drafted is not None:
            yield drafted, at


def _drafted(match: re.Match[str]) -> Drafted | None:
    raw = match["text"]
    found = "".join(_ANY_MARK.findall(match.group()))
    numbers = tuple(dict.fromkeys(int(n) for n in _NUMBERS.findall(found)))
    end = match["end"].strip()
    text = _EMPHASIS.sub("", _BULLET.sub("", _ANY_MARK.sub("", raw))).strip()
    if not any(char.isalnum() for char in text):
        return None
    return Drafted(text + end, numbers, _ITEM.match(raw) is not None)


def repaired(reply: str, count: int) -> dict[int, Drafted]:
    """The lines of a repair by the number (0-based) of the sentence that they repair."""
    found: dict[int, Drafted] = {}
    for line in _clean(reply).splitlines():
        match = re.match(r"\s*[（(]?([0-9]{1,2})[）).、．:：]\s*(.+)", line)
        if match and 1 <= int(match[1]) <= count and int(match[1]) - 1 not in found:
            for drafted in sentences([match[2]]):
                found[int(match[1]) - 1] = drafted
                break
    return found
