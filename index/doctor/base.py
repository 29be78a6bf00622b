"""The contract of a check of a home."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.encoder.base import Encoder
from index.errors import LibraryError
from index.library import Library
from index.settings import Settings

LISTED = 3  # names in a message


@dataclass(frozen=True)
class Finding:
    """Something wrong. ``kind`` is a word for programs; ``message`` and ``fix`` are Chinese lines.

    ``repairable``: ``luming doctor --repair`` does something about it; ``fix`` says what, and what
    a person still has to do. ``subjects`` are the ids or names that it is about.
    """

    kind: str
    message: str
    fix: str
    repairable: bool = False
    subjects: tuple[str, ...] = ()


class Examined:
    """The home under examination. ``library`` may fail to open; checks of files do without it."""

    def __init__(self, settings: Settings, encoder: Encoder | None = None) -> None:
        self.settings = settings
        self.library = Library(settings, encoder=encoder)
        self.given_encoder = encoder is not None

    @property
    def home(self) -> Path:
        """The folder."""
        return self.settings.home

    @property
    def catalog_file(self) -> Path | None:
        """The catalog's file; None where it is a database by URL."""
        return None if self.settings.database_url else self.home / "catalog.db"

    def has_catalog(self) -> bool:
        """Whether there is a catalog that opens. Never makes one."""
        path = self.catalog_file
        if path is not None and not path.exists():
            return False
        with suppress(LibraryError):
            return self.library.catalog.generation >= 0
        return False

    def reopen(self) -> None:
        """Let go of every file, after they have been replaced."""
        self.library.close()


class Check(Protocol):
    """One kind of examination. ``title`` names it for the user, in Chinese."""

    title: str
    needs_catalog: bool

    def find(self, home: Examined) -> list[Finding]:
        """What is wrong; writes nothing. Raises LibraryError where it can't tell."""

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Do something about repairable findings; Chinese lines of what was done.

        The write lock is held. Raises LibraryError where it did not work.
        """


def listed(names: Sequence[str]) -> str:
    """The first of many names, for a message."""
    return "、".join(names[:LISTED]) + (f" 等 {len(names)} 项" if len(names) > LISTED else "")
