"""Login and one's own account in a real browser: looks, keyboard, labels, nothing off the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.ui.access.conftest import ADMIN, NEWCOMER, PASSWORDS, READER
from tests.ui.conftest import ARTEFACTS, Server
from ui.access.accounts import Accounts

Open = Callable[..., Page]
expect.set_options(timeout=30_000)  # the machine may be busy with other tests
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture
def opened(browser: Browser, staffed: Server) -> Iterator[Open]:
    """Pages of the server; they fail on a request to another host and on script errors."""
    contexts, requests, problems = [], [], []

    def new(path: str, width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda line: (
                problems.append(line.text)
                if line.type == "error" and "status of 4" not in line.text
                else None
            ),
        )
        page.goto(staffed.url + path)
        return page

    yield new
    for context in contexts:
        context.close()
    assert not [one for one in requests if not one.startswith((staffed.url, "data:", "blob:"))]
    assert not problems


def enter(page: Page, name: str, password: str | None = None) -> None:
    """By the keyboard alone, from where the page puts the cursor."""
    expect(page.get_by_label("用户名")).to_be_focused()  # else the first key goes nowhere
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORDS[name] if password is None else password)
    page.keyboard.press("Enter")


def serious(page: Page) -> list[str]:
    """axe-core's serious findings."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_login_looks_right(opened: Open, width: int, scheme: str) -> None:
    page = opened("/login", width, scheme)
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    expect(page.get_by_label("用户名")).to_be_focused()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(21, 23, 26)") == (scheme == "dark")
    assert not serious(page) and fits(page)
    page.screenshot(path=str(ARTEFACTS / f"login-{width}-{scheme}.png"))


def test_a_deep_link_survives_the_login(opened: Open, staffed: Server, kept: Accounts) -> None:
    page = opened("/doc/nothing#第十二条")
    expect(page).to_have_url(re.compile(r"/login\?next=%2Fdoc%2Fnothing"))
    enter(page, READER, "wrong guess no 1")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    expect(page.get_by_label("用户名")).to_have_value(READER)
    expect(page.get_by_label("密码")).to_be_focused()
    page.screenshot(path=str(ARTEFACTS / "login-wrong.png"))
    page.keyboard.type(PASSWORDS[READER])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/library\?doc=nothing#"))


def test_login_ask_page_account_logout(opened: Open, kept: Accounts) -> None:
    page = opened("/")
    enter(page, READER)
    page.wait_for_selector(".lm-welcome")
    page.get_by_role("link", name="钱二").click()
    expect(page.get_by_role("heading", name="我的账户")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_account_looks_right(opened: Open, kept: Accounts, width: int, scheme: str) -> None:
    if not kept.tokens.list(ADMIN):
        kept.tokens.create(ADMIN, "办公系统每日汇总", days=30)
    page = opened("/login?next=/account", width, scheme)
    enter(page, ADMIN)
    expect(page.get_by_role("heading", name="我的账户")).to_be_visible()
    for label in ("原密码", "新密码", "再输一次新密码", "用途", "有效期", "查阅"):
        expect(page.get_by_label(label, exact=True)).to_be_visible()
    assert not serious(page) and fits(page)
    page.screenshot(path=str(ARTEFACTS / f"account-{width}-{scheme}.png"), full_page=True)
    kept.sessions.revoke_all(ADMIN)
    page.reload()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_a_token_is_made_and_shown_once(opened: Open, kept: Accounts) -> None:
    page = opened("/login?next=/account")
    enter(page, READER)
    page.get_by_label("用途").fill("报表<script>window.__xss=1</script>")
    page.get_by_label("有效期").select_option("30")
    page.get_by_role("button", name="新建令牌").click()
    secret = page.locator(".lm-secret code").inner_text()
    found = kept.tokens.principal(secret)
    assert found and found.name == READER
    assert not serious(page)
    page.screenshot(path=str(ARTEFACTS / "account-token.png"), full_page=True)
    page.get_by_role("button", name=re.compile("撤销：报表")).click()
    expect(page.get_by_role("status")).to_have_text("令牌已撤销。")
    assert kept.tokens.principal(secret) is None
    assert page.evaluate("window.__xss") is None


def test_the_first_login_leads_to_a_new_password(opened: Open, kept: Accounts) -> None:
    page = opened("/")
    enter(page, NEWCOMER)
    expect(page.get_by_role("alert")).to_contain_text("请先设一个新密码")
    page.screenshot(path=str(ARTEFACTS / "account-first.png"), full_page=True)
    page.get_by_label("原密码").fill(PASSWORDS[NEWCOMER])
    page.get_by_label("新密码", exact=True).fill("fresh meadow copper 5")
    page.get_by_label("再输一次新密码").fill("fresh meadow copper 5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("密码已修改")
    page.get_by_role("link", name="回到鹿鸣").click()
    page.wait_for_selector(".lm-welcome")
    kept.people.reset_password(NEWCOMER, PASSWORDS[NEWCOMER])


def test_another_sites_form_does_nothing(
    browser: Browser, staffed: Server, kept: Accounts, tmp_path: object
) -> None:
    """A page of another origin, open in the same browser as the session."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(staffed.url + "/login")
    enter(page, READER)
    page.wait_for_selector(".lm-welcome")
    before = len(kept.tokens.list(READER))
    evil = tmp_path / "evil.html"  # type: ignore[operator]
    evil.write_text(
        f'<form method="post" action="{staffed.url}/account/tokens"><input name="label" value="x">'
        '<input name="rights" value="read"></form><script>document.forms[0].submit()</script>',
        encoding="utf-8",
    )
    page.goto(evil.as_uri())
    page.wait_for_url(re.compile("/account/tokens"))
    assert "401" in page.content() or "403" in page.content()
    assert len(kept.tokens.list(READER)) == before
    context.close()
