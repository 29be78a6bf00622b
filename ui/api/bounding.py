"""ASGI middleware: no more of a request's body is read than its route may need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 1024 * 1024
DETAIL = f"请求正文超过 {BODY_BYTES // 1024 // 1024} MB 的上限，请拆小后再发。"


class BoundedBodies:
    """Bounds requests to addresses that begin with one of ``below``.

    Those ``but`` bound their bodies themselves: files may be large, and people differ in what
    they may send.
    """

    def __init__(self, app: ASGIApp, below: Sequence[str], but: Sequence[str]) -> None:
        self.app = app
        self._below = tuple(below)
        self._but = frozenset(but)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or not scope["path"].startswith(self._below)
            or scope["path"] in self._but
        ):
            await self.app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"")
        if stated.isdigit() and (len(stated) > 18 or int(stated) > BODY_BYTES):
            from ui.api.problems import problem

            await problem(413, DETAIL)(scope, receive, send)
            return
        read = 0

        async def bounded() -> Message:
            from starlette.exceptions import HTTPException

            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > BODY_BYTES:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded, send)
