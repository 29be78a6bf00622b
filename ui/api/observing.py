"""ASGI middleware: every request has an id, is counted, and never ends in a bare error."""

from __future__ import annotations

import logging
import re
import secrets
import time
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ui.api.metrics import Metrics

log = logging.getLogger("luming.server")
HEADER = b"x-request-id"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
ID_KEY = "luming.request_id"
"""Where the id is in the scope of a request."""


class Observed:
    """Takes over the id that a proxy gave, or makes one, and sends it back."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = _id_of(scope)
        scope[ID_KEY] = number.decode("ascii")
        began = time.perf_counter()
        status = 0

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (HEADER, number)]
                self._count(scope, status, time.perf_counter() - began)
            await send(message)

        try:
            await self.app(scope, receive, watching)
        except ClientDisconnect:
            log.info("请求 %s：对方断开了连接", scope[ID_KEY])
        except Exception as error:
            log.error("请求 %s 处理失败：%s", scope[ID_KEY], error, exc_info=error)
            if status:  # too late for another word
                raise
            from ui.api.problems import UNEXPECTED, problem

            await problem(500, UNEXPECTED)(scope, receive, watching)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.request(method, _route(scope), status, seconds)


def _id_of(scope: Scope) -> bytes:
    given = dict(scope["headers"]).get(HEADER, b"")
    return given if _GIVEN.fullmatch(given) else secrets.token_hex(8).encode("ascii")


def _route(scope: Scope) -> str:
    """The template of the route that was taken; what is no route of ours is one word."""
    route = scope.get("route")
    found = getattr(route, "path_format", None) or getattr(route, "path", None)
    if not isinstance(found, str) or not found:
        return "page" if scope["method"] in ("GET", "HEAD") else "other"
    # A route that was put below a prefix knows only its own part.
    for prefix in ("/api/v1", "/v1"):
        if scope["path"].startswith(f"{prefix}/") and not found.startswith(prefix):
            return prefix + found
    return found
