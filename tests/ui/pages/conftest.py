"""Two departments on one server, an administrator, an operator and a reader, each in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, Page

from index.settings import Settings
from tests.ui.access.conftest import Visitor
from tests.ui.conftest import Server, ingest, start_server
from ui.access.accounts import Accounts
from ui.access.model import Role

OURS, THEIRS = "甲处", "乙处"
CHIEF, OPERATOR, READER = "主任", "操作员", "读者"
PASSWORD = "三棵老槐树-2026-楼前"
RULES = """# 机关差旅管理办法（示例）

第一条 为了规范差旅，制定本办法。

第二条 出差人员应当在返回后十五日内办理报销。

第三条 住宿费不得超过规定标准，超支部分由个人负担。
"""
SECRET = "蓝莓"
Opened = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def departments(tmp_path_factory: pytest.TempPathFactory, office: Server) -> Iterator[Server]:
    """甲处 has a rule, 乙处 one that nobody of 甲处 may see."""
    base = tmp_path_factory.mktemp("两个处")
    home = base / "home"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    (base / "办法.md").write_text(RULES, "utf-8")
    (base / "线索.md").write_text(
        f"# {SECRET}线索办法（示例）\n\n第一条 {SECRET}线索保密。\n", "utf-8"
    )
    ingest(home, [base / "办法.md"], OURS)
    ingest(home, [base / "线索.md"], THEIRS)
    accounts = Accounts(Settings(home=home))
    accounts.people.add(CHIEF, PASSWORD, Role.ADMIN)
    accounts.people.add(OPERATOR, PASSWORD, Role.OPERATOR, [OURS])
    accounts.people.add(READER, PASSWORD, Role.READER, [OURS])
    accounts.close()
    server = start_server(home, LUMING_LLM_API_KEY="sk-never-shown")
    yield server
    if server.process.poll() is None:
        server.stop()


def entered(server: Server, who: str) -> Visitor:
    """A client that has logged in."""
    visitor = Visitor(server.url)
    assert visitor.login(who, PASSWORD).status_code == 303
    return visitor


@pytest.fixture
def visits(departments: Server) -> Iterator[Callable[[str], httpx.Client]]:
    """Makes clients that have logged in; what they post comes from the server's own page."""
    made: list[Visitor] = []

    def new(who: str) -> httpx.Client:
        visitor = entered(departments, who)
        visitor.headers["Origin"] = departments.url
        made.append(visitor)
        return visitor

    yield new
    for one in made:
        one.close()


@pytest.fixture
def opened(browser: Browser, departments: Server) -> Opened:
    """Opens a page as somebody; fails on a request to another host or an error in a script."""

    @contextmanager
    def open_page(who: str, path: str, width: int = 1280, scheme: str = "light") -> Iterator[Page]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        page = context.new_page()
        requests: list[str] = []
        problems: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            # A refused form is told by its status; the browser writes that down too.
            lambda m: (
                problems.append(m.text) if m.type == "error" and not _refused(m.text) else None
            ),
        )
        page.goto(f"{departments.url}/login?next={path}")
        page.fill("[name=name]", who)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_selector(".lp > *:not(.lm-progress)")
        yield page
        assert page.evaluate("window.__xss") is None
        context.close()
        away = [r for r in requests if not r.startswith((f"{departments.url}/", "data:", "blob:"))]
        assert requests and not away, f"离开本机的请求：{away}"
        assert not problems

    return open_page


def _refused(line: str) -> bool:
    """A form that was refused: what the browser and htmx write down of it."""
    return "responded with a status of 4" in line or "Response Status Error Code 4" in line


def fits(page: Page) -> None:
    """Nothing reaches over the side."""
    width = page.viewport_size["width"]  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
