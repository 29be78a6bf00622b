"""Login by OpenID Connect: our server and a provider, each running, and a person between them."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from index.errors import LibraryError
from index.settings import Settings
from tests.ui.access.conftest import ADMIN, READER, Visitor, populate
from tests.ui.access.provider import CLIENT, SECRET, Provider
from tests.ui.conftest import ROOT, Server
from ui.access.accounts import Accounts
from ui.access.model import Role
from ui.access.oidc import OpenIdConnect


@dataclass
class Scene:
    """The server, the provider, and the server's accounts."""

    server: Server
    provider: Provider
    accounts: Accounts

    def visitor(self) -> Visitor:
        """Somebody before the login."""
        return Visitor(self.server.url)

    def through(self, visitor: httpx.Client, user: str, next: str = "/") -> httpx.Response:
        """The way of a browser, up to our answer to what the provider sends it back with."""
        return visitor.get(self.answer(visitor, user, next))

    def answer(self, visitor: httpx.Client, user: str, next: str = "/") -> str:
        """The address to which the provider sends the browser back."""
        started = visitor.get("/login/oidc", params={"next": next})
        assert started.status_code == 303, started.text
        page = httpx.get(started.headers["location"], trust_env=False)
        assert page.status_code == 200, page.text
        fields = re.findall(r'name="([^"]+)" value="([^"]*)"', page.text)
        data = {name: unescape(value) for name, value in fields}
        back = httpx.post(
            f"{self.provider.issuer}/authorize", data={**data, "user": user}, trust_env=False
        )
        return str(back.headers["location"])


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def start(home: Path, provider: Provider, **settings: str) -> Server:
    """As ``start_server``, on a port that is known before: the provider must know our address."""
    import os
    import subprocess
    import sys

    port = free_port()
    url = f"http://127.0.0.1:{port}"
    provider.redirect_uri = f"{url}/login/oidc/callback"
    code = (
        "from index.settings import Settings\nfrom ui.server import serve\n"
        f"serve(Settings(), port={port}, on_ready=lambda url: print(url, flush=True))"
    )
    environment = {
        **os.environ,
        "LUMING_HOME": str(home),
        "LUMING_PUBLIC_URL": url,
        "LUMING_OIDC_ISSUER": provider.issuer,
        "LUMING_OIDC_CLIENT_ID": CLIENT,
        "LUMING_OIDC_CLIENT_SECRET": SECRET,
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().strip() == url
    return Server(process, url, home)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """New people are only matched."""
    home = tmp_path_factory.mktemp("认证") / "home"
    populate(home)
    provider = Provider(people={
        "reader": {"preferred_username": "QIAN", "name": "钱二"},
        "second": {"preferred_username": "qian"},
        "new": {"preferred_username": "zhou", "name": "周五"},
        "nameless": {"name": "谁"},
    })  # fmt: skip
    server = start(home, provider)
    accounts = Accounts(Settings(home=home))
    yield Scene(server, provider, accounts)
    accounts.close()
    provider.close()
    if server.process.poll() is None:
        server.stop()


@pytest.fixture(autouse=True)
def honest(request: pytest.FixtureRequest) -> None:
    if "scene" in request.fixturenames:
        provider = request.getfixturevalue("scene").provider
        provider.lies, provider.forge = {}, ""


def test_the_whole_way_in(scene: Scene) -> None:
    with scene.visitor() as visitor:
        login = visitor.get("/login", params={"next": "/doc/7"}).text
        link = re.search(r'href="(/login/oidc\?[^"]+)"', login)
        assert link and parse_qs(urlsplit(unescape(link[1])).query) == {"next": ["/doc/7"]}
        entered = scene.through(visitor, "reader", "/doc/7")
        assert (entered.status_code, entered.headers["location"]) == (303, "/doc/7")
        account = visitor.get("/account").text
        assert "钱二" in account and "甲处" in account
    entry = scene.accounts.audit.read()[0][0]
    assert (entry.user, entry.action, entry.object) == (READER, "login", "统一认证")


def test_who_has_no_account_is_told_so(scene: Scene) -> None:
    with scene.visitor() as visitor:
        reply = scene.through(visitor, "new")
        assert reply.status_code == 403 and "请联系管理员开通" in reply.text
        assert visitor.get("/account").status_code == 401
    assert "zhou" not in {user.name for user in scene.accounts.people.users()}


def test_a_name_given_anew_opens_nobodys_account(scene: Scene) -> None:
    with scene.visitor() as visitor:
        assert scene.through(visitor, "reader").status_code == 303
        assert scene.through(visitor, "second").status_code == 403


def test_who_is_disabled_here_stays_outside(scene: Scene) -> None:
    scene.accounts.people.disable(READER)
    try:
        with scene.visitor() as visitor:
            assert scene.through(visitor, "reader").status_code == 403
    finally:
        scene.accounts.people.enable(READER)


@pytest.mark.parametrize("lies", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"iss": "https://evil.example"},
    {"exp": 1}, {"exp": None}, {"aud": [CLIENT, "x"], "azp": "x"}, {"sub": None},
    {"preferred_username": None}, {"preferred_username": ["qian"]}, {"iat": 99999999999},
], ids=str)  # fmt: skip
def test_tokens_that_lie_are_not_taken(scene: Scene, lies: dict[str, Any]) -> None:
    scene.provider.lies = lies
    with scene.visitor() as visitor:
        reply = scene.through(visitor, "reader")
        assert reply.status_code == 401 and "没有成功" in reply.text
        assert "luming" not in visitor.cookies


@pytest.mark.parametrize("forge", ["key", "none", "hmac"])
def test_tokens_that_the_provider_did_not_sign_are_not_taken(scene: Scene, forge: str) -> None:
    scene.provider.forge = forge
    with scene.visitor() as visitor:
        assert scene.through(visitor, "reader").status_code == 401


def test_an_answer_counts_once_and_in_its_own_browser(scene: Scene) -> None:
    with scene.visitor() as visitor, scene.visitor() as victim:
        answer = scene.answer(visitor, "reader")
        assert victim.get(answer).status_code == 401  # it has no cookie of this login
        assert visitor.get(answer).status_code == 401  # used up
        scene.answer(victim, "reader")
        answer = scene.answer(visitor, "reader")
        assert victim.get(answer).status_code == 401  # it has one, of another login
        answer = scene.answer(visitor, "reader")
        assert visitor.get(answer.replace("state=", "state=x")).status_code == 401
        answer = scene.answer(visitor, "reader")
        assert visitor.get(answer.replace("code=", "code=x")).status_code == 401
        answer = scene.answer(visitor, "reader")
        assert visitor.get(answer.replace("iss=http", "iss=https")).status_code == 401
        assert visitor.get(scene.answer(visitor, "reader")).status_code == 303


def test_a_refusal_of_the_provider_is_told(scene: Scene) -> None:
    with scene.visitor() as visitor:
        assert scene.through(visitor, "nobody").status_code == 401
        assert visitor.get("/login/oidc/callback").status_code == 401
        assert visitor.get("/login/oidc/callback?error=x&state=y").status_code == 401


def test_it_leads_to_no_other_server(scene: Scene) -> None:
    with scene.visitor() as visitor:
        entered = scene.through(visitor, "reader", "//evil.example")
        assert entered.headers["location"] == "/"


def test_new_people_groups_and_rights_by_setting(tmp_path: Path) -> None:
    populate(tmp_path / "home")
    provider = Provider(people={
        "zhou": {"preferred_username": "zhou", "name": "周五", "groups": ["jia", "staff"]},
        "boss": {"preferred_username": ADMIN, "groups": ["staff"]},
        "qian": {"preferred_username": READER, "groups": "ops"},
    })  # fmt: skip
    server = start(
        tmp_path / "home",
        provider,
        LUMING_SSO_NEW_USERS="true",
        LUMING_OIDC_ROLES=json.dumps({"ops": "操作", "trainers": "培训"}),
        LUMING_OIDC_COLLECTIONS=json.dumps({"jia": ["甲处"], "yi": ["乙处"], "all": ["通知"]}),
    )
    accounts = Accounts(Settings(home=tmp_path / "home"))
    scene = Scene(server, provider, accounts)
    try:
        with scene.visitor() as visitor:
            assert scene.through(visitor, "zhou").status_code == 303
            made = accounts.people.get("zhou")
            assert (made.display, made.role, made.collections) == ("周五", Role.READER, {"甲处"})
            assert not made.has_password
            provider.people["zhou"]["groups"] = ["yi", "all", "trainers"]
            scene.through(visitor, "zhou")
            made = accounts.people.get("zhou")
            assert (made.role, made.collections) == (Role.TRAINER, {"乙处", "通知"})
            provider.people["zhou"]["groups"] = []
            scene.through(visitor, "zhou")
            made = accounts.people.get("zhou")
            assert (made.role, made.collections) == (Role.READER, frozenset())
            scene.through(visitor, "qian")
            assert accounts.people.get(READER).role is Role.OPERATOR
            # The last administrator stays one, whatever the provider says of groups.
            scene.through(visitor, "boss")
            assert accounts.people.get(ADMIN).role is Role.ADMIN
        assert accounts.audit.verify().ok
    finally:
        accounts.close()
        provider.close()
        _, log = server.stop()
    assert SECRET not in log and "eyJ" not in log


def test_a_provider_that_is_away_is_told_in_one_line(tmp_path: Path) -> None:
    populate(tmp_path / "home")
    provider = Provider()
    server = start(tmp_path / "home", provider)
    provider.close()
    try:
        with Visitor(server.url) as visitor:
            reply = visitor.get("/login/oidc")
            assert reply.status_code == 401 and "统一认证没有成功" in reply.text
            assert visitor.login(READER).status_code == 303  # the other way in works
    finally:
        server.stop()


@pytest.mark.parametrize("given", [
    {"oidc_issuer": "https://sso.example"},
    {"oidc_issuer": "https://sso.example", "oidc_client_id": "x"},
    {"oidc_issuer": "http://sso.example", "oidc_client_id": "x", "public_url": "https://a.example"},
    {"oidc_issuer": "https://sso.example", "oidc_client_id": "x", "public_url": "https://a.example",
     "oidc_roles": {"g": "国王"}},
], ids=str)  # fmt: skip
def test_incomplete_settings_are_told(tmp_path: Path, given: dict[str, Any]) -> None:
    with pytest.raises(LibraryError):
        OpenIdConnect(Accounts(Settings(home=tmp_path / "home", **given)))
