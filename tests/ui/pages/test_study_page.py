"""The page 备课 in a real browser: from a topic to a hand-out that is saved, shared and downloaded."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from index.settings import Settings
from tests.ui.conftest import ARTEFACTS, ROOT, Server, ingest, start_server
from tests.ui.test_accessibility import findings
from ui.access.accounts import Accounts
from ui.access.model import Role

_PASSWORD = "楼前三棵老槐树-2024"
_SLOW = 60_000


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, office: Server) -> Iterator[Server]:
    """A server with two trainers and a reader."""
    home = tmp_path_factory.mktemp("school") / "home"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    ingest(home, [ROOT / "corpus" / "measures", ROOT / "corpus" / "cases"], "制度")
    accounts = Accounts(Settings(home=home))
    accounts.people.add("tan", _PASSWORD, Role.TRAINER, ["制度"], "谭老师")
    accounts.people.add("qin", _PASSWORD, Role.TRAINER, ["制度"], "秦老师")
    accounts.people.add("blind", _PASSWORD, Role.TRAINER, [], "没有文库")
    accounts.people.add("du", _PASSWORD, Role.READER, ["制度"])
    accounts.close()
    running = start_server(home)
    yield running
    running.stop()


def logged_in(browser: Browser, server: Server, name: str, path: str, width: int = 1280) -> Page:
    """A browser of its own that has logged in as ``name`` and opened ``path``."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(server.url + path)
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", _PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{server.url}{path}")
    return page


def draft(page: Page) -> None:
    """Fill in the form and wait for the session."""
    page.fill("[name=topic]", "双报到")
    page.fill("[name=minutes]", "60")
    page.select_option("[name=audience]", "新入职人员")
    page.get_by_role("button", name="生成初稿").click()
    page.wait_for_selector("[data-session]", timeout=_SLOW)


def test_from_a_topic_to_a_shared_hand_out(
    browser: Browser, school: Server, tmp_path: Path
) -> None:
    page = logged_in(browser, school, "tan", "/study")
    page.wait_for_selector(".ls-new")

    page.fill("[name=topic]", "双报到")
    page.fill("[name=minutes]", "600")
    page.get_by_role("button", name="生成初稿").click()
    expect(page.locator(".ls-new [data-error]")).to_contain_text("最长 480 分钟")
    draft(page)
    expect(page).to_have_url(re.compile(r"/study\?s=[\w-]+$"))

    # the minutes: one is changed, the rest follows, the sum stays
    minutes = page.locator("[name^=m-]")
    first = int(minutes.first.input_value()) + 2
    minutes.first.fill(str(first))
    page.get_by_role("button", name="按新的分钟数调整").click()
    expect(page.get_by_text("有未保存的修改")).to_be_visible()
    values = [int(one.input_value()) for one in minutes.all()]
    assert values[0] == first and sum(values) == int(page.input_value("[name=total]"))

    # another question, own words
    stem = page.locator("article[id^=i-q] h4, section:has-text('互动测验') article h4").last
    told = stem.inner_text()
    stem.locator("..").get_by_role("button", name=re.compile("^换一题")).click()
    expect(page.get_by_text(told, exact=True)).to_have_count(0, timeout=_SLOW)
    page.fill("[name=text]", "先讲讲我们处的情况")
    page.get_by_role("button", name="加上", exact=True).click()
    expect(page.locator("li", has_text="先讲讲我们处的情况").locator(".ls-mine")).to_be_visible()

    page.get_by_role("button", name="保存为新版本").click()
    expect(page.get_by_text("已保存为第 2 版", exact=True)).to_be_visible()

    page.get_by_text("下载讲义").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="主持人手册（Word）").click()
    assert waiting.value.suggested_filename == "双报到-主持人手册.docx"
    path = tmp_path / "手册.docx"
    waiting.value.save_as(path)
    assert "先讲讲我们处的情况" in zipfile.ZipFile(path).read("word/document.xml").decode()

    # it is still there after a reload, also in the list, and for a colleague
    address = page.url.removeprefix(school.url)
    page.reload()
    expect(page.locator(".ls-mine").first).to_be_visible()
    page.get_by_role("link", name="全部备课").click()
    expect(page.locator("#ls-list")).to_contain_text("第 2 版")
    colleague = logged_in(browser, school, "qin", address)
    expect(colleague.get_by_text("这是同事分享的备课")).to_be_visible()
    expect(colleague.get_by_role("button", name=re.compile("^换一题"))).to_have_count(0)
    colleague.get_by_role("button", name="复制一份到我的备课").click()
    expect(colleague.get_by_role("button", name="保存为新版本")).to_be_visible()
    stranger = logged_in(browser, school, "blind", address)
    expect(stranger.get_by_role("alert")).to_contain_text("不能查看的文库")
    for one in (page, colleague, stranger):
        one.context.close()


def test_a_quiz_with_a_phone(browser: Browser, school: Server) -> None:
    page = logged_in(browser, school, "tan", "/study")
    draft(page)
    page.get_by_role("button", name="开始现场测验").click()
    code = page.locator(".ls-code").inner_text()
    phone = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    phone.goto(f"{school.url}/room/")
    phone.fill("#code", code)
    phone.get_by_role("button", name="进入").click()
    phone.get_by_role("button", name="加入").click()
    expect(phone.get_by_text("请等主持人开始")).to_be_visible()
    expect(page.locator("#ls-count")).to_contain_text("1 人加入")
    page.get_by_role("button", name="开始第 1 题").click()
    phone.locator(".choices button").first.click()
    sure = phone.get_by_role("button", name="提交这几项")
    if sure.count():
        sure.click()
    expect(phone.get_by_text("已收到您的回答")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("已收到您的回答")).to_be_visible()
    expect(page.locator("#ls-count")).to_contain_text("已答 1")
    page.get_by_role("button", name="停止作答").click()
    expect(phone.get_by_text("已停止作答")).to_be_visible()
    page.get_by_role("button", name="公布答案").click()
    expect(phone.locator("button.right").first).to_be_visible()
    assert not findings(phone) and not findings(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="结束测验").click()
    expect(page.get_by_text("哪些条文容易错")).to_be_visible()
    expect(phone.get_by_text("测验结束")).to_be_visible()
    assert not findings(page)
    page.context.close()
    phone.context.close()


def test_the_page_is_for_trainers(browser: Browser, school: Server) -> None:
    page = logged_in(browser, school, "du", "/")
    page.wait_for_selector(".lm-welcome")
    assert page.get_by_role("link", name="备课").count() == 0
    reply = page.goto(f"{school.url}/study")
    assert reply is not None and reply.status == 403
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_read_on_any_screen(
    browser: Browser, school: Server, width: int, scheme: str
) -> None:
    page = logged_in(browser, school, "tan", "/study", width)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.reload()
    page.wait_for_selector(".ls-new")
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"study-form-{width}-{scheme}.png", full_page=True)
    draft(page)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not findings(page)
    page.screenshot(path=ARTEFACTS / f"study-{width}-{scheme}.png", full_page=True)
    page.context.close()
