"""Who has tried too many wrong codes must wait: six digits are few to guess."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from assistant.study.errors import StudyError

MOST_WRONG, WITHIN = 60, timedelta(minutes=10)
"""Wrong codes of one address in a time. A whole office may come through one address."""
_KEPT = 10_000  # addresses


class TooManyCodes(StudyError):
    """Too many wrong codes came from this address."""

    def __init__(self) -> None:
        super().__init__("输错的次数太多，请 10 分钟后再试，或请主持人检查数字。")


class CodeGuard:
    """Counts wrong codes by address, in memory. Safe to share between threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, deque[datetime]] = OrderedDict()

    def check(self, address: str) -> None:
        """Raise TooManyCodes while the address must wait; then a right code doesn't count either,
        or whoever guesses would learn of it."""
        with self._lock:
            if len(self._recent(_network(address))) >= MOST_WRONG:
                raise TooManyCodes

    def wrong(self, address: str) -> None:
        """Count a wrong code."""
        key = _network(address)
        with self._lock:
            tries = self._recent(key)
            tries.append(self._clock())
            self._wrong[key] = tries
            self._wrong.move_to_end(key)
            while len(self._wrong) > _KEPT:
                self._wrong.popitem(last=False)

    def _recent(self, key: str) -> deque[datetime]:
        tries = self._wrong.get(key, deque())
        while tries and tries[0] <= self._clock() - WITHIN:
            tries.popleft()
        return tries


def _network(address: str) -> str:
    """The address; of IPv6 the /64, which one machine may have the whole of."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    return str(found if found.version == 4 else ip_network(f"{found}/64", strict=False))
