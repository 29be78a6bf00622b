"""Files made for one person, each at an address that nobody can guess, until newer ones push it out."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import LibraryError

if TYPE_CHECKING:
    from ui.access.model import Principal
    from ui.api.service import Service

_KEPT = 10_000


class DownloadGone(LibraryError):
    """Nothing is kept under the address, or it is another person's."""

    def __init__(self) -> None:
        super().__init__("这个下载链接已失效，请回到页面重新点“下载”。")


@dataclass(frozen=True)
class Offered:
    """A file that is made when it is asked for. ``make`` gets the service as the person sees it
    then, so that what they may no longer see is not in it."""

    owner: str
    name: str
    make: Callable[[Service], bytes]


class Downloads:
    """What the pages of one server offer to download. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Offered] = OrderedDict()

    def offer(self, principal: Principal, name: str, make: Callable[[Service], bytes]) -> str:
        """The address of a file of this name for ``principal``."""
        token = secrets.token_urlsafe(18)
        with self._lock:
            self._kept[token] = Offered(principal.name, name, make)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return f"/download/{token}"

    def find(self, principal: Principal, token: str) -> Offered:
        """What was offered to ``principal``. Raises DownloadGone."""
        with self._lock:
            found = self._kept.get(token)
        if found is None or found.owner != principal.name:
            raise DownloadGone
        return found
