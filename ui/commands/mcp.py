"""`luming mcp`: the library as tools for programs that speak the Model Context Protocol."""

from __future__ import annotations

import typer

from ui.commands.common import make_settings


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(mcp)


def mcp() -> None:
    """供支持 MCP 的程序调用（标准输入输出）；由那个程序启动，不用手工运行。"""
    import anyio

    from ui.access.model import AT_THE_MACHINE
    from ui.api.context import Api
    from ui.api.service import Service
    from ui.mcp.server import make_server

    service = Service(make_settings())
    try:
        server = make_server(Api(service), lambda _request: AT_THE_MACHINE)
        anyio.run(server.run_stdio_async)
    finally:
        service.close()
