"""What every kind of answer tells a browser, on a running server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.ui.access.conftest import ADMIN, Visitor, populate
from tests.ui.conftest import Server, start_server

PERSONAL = (
    "/", "/library", "/verify", "/intake", "/admin", "/account", "/login",
    "/source", "/results?q=值班", "/shelf", "/verify/panel", "/intake/panel", "/admin/panel",
    "/admin/audit.csv", "/api/v1/me", "/api/v1/documents", "/api/v1/users", "/api/v1/jobs",
    "/api/v1/search?q=值班", "/api/v1/documents/none", "/v1/models", "/metrics", "/healthz",
    "/config", "/gradio_api/info", "/nowhere", "/download/x", "/page/x/1.png", "/upload",
)  # fmt: skip
SHARED = ("/luming/luming.css", "/luming/base.js", "/luming/icon.svg")


def check(reply: httpx.Response) -> None:
    """The headers that every answer carries, once each."""
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy",
                 "x-frame-options", "cross-origin-resource-policy"):  # fmt: skip
        assert len(reply.headers.get_list(name)) == 1, (reply.url, name)
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in reply.headers["content-security-policy"].split(";")
    )
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert policy["default-src"] == policy["connect-src"] == "'self'"
    assert "'unsafe-inline'" not in policy["script-src"] and "http" not in policy["script-src"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("who", ["", ADMIN])
def test_what_is_of_a_person_is_not_kept(staffed: Server, who: str) -> None:
    with Visitor(staffed.url) as visitor:
        if who:
            assert visitor.login(who).status_code == 303
        for path in PERSONAL:
            reply = visitor.get(path)
            check(reply)
            kept = reply.headers.get("cache-control", "")
            assert "no-store" in kept or "no-cache" in kept, (path, reply.status_code, kept)
            assert "strict-transport-security" not in reply.headers  # this is plain http
        for path in SHARED:
            check(visitor.get(path))


def test_another_site_is_given_no_word_by_cors(visit: Callable[..., Visitor]) -> None:
    visitor = visit(ADMIN)
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in ("/api/v1/me", "/gradio_api/queue/join", "/config"):
        for reply in (visitor.options(path, headers=asked), visitor.get(path, headers=asked)):
            allowed = reply.headers.get("access-control-allow-origin")
            assert allowed is None, (path, allowed)


def test_https_is_kept_to(tmp_path: Path) -> None:
    populate(tmp_path / "home")
    server = start_server(tmp_path / "home", LUMING_PUBLIC_URL="https://luming.example.gov.cn")
    try:
        with Visitor(server.url) as stranger:
            for path in ("/", "/login", "/healthz", "/api/v1/me", "/nowhere", "/upload"):
                reply = stranger.get(path, headers={"Host": "luming.example.gov.cn"})
                assert reply.headers["strict-transport-security"] == "max-age=31536000"
    finally:
        server.stop()
