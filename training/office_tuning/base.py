"""What the steps of an office's tuning hand to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from index.errors import LibraryError

LEAST = 30
"""Usable questions that a tuning needs."""
LEAST_HELD, HELD_SHARE = 10, 0.2

Progress = Callable[[str, int, int], None]
"""(stage, done, total); stages are data, mine, train, judge."""


class TuningError(LibraryError):
    """The tuning can't go on; the message is a Chinese line, and nothing was changed."""


@dataclass(frozen=True)
class Item:
    """A question and the ids of all passages that answer it."""

    q: str
    gold: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """Questions to train on and held back, with what was left out and why (Chinese → count)."""

    train: tuple[Item, ...]
    held: tuple[Item, ...]
    removed: dict[str, int] = field(default_factory=dict)
