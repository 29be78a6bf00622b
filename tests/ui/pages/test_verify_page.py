"""The page 核验 in a real browser: a draft marked up, gone through by keyboard, taken along."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from docx import Document
from playwright.sync_api import expect

from tests.ui.conftest import Server
from tests.ui.pages.conftest import OURS, READER, SECRET, Opened, fits
from tests.ui.test_accessibility import findings
from tests.ui.test_page import shot

DRAFT = (
    "在财务会上的讲话\n"
    "《机关差旅管理办法》第二条规定：“出差人员应当在返回后三十日内办理报销。”"
    "<script>window.__xss=1</script><img src=x onerror=window.__xss=2>\n"
    "根据《机关差旅管理办法》第九条，不得超标。依照《机关差旅管理办法》第三条执行。\n"
)
_CARDS = ".lm-verify .lv-card"


def test_a_pasted_draft_is_marked_up_and_its_words_run_nothing(opened: Opened) -> None:
    with opened(READER, "/verify") as page:
        page.fill("[name=text]", DRAFT)
        page.click("button.lp-main")
        expect(page.locator(_CARDS)).to_have_count(3)
        expect(page.locator(".lv-draft")).to_contain_text("<script>window.__xss=1</script>")
        expect(page.locator(".lv-draft a.lv-mark.lv-ref")).to_have_count(3)
        # The words of the rule stand beside the finding.
        first = page.locator(_CARDS).first
        expect(first).to_contain_text("第二条")
        expect(first.locator("ins").first).to_contain_text("十五")
        expect(first.locator("del").first).to_contain_text("三十")
        assert findings(page) == []
        shot(page, "verify-1280-light")


def test_findings_are_gone_through_by_keyboard_and_narrowed_by_kind(opened: Opened) -> None:
    with opened(READER, "/verify") as page:
        page.fill("[name=text]", DRAFT)
        page.click("button.lp-main")
        expect(page.locator(_CARDS)).to_have_count(3)
        page.locator(".lv-counts").evaluate("element => document.activeElement.blur()")
        for number in ("f1", "f2", "f3", "f1"):
            page.keyboard.press("j")
            expect(page.locator(f"#{number}")).to_be_focused()
        page.keyboard.press("k")
        expect(page.locator("#f3")).to_be_focused()
        chip = page.locator(".lv-counts li").first
        chip.focus()
        page.keyboard.press("Enter")
        expect(chip).to_have_attribute("aria-pressed", "true")
        shown = page.locator(f"{_CARDS}:visible").count()
        assert shown == int(chip.locator("b").inner_text()) < 3
        page.keyboard.press("Enter")
        expect(page.locator(f"{_CARDS}:visible")).to_have_count(3)


def test_an_uploaded_word_file_comes_back_with_comments(opened: Opened, tmp_path: Path) -> None:
    document = Document()
    for line in DRAFT.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "讲话稿.docx"))
    with opened(READER, "/verify") as page:
        page.set_input_files("[name=file]", tmp_path / "讲话稿.docx")
        page.click("button.lp-main")
        expect(page.locator(_CARDS)).to_have_count(3)
        expect(page.locator(".lv-tools h2")).to_have_text("讲话稿.docx")
        with page.expect_download() as waiting:
            page.click("text=下载带批注的 Word")
        assert waiting.value.suggested_filename == "讲话稿（核对）.docx"
        made = Path(waiting.value.path()).read_bytes()
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            comments = archive.read("word/comments.xml").decode()
        assert "十五日" in comments and "第九条" in comments


def test_a_file_that_is_no_draft_is_one_clear_line(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "程序.docx").write_bytes(b"\x7fELF\x02\x01\x01" + b"\x00" * 90)
    with opened(READER, "/verify") as page:
        page.click("button.lp-main")
        expect(page.locator("[data-error]")).to_be_visible()
        page.set_input_files("[name=file]", tmp_path / "程序.docx")
        page.click("button.lp-main")
        line = page.locator("form [data-error]")
        expect(line).to_contain_text("程序.docx")
        expect(page.locator(_CARDS)).to_have_count(0)


def test_a_rule_of_another_department_is_not_known(opened: Opened, departments: Server) -> None:
    with opened(READER, "/verify") as page:
        page.fill("[name=text]", f"根据《{SECRET}线索办法》第一条执行。")
        page.click("button.lp-main")
        expect(page.locator(_CARDS)).to_have_count(1)
        expect(page.locator(_CARDS)).to_contain_text("无法核对")
        expect(page.locator(_CARDS)).not_to_contain_text("保密")
        assert (
            OURS not in page.locator(".lp form").inner_text()
        )  # one collection: nothing to choose


def test_at_390_px_in_the_dark_everything_fits(opened: Opened) -> None:
    with opened(READER, "/verify", 390, "dark") as page:
        page.fill("[name=text]", DRAFT)
        page.click("button.lp-main")
        expect(page.locator(_CARDS)).to_have_count(3)
        fits(page)
        assert findings(page) == []
        shot(page, "verify-390-dark")
