"""People of two departments in real browsers: each page shows them their own part, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from index.settings import Settings
from tests.ui.conftest import Server, ask, ingest, start_server
from tests.ui.test_accessibility import findings
from tests.ui.test_page import shot
from ui.access.accounts import Accounts
from ui.access.model import Role

_PASSWORD = "楼前三棵老槐树-2024"
_SECRET = "蓝莓"
_FINANCE = """差旅费管理办法（示例）
第一章 总则
第一条 为规范差旅费管理，制定本办法。
第二章 报销期限
第二条 出差人员应当自返回之日起十五个工作日内报销差旅费。
"""
_DISCIPLINE = f"""{_SECRET}线索处置办法（示例）
第一章 总则
第一条 为规范{_SECRET}线索处置，制定本办法。
第二章 核实期限
第二条 {_SECRET}线索应当在二十日内完成初步核实。
"""


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory, office: Server) -> Iterator[Server]:
    """A server with two departments, each with a reader, and an administrator."""
    folder = tmp_path_factory.mktemp("offices")
    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    for name, text in (("财务处", _FINANCE), ("纪检室", _DISCIPLINE)):
        path = folder / f"{name}.txt"
        path.write_text(text, "utf-8")
        ingest(home, [path], name)
    accounts = Accounts(Settings(home=home))
    accounts.people.add("li", _PASSWORD, Role.READER, ["财务处"], "李四")
    accounts.people.add("wang", _PASSWORD, Role.READER, ["纪检室"], "王五")
    accounts.people.add("zhao", _PASSWORD, Role.ADMIN)
    accounts.people.add("new", _PASSWORD, Role.READER, [])
    accounts.close()
    running = start_server(home)
    yield running
    running.stop()


def logged_in(browser: Browser, server: Server, name: str, path: str = "/") -> Page:
    """A browser of its own that opens ``path``, is sent to the login, and logs in."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(server.url + path)
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", _PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("#lm-main")
    return page


def document_of(browser: Browser, server: Server, title: str) -> str:
    """The id of a document, by the administrator's list."""
    page = logged_in(browser, server, "zhao", "/library")
    found = page.locator(".lm-row-title", has_text=title).get_attribute("data-open")
    page.context.close()
    return str(found)


def test_the_library_holds_ones_own_department_only(offices: Server, browser: Browser) -> None:
    page = logged_in(browser, offices, "li", "/library")
    expect(page.locator(".lm-row-title")).to_have_text(["差旅费管理办法（示例）"])
    expect(page.locator(".lm-who")).to_contain_text("李四")
    assert _SECRET not in page.content() and "纪检室" not in page.content()
    page.fill("#lm-find-words", _SECRET)
    expect(page.locator(".lm-nothing")).to_be_visible()
    page.locator(".lm-ways input[value=text]").check()
    expect(page.locator(".lm-nothing")).to_be_visible()
    assert "线索" not in page.content()
    page.context.close()
    page = logged_in(browser, offices, "zhao", "/library")
    expect(page.locator(".lm-row-title")).to_have_count(2)
    page.context.close()


def test_a_colleagues_link_shows_only_what_one_may_see(offices: Server, browser: Browser) -> None:
    path = f"/doc/{document_of(browser, offices, _SECRET)}#{quote('第二条')}"
    page = logged_in(browser, offices, "li", path)
    expect(page.locator("#lm-stage .lm-error")).to_contain_text("这份文件")
    assert _SECRET not in page.content()
    page.context.close()
    page = logged_in(browser, offices, "wang", path)
    expect(page.locator(".lm-source-title")).to_contain_text(_SECRET)
    page.context.close()


def test_a_shared_question_is_answered_from_ones_own_part(
    offices: Server, browser: Browser
) -> None:
    path = f"/ask?q={quote('线索应当在多少日内完成初步核实？')}"
    page = logged_in(browser, offices, "li", path)
    page.wait_for_selector("[data-abstained=true]")
    assert _SECRET not in page.content() and "二十日" not in page.content()
    page.context.close()
    page = logged_in(browser, offices, "wang", path)
    expect(page.locator(".lm-sentences")).to_contain_text("二十日")
    page.wait_for_url("**talk=*")
    talk = page.url.rpartition("talk=")[2]
    page.context.close()
    again = logged_in(browser, offices, "wang", f"/?talk={talk}")  # another browser, same person
    expect(again.locator(".lm-sentences")).to_contain_text("二十日")
    again.context.close()
    other = logged_in(browser, offices, "li", f"/?talk={talk}")
    expect(other.locator(".lm-error")).to_contain_text("这段对话打不开")
    other.context.close()


def test_examples_and_the_list_beside_them_are_ones_own(offices: Server, browser: Browser) -> None:
    for name, mine, others in (("li", "差旅费", _SECRET), ("wang", _SECRET, "差旅费")):
        page = logged_in(browser, offices, name)
        expect(page.locator(".lm-example").first).to_contain_text(mine)
        expect(page.locator(".lm-book")).to_have_count(1)
        assert others not in page.content()
        expect(page.locator("#lm-scope-button")).to_be_hidden()  # one collection: nothing to choose
        page.context.close()


def test_a_file_that_was_made_for_one_is_not_anothers(offices: Server, browser: Browser) -> None:
    page = logged_in(browser, offices, "wang")
    ask(page, f"{_SECRET}线索应当在多少日内完成初步核实？")
    address = page.locator(".lm-answer a[download]").get_attribute("href")
    assert page.request.get(f"{offices.url}{address}").ok
    page.context.close()
    other = logged_in(browser, offices, "li")
    assert other.request.get(f"{offices.url}{address}").status == 404
    other.context.close()


def test_without_any_collection_the_pages_say_whom_to_ask(
    offices: Server, browser: Browser
) -> None:
    page = logged_in(browser, offices, "new")
    expect(page.locator(".lm-empty, .lm-error").first).to_contain_text("管理员")
    shot(page, "nothing-to-see-1280-light")
    page.goto(f"{offices.url}/library")
    expect(page.locator(".lm-empty").first).to_contain_text("管理员")
    page.context.close()


def test_a_login_that_has_ended_is_said_in_a_line(offices: Server, browser: Browser) -> None:
    page = logged_in(browser, offices, "li", "/library")
    page.wait_for_selector(".lm-rows")
    page.context.clear_cookies()
    page.locator(".lm-row-title").first.click()
    expect(page.locator("#lm-stage .lm-error")).to_contain_text("登录已过期")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_login_and_account_by_axe(
    offices: Server, browser: Browser, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"{offices.url}/login")
    assert findings(page) == []
    shot(page, f"login-{width}-{scheme}")
    page.fill("input[name=name]", "li")
    page.fill("input[name=password]", _PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".lm-who")
    page.goto(f"{offices.url}/account")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"account-{width}-{scheme}")
    context.close()
