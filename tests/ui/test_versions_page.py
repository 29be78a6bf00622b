"""The source pane of a rule in two versions: which there are, and what changed between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.ui.conftest import ARTEFACTS, Server, ingest, start_server, watched

OLD = """# 公务接待管理办法（2015年修订）

2015年1月5日印发

第一条 为了规范公务接待，制定本办法。

第二条 陪餐人数不得超过来访人数的二分之一。

第三条 本办法自2015年2月1日起施行。
"""
NEW = OLD.replace("2015", "2021").replace("二分之一", "三分之一")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("versions")
    (folder / "旧.md").write_text(OLD, encoding="utf-8")
    (folder / "新<b>.md").write_text(NEW, encoding="utf-8")
    home: Path = folder / "home"
    ingest(home, [folder / "旧.md", folder / "新<b>.md"], "制度")
    running = start_server(home)
    yield running
    running.stop()


def test_versions_are_listed_and_compared(server: Server, browser: Browser) -> None:
    for page in watched(browser, server.url, 1280):
        page.goto(server.url)
        page.locator("[data-source]", has_text="2021").first.click()
        versions = page.locator(".lm-versions li")
        versions.first.wait_for()
        assert versions.count() == 2
        assert "已被修订" in versions.nth(0).inner_text()
        assert "正在看" in versions.nth(1).inner_text()
        address = versions.nth(0).locator("a").get_attribute("href")
        assert address is not None
        reply = httpx.get(server.url + address, trust_env=False, timeout=60)
        assert "<del>二</del>" in reply.text or "<del>二分之一</del>" in reply.text
        versions.nth(0).locator("button").click()
        page.locator(".lm-source-title", has_text="2015").wait_for()


def test_the_list_of_passages_found_has_badges_versions_and_reasons(
    server: Server, browser: Browser
) -> None:
    for page in watched(browser, server.url, 1280):
        page.goto(server.url)
        page.locator("#lm-question textarea").fill("陪餐人数有什么限制")
        page.keyboard.press("Enter")
        page.locator(".lm-results > summary").click()
        hit = page.locator(".lm-hit").first
        hit.wait_for()
        assert "现行" in hit.inner_text() and "陪餐人数" in hit.inner_text()
        assert "陪餐" in "".join(hit.locator("mark").all_inner_texts())
        hit.locator("summary", has_text="其他版本").click()
        assert "已被修订" in hit.locator(".lm-hit-versions").inner_text()
        assert "/diff/" in str(hit.locator("a", has_text="新旧对照").get_attribute("href"))
        hit.locator("summary", has_text="为什么排在这里").click()
        assert "命中的词：" in hit.inner_text()
        hit.locator(".lm-citation").click()
        page.locator(".lm-source-title", has_text="2021").wait_for()
        page.screenshot(path=ARTEFACTS / "results-1280-light.png")


def test_a_day_brings_the_rule_of_that_day(server: Server, browser: Browser) -> None:
    for page in watched(browser, server.url, 1280):
        page.goto(server.url)
        page.locator("#lm-day :is(input, textarea)").fill("2018-05-01")
        page.locator("#lm-question textarea").fill("陪餐人数不得超过来访人数的多少")
        page.keyboard.press("Enter")
        page.locator("[data-abstained=false]").wait_for()
        assert "二分之一" in page.locator(".lm-sentences").inner_text()
        page.locator("#lm-day :is(input, textarea)").fill("去年")
        page.locator("#lm-question textarea").press("Enter")
        page.locator(".lm-error", has_text="不是日期").wait_for()


def test_an_unknown_version_is_one_clear_line(server: Server) -> None:
    reply = httpx.get(f"{server.url}/diff/nothing/nothing", trust_env=False, timeout=60)
    assert reply.status_code == 404
    assert "没有“nothing”这份文件" in reply.json()["detail"]
