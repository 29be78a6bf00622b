"""Counters of the catalog, read from the database only when somebody has written to it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path


class Counters:
    """The last values read. An answer asks for them twenty times, and they hardly ever move.

    SQLite tells cheaply whether any other connection has committed
    (https://sqlite.org/pragma.html#pragma_data_version), so no value is ever behind. A database
    that is no file is always read.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._watch: sqlite3.Connection | None = None
        self._values: dict[str, tuple[int, int]] = {}

    def value(self, name: str, read: Callable[[], int]) -> int:
        """The counter's value; ``read`` gets it from the database."""
        version = self._version()
        kept = self._values.get(name)
        if version is not None and kept is not None and kept[0] == version:
            return kept[1]
        value = read()
        if version is not None:  # taken before the reading: what came between is read next time
            self._values[name] = (version, value)
        return value

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._watch is not None:
                self._watch.close()
            self._watch = None
            self._values.clear()

    def _version(self) -> int | None:
        """Moves with every commit of another connection; None where that can't be known."""
        if self._path is None:
            return None
        try:
            with self._lock:
                if self._watch is None:
                    where = f"{self._path.absolute().as_uri()}?mode=ro"
                    self._watch = sqlite3.connect(where, uri=True, check_same_thread=False)
                return int(self._watch.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None  # the reading will say what is wrong
