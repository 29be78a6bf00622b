"""What the routes of one server share, and how a route comes by what its caller may see."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from assistant.activity.tables import LOCAL_USER
from index.errors import LibraryError
from ui.access.model import Principal, Right
from ui.access.viewing import principal_of, service_for
from ui.api.metrics import Metrics
from ui.api.service import Service
from ui.api.slots import Slots
from ui.uploads.starting import Uploads

if TYPE_CHECKING:
    from assistant.verification import Verifier
    from ui.mcp.http import McpHttp

log = logging.getLogger("luming.server")


@dataclass(frozen=True)
class Seen:
    """A dependency of a route: the service as whoever asks sees it. Raises Forbidden.

    ``right`` is what the route needs; a test reads it from here.
    """

    service: Service
    right: Right

    def __call__(self, request: Request) -> Service:
        """The part of the library that the caller may see."""
        return service_for(self.service, request, self.right)


class Api:
    """The service with what bounds and counts its use. One a server."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        self.service = service
        self.slots = Slots(settings.max_asks)
        self.metrics = Metrics(service)
        self.uploads = Uploads(service.library)
        self.mcp: McpHttp | None = None
        self._verifiers: WeakKeyDictionary[Service, Verifier] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def seen(self, right: Right = Right.READ) -> Seen:
        """The dependency of a route that needs ``right``."""
        return Seen(self.service, right)

    async def slot(self) -> AsyncIterator[None]:
        """A dependency: the route runs, and its stream goes on, in one of the slots for asking."""
        async with self.slots.held():
            yield

    def verifier(self, seen: Service) -> Verifier:
        """The verifier over what ``seen`` sees, with what it has read."""
        from assistant.verification import Verifier

        with self._lock:
            if seen not in self._verifiers:
                self._verifiers[seen] = Verifier(seen.library)
            return self._verifiers[seen]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For the life of a server. First uploads that were cut off are gone on with and the model
        is loaded, in a thread; at the end running uploads are asked to stop."""
        threading.Thread(target=self._begin, name="luming-begin", daemon=True).start()
        async with self.mcp.running() if self.mcp else nullcontext():
            yield
        await run_in_threadpool(self.uploads.close)

    def _begin(self) -> None:
        try:
            self.uploads.resume()
            library = self.service.library
            if library.catalog.collections():
                _ = library.encoder
        except LibraryError as error:  # whoever asks is told; so is /readyz
            log.warning("启动时的准备没有做完：%s", error)


def user_of(request: Any) -> str:
    """Under which name the caller's questions are kept."""
    return name_of(principal_of(request))


def name_of(principal: Principal) -> str:
    """The name of a principal in logs; the one at the machine is that of the command line."""
    return principal.name or LOCAL_USER
