"""What was just read of the database, for as long as nobody has written to it.

A page asks for a hundred small files at once, each of which needs to know who asks. SQLite tells
in microseconds whether any connection has committed since (``PRAGMA data_version``), so that a
revoked session is still refused with the next request.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from ui.access.database import AccessDatabase, Clock

_T = TypeVar("_T")
_MOST = 2000
_AT_MOST = timedelta(seconds=5)  # so late an expiry may be noticed


class Recent(Generic[_T]):
    """Values by key. Safe to share between threads."""

    def __init__(self, database: AccessDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[int, datetime, _T]] = OrderedDict()

    def get(self, key: str, look: Callable[[], _T | None]) -> _T | None:
        """What ``look`` gave last for ``key``, or gives now; None is not kept."""
        version, now = self._database.version(), self._clock()
        with self._lock:
            kept = self._kept.get(key)
        if kept and kept[0] == version and timedelta(0) <= now - kept[1] < _AT_MOST:
            return kept[2]
        found = look()
        with self._lock:
            self._kept.pop(key, None)
            if found is not None:
                # Under the version from before it was read: what came in between shows next time.
                self._kept[key] = (version, now, found)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return found
