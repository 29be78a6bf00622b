"""The library page in a real browser: browse, narrow, find, open at a place, download."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import Server, ask, ingest, start_server, watched
from tests.ui.test_page import shot
from tests.ui.test_versions_page import NEW, OLD

_ROWS = ".lm-row-title"


@pytest.fixture
def library(browser: Browser, office: Server) -> Iterator[Page]:
    """The library page at 1280 px."""
    yield from watched(browser, office.url, 1280, path="/library", ready=".lm-rows")


def document_named(server: Server, title: str) -> str:
    """The id of the one document with this in its title."""
    reply = httpx.get(f"{server.url}/api/v1/documents", trust_env=False, timeout=60).json()
    [found] = [d["document_id"] for d in reply["documents"] if title in d["title"]]
    return str(found)


def test_every_document_is_listed_and_the_counts_agree(library: Page) -> None:
    expect(library.locator(_ROWS)).to_have_count(5)
    expect(library.locator(".lm-count")).to_contain_text("5 份文件")
    counts = library.locator(".lm-facets fieldset").first.locator("small").all_inner_texts()
    assert sum(int(one) for one in counts) == 5
    shot(library, "library-1280-light")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, office: Server) -> Iterator[Server]:
    """A server with two collections, and a rule in two versions that names another rule."""
    folder = tmp_path_factory.mktemp("two")
    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    (folder / "旧.md").write_text(OLD, encoding="utf-8")
    (folder / "新.md").write_text(NEW + "\n第四条 经费依照《差旅费管理办法》执行。\n", "utf-8")
    (folder / "差旅.md").write_text("# 差旅费管理办法\n\n第一条 住宿费限额另定。\n", "utf-8")
    (folder / "提纲.md").write_text("# 学习提纲\n\n## 一、要点\n\n重温入党誓词。\n", "utf-8")
    ingest(home, [folder / "旧.md", folder / "新.md", folder / "差旅.md"], "制度")
    ingest(home, [folder / "提纲.md"], "学习")
    running = start_server(home)
    yield running
    running.stop()


def test_narrowed_the_address_says_so_and_back_undoes_it(two: Server, browser: Browser) -> None:
    for page in watched(browser, two.url, 1280, path="/library", ready=".lm-rows"):
        page.locator(".lm-facets label", has_text="制度").first.locator("input").check()
        page.wait_for_url("**collection=*")
        expect(page.locator(_ROWS)).to_have_count(3)
        expect(page.locator(".lm-facets label", has_text="学习").first).to_contain_text("1")
        page.reload()
        page.wait_for_selector(".lm-rows")
        expect(page.locator(_ROWS)).to_have_count(3)
        page.locator(".lm-facets label", has_text="已被修订").locator("input").check()
        expect(page.locator(_ROWS)).to_have_text(["公务接待管理办法（2015年修订）"])
        page.locator("[data-clear]").first.click()
        expect(page.locator(_ROWS)).to_have_count(4)
        page.go_back()
        expect(page.locator(_ROWS)).to_have_count(1)


def test_versions_and_the_rules_that_it_names_are_one_click_away(
    two: Server, browser: Browser
) -> None:
    for page in watched(browser, two.url, 1280, path="/library", ready=".lm-rows"):
        page.locator(_ROWS, has_text="2021").click()
        expect(page.locator(".lm-facts-more")).to_contain_text("现行")
        expect(page.locator(".lm-neighbours a")).to_have_text("差旅费管理办法")
        shot(page, "document-versions-1280-light")
        with page.expect_popup() as opened:
            page.locator(".lm-diff").click()
        expect(opened.value.locator(".pair ins").first).to_contain_text("三")
        opened.value.close()
        page.locator(".lm-versions a", has_text="2015").click()
        expect(page.locator(".lm-source-title")).to_contain_text("2015")
        expect(page.locator(".lm-source-title .lm-badge")).to_have_text("已被修订")
        page.go_back()
        page.locator(".lm-neighbours a").click()
        expect(page.locator(".lm-source-title")).to_contain_text("差旅费管理办法")


def test_a_clause_and_a_heading_have_addresses(two: Server, browser: Browser) -> None:
    path = f"/doc/{document_named(two, '2021')}#{quote('第二条第一款')}"
    for page in watched(browser, two.url, 1280, path=path, ready=".lm-text mark"):
        assert "三分之一" in "".join(page.locator(".lm-text mark").all_inner_texts())
    path = f"/doc/{document_named(two, '学习提纲')}#{quote('要点')}"
    for page in watched(browser, two.url, 1280, path=path, ready=".lm-full"):
        expect(page.locator(".lm-text")).to_contain_text("重温入党誓词")
        expect(page.locator(".lm-missing")).to_have_count(0)


def test_found_by_title_while_typing_and_the_field_keeps_the_cursor(library: Page) -> None:
    library.locator("#lm-find-words").press_sequentially("档案柜", delay=30)
    expect(library.locator(_ROWS)).to_have_count(1)
    expect(library.locator("#lm-find-words")).to_be_focused()
    library.keyboard.type("没有的")
    expect(library.locator(".lm-nothing")).to_contain_text("没有符合条件的文件")
    library.locator(".lm-nothing [data-clear]").click()
    expect(library.locator(_ROWS)).to_have_count(5)


def test_found_by_its_text_it_opens_at_the_passage(library: Page) -> None:
    library.fill("#lm-find-words", "两小时内完成集结")
    library.locator(".lm-ways input[value=text]").check()
    expect(library.locator(".lm-row-found mark").first).to_have_text("两小时内完成集结")
    shot(library, "library-search-1280-light")
    library.locator(_ROWS).first.click()
    expect(library.locator(".lm-source-title")).to_contain_text("平急转换工作规程")
    library.locator(".lm-switch [data-view=text]").click()
    expect(library.locator(".lm-text mark").first).to_be_visible()
    assert "两小时内完成集结" in "".join(library.locator(".lm-text mark").all_inner_texts())
    library.locator("[data-back]").click()
    expect(library.locator(".lm-row-found mark").first).to_be_visible()


@pytest.mark.parametrize("written", ["第四百三十二条", "第432条"])
def test_an_address_opens_a_long_rule_at_its_article(
    browser: Browser, office: Server, written: str
) -> None:
    path = f"/doc/{document_named(office, '档案柜')}#{quote(written)}"
    for page in watched(browser, office.url, 1280, path=path, ready=".lm-text mark"):
        assert "第432号档案柜" in "".join(page.locator(".lm-text mark").all_inner_texts())
        expect(page.locator(".lm-text mark").first).to_be_in_viewport()
        assert unquote(page.url).endswith(written)
        shot(page, "document-1280-light")
        page.locator(".lm-outline .lm-toc", has_text="第三条").first.click()
        first = page.locator(".lm-line", has_text="第3号档案柜")
        expect(first).to_be_in_viewport()
        first.locator(".lm-label a").click()
        expect(page.locator(".lm-text mark").first).to_contain_text("第三条")
        assert unquote(page.url).endswith("#第三条")


def test_an_article_that_is_not_there_is_one_clear_line(browser: Browser, office: Server) -> None:
    path = f"/doc/{document_named(office, '档案柜')}#{quote('第九百条')}"
    for page in watched(browser, office.url, 1280, path=path, ready=".lm-full"):
        expect(page.locator(".lm-missing")).to_contain_text("共 600 条，没有第九百条")
        expect(page.locator(".lm-text")).to_contain_text("第1号档案柜")


def test_a_document_that_is_not_there_leads_back(browser: Browser, office: Server) -> None:
    page = browser.new_page()
    page.goto(f"{office.url}/doc/none")
    expect(page.locator("#lm-stage .lm-error")).to_contain_text("没有“none”这份文件")
    page.locator(".lm-back-line").click()
    expect(page.locator(_ROWS)).to_have_count(5)
    page.close()


def test_the_original_is_downloaded_byte_for_byte_under_its_title(
    library: Page, office: Server
) -> None:
    library.locator(_ROWS, has_text="平急转换").click()
    with library.expect_download() as waiting:
        library.locator("text=下载原件").click()
    assert waiting.value.suggested_filename == "平急转换工作规程（示例）.pdf"
    assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF")


def test_a_hostile_title_is_text_and_its_download_has_a_harmless_name(
    library: Page, office: Server
) -> None:
    library.locator(_ROWS, has_text="保密检查通报").click()
    expect(library.locator(".lm-source-title")).to_contain_text("<img src=x")
    library.wait_for_timeout(300)
    assert library.evaluate("window.__xss") is None
    identity = document_named(office, "保密检查通报")
    reply = httpx.get(f"{office.url}/api/v1/documents/{identity}/original", trust_env=False)
    name = unquote(reply.headers["content-disposition"].split("UTF-8''")[1])
    assert reply.status_code == 200 and reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-disposition"].startswith("attachment;")
    assert name.endswith(".html") and not set(name) & set('<>/\\:"')


def test_a_file_that_has_changed_is_not_handed_out(office: Server, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    note = tmp_path / "值班.txt"
    note.write_text("值班制度（示例）\n第一条 值班电话由带班领导接听。\n", "utf-8")
    ingest(home, [note], "值班")
    server = start_server(home)
    try:
        identity = document_named(server, "值班制度")
        address = f"{server.url}/api/v1/documents/{identity}/original"
        before = httpx.get(address, trust_env=False, timeout=60)
        assert before.status_code == 200 and before.content == note.read_bytes()
        note.write_bytes(note.read_bytes().replace("带班".encode(), "值守".encode()))
        after = httpx.get(address, trust_env=False, timeout=60)
        assert after.status_code == 404 and "已移动或改动" in after.json()["detail"]
    finally:
        server.stop()


def test_a_document_leads_to_a_question_about_it(library: Page) -> None:
    library.locator(_ROWS, has_text="四型").click()
    library.locator("text=就这份文件提问").click()
    expect(library.locator("#lm-question textarea")).to_have_value(
        "《“四型”机关建设工作要点（示例）》"
    )
    library.keyboard.type("中，谁是第一责任人？")
    library.keyboard.press("Enter")
    expect(library.locator(".lm-sentences")).to_contain_text("党支部书记")


def test_at_390_px_nothing_reaches_over_the_side(browser: Browser, office: Server) -> None:
    for page in watched(browser, office.url, 390, "dark", "/library", ".lm-rows"):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.locator(".lm-facets [name=kind]").first).to_be_hidden()
        page.locator(".lm-facets > summary").click()
        page.locator(".lm-facets [name=kind]").first.check()
        page.wait_for_url("**kind=*")
        expect(page.locator(".lm-facets [name=kind]").first).to_be_visible()
        shot(page, "library-390-dark")
        page.locator(_ROWS).first.click()
        expect(page.locator(".lm-source-title")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        shot(page, "document-390-dark")


def test_the_page_reached_from_an_answer(browser: Browser, office: Server) -> None:
    """The navigation bar: from an answer to the library and back."""
    for page in watched(browser, office.url, 1280):
        ask(page, "“四型”机关是哪四型？")
        page.locator(".lm-nav a", has_text="文库").click()
        expect(page.locator(_ROWS)).to_have_count(5)
        expect(page.locator(".lm-nav [aria-current]")).to_have_text("文库")
