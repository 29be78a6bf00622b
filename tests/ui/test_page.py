"""The page in a real browser, on a server that is a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import ARTEFACTS, Server, ask, ingest, start_server, watched


def shot(page: Page, name: str) -> None:
    """Keep a picture for a person to look at."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTEFACTS / f"{name}.png"))


def visible_in_pane(page: Page, selector: str) -> bool:
    """Whether the element is inside both its scrolling pane and the window."""
    return bool(
        page.eval_on_selector(
            selector,
            """element => {
              const box = element.getBoundingClientRect();
              const pane = element.closest('.lm-view').getBoundingClientRect();
              return box.height > 0 && box.top >= pane.top - 1 && box.top < pane.bottom
                && box.top >= 0 && box.top < innerHeight; }""",
        )
    )


def test_enter_asks_and_the_answer_names_its_source(page: Page) -> None:
    ask(page, "机关纪委多久向上级报告一次工作？")
    expect(page.locator(".lm-sentences")).to_contain_text("每半年")
    first = page.locator(".lm-citation").first
    expect(first).to_contain_text("机关纪委工作实施办法（示例）")
    expect(first).to_contain_text("第三条")
    assert page.locator(".lm-sentences .lm-chip").count() >= 1
    shot(page, "answer-1280-light")


def test_cited_words_are_marked_and_in_view(page: Page) -> None:
    ask(page, "机关纪委多久向上级报告一次工作？")
    expect(page.locator(".lm-source-title")).to_contain_text("机关纪委工作实施办法")
    marked = "".join(page.locator(".lm-text mark").all_inner_texts())
    assert "每半年至少向上级纪检监察机关报告一次工作" in marked
    page.wait_for_timeout(200)
    assert visible_in_pane(page, ".lm-text mark")


def test_deep_in_a_long_document_the_mark_is_in_view_and_the_outline_leads_on(page: Page) -> None:
    ask(page, "第432号档案柜存放哪类材料？")
    expect(page.locator(".lm-source-title")).to_contain_text("档案柜管理规定")
    assert "432" in "".join(page.locator(".lm-text mark").all_inner_texts())
    page.wait_for_timeout(200)
    assert visible_in_pane(page, ".lm-text mark")
    page.click(".lm-outline summary")
    page.click(".lm-toc >> text=/^第三条/")
    target = page.locator(".lm-line", has_text="第3号档案柜").first
    expect(target).to_be_in_viewport()
    shot(page, "outline-1280-light")


def test_another_citation_switches_the_source(page: Page) -> None:
    ask(page, "“四型”机关是哪四型？")
    expect(page.locator(".lm-source-title")).to_contain_text("“四型”机关建设工作要点")
    ask(page, "平时党员突击队每月开展几次便民服务？")
    page.locator(".lm-citation").first.click()
    expect(page.locator(".lm-source-title")).to_contain_text("平急转换工作规程")
    expect(page.locator(".lm-citation.lm-on")).to_have_count(1)


def test_pdf_shows_the_page_with_a_box_on_the_cited_lines(page: Page) -> None:
    ask(page, "台风预警发布后党员突击队应当多长时间内完成集结？")
    box = page.locator(".lm-box").first
    expect(box).to_be_visible()
    expect(page.locator(".lm-pager")).to_contain_text("第 2 / 2 页")
    page.wait_for_function("document.querySelector('.lm-sheet img').naturalWidth > 800")
    place = page.evaluate(
        """() => { const s = document.querySelector('.lm-sheet').getBoundingClientRect();
        const b = document.querySelector('.lm-box').getBoundingClientRect();
        return [(b.left - s.left) / s.width, (b.top - s.top) / s.height, b.width / s.width,
          b.height / s.height]; }"""
    )
    # Article 3 is the first line of page 2.
    assert 0.03 < place[0] < 0.35 and 0.02 < place[1] < 0.2
    assert 0.3 < place[2] < 0.95 and 0.005 < place[3] < 0.1
    dark = page.evaluate(
        """async () => { const i = document.querySelector('.lm-sheet img'); await i.decode();
        const c = document.createElement('canvas'); c.width = i.naturalWidth;
        c.height = i.naturalHeight; const g = c.getContext('2d'); g.drawImage(i, 0, 0);
        const s = document.querySelector('.lm-sheet').getBoundingClientRect();
        const b = document.querySelector('.lm-box').getBoundingClientRect();
        const f = c.width / s.width, d = g.getImageData((b.left - s.left) * f,
          (b.top - s.top) * f, b.width * f, b.height * f).data;
        let n = 0; for (let k = 0; k < d.length; k += 4) if (d[k] < 128) n++;
        return n / (d.length / 4); }"""
    )
    assert dark > 0.02, "框里没有字"
    shot(page, "pdf-1280-light")
    page.click("[role=tab][data-view=text]")
    assert "两小时内完成集结" in "".join(page.locator(".lm-text mark").all_inner_texts())
    assert visible_in_pane(page, ".lm-text mark")


def test_a_question_without_an_answer_shows_what_is_near(page: Page) -> None:
    ask(page, "机关食堂红烧肉怎么做才好吃？")
    expect(page.locator(".lm-refusal")).to_be_visible()
    expect(page.locator(".lm-answer")).to_contain_text("可能相关")
    page.locator(".lm-related .lm-citation").first.click()
    expect(page.locator(".lm-source-title")).to_be_visible()
    shot(page, "refusal-1280-light")


def test_hostile_question_and_document_run_nothing(page: Page) -> None:
    ask(
        page,
        "保密检查多久开展一次？<img src=x onerror=window.__xss=9><script>window.__xss=8</script>",
    )
    expect(page.locator(".lm-answer .lm-question")).to_contain_text("<img src=x")
    ask(page, "保密检查多久开展一次？")
    page.locator(".lm-citation", has_text="保密检查通报").first.click()
    expect(page.locator(".lm-source-title")).to_contain_text("<img src=x onerror=window.__xss=1>")
    expect(page.locator(".lm-text")).to_contain_text("<svg onload=window.__xss=3>")
    page.wait_for_timeout(300)
    assert page.evaluate("window.__xss") is None
    assert page.locator(".lm-source img:not(.lm-sheet img), .lm-text svg").count() == 0


def test_even_a_script_in_the_page_would_not_run(browser: Browser, office: Server) -> None:
    """The content policy itself: markup put in by hand runs no handler and loads nothing remote."""
    page = browser.new_page()
    page.goto(office.url)
    page.wait_for_selector(".lm-welcome")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend',"
        ' \'<img src=x onerror="window.__xss=1"><img src="https://example.org/a.png">\')'
    )
    page.wait_for_timeout(500)
    assert page.evaluate("window.__xss") is None
    page.close()


def test_empty_and_overlong_questions_get_a_line(page: Page) -> None:
    page.press("#lm-question textarea", "Enter")
    expect(page.locator(".lm-error")).to_contain_text("请先输入问题")
    page.fill("#lm-question textarea", "问" * 20_000)
    page.press("#lm-question textarea", "Enter")
    expect(page.locator(".lm-error")).not_to_contain_text("请先输入问题")
    expect(page.locator(".lm-error")).to_be_visible()
    assert "Traceback" not in page.inner_text("body")


def test_shift_enter_is_a_line_and_composing_does_not_ask(page: Page) -> None:
    area = page.locator("#lm-question textarea")
    area.fill("第一行")
    area.press("Shift+Enter")
    area.type("第二行")
    assert area.input_value() == "第一行\n第二行"
    area.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    page.wait_for_timeout(500)
    assert page.locator(".lm-answer, .lm-error").count() == 0


def test_examples_come_from_the_library_and_can_be_clicked(page: Page) -> None:
    example = page.locator(".lm-example").first
    text = example.inner_text()
    titles = ("机关纪委工作实施办法", "四型", "平急转换", "档案柜", "保密检查")
    assert any(title in text for title in titles)
    example.click()
    page.wait_for_selector(".lm-answer[data-answer]")
    expect(page.locator(".lm-answer .lm-question")).to_have_text(text)
    expect(page.locator(".lm-answer")).to_have_attribute("data-abstained", "false")


def test_library_list_opens_a_document(page: Page) -> None:
    shot(page, "home-1280-light")
    page.click(".lm-book >> text=机关纪委工作实施办法")
    expect(page.locator(".lm-text")).to_contain_text("第四十五条")
    page.click(".lm-back")
    expect(page.locator(".lm-library")).to_contain_text("平急转换工作规程")


def test_phone_has_no_sideways_scroll(phone: Page) -> None:
    shot(phone, "home-390-light")
    ask(phone, "机关纪委多久向上级报告一次工作？")
    phone.locator(".lm-chip").first.click()
    expect(phone.locator(".lm-text mark").first).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    ARTEFACTS.mkdir(exist_ok=True)
    phone.screenshot(path=str(ARTEFACTS / "answer-390-light.png"), full_page=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_dark_is_readable(browser: Browser, office: Server, width: int) -> None:
    for page in watched(browser, office.url, width, "dark"):
        ask(page, "机关纪委多久向上级报告一次工作？")
        expect(page.locator(".lm-text mark").first).to_be_visible()
        ratio = page.evaluate(_CONTRAST, [".lm-sentences p", ".lm-text .lm-line", ".lm-facts"])
        assert min(ratio) >= 4.5
        shot(page, f"answer-{width}-dark")


#: WCAG 2 contrast of text against the first ancestor that has a background.
_CONTRAST = """selectors => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = c.map(v => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  return selectors.map(selector => {
    let element = document.querySelector(selector);
    const ink = light(rgb(getComputedStyle(element).color).slice(0, 3));
    let paper = [0, 0, 0, 0];
    while (element && (paper[3] === 0)) {
      paper = rgb(getComputedStyle(element).backgroundColor);
      if (paper.length === 3) paper.push(1);
      element = element.parentElement;
    }
    const ground = light(paper.slice(0, 3));
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05); }); }"""


def test_empty_library_says_what_to_do_then_notices_new_files(
    browser: Browser, office: Server, tmp_path: Path
) -> None:
    home = tmp_path / "空 库"
    home.mkdir()
    (home / "models").symlink_to(office.home / "models", target_is_directory=True)
    server = start_server(home)
    try:
        for page in watched(browser, server.url, 1280):
            expect(page.locator(".lm-welcome")).to_contain_text("luming ingest")
            shot(page, "empty-1280-light")
            ask_line = "值班电话由谁接听？"
            note = tmp_path / "值班.txt"
            note.write_text("值班制度（示例）\n第一条 值班电话由当日带班领导接听。\n", "utf-8")
            ingest(home, [note], "值班")
            ask(page, ask_line)
            expect(page.locator(".lm-answer")).to_contain_text("带班领导")
            expect(page.locator(".lm-citation").first).to_contain_text("值班制度")
    finally:
        status, errors = server.stop()
    assert status == 0 and errors == ""
