"""The activity database, ``activity.db``: questions, feedback, gaps, conversations."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from assistant.activity.tables import SCHEMA_VERSION, STEPS, meta, metadata
from index.errors import LibraryError
from index.home_database import BUSY_SECONDS, HomeDatabase, Layout

log = logging.getLogger("luming.activity")
FILE = "activity.db"

_T = TypeVar("_T")


class ActivityError(LibraryError):
    """The activity database cannot be opened, read or written."""


class ActivityDatabase(HomeDatabase):
    """Connections to ``activity.db`` of one home. Raises ActivityError, LibraryBusy."""

    def __init__(self, home: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        layout = Layout(FILE, "提问记录", metadata, meta, SCHEMA_VERSION, ActivityError, STEPS)
        super().__init__(home, layout, busy_seconds)


class Quietly:
    """Runs writes that must never make an answer fail: what goes wrong is logged, once."""

    def __init__(self) -> None:
        self._warned = False

    def __call__(self, work: Callable[[], _T]) -> _T | None:
        """What ``work`` returns, or None where the database cannot be used."""
        try:
            return work()
        except LibraryError as error:
            if not self._warned:
                log.warning("%s 提问照常，只是没有记录。", error)
            self._warned = True
        return None
