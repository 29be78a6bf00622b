"""Conversations on the page, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import Server, ask, watched
from tests.ui.test_page import shot


@pytest.fixture
def narrow(browser: Browser, office: Server) -> Iterator[Page]:
    """The page at 390 px."""
    yield from watched(browser, office.url, 390)


def test_a_follow_up_is_answered_from_what_was_asked_before(page: Page) -> None:
    ask(page, "《机关纪委工作实施办法》第三条的内容")
    expect(page.locator(".lm-sentences")).to_contain_text("每半年")
    ask(page, "那第四条呢？")
    expect(page.locator(".lm-sentences")).to_contain_text("任期届满前调整")
    expect(page.locator(".lm-answer .lm-note").first).to_contain_text("按“")
    expect(page.locator(".lm-question")).to_have_text("那第四条呢？")
    earlier = page.locator(".lm-earlier-turn")
    expect(earlier).to_have_count(1)
    earlier.first.locator("summary").click()
    expect(earlier.first).to_contain_text("每半年")
    earlier.first.locator(".lm-chip").first.click()
    page.wait_for_timeout(200)
    assert "每半年" in "".join(page.locator(".lm-text mark").all_inner_texts())
    shot(page, "conversation-1280-light")


def test_a_new_conversation_takes_nothing_over(page: Page) -> None:
    ask(page, "《机关纪委工作实施办法》第三条的内容")
    page.click("#lm-new")
    expect(page.locator(".lm-welcome")).to_be_visible()
    expect(page.locator(".lm-earlier-turn")).to_have_count(0)
    ask(page, "那第四条呢？")
    expect(page.locator(".lm-answer")).not_to_contain_text("任期届满前调整")


def test_an_earlier_conversation_is_reopened_by_keyboard_and_goes_on(page: Page) -> None:
    ask(page, "“四型”机关是哪四型？")
    ask(page, "由谁负责？")
    page.click("#lm-new")
    expect(page.locator(".lm-welcome")).to_be_visible()
    page.reload()
    page.wait_for_selector(".lm-talks")
    summary = page.locator(".lm-talks > summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".lm-talk").first).to_be_focused()
    shot(page, "conversations-1280-light")
    page.keyboard.press("Enter")
    expect(page.locator(".lm-question")).to_have_text("由谁负责？")
    expect(page.locator(".lm-earlier-turn summary")).to_have_text("“四型”机关是哪四型？")
    ask(page, "“四型”机关是哪四型？")
    expect(page.locator(".lm-earlier-turn")).to_have_count(2)


def test_another_browser_sees_no_conversation_of_this_one(
    page: Page, browser: Browser, office: Server
) -> None:
    ask(page, "“四型”机关是哪四型？")
    expect(page.locator(".lm-talks")).to_be_visible()
    for other in watched(browser, office.url, 1280):
        other.wait_for_timeout(500)
        expect(other.locator(".lm-talks")).to_have_count(0)


def test_at_390_px_nothing_reaches_over_the_side(narrow: Page) -> None:
    ask(narrow, "《机关纪委工作实施办法》第三条的内容")
    ask(narrow, "那第四条呢？")
    narrow.locator(".lm-talks > summary").click()
    narrow.locator(".lm-talk").first.scroll_into_view_if_needed()
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
    expect(narrow.locator("#lm-new")).to_be_visible()
    shot(narrow, "conversation-390-light")
    narrow.evaluate("scrollTo(0, 0)")
    shot(narrow, "conversation-390-top")
