"""A claim's clauses laid over the clauses of a window: what was added, left out, changed.

Clauses may come in another order, a comma more or less is no difference; inside a clause the order
counts, because it is what tells who does what to whom. The cheapest cover of the claim is found by
dynamic programming over its clauses, the cost being characters that only one side has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from assistant.grounding.canonical import words
from assistant.grounding.vocabulary import (
    DROPPABLE,
    JOINABLE,
    LIGHT,
    LIST_LEAD,
)
from assistant.grounding.windows import Window
from assistant.text import bigrams

_RUN = 3  # clauses that may be joined into one
_MAX_CLAUSES = 24
_SLIDE = 12
_TOGETHER = ("同时", "均", "共同", "联合", "并存", "且")


@dataclass(frozen=True)
class Alignment:
    """``added`` stands only in the claim, ``omitted`` only in the clauses it tells, ``changed``
    are (said, written); light words are in none of them. ``used`` are the window's clauses told.

    ``dropped_items`` counts parts of an enumeration that were left out, ``moved`` clauses that
    stand in another order (``order`` has the window's numbers as they are told), ``light`` the
    characters of light words that differ.
    """

    claim: str
    told: str
    added: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    used: frozenset[int] = frozenset()
    dropped_items: int = 0
    moved: int = 0
    order: tuple[int, ...] = ()
    light: int = 0
    unplaced: tuple[str, ...] = ()

    @property
    def cost(self) -> int:
        """Characters that only one side has."""
        return (
            sum(map(len, self.added))
            + sum(map(len, self.omitted))
            + sum(len(a) + len(b) for a, b in self.changed)
            + sum(map(len, self.unplaced))
        )


@dataclass
class _Edits:
    added: list[str] = field(default_factory=list)
    omitted: list[str] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)
    dropped_items: int = 0
    light: int = 0

    @property
    def cost(self) -> float:
        """Ties are decided by light words and left-out items."""
        heavy = sum(map(len, self.added)) + sum(map(len, self.omitted))
        heavy += sum(len(a) + len(b) for a, b in self.changed)
        return heavy + 0.01 * self.light + 0.05 * self.dropped_items


def align(clauses: Sequence[str], window: Window) -> Alignment:
    """The cheapest way to lay ``clauses`` over ``window``."""
    said = list(clauses[:_MAX_CLAUSES])
    there = list(window.clauses[:_MAX_CLAUSES])
    best: list[tuple[float, list[tuple[int, int, int, int]]]] = [(0.0, [])]
    for done in range(1, len(said) + 1):
        options = [(best[done - 1][0] + len(said[done - 1]), best[done - 1][1])]
        for begin in range(max(0, done - _RUN), done):
            if window.is_list and begin != done - 1 and begin != 0:
                continue
            joined = "".join(said[begin:done])
            taken = {i for _, _, low, high in best[begin][1] for i in range(low, high)}
            for low, high in _runs(there, joined, window.is_list):
                if not taken.isdisjoint(range(low, high)):
                    continue  # what is written once is told once
                if done - begin > 1 and high - low > 1 and not window.is_list:
                    continue
                edits = _edits(joined, "".join(there[low:high]), window.is_list)
                cost = best[begin][0] + edits.cost
                options.append((cost, [*best[begin][1], (begin, done, low, high)]))
        best.append(min(options, key=lambda option: option[0]))
    return _gathered(said, there, best[-1][1], window.is_list)


def _runs(there: Sequence[str], joined: str, is_list: bool) -> list[tuple[int, int]]:
    """Runs of the window's clauses that have enough in common with ``joined``."""
    wanted = bigrams(joined)
    close = [bool(wanted & bigrams(c)) or (len(joined) < 3 and joined in c) for c in there]
    found = [
        (low, high)
        for low in range(len(there))
        for high in range(low + 1, min(len(there), low + _RUN) + 1)
        if close[low] and close[high - 1]
    ]
    if is_list and len(there) > _RUN:
        found.append((0, len(there)))
    return found


def _gathered(
    said: Sequence[str],
    there: Sequence[str],
    path: Sequence[tuple[int, int, int, int]],
    is_list: bool,
) -> Alignment:
    total, used, placed = _Edits(), set[int](), set[int]()
    order = [low for _, _, low, _ in path]
    for begin, done, low, high in path:
        edits = _edits("".join(said[begin:done]), "".join(there[low:high]), is_list)
        total.added += edits.added
        total.omitted += edits.omitted
        total.changed += edits.changed
        total.dropped_items += edits.dropped_items
        total.light += edits.light
        used |= set(range(low, high))
        placed |= set(range(begin, done))
    return Alignment(
        claim="，".join(said),
        told="，".join(there[i] for i in sorted(used)),
        added=tuple(total.added),
        omitted=tuple(total.omitted),
        changed=tuple(total.changed),
        used=frozenset(used),
        dropped_items=total.dropped_items,
        moved=sum(b < a for a, b in pairwise(order)),
        order=tuple(order),
        light=total.light,
        unplaced=tuple(c for i, c in enumerate(said) if i not in placed),
    )


@lru_cache(maxsize=16384)
def _edits(said: str, written: str, is_list: bool) -> _Edits:
    """What tells ``said`` from ``written``, both canonical, in whole words."""
    edits = _Edits()
    for a0, a1, b0, b1 in _differences(said, written):
        old, new = written[a0:a1], said[b0:b1]
        if is_list and old:
            old = LIST_LEAD.sub("", old)
        light_new = all(word in (JOINABLE if is_list else LIGHT) for word in words(new))
        light_old = all(word in DROPPABLE for word in words(old))
        if light_new and light_old:
            edits.light += len(old) + len(new)
        elif light_new and (_is_item(written, a0, a1) or (is_list and not written[a1:])):
            edits.dropped_items += 1
        elif light_new:
            edits.omitted.append(old)
        elif light_old:
            edits.added.append(new)
        else:
            edits.changed.append((new, old))
    return edits


def _differences(said: str, written: str) -> list[tuple[int, int, int, int]]:
    """Ranges (of ``written``, of ``said``) that differ, widened to whole words and joined."""
    edges_said, edges_written = _edges(said), _edges(written)
    found: list[tuple[int, int, int, int]] = []
    opcodes = SequenceMatcher(None, written, said, autojunk=False).get_opcodes()
    for place, (kind, a0, a1, b0, b1) in enumerate(opcodes):
        if kind == "equal":
            continue
        room = opcodes[place - 1][2] - opcodes[place - 1][1] if place else 0
        while room and (a0 not in edges_written or b0 not in edges_said):
            a0, b0, room = a0 - 1, b0 - 1, room - 1
        last = place + 1 < len(opcodes)
        room = opcodes[place + 1][2] - opcodes[place + 1][1] if last else 0
        while room and (a1 not in edges_written or b1 not in edges_said):
            a1, b1, room = a1 + 1, b1 + 1, room - 1
        if found and (a0 < found[-1][1] or b0 < found[-1][3]):
            before = found.pop()
            a0, b0 = min(a0, before[0]), min(b0, before[2])
        found.append((a0, a1, b0, b1))
    return found


@lru_cache(maxsize=16384)
def _edges(text: str) -> frozenset[int]:
    """Where words begin and end."""
    edges, at = {0}, 0
    for word in words(text):
        at += len(word)
        edges.add(at)
    return frozenset(edges)


def _is_item(written: str, start: int, end: int) -> bool:
    """Whether ``written[start:end]`` is a whole part of an enumeration with 、 (A、B、C).

    Who acts is never left out (经A、B批准), nor is any part where all must come together
    (同时具备A、B). The range may be slid along where that changes nothing of the rest.
    """
    if any(word in written for word in _TOGETHER):
        return False
    low, high = start, end
    while low > 0 and written[low - 1] == written[high - 1] and start - low < _SLIDE:
        low, high = low - 1, high - 1
    while True:
        if _is_part(written, low, high):
            return True
        if high == len(written) or written[low] != written[high] or low - start >= _SLIDE:
            return False
        low, high = low + 1, high + 1


def _is_part(written: str, start: int, end: int) -> bool:
    gone = written[start:end]
    left = start == 0 or written[start - 1] == "、" or gone.startswith("、")
    right = end == len(written) or written[end] in "、和等" or gone.endswith("、")
    return left and right and (gone.startswith("、") or gone.endswith("、"))
