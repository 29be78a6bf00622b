"""The page of questions in a real browser: addresses, previews, copying, files, conversations."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import Server, ask, ingest, start_server, watched
from tests.ui.test_page import shot
from ui.access.model import AT_THE_MACHINE, Principal
from ui.downloads import DownloadGone, Downloads

_FOUR = "“四型”机关是哪四型？"
_SHARED = f"/ask?q={quote(_FOUR)}"


def opened_menu(page: Page) -> None:
    page.locator(".lm-talks > summary").click()
    page.locator(".lm-deeds > summary").first.click()


def test_a_question_in_the_address_is_asked_at_once_and_a_reload_does_not_ask_again(
    browser: Browser, office: Server
) -> None:
    for page in watched(browser, office.url, 1280, path=_SHARED, ready=".lm-answer[data-answer]"):
        expect(page.locator(".lm-sentences")).to_contain_text("政治机关")
        page.wait_for_url("**talk=*")
        address = page.url
        page.reload()
        page.wait_for_selector(".lm-answer[data-answer]")
        page.wait_for_selector(".lm-talk", state="attached")
        expect(page.locator(".lm-earlier-turn")).to_have_count(0)
        expect(page.locator(".lm-talk")).to_have_count(1)
    path = address.removeprefix(office.url)
    for other in watched(browser, office.url, 1280, path=path, ready=".lm-answer[data-answer]"):
        expect(other.locator(".lm-sentences")).to_contain_text("政治机关")
        other.wait_for_function("before => !location.href.endsWith(before)", arg=address[-8:])
        assert "talk=" in other.url


def test_another_persons_conversation_is_not_opened(browser: Browser, office: Server) -> None:
    for page in watched(browser, office.url, 1280, path=_SHARED, ready=".lm-answer[data-answer]"):
        page.wait_for_url("**talk=*")
        talk = page.url.rpartition("talk=")[2]
    path = f"/?talk={talk}"
    for other in watched(browser, office.url, 1280, path=path, ready=".lm-error"):
        expect(other.locator(".lm-error")).to_contain_text("这段对话打不开")
        expect(other.locator(".lm-answer")).to_have_count(0)


def test_a_number_shows_what_it_stands_for_by_pointer_and_by_keyboard(page: Page) -> None:
    ask(page, _FOUR)
    chip = page.locator(".lm-sentences .lm-chip").first
    preview = page.locator("#lm-preview")
    chip.hover()
    expect(preview).to_be_visible()
    expect(preview).to_contain_text("“四型”机关建设工作要点")
    expect(preview).to_contain_text("政治机关")
    shot(page, "preview-1280-light")
    page.mouse.move(5, 5)
    expect(preview).to_be_hidden()
    page.locator("#lm-ask").focus()
    page.keyboard.press("Tab")
    expect(chip).to_be_focused()
    expect(preview).to_be_visible()
    expect(chip).to_have_attribute("aria-describedby", "lm-preview")
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()


def test_copied_with_citations_as_text_and_as_html(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, _FOUR)
    page.click("[data-copy-answer]")
    expect(page.locator("#lm-toast")).to_contain_text("已复制")
    text, html = page.evaluate(
        """async () => { const [one] = await navigator.clipboard.read();
        const read = async kind => (await one.getType(kind)).text();
        return [await read('text/plain'), await read('text/html')]; }"""
    )
    assert text.startswith(_FOUR) and "政治机关" in text and "[1]" in text
    assert re.search(r"出处：\n\[1\] 《“四型”机关建设工作要点（示例）》", text)
    assert "<sup>[1]</sup>" in html and "lm-" not in html
    page.click(".lm-answer [data-copy-link]")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"/ask?q={quote(_FOUR)}")


def test_copied_where_the_browser_has_no_clipboard_api(browser: Browser, office: Server) -> None:
    """Over plain http to another machine it has none."""
    page = browser.new_page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(office.url)
    page.wait_for_selector(".lm-welcome")
    ask(page, _FOUR)
    page.click("[data-copy-answer]")
    expect(page.locator("#lm-toast")).to_contain_text("已复制")
    page.fill("#lm-question textarea", "")
    page.focus("#lm-question textarea")
    page.keyboard.press("Control+V")
    assert "出处：" in page.input_value("#lm-question textarea")
    page.close()


def test_the_answer_as_a_word_file_with_its_sources(page: Page) -> None:
    ask(page, _FOUR)
    with page.expect_download() as waiting:
        page.click("text=下载 Word")
    assert waiting.value.suggested_filename == "“四型”机关是哪四型？.docx"
    document = Document(str(waiting.value.path()))
    lines = [one.text for one in document.paragraphs]
    assert lines[0] == _FOUR and any("政治机关" in one and "[1]" in one for one in lines)
    assert any(one.startswith("[1] 《“四型”机关建设工作要点（示例）》") for one in lines)


def test_a_download_is_its_owners_only(office: Server) -> None:
    downloads = Downloads()
    address = downloads.offer(AT_THE_MACHINE, "答.docx", lambda _: b"x")
    token = address.rpartition("/")[2]
    assert downloads.find(AT_THE_MACHINE, token).name == "答.docx"
    with pytest.raises(DownloadGone):
        downloads.find(Principal(name="王"), token)
    reply = httpx.get(f"{office.url}/download/none", trust_env=False)
    assert reply.status_code == 404 and "已失效" in reply.json()["detail"]


def test_a_conversation_is_renamed_saved_and_deleted(page: Page) -> None:
    ask(page, _FOUR)
    ask(page, "由谁负责？")
    opened_menu(page)
    page.click("[data-deed=rename]")
    page.keyboard.type("四型机关怎么建")
    page.keyboard.press("Enter")
    expect(page.locator(".lm-talk span").first).to_have_text("四型机关怎么建")
    page.reload()
    page.wait_for_selector(".lm-answer[data-answer]")
    page.wait_for_selector(".lm-talks")
    expect(page.locator(".lm-talk span").first).to_have_text("四型机关怎么建")
    opened_menu(page)
    shot(page, "conversation-menu-1280-light")
    with page.expect_download() as waiting:
        page.click("[data-deed=save-docx]")
    assert waiting.value.suggested_filename == "四型机关怎么建.docx"
    saved = Document(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    text = "\n".join(one.text for one in saved.paragraphs)
    assert "四型机关怎么建" in text and _FOUR in text and "由谁负责" in text
    page.locator(".lm-deeds > summary").first.click()
    with page.expect_download() as waiting:
        page.click("[data-deed=save-md]")
    assert Path(waiting.value.path()).read_text("utf-8").startswith("# 四型机关怎么建")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".lm-deeds > summary").first.click()
    page.click("[data-deed=forget]")
    expect(page.locator(".lm-talk")).to_have_count(0)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory, office: Server) -> Iterator[Server]:
    """A server with three collections that say different things on one point."""
    folder = tmp_path_factory.mktemp("three")
    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    for name, days in (("财务", "十五"), ("人事", "三十"), ("后勤", "六十")):
        path = folder / f"{name}.txt"
        path.write_text(f"{name}报销规定（示例）\n第一条 {name}费用在{days}日内报销。\n", "utf-8")
        ingest(home, [path], name)
    running = start_server(home)
    yield running
    running.stop()


def test_several_collections_are_chosen_and_remembered(three: Server, browser: Browser) -> None:
    for page in watched(browser, three.url, 1280):
        expect(page.locator("#lm-scope-button")).to_have_text("全部文库")
        page.click("#lm-scope-button")
        page.locator("#lm-scope label", has_text="人事").click()
        expect(page.locator("#lm-scope-button")).to_have_text("人事")
        page.locator("#lm-scope label", has_text="后勤").click()
        expect(page.locator("#lm-scope-button")).to_have_text("2 个文库")
        shot(page, "collections-1280-light")
        page.keyboard.press("Escape")
        expect(page.locator("#lm-scope")).to_be_hidden()
        ask(page, "费用在多少日内报销？")
        cited = "".join(page.locator(".lm-citation-title").all_inner_texts())
        assert "财务" not in cited and ("人事" in cited or "后勤" in cited)
        page.goto(three.url)
        page.wait_for_selector(".lm-welcome")
        expect(page.locator("#lm-scope-button")).to_have_text("2 个文库")
        path = f"/ask?q={quote('费用在多少日内报销？')}&collection={quote('财务')}"
        page.goto(three.url + path)
        page.wait_for_selector(".lm-answer[data-answer]")
        expect(page.locator(".lm-sentences")).to_contain_text("十五")
        expect(page.locator("#lm-scope-button")).to_have_text("财务")


def test_the_source_pane_leads_to_the_whole_document_at_the_place(page: Page) -> None:
    ask(page, "第432号档案柜存放哪类材料？")
    page.locator(".lm-source-links a").click()
    page.wait_for_selector(".lm-full .lm-text mark")
    assert "432" in "".join(page.locator(".lm-text mark").all_inner_texts())
    expect(page.locator(".lm-text mark").first).to_be_in_viewport()
