"""What a model writes, cut into sentences with their marks while it is still writing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MARKS = r"(?:[ \t]?(?:\[[0-9]{1,3}(?:[,，、 ]{1,2}[0-9]{1,3}){0,7}\]|【[0-9]{1,3}】))"
_END = re.compile(r"[。！？\n]")
_AFTER = re.compile(rf"{_MARKS}{{0,8}}")
_NUMBERS = re.compile(r"[0-9]{1,3}")
_ANY_MARK = re.compile(_MARKS)
_BULLET = re.compile(r"^\s*(?:[-*•·]\s{1,3}|[0-9]{1,2}[.)、．](?![0-9])\s{0,3}|#{1,6}\s)")
_EMPHASIS = re.compile(r"\*\*|__|`")
_OPEN_MARK = re.compile(r"\s?[\[【][0-9,，、 ]*")
_ITEM = re.compile(r"^\s*(?:[-*•·]\s|[0-9]{1,2}[.)、．](?![0-9]))")
_LONGEST_OPEN = 2000
_LONGEST_MARK = 40


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
            if drafted is not None:
                found.append(drafted)
        if len(clean) - self._done > _LONGEST_OPEN:
            self._done = len(clean)  # no sentence is that long
        return found

    def finish(self) -> list[Drafted]:
        """What is left at the end."""
        left = _whole(_clean(self.said), self._done, last=True)
        return [drafted for drafted, _ in left if drafted is not None]


def sentences(pieces: Iterable[str]) -> Iterator[Drafted]:
    """All sentences of a text in pieces, each as soon as it is whole."""
    cutter = Cutter()
    for piece in pieces:
        yield from cutter.feed(piece)
    yield from cutter.finish()


def _clean(said: str) -> str:
    parts, at = list[str](), 0
    while (begin := said.find("<think>", at)) >= 0:
        parts.append(said[at:begin])
        end = said.find("</think>", begin)
        at = end + len("</think>") if end >= 0 else len(said)
    clean = "".join([*parts, said[at:]])
    tail = clean.rfind("<", max(0, len(clean) - len("<think>")))
    return clean[:tail] if tail >= 0 and "<think>".startswith(clean[tail:]) else clean


def _whole(clean: str, done: int, last: bool) -> Iterator[tuple[Drafted | None, int]]:
    """The sentences (None: nothing said) from ``done`` on with where each ends; without ``last`` only those to which
    no more marks can come."""
    at = done
    while at < len(clean):
        end = _END.search(clean, at)
        if end is None and not last:
            return
        stop = end.end() if end else len(clean)
        marked = _AFTER.match(clean, stop)
        after = marked.end() if marked else stop
        rest = clean[after : after + _LONGEST_MARK]
        if not last and (not rest.strip() or _OPEN_MARK.fullmatch(rest)):
            return
        drafted = _drafted(clean[at:stop], clean[stop:after])
        at = after
        yield drafted, at


def _drafted(said: str, marks: str) -> Drafted | None:
    if len(said) > _LONGEST_OPEN:
        return None
    found = "".join(_ANY_MARK.findall(said + marks))
    numbers = tuple(dict.fromkeys(int(n) for n in _NUMBERS.findall(found)))
    text = _EMPHASIS.sub("", _BULLET.sub("", _ANY_MARK.sub("", said))).strip()
    if not any(char.isalnum() for char in text):
        return None
    return Drafted(text, numbers, _ITEM.match(said) is not None)


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
