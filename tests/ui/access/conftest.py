"""Accounts on an injected clock; a server with people as a real process; clients that log in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from index.settings import Settings
from tests.ui.conftest import Server, start_server
from ui.access.accounts import Accounts
from ui.access.model import Role

ADMIN, READER, NEWCOMER = "赵主任", "qian", "sun"
PASSWORDS = {
    ADMIN: "楼前三棵老槐树-2024",
    READER: "window lantern quarry 7",
    NEWCOMER: "paper bridge orchid 3",
}


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        """Forward."""
        self.moment += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    """An administrator and a reader of 甲处, in a home of their own."""
    made = Accounts(Settings(home=tmp_path / "家"), clock)
    made.people.add(ADMIN, PASSWORDS[ADMIN], Role.ADMIN)
    made.people.add(READER, PASSWORDS[READER], Role.READER, ["甲处"], "钱二")
    yield made
    made.close()


def populate(home: Path) -> None:
    """The people of the test server."""
    made = Accounts(Settings(home=home))
    made.people.add(ADMIN, PASSWORDS[ADMIN], Role.ADMIN)
    made.people.add(READER, PASSWORDS[READER], Role.READER, ["甲处"], "钱二")
    made.people.add(NEWCOMER, PASSWORDS[NEWCOMER], Role.READER, [], must_change=True)
    made.close()


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose home has people."""
    home = tmp_path_factory.mktemp("有人") / "home"
    populate(home)
    server = start_server(home)
    yield server
    if server.process.poll() is None:
        server.stop()


@pytest.fixture
def kept(staffed: Server) -> Iterator[Accounts]:
    """The same home's accounts, opened by this process beside the server."""
    made = Accounts(Settings(home=staffed.home))
    yield made
    made.people.throttle.forget_all()
    made.close()


def form_of(page: str) -> str:
    """What a page's forms carry."""
    found = re.search(r'name="form" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


class Visitor(httpx.Client):
    """A browser without scripts: cookies, and the headers that one sends."""

    def __init__(self, url: str, **given: object) -> None:
        super().__init__(base_url=url, timeout=60, trust_env=False, **given)  # type: ignore[arg-type]
        self.url = url

    def submit(self, page: str, action: str, **fields: object) -> httpx.Response:
        """Fill in a form of ``page`` and send it."""
        form = form_of(self.get(page).text)
        return self.post(action, data={"form": form, **fields}, headers={"Origin": self.url})

    def login(self, name: str, password: str | None = None, next: str = "/") -> httpx.Response:
        """Through the form."""
        given = PASSWORDS[name] if password is None else password
        return self.submit("/login", "/login", name=name, password=given, next=next)


@pytest.fixture
def visit(staffed: Server) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors of the server; with a name, one that has logged in."""
    made: list[Visitor] = []

    def new(name: str | None = None) -> Visitor:
        visitor = Visitor(staffed.url)
        made.append(visitor)
        if name is not None:
            assert visitor.login(name).status_code == 303
        return visitor

    yield new
    for one in made:
        one.close()
