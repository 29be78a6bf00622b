"""The tools over streamable HTTP at ``/mcp``, for whoever the server lets in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.routing import Route

from ui.access.model import Forbidden, Principal, Right
from ui.access.viewing import principal_of
from ui.api.context import Api

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import Receive, Scope, Send

PATH = "/mcp"
BODY_BYTES = 2 * 1024 * 1024


class McpHttp:
    """The ASGI application of the route. Stateless: every request says who sends it, so no
    session can be taken over, and a restart cuts off nobody."""

    right = Right.READ

    def __init__(self, api: Api) -> None:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from ui.mcp.server import make_server

        self._server = make_server(api, _caller)
        self._manager = StreamableHTTPSessionManager(
            app=self._server._lowlevel_server, stateless=True, max_request_body_size=BODY_BYTES
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """For the life of the server; requests are answered within only."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        principal_of(Request(scope)).require(self.right)
        await self._manager.handle_request(scope, receive, send)


def add_mcp(app: Starlette, api: Api) -> McpHttp:
    """Put ``/mcp`` on ``app``."""
    made = McpHttp(api)
    app.router.routes.append(Route(PATH, endpoint=made))
    return made


def _caller(request: Any) -> Principal:
    """Who sent the request that a call came in. Raises Forbidden."""
    if request is None:
        raise Forbidden(Right.READ)
    principal = principal_of(request)
    principal.require(Right.READ)
    return principal
