"""The contract of the checks: a claim, the place of a passage that may hold it, an objection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assistant.grounding.alignment import Alignment
    from assistant.grounding.windows import Window

Similar = Callable[[str, list[str]], list[float]]
"""Cosine of a text to each of several, −1 to 1."""


@dataclass(frozen=True)
class Source:
    """A passage as evidence. ``text`` is what it says, ``path`` 第三章 监督/第十二条."""

    n: int
    title: str
    path: str
    text: str


@dataclass(frozen=True)
class Claim:
    """One sentence of a draft, without its marks.

    ``attribution`` is its 根据《某某办法》第五条，, ``body`` what it says is written there.
    """

    text: str
    attribution: str
    body: str


@dataclass(frozen=True)
class Place:
    """A claim set beside one window of a source."""

    source: Source
    window: Window
    alignment: Alignment


class Check(Protocol):
    """One kind of evidence."""

    @property
    def name(self) -> str:
        """Short English name, for tables."""

    def objection(self, claim: Claim, place: Place) -> str | None:
        """Why the window does not hold the claim, one Chinese line; None for no objection."""


@dataclass(frozen=True)
class Objection:
    """What a check found."""

    check: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """Whether one source holds a claim.

    ``start`` and ``end`` are the range in the source's text that does (or comes nearest to it);
    ``probability`` is the entailment scorer's, 0–1, 0 where it was not asked.
    """

    source: Source
    start: int
    end: int
    objections: tuple[Objection, ...] = ()
    probability: float = 0.0

    @property
    def holds(self) -> bool:
        """No check objects."""
        return not self.objections


def reasons(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """The objections of the verdicts, each once."""
    return tuple(dict.fromkeys(o.reason for v in verdicts for o in v.objections))
