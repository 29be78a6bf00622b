"""The web server: REST and the page in one process, on this machine unless told otherwise."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import warnings
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi import FastAPI

    from index.settings import Settings

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
ASSETS = Path(__file__).parent / "assets"


class ServeError(RuntimeError):
    """The server cannot start; the message is Chinese and says what to do."""


def create_app(settings: Settings) -> FastAPI:
    """The application on the library of ``settings``. Raises LibraryError when that is damaged."""
    # Read by Gradio when it is imported: no telemetry, no version check.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from contextlib import asynccontextmanager

    import gradio as gr
    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    from ui.access.accounts import Accounts
    from ui.access.middleware import Access
    from ui.access.peers import Peers
    from ui.api.downloads import download_routes
    from ui.api.headers import LocalOnly
    from ui.api.observing import Observed
    from ui.api.problems import add_handlers
    from ui.api.routes import add_routes
    from ui.api.service import Service
    from ui.api.session_routes import add_session_routes
    from ui.downloads import Downloads
    from ui.pages import site
    from ui.pages.examples import ExamplesInSight
    from ui.pages.theme import office_theme

    accounts = Accounts(settings)
    service = Service(settings)
    examples, downloads = ExamplesInSight(), Downloads()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # The first person who opens the page does not wait for the model to load.
        threading.Thread(target=examples.of(service).warm, daemon=True).start()
        async with api.running():
            yield
        service.close()
        accounts.close()

    app = FastAPI(
        title="LuMing", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.state.service = service
    app.state.accounts = accounts
    add_handlers(app)
    add_session_routes(app, accounts)
    api = add_routes(app, service)
    app.state.desk = api.desk
    app.include_router(download_routes(api, downloads))
    app.mount("/luming", StaticFiles(directory=ASSETS), name="luming")
    # The one added last is the first to see a request, and gives refusals their headers too.
    app.add_middleware(
        Access,
        accounts=accounts,
        pages={f"/{page.path}": page.right for page in site.pages()},
    )
    app.add_middleware(Observed, metrics=api.metrics)
    app.add_middleware(
        LocalOnly,
        version=_assets_version(),
        pages=[f"/{page.path}" for page in site.pages()],
        peers=Peers(settings),
    )
    demo = site.build(site.Site(service, examples, downloads))
    # Said of every program with several pages, also where it does not want to render on the server.
    warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)
    return gr.mount_gradio_app(
        app,
        demo,
        path="/",
        theme=office_theme(),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size="1kb",
        show_error=False,
    )


def serve(
    settings: Settings,
    host: str | None = None,
    port: int | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until Ctrl-C. ``on_ready`` is called with the address once it can be opened.

    Raises ServeError when the address cannot be had, or can be reached from other machines while
    there are no accounts; LibraryError when the library is damaged.
    """
    import uvicorn

    host = settings.host if host is None else host
    port = settings.port if port is None else port
    check_reachable(settings, host)
    # Before any library puts its own handler there: the MCP package's draws every traceback in
    # colours, which took a stopping server a third of a second for each open page.
    logging.basicConfig(level=logging.WARNING, format=LOG_FORMAT)
    listener = _listen(host, port)
    try:
        app = create_app(settings)
        url = f"http://{_shown(host)}:{listener.getsockname()[1]}"

        class Announcing(uvicorn.Server):
            """Says so when it is ready."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets=sockets)
                if self.started and on_ready is not None:
                    on_ready(url)

        # A page that is open keeps a connection: Ctrl-C does not wait for it, and does not say so.
        logging.getLogger("uvicorn.error").addFilter(_not_about_stopping)
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,  # what proxies pass on is judged in ui.access.peers
            timeout_graceful_shutdown=1,
        )
        Announcing(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


def check_reachable(settings: Settings, host: str) -> None:
    """Raise ServeError where others could open the page and there are no accounts yet."""
    from urllib.parse import urlsplit

    from ui.access.accounts import Accounts
    from ui.access.peers import LOOPBACK_NAMES

    public = urlsplit(settings.public_url or "").hostname
    local = _resolves_to_loopback(host) and (public is None or public in LOOPBACK_NAMES)
    if local and not (settings.proxies or settings.sso_header or settings.oidc_issuer):
        return
    accounts = Accounts(settings)
    try:
        if not accounts.needed:
            raise ServeError(
                f"没有启动：监听地址（{host}）或反向代理、统一认证的设置让别人也能打开，必须先有用户。"
                "请先运行 luming user add 用户名 --role 管理 建立第一个管理员。"
            )
    finally:
        accounts.close()


def _resolves_to_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on ``host``; ServeError for no host."""
    from ui.access.peers import is_loopback

    return all(is_loopback(str(one[4][0])) for one in _addresses(host, 0))


def _addresses(host: str, port: int) -> list[Any]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise ServeError(f"地址“{host}”不对，请检查 --host。") from error


def _not_about_stopping(record: logging.LogRecord) -> bool:
    """Whether a line is about something else than connections that the end of the server cut."""
    cut = record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cut and "graceful shutdown" not in record.getMessage()


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that a port in use is found before anything is loaded."""
    family, kind, proto, _, address = _addresses(host, port)[0]
    listener = socket.socket(family, kind, proto)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        if isinstance(error, PermissionError):
            raise ServeError(f"没有权限使用端口 {port}，请换一个大于 1024 的端口。") from error
        raise ServeError(
            f"不能在 {host}:{port} 上监听：端口可能已被占用。"
            f"请关闭占用它的程序，或换一个端口，例如 luming serve --port {port % 65535 + 1}。"
        ) from error
    return listener


def _shown(host: str) -> str:
    """The host that a person on this machine types."""
    if host in {"0.0.0.0", "::", ""}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _assets_version() -> str:
    """Changes when an asset does, so that browsers do not keep an old one."""
    return str(max(path.stat().st_mtime_ns for path in ASSETS.iterdir()) // 1_000_000)
