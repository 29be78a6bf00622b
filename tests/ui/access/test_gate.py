"""The gate in front of every route, on a running server."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Mount, Route

from index.settings import Settings
from tests.ui.access.conftest import ADMIN, NEWCOMER, PASSWORDS, READER, Visitor, form_of
from tests.ui.conftest import Server, start_server
from ui.access.accounts import Accounts
from ui.access.model import Right, Role
from ui.access.paths import local_path
from ui.server import ServeError, create_app, serve

Visit = Callable[..., Visitor]
#: What a stranger may ask for. A change here is a change of what is promised.
OPEN = {"/login", "/login/oidc", "/login/oidc/callback", "/healthz", "/readyz"}
OPEN_BELOW = ("/luming/", "/room/")


def paths_of(routes: list[Any], below: str = "") -> Iterator[tuple[str, str]]:
    """(method, path) of every route, also of mounted applications and Gradio's."""
    for route in routes:
        if (included := getattr(route, "include_context", None)) is not None:  # FastAPI's routers
            inside = included.included_router.routes
            yield from paths_of(inside, below + included.prefix)
        elif isinstance(route, Mount):
            yield from paths_of(list(getattr(route.app, "routes", [])), below + route.path)
            yield "GET", f"{below}{route.path}/"
        else:
            for method in sorted(route.methods or {"GET"}):
                yield method, below + route.path


def every_request(home: Path) -> list[tuple[str, str]]:
    """One request for every route of the application."""
    app = create_app(Settings(home=home))
    try:
        found = set(paths_of(app.routes))
    finally:
        app.state.service.close()
        app.state.accounts.close()
    filled = {(method, re.sub(r"\{[^}]*\}", "1", path)) for method, path in found}
    return sorted(filled)


def test_a_stranger_gets_nothing_but_the_login(staffed: Server) -> None:
    requests = every_request(staffed.home)
    assert {"/gradio_api/queue/join", "/config", "/api/v1/ask", "/source/1", "/", "/account"} <= {
        path for _, path in requests
    }
    assert len(requests) > 80
    let_in = []
    with Visitor(staffed.url) as stranger:
        for method, path in requests:
            for accept in ("text/html", "application/json"):
                reply = stranger.request(method, path, headers={"Accept": accept})
                to_login = reply.status_code == 303 and reply.headers["location"].startswith(
                    "/login"
                )
                closed = reply.status_code in (401, 404, 405) and "detail" in (
                    reply.text or "detail"
                )
                if not (to_login or closed):
                    let_in.append((method, path, reply.status_code))
    beyond = [one for one in let_in if one[1] not in OPEN and not one[1].startswith(OPEN_BELOW)]
    assert not beyond
    assert ("GET", "/login", 200) in let_in


def test_a_stranger_is_told_how_to_come_in(staffed: Server) -> None:
    with Visitor(staffed.url) as stranger:
        page = stranger.get("/doc/abc?x=1", headers={"Accept": "text/html"})
        assert page.status_code == 303
        assert page.headers["location"] == "/login?next=%2Fdoc%2Fabc%3Fx%3D1"
        for path in ("/api/v1/search?q=x", "/gradio_api/info", "/config", "/v1/models", "/mcp"):
            reply = stranger.get(path, headers={"Accept": "text/html"})
            assert reply.status_code == 401
            assert reply.headers["content-type"] == "application/problem+json"
            assert reply.json()["detail"] == "请先登录。"
            assert "content-security-policy" in reply.headers


def test_gradio_works_for_who_logged_in_and_knows_who_it_is(visit: Visit) -> None:
    reader = visit(READER)
    page = reader.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 200 and "gradio" in page.text
    config = reader.get("/config").json()
    header = next(
        one["id"] for one in config["components"] if one["props"].get("elem_id") == "lm-header"
    )
    bar = next(one["id"] for one in config["dependencies"] if one["outputs"] == [header])
    joined = reader.post(
        "/gradio_api/queue/join",
        json={"data": [], "fn_index": bar, "session_hash": "s1", "event_data": None},
        headers={"Origin": reader.url},
    )
    assert joined.status_code == 200
    data = reader.get("/gradio_api/queue/data", params={"session_hash": "s1"}).text
    assert "钱二" in data and "/account" in data


def test_a_page_without_the_right_is_refused_in_plain_words(
    tmp_path: Path, accounts: Accounts
) -> None:
    """On a small application with a page for administrators, behind the real middleware."""
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.testclient import TestClient

    from ui.access.middleware import Access

    inner = Starlette(routes=[Route("/admin", lambda _: PlainTextResponse("秘密"))])
    app = Access(inner, accounts, {"/admin": Right.ADMINISTER})
    cookies = {"luming": accounts.sessions.open(READER)}
    client = TestClient(app, base_url="http://localhost", cookies=cookies)
    for path in ("/admin", "/admin/"):
        reply = client.get(path)
        assert reply.status_code == 403 and "需要“管理”权限" in reply.text
        assert reply.headers["content-type"].startswith("text/html")
    assert accounts.audit.read()[0][0].user == READER
    accounts.people.set_role(READER, Role.ADMIN)
    assert client.get("/admin").text == "秘密"


def test_login_opens_and_logout_ends(visit: Visit) -> None:
    visitor = visit()
    entered = visitor.login(READER, next="/doc/1?a=b")
    assert entered.headers["location"] == "/doc/1?a=b"
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "luming=" in cookie
    assert visitor.get("/api/v1/health").status_code == 200
    stolen = visitor.cookies["luming"]
    assert visitor.submit("/account", "/logout").headers["location"] == "/login"
    assert visitor.get("/api/v1/health").status_code == 401
    visitor.cookies.set("luming", stolen)
    assert visitor.get("/api/v1/health").status_code == 401


def test_a_login_never_takes_over_a_session_that_was_planted(visit: Visit) -> None:
    visitor = visit()
    visitor.cookies.set("luming", "planted")
    visitor.login(READER)
    assert visitor.cookies.get("luming", domain="127.0.0.1") != "planted"
    first = visitor.cookies.get("luming", domain="127.0.0.1")
    assert first


@pytest.mark.parametrize(
    "next",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:1",
     "/\t/evil.example", "/\n/evil.example", "http:evil.example", "///evil.example", "",
     "/login?next=/login", "/logout", "/" + "a" * 5000],
)  # fmt: skip
def test_the_login_leads_to_no_other_server(visit: Visit, next: str) -> None:
    assert local_path(next) == "/"
    assert visit().login(READER, next=next).headers["location"] == "/"
    page = visit().get("/login", params={"next": next}).text
    assert 'name="next" value="/"' in page


def test_changes_of_rights_hold_at_once(visit: Visit, kept: Accounts) -> None:
    kept.people.add("li", PASSWORDS[READER], Role.READER, [])
    PASSWORDS["li"] = PASSWORDS[READER]
    try:
        visitor = visit("li")
        token = kept.tokens.create("li", "t")
        bearer = {"Authorization": f"Bearer {token}"}
        assert visitor.get("/account").status_code == 200
        with Visitor(visitor.url) as program:
            assert program.get("/api/v1/health", headers=bearer).status_code == 200
            kept.people.disable("li")
            assert visitor.get("/account").status_code == 401
            assert program.get("/api/v1/health", headers=bearer).status_code == 401
            kept.people.enable("li")
            assert visitor.get("/account").status_code == 401  # the session has ended for good
            visitor.login("li")
            kept.people.reset_password("li", "quite another phrase 9")
            assert visitor.get("/account").status_code == 401
            assert program.get("/api/v1/health", headers=bearer).status_code == 401
    finally:
        kept.people.remove("li")
        del PASSWORDS["li"]


def test_a_token_counts_for_programs_only(visit: Visit, kept: Accounts) -> None:
    bearer = {"Authorization": f"Bearer {kept.tokens.create(READER, '脚本')}"}
    program = visit()
    assert program.get("/api/v1/health", headers=bearer).status_code == 200
    for path in ("/", "/account", "/source", "/config", "/gradio_api/info"):
        assert program.get(path, headers=bearer).status_code in (303, 401)
    wrong = program.get("/api/v1/health", headers={"Authorization": "Bearer lm_wrong"})
    assert wrong.status_code == 401 and "令牌" in wrong.json()["detail"]
    assert wrong.headers["www-authenticate"].startswith("Bearer")
    # No browser sends it of itself: other origins are no danger, and no Origin is needed.
    asked = program.post(
        "/api/v1/ask",
        json={"question": "几次？"},
        headers={**bearer, "Origin": "https://x.example"},
    )
    assert asked.status_code in (200, 409)


FORGERIES: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Referer": "https://evil.example/"},
    {},
]


@pytest.mark.parametrize("headers", FORGERIES, ids=str)
def test_another_site_can_do_nothing_in_a_persons_name(
    visit: Visit, kept: Accounts, headers: dict[str, str]
) -> None:
    reader = visit(READER)
    form = form_of(reader.get("/account").text)
    before = kept.sessions.list(READER)
    for path, given in (
        ("/account/tokens", {"data": {"form": form, "label": "x", "rights": "read"}}),
        ("/logout", {"data": {"form": form}}),
        ("/api/v1/ask", {"json": {"question": "几次？"}}),
        ("/gradio_api/queue/join", {"json": {"data": [], "fn_index": 0, "session_hash": "s"}}),
    ):
        assert reader.post(path, headers=headers, **given).status_code == 403  # type: ignore[arg-type]
    assert kept.sessions.list(READER) == before
    assert not [one for one in kept.tokens.list(READER) if one.label == "x"]


def test_a_form_of_another_browser_is_not_taken(visit: Visit, kept: Accounts) -> None:
    reader, other = visit(READER), visit(ADMIN)
    for form in ("", "0" * 64, form_of(other.get("/account").text)):
        reply = reader.post(
            "/account/tokens",
            data={"form": form, "label": "伪造", "rights": "read"},
            headers={"Origin": reader.url},
        )
        assert reply.status_code == 422 and "再试一次" in reply.text
    assert "伪造" not in {one.label for one in kept.tokens.list()}
    # Nor can anybody be logged in as somebody else from elsewhere.
    stranger = visit()
    planted = form_of(visit().get("/login").text)
    data = {"form": planted, "name": READER, "password": PASSWORDS[READER]}
    reply = stranger.post("/login", data=data, headers={"Origin": stranger.url})
    assert reply.status_code == 422 and "luming" not in stranger.cookies


def test_another_sites_page_can_not_load_ours_into_itself(visit: Visit) -> None:
    reader = visit(READER)
    frame = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "iframe",
    }
    script = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "no-cors",
        "Sec-Fetch-Dest": "script",
    }
    link = {**frame, "Sec-Fetch-Dest": "document"}
    assert reader.get("/source", headers=frame).status_code == 403
    assert reader.get("/config", headers=script).status_code == 403
    assert reader.get("/source", headers=link).status_code == 200


def test_who_must_change_the_password_can_do_nothing_before(visit: Visit, kept: Accounts) -> None:
    newcomer = visit(NEWCOMER)
    page = newcomer.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/account")
    assert newcomer.get("/api/v1/health").status_code == 403
    assert newcomer.get("/config").status_code == 403
    shown = newcomer.get("/account").text
    assert "请先设一个新密码" in shown and "访问令牌" not in shown
    made = newcomer.submit("/account", "/account/tokens", label="x", rights="read")
    assert made.status_code == 403
    tries = (
        ("wrong", "fresh meadow copper 5", "fresh meadow copper 5", "原密码不对"),
        (PASSWORDS[NEWCOMER], "fresh meadow copper 5", "fresh meadow copper 6", "不一样"),
        (PASSWORDS[NEWCOMER], "short", "short", "太短"),
        (PASSWORDS[NEWCOMER], PASSWORDS[NEWCOMER], PASSWORDS[NEWCOMER], "和原密码一样"),
    )
    for old, new, again, said in tries:
        reply = newcomer.submit("/account", "/account/password", old=old, new=new, again=again)
        assert said in reply.text
    new = "fresh meadow copper 5"
    old = PASSWORDS[NEWCOMER]
    reply = newcomer.submit("/account", "/account/password", old=old, new=new, again=new)
    assert "密码已修改" in reply.text
    assert newcomer.get("/api/v1/health").status_code == 200
    kept.people.reset_password(NEWCOMER, old)


def test_ones_own_sessions_and_tokens(visit: Visit, kept: Accounts) -> None:
    kept.sessions.revoke_all(READER)
    here, there = visit(READER), visit(READER)
    assert here.get("/account").text.count("<time") >= 4
    ids = {one.session_id for one in kept.sessions.list(READER)}
    mine = re.findall(r'action="/account/sessions/revoke"><input[^>]*><input type="hidden" name="id" value="(\w{16})"',
                      here.get("/account").text)  # fmt: skip
    assert len(mine) == 1 and mine[0] in ids
    here.submit("/account", "/account/sessions/revoke", id=mine[0])
    assert there.get("/account").status_code == 401 and here.get("/account").status_code == 200
    admin = visit(ADMIN)
    foreign = kept.sessions.list(ADMIN)[0].session_id
    reply = here.submit("/account", "/account/sessions/revoke", id=foreign)
    assert reply.status_code == 404 and admin.get("/account").status_code == 200

    made = here.submit("/account", "/account/tokens", label="<b>报表</b>", rights="read", days="30")
    secret = re.search(r"<code>(lm_[\w-]{43})</code>", made.text)
    assert secret and "<b>报表" not in made.text and "&lt;b&gt;报表" in made.text
    assert secret[1] not in here.get("/account").text
    bearer = {"Authorization": f"Bearer {secret[1]}"}
    assert visit().get("/api/v1/health", headers=bearer).status_code == 200
    too_much = here.submit("/account", "/account/tokens", label="y", rights="administer")
    assert too_much.status_code == 422 and "不能超过本人" in too_much.text
    token = next(one for one in kept.tokens.list(READER) if "报表" in one.label)
    assert admin.submit("/account", "/account/tokens/revoke", id=token.token_id).status_code == 404
    here.submit("/account", "/account/tokens/revoke", id=token.token_id)
    assert visit().get("/api/v1/health", headers=bearer).status_code == 401


def test_guessing_is_slowed_down_and_says_how_long(visit: Visit, kept: Accounts) -> None:
    visitor = visit()
    replies = [visitor.login(READER, "wrong guess no 1") for _ in range(7)]
    assert [one.status_code for one in replies] == [401] * 5 + [429] * 2
    assert re.search(r"请等 \d+ 秒", replies[-1].text)
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 10
    assert visitor.login(READER).status_code == 429  # the right one is not looked at
    kept.people.throttle.forget(READER)
    assert visitor.login(READER).status_code == 303


def test_nothing_tells_which_names_exist(visit: Visit, kept: Accounts) -> None:
    def shown(name: str) -> tuple[int, str]:
        reply = visit().login(name, "wrong guess no 1")
        page = re.sub(r'value="[^"]*"', "", reply.text)
        return reply.status_code, page

    assert shown(READER) == shown("nobody") == shown(ADMIN)
    kept.people.throttle.forget_all()
    waits = [
        [visit().login(name, "x").status_code for _ in range(6)] for name in (READER, "nobody")
    ]
    assert waits[0] == waits[1]


def test_what_a_stranger_sends_is_small(visit: Visit) -> None:
    stranger = visit()
    form = form_of(stranger.get("/login").text)
    data = {"form": form, "name": "x", "password": "p" * 100_000}
    headers = {"Origin": stranger.url}
    assert stranger.post("/login", data=data, headers=headers).status_code == 413

    def endless() -> Iterator[bytes]:
        yield b"name=" + b"x" * 100_000

    assert stranger.post("/login", content=endless(), headers=headers).status_code == 413


def test_secrets_are_neither_in_the_home_nor_in_the_log(tmp_path: Path) -> None:
    from tests.ui.access.conftest import populate

    home = tmp_path / "home"
    populate(home)
    server = start_server(home, LUMING_OIDC_ISSUER="", PYTHONWARNINGS="default")
    visitor = Visitor(server.url)
    visitor.login(READER)
    cookie = visitor.cookies["luming"]
    made = visitor.submit("/account", "/account/tokens", label="x", rights="read").text
    token = re.search(r"lm_[\w-]{43}", made)[0]  # type: ignore[index]
    visitor.get("/api/v1/health", headers={"Authorization": f"Bearer {token}"})
    other = Visitor(server.url)
    other.login("typed-the-password-here", "Tr0ub4dor and three")
    other.close()
    visitor.get("/api/v1/health", headers={"Authorization": "Bearer lm_wrong-but-secret"})
    visitor.close()
    _, log = server.stop()
    files = b"".join(path.read_bytes() for path in home.rglob("access.db*"))
    files += b"".join(path.read_bytes() for path in home.rglob("*.log"))
    for secret in (cookie, token, PASSWORDS[READER], PASSWORDS[ADMIN], "Tr0ub4dor and three",
                   "typed-the-password-here", "wrong-but-secret"):  # fmt: skip
        assert secret.encode() not in files and secret not in log
    assert (home / "access.db").stat().st_mode & 0o777 == 0o600


# Without accounts, on loopback.


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without accounts."""
    server = start_server(tmp_path_factory.mktemp("本机") / "home")
    yield server
    if server.process.poll() is None:
        server.stop()


def test_without_accounts_it_is_open_to_the_person_at_the_machine(alone: Server) -> None:
    with Visitor(alone.url) as person:
        assert person.get("/", headers={"Accept": "text/html"}).status_code == 200
        assert person.get("/login").headers["location"] == "/"
        assert "还没有建立用户" in person.get("/account").text
        assert person.post("/api/v1/ask", json={"question": "几次？"}).status_code in (200, 409)
    assert not (alone.home / "access.db").exists()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1", "[::2]"]
)
def test_no_other_name_leads_here(alone: Server, host: str) -> None:
    """DNS rebinding: another site's name that was made to point at this machine."""
    with Visitor(alone.url) as person:
        for path in ("/", "/api/v1/documents", "/config"):
            assert person.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]", "localhost."])
def test_the_machines_own_names_lead_here(alone: Server, name: str) -> None:
    port = alone.url.rpartition(":")[2]
    with Visitor(alone.url) as person:
        for host in (name, f"{name}:{port}"):
            assert person.get("/api/v1/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_brings_nobody_in_without_accounts(alone: Server, header: str) -> None:
    with Visitor(alone.url) as person:
        reply = person.get("/api/v1/documents", headers={header: "10.1.2.3"})
        assert reply.status_code == 403 and "luming user add" in reply.json()["detail"]


@pytest.mark.parametrize("headers", FORGERIES[:5], ids=str)
def test_another_site_can_do_nothing_without_accounts_either(
    alone: Server, headers: dict[str, str]
) -> None:
    with Visitor(alone.url) as person:
        reply = person.post("/api/v1/ask", json={"question": "几次？"}, headers=headers)
        assert reply.status_code == 403


def test_the_first_account_closes_a_running_server(tmp_path: Path) -> None:
    server = start_server(tmp_path / "home")
    with Visitor(server.url) as person:
        assert person.get("/api/v1/documents").status_code == 200
        made = Accounts(Settings(home=server.home))
        made.people.add(ADMIN, PASSWORDS[ADMIN], Role.ADMIN)
        made.close()
        assert person.get("/api/v1/documents").status_code == 401
        person.login(ADMIN)
        assert person.get("/api/v1/documents").status_code == 200
    server.stop()


@pytest.mark.parametrize("given", [
    {"host": "0.0.0.0"}, {"host": "::"},
    {"public_url": "https://luming.example.gov.cn"},
    {"proxies": ["127.0.0.1"]}, {"sso_header": "X-User"},
], ids=str)  # fmt: skip
def test_it_does_not_start_for_others_without_accounts(
    tmp_path: Path, given: dict[str, Any]
) -> None:
    with pytest.raises(ServeError, match="luming user add"):
        serve(Settings(home=tmp_path / "home", **given), port=0)
    assert not (tmp_path / "home" / "access.db").exists()


# Behind proxies.


def started(tmp_path: Path, **settings: str) -> tuple[Server, Accounts]:
    from tests.ui.access.conftest import populate

    populate(tmp_path / "home")
    server = start_server(tmp_path / "home", **settings)
    return server, Accounts(Settings(home=tmp_path / "home"))


def test_a_gateway_vouches_for_people_and_nobody_else_does(tmp_path: Path) -> None:
    server, accounts = started(
        tmp_path, LUMING_SSO_HEADER="X-Remote-User", LUMING_SSO_PROXIES='["127.0.0.2"]'
    )
    gateway = httpx.HTTPTransport(local_address="127.0.0.2")
    as_reader = {"X-Remote-User": READER}
    try:
        with Visitor(server.url) as spoofer:
            assert spoofer.get("/account", headers=as_reader).status_code == 401
            chain = {**as_reader, "X-Forwarded-For": "127.0.0.2", "X-Real-IP": "127.0.0.2"}
            assert spoofer.get("/account", headers=chain).status_code == 401
        with Visitor(server.url, transport=gateway) as through:
            page = through.get("/account", headers={**as_reader, "X-Forwarded-For": "10.9.8.7"})
            assert page.status_code == 200 and "钱二" in page.text
            name = ADMIN.encode()
            assert ADMIN in through.get("/account", headers={"X-Remote-User": name}).text  # type: ignore[dict-item]
            assert through.get("/account", headers={"X-Remote-User": "nobody"}).status_code == 403
            assert through.get("/account").status_code == 401  # nobody named: the login is left
            twice = httpx.Headers([("X-Remote-User", READER), ("X-Remote-User", "zhao")])
            assert through.get("/account", headers=twice).status_code == 400
            forged = through.post("/api/v1/ask", json={"question": "几次？"}, headers=as_reader)
            assert forged.status_code == 403
            accounts.people.disable(READER)
            assert through.get("/account", headers=as_reader).status_code == 403
        logged = [one for one in accounts.audit.read()[0] if one.user == READER]
        assert [one.address for one in logged if one.action == "login"] == ["10.9.8.7"]
    finally:
        accounts.close()
        server.stop()


def test_behind_a_proxy_with_https_cookies_are_bound_to_it(tmp_path: Path) -> None:
    server, accounts = started(
        tmp_path,
        LUMING_PROXIES='["127.0.0.1"]',
        LUMING_PUBLIC_URL="https://luming.example.gov.cn",
    )
    try:
        with Visitor(server.url) as stranger:
            wrong = stranger.get("/login", headers={"Host": "evil.example"})
            assert wrong.status_code == 421
            told = {"Host": "luming.example.gov.cn", "X-Forwarded-For": "6.6.6.6, 10.2.3.4"}
            page = stranger.get("/login", headers=told)
            cookie = page.headers["set-cookie"]
            assert cookie.startswith("__Host-luming-form=") and "Secure" in cookie
            assert "Path=/" in cookie and "Domain" not in cookie
            origin = {"Origin": "https://luming.example.gov.cn"}
            secret = cookie.partition("=")[2].partition(";")[0]
            data = {"form": form_of(page.text), "name": READER, "password": PASSWORDS[READER]}
            sent = {**told, **origin, "Cookie": f"__Host-luming-form={secret}"}
            entered = stranger.post("/login", data=data, headers=sent)
            assert entered.status_code == 303
            assert entered.headers["set-cookie"].startswith("__Host-luming=")
        # What the browser itself claims to be forwarded from is not believed.
        assert accounts.sessions.list(READER)[0].address == "10.2.3.4"
    finally:
        accounts.close()
        server.stop()


def test_a_websocket_is_closed_to_strangers(staffed: Server) -> None:
    host, port = staffed.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(
            b"GET /gradio_api/queue/join HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            b"Sec-WebSocket-Version: 13\r\n\r\n"
        )
        assert connection.recv(4096).split(b" ")[1] in (b"400", b"401", b"403", b"404", b"426")
