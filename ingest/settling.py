"""Files that somebody is still writing: waited for, not read in half."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

RECENT_SECONDS = 2.0
"""A file changed no longer ago than this may still be being written."""
QUIET_SECONDS = 1.0
"""Unchanged for so long, it is taken to be finished."""
_POLL = 0.2


def recently_changed(mtimes: Iterable[tuple[Path, int]]) -> list[Path]:
    """Of files with their times (nanoseconds), those changed within the last moments.

    A time in the future tells nothing: a clock was wrong.
    """
    now = time.time_ns()
    return [path for path, at in mtimes if 0 <= now - at < RECENT_SECONDS * 1e9]


def wait_for_writers(paths: Sequence[Path], patience: float) -> list[Path]:
    """Wait until the files stay as they are; those that still change after ``patience`` seconds.

    A file that is gone is not waited for.
    """
    looks = {path: _look(path) for path in paths}
    since = dict.fromkeys(paths, time.monotonic())
    end = time.monotonic() + patience
    open_ones = list(paths)
    while open_ones:
        time.sleep(_POLL)
        now = time.monotonic()
        for path in open_ones:
            look = _look(path)
            if look != looks[path]:
                looks[path], since[path] = look, now
        open_ones = [
            path
            for path in open_ones
            if looks[path] is not None and now - since[path] < QUIET_SECONDS
        ]
        if now > end:
            break
    return open_ones


def _look(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
