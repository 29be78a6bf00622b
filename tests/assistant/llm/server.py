"""A real HTTP server on loopback that behaves, or misbehaves, as a model's endpoint may."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Model:
    """Answers each request by the next of ``behaviours``; the last one stays."""

    def __init__(self) -> None:
        self.behaviours: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.cut = threading.Event()  # the other side closed the connection
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                model.requests.append(json.loads(self.rfile.read(size)))
                model.headers.append(dict(self.headers))
                place = min(len(model.requests), len(model.behaviours)) - 1
                self.close_connection = True
                try:
                    model.behaviours[place](self)
                except OSError:
                    model.cut.set()

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def asked(self, n: int = -1) -> str:
        """The user's message of a request."""
        return str(self.requests[n]["messages"][-1]["content"])


@contextmanager
def running() -> Iterator[Model]:
    """A model's endpoint for the time of a test."""
    model = Model()
    thread = threading.Thread(target=model.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield model
    finally:
        model.server.shutdown()
        model.server.server_close()
        thread.join()


def event(text: str) -> bytes:
    """One event of a stream."""
    data = json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}, ensure_ascii=False)
    return f"data: {data}\n\n".encode()


def begin(handler: BaseHTTPRequestHandler, status: int, kind: str, **headers: str) -> None:
    """Status and headers of a reply."""
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Connection", "close")
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def streams(text: str, size: int = 3) -> Callable[[BaseHTTPRequestHandler], None]:
    """Says ``text`` a few characters at a time."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, "text/event-stream")
        handler.wfile.write(b": hello\n\n")
        for at in range(0, len(text), size):
            handler.wfile.write(event(text[at : at + size]))
        handler.wfile.write(b"data: [DONE]\n\n")

    return behave


def whole(text: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """A server that does not know streaming."""
    return raw(json.dumps({"choices": [{"message": {"content": text}}]}).encode())


def raw(body: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> Any:
    """Any body."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, status, kind, **headers)
        handler.wfile.write(body)

    return behave


def silent(seconds: float, first: str = "") -> Callable[[BaseHTTPRequestHandler], None]:
    """Begins (or not) and then says nothing."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, "text/event-stream")
        if first:
            handler.wfile.write(event(first))
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(0.05)
            handler.wfile.write(b": still here\n\n")

    return behave


def endless(text: str = "啊", pause: float = 0.0) -> Callable[[BaseHTTPRequestHandler], None]:
    """Never stops talking (but for the test's own sake after 20 s)."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, "text/event-stream")
        until = time.monotonic() + 20
        while time.monotonic() < until:
            handler.wfile.write(event(text))
            time.sleep(pause)

    return behave


def breaks_off(text: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Promises more than it sends."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 200, "text/event-stream", Content_Length="100000")
        handler.wfile.write(event(text))

    return behave
