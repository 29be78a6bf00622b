"""A server that is restarted while its pages are open, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import Server, start_server
from tests.ui.test_page import shot

_QUESTION = "台风预警发布后多久集结"
#: The line says so, or Gradio has loaded the page anew, which has no line.
_BACK = """() => {
  const line = document.querySelector("#lm-connection");
  return document.querySelector("#lm-answer .lm-welcome")
    && (!line || line.textContent.includes("已重新连上"));
}"""


class Restartable:
    """A server on a home of its own, which comes back where it was, and a page."""

    def __init__(self, home: Path, page: Page) -> None:
        self._home = home
        self.page = page
        self.server = start_server(home)

    def start(self) -> None:
        """Start it again on the same port."""
        self.server = start_server(self._home, urlsplit(self.server.url).port or 0)


@pytest.fixture
def away(browser: Browser, office: Server, tmp_path: Path) -> Iterator[Restartable]:
    home = Path(shutil.copytree(office.home, tmp_path / "home", symlinks=True))
    made = Restartable(home, browser.new_page())
    yield made
    made.page.close()
    made.server.stop()


def test_pages_say_that_the_server_is_away_and_go_on_when_it_is_back(away: Restartable) -> None:
    page = away.page
    line = page.locator("#lm-connection")
    page.goto(away.server.url)
    field = page.locator("#lm-question textarea")
    field.fill(_QUESTION)
    expect(line).to_have_count(0)
    away.server.stop()
    page.evaluate("window.luming.look()")  # without waiting for the next look
    expect(line).to_contain_text("连接断了", timeout=60_000)
    shot(page, "connection-lost-1280-light")
    away.start()
    page.wait_for_function(_BACK, timeout=60_000)
    expect(field).to_have_value(_QUESTION)
    page.click("#lm-ask")
    expect(page.locator("#lm-answer .lm-answer")).to_contain_text("两小时内", timeout=60_000)
    expect(line).to_be_hidden(timeout=30_000)


def test_a_question_asked_while_the_server_is_away_is_not_lost(away: Restartable) -> None:
    page = away.page
    field = page.locator("#lm-question textarea")
    loads: list[str] = []
    page.goto(away.server.url)
    page.wait_for_selector("#lm-answer .lm-welcome")
    field.fill(_QUESTION)
    page.on("load", lambda _: loads.append(page.url))
    away.server.stop()
    page.click("#lm-ask")
    page.wait_for_timeout(3_000)
    away.start()
    page.wait_for_timeout(8_000)  # the page may load itself anew
    page.wait_for_selector("#lm-answer :is(.lm-welcome, .lm-answer, .lm-error)")
    expect(field).to_have_value(_QUESTION)
    page.reload()
    page.wait_for_selector("#lm-answer .lm-welcome")
    expect(field).to_have_value(_QUESTION)
    page.click("#lm-ask")
    expect(page.locator("#lm-answer .lm-answer")).to_contain_text("两小时内", timeout=60_000)
    page.goto(away.server.url)
    page.reload()
    page.wait_for_selector("#lm-answer .lm-welcome")
    expect(field).to_have_value("")
    assert loads
