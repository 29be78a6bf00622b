"""Keeps the page on this machine: a strict content policy, and an index page without remote parts.

Gradio's own index page names remote images and a manifest, and its program knows remote hosts. The
middleware takes the page apart, adds ours (style, script, title), gives every inline script a
nonce, and sends a Content-Security-Policy under which a browser loads from this server only and
runs no script that a document or a question brought in.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ui.access.peers import Peers

_META = re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>')
_MANIFEST = re.compile(r'<link\s[^>]*(?:rel="manifest"|href="https?://)[^>]*>')
_REMOTE_SCRIPT = re.compile(r'<script\b[^>]{0,500}\ssrc="https?://[^>]*></script>')
#: Parts of Gradio that this page has no use for: uploads, file serving, a proxy, run history.
_CLOSED = re.compile(
    r"(?!/(?:login(?:/oidc(?:/callback)?)?|logout)$)"  # these are ours, see ui.access.paths
    r"/(?:gradio_api/)?(?:upload|upload_progress|file=|proxy=|stream/|component_server|runs"
    r"|deep_link|monitoring|vibe|dev|login|logout|pwa_icon|manifest\.json|openapi\.json)"
)
#: What is the same for everybody and may be kept by a browser; all else is of a person.
_KEPT = ("/luming/", "/assets/", "/static/", "/theme.css", "/favicon.ico", "/svelte/")
_HSTS = (b"strict-transport-security", b"max-age=31536000")
#: Files of ``ui/assets``, in this order; a script may use what those before it have defined.
STYLES = (
    "luming",
    "answer",
    "source",
    "shapes",
    "feedback",
    "conversation",
    "library",
    "panels",
    "verify",
    "study",
)
SCRIPTS = (
    "base",
    "connection",
    "source",
    "ask",
    "answer",
    "conversation",
    "feedback",
    "library",
    "panels",
    "verify",
    "intake",
    "study",
)


def _head(version: str) -> str:
    styles = (f'<link rel="stylesheet" href="/luming/{one}.css?v={version}">' for one in STYLES)
    scripts = (f'<script src="/luming/{one}.js?v={version}" defer></script>' for one in SCRIPTS)
    icon = '<link rel="icon" href="/luming/icon.svg" type="image/svg+xml">'
    return icon + "".join((*styles, *scripts))


def content_policy(nonce: str) -> str:
    """The policy of every response. Gradio needs ``unsafe-eval`` (it compiles its templates) and
    inline styles; inline scripts run with the nonce only, inline handlers never."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def rewrite_index(page: str, nonce: str, version: str) -> str:
    """Gradio's index page as ours: nothing remote in it, our style and script in its head."""
    for pattern in (_META, _MANIFEST, _REMOTE_SCRIPT):
        page = pattern.sub("", page)
    page = page.replace('lang="en"', 'lang="zh-CN"', 1)
    page = page.replace("<script", f'<script nonce="{nonce}"')
    title = "" if "<title>" in page else "<title>鹿鸣 · 知识助手</title>"
    return page.replace("</head>", f"{title}{_head(version)}</head>", 1)


class LocalOnly:
    """ASGI middleware: closes what is not used, rewrites the index page, adds the headers."""

    def __init__(
        self,
        app: ASGIApp,
        version: str,
        pages: Iterable[str] = ("/",),
        peers: Peers | None = None,
    ) -> None:
        """``pages`` are the paths of Gradio's pages; ``peers`` tells who comes by https."""
        self.app = app
        self.peers = peers
        self.pages = frozenset(pages)
        self.version = version

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        secure = self._is_secure(scope)
        if scope["path"] in self.pages:
            await self._index(scope, receive, send, secure)
            return
        policy = content_policy(secrets.token_urlsafe(16))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *_security(policy, secure)]
                if not scope["path"].startswith(_KEPT) and b"cache-control" not in dict(headers):
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        if _CLOSED.match(scope["path"]):
            from ui.api.problems import problem

            await problem(404, "没有这个页面。")(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)

    def _is_secure(self, scope: Scope) -> bool:
        from starlette.requests import HTTPConnection

        return self.peers is not None and self.peers.of(HTTPConnection(scope)).secure

    async def _index(self, scope: Scope, receive: Receive, send: Send, secure: bool) -> None:
        """Collect the whole page, which is small, and send it changed."""
        # Asked for as it is, else it would arrive compressed.
        plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        start: Message = {}
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                parts.append(message.get("body", b""))

        await self.app({**scope, "headers": plain}, receive, collect)
        nonce = secrets.token_urlsafe(16)
        body = b"".join(parts)
        headers = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
        html = dict(headers).get(b"content-type", b"").startswith(b"text/html")
        if html and start["status"] == 200:
            body = rewrite_index(body.decode("utf-8"), nonce, self.version).encode("utf-8")
        headers += [(b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
        start["headers"] = [*headers, *_security(content_policy(nonce), secure)]
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _security(policy: str, secure: bool) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),  # what frame-ancestors says, for old browsers
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"referrer-policy", b"same-origin"),
        *([_HSTS] if secure else []),
    ]
