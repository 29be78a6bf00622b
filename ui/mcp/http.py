"""The tools over streamable HTTP at ``/mcp``, for whoever the server lets in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.routing import Route

from index.errors import LibraryError
from ui.access.model import AT_THE_MACHINE, Principal, Right
from ui.access.viewing import principal_of
from ui.api.context import Api

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import Receive, Scope, Send

PATH = "/mcp"
BODY_BYTES = 2 * 1024 * 1024
_HERE = frozenset(("127.0.0.1", "localhost", "[::1]"))


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
        request = Request(scope)
        principal = principal_of(request)
        principal.require(self.right)
        if principal == AT_THE_MACHINE and _host(request) not in _HERE:
            from ui.api.problems import problem

            # A web page elsewhere could point its own name at this machine (DNS rebinding).
            await problem(403, "没有账户的鹿鸣只接受本机地址的请求。")(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)


def add_mcp(app: Starlette, api: Api) -> McpHttp:
    """Put ``/mcp`` on ``app``."""
    made = McpHttp(api)
    app.router.routes.append(Route(PATH, endpoint=made))
    return made


def _caller(request: Any) -> Principal:
    """Who sent the request that a call came in; never the one at the machine by default."""
    if request is None:
        raise LibraryError("这次调用没有附上身份，请重新连接。")
    principal = principal_of(request)
    principal.require(Right.READ)
    return principal


def _host(request: Request) -> str:
    host = request.headers.get("host", "")
    return host if host.endswith("]") else host.rpartition(":")[0] or host
