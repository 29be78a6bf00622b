"""Every page by axe-core, at both widths and in both themes; and by the keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import Server, ask, watched
from ui.pages.site import pages

_GRAVE = ("serious", "critical")
_LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


def findings(page: Page) -> list[str]:
    """Serious and critical findings, each with the element that it is about."""
    page.wait_for_timeout(300)  # colours move for a moment after a change
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}（{one['impact']}）：{node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for one in found
        if one["impact"] in _GRAVE
        for node in one["nodes"][:4]
    ]


def unfold(page: Page) -> None:
    """Open whatever is folded, so that it is looked at too."""
    page.evaluate(
        "document.querySelectorAll('#lm-main details').forEach(one => { one.open = true; })"
    )
    page.wait_for_timeout(400)


@pytest.mark.parametrize(("width", "scheme"), _LOOKS)
@pytest.mark.parametrize("path", [page.path for page in pages()])
def test_every_page_as_it_is_opened(
    browser: Browser, office: Server, path: str, width: int, scheme: str
) -> None:
    for page in watched(browser, office.url, width, scheme, f"/{path}", "#lm-main"):
        page.wait_for_timeout(1_500)
        unfold(page)
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        expect(page.locator("h1")).to_have_count(1)
        assert page.evaluate("document.documentElement.lang") == "zh-CN"


@pytest.mark.parametrize(("width", "scheme"), _LOOKS)
def test_an_answer_with_everything_unfolded(
    browser: Browser, office: Server, width: int, scheme: str
) -> None:
    for page in watched(browser, office.url, width, scheme):
        ask(page, "“四型”机关是哪四型？")
        ask(page, "台风预警发布后党员突击队应当多长时间内完成集结？")
        page.locator(".lm-box").first.wait_for()
        page.locator(".lm-results > summary").click()
        page.locator(".lm-hits").wait_for()
        unfold(page)
        assert findings(page) == []
        page.locator(".lm-switch [data-view=text]").click()
        ask(page, "机关食堂红烧肉怎么做才好吃？")
        page.locator("[data-verdict=wrong]").click()
        unfold(page)
        assert findings(page) == []


@pytest.mark.parametrize(("width", "scheme"), _LOOKS)
def test_a_document_and_a_search(browser: Browser, office: Server, width: int, scheme: str) -> None:
    for page in watched(
        browser, office.url, width, scheme, "/library?q=集结&in=text", ".lm-row-found"
    ):
        unfold(page)
        assert findings(page) == []
        page.locator(".lm-row-title").first.click()
        page.locator(".lm-full").wait_for()
        page.locator(".lm-switch [data-view=text]").click()
        unfold(page)
        assert findings(page) == []
        page.goto(f"{office.url}/library?q=没有这样的文件")
        page.locator(".lm-nothing").wait_for()
        assert findings(page) == []


def test_the_first_tab_leads_past_the_navigation(browser: Browser, office: Server) -> None:
    for page in watched(browser, office.url, 1280, path="/library", ready=".lm-rows"):
        page.keyboard.press("Tab")
        expect(page.locator(".lm-skip")).to_be_focused()
        page.wait_for_timeout(200)
        expect(page.locator(".lm-skip")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(page.locator("#lm-main")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("#lm-find-words")).to_be_focused()


def test_by_keyboard_from_the_question_to_the_source(page: Page) -> None:
    expect(page.locator("#lm-question textarea")).to_be_focused()
    page.keyboard.type("“四型”机关是哪四型？")
    page.keyboard.press("Enter")
    page.wait_for_selector(".lm-answer[data-answer]")
    expect(page.locator("#lm-live")).to_contain_text("回答完成")
    page.locator(".lm-sentences .lm-chip").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lm-source-title")).to_be_focused()
    outline = page.evaluate(
        "(() => { const one = document.querySelector('.lm-action'); one.focus();"
        " return getComputedStyle(one).outlineStyle; })()"
    )
    assert outline != "none"
