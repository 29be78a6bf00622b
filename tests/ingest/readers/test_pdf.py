"""PDF files printed by a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ingest.document import RawDocument
from ingest.readers import ReadError, read_document
from ingest.readers.pdf_page import render_page
from tests.ingest.readers.printing import printed

LONG = (
    "机关纪委应当加强对党员的日常监督，及时发现苗头性问题，做到早提醒、早纠正，防止小问题变成大问题。"
    * 3
)


@pytest.fixture(scope="module")
def rules(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RawDocument]:
    path = tmp_path_factory.mktemp("pdf") / "办法.pdf"
    body = (
        '<h1 style="text-align:center">机关纪委日常监督办法（示例）</h1>'
        f"<p>第一条　{LONG}</p><p>（一）{LONG}</p>"
        f'<p class="b">第二条　{LONG}</p><p class="b">第三条　本办法自印发之日起施行。</p>'
    )
    return path, printed(browser, path, body)


def test_broken_lines_are_joined_without_spaces(rules: tuple[Path, RawDocument]) -> None:
    texts = [block.text for block in rules[1].blocks]
    assert texts == [
        "机关纪委日常监督办法（示例）",
        f"第一条 {LONG}",
        f"（一）{LONG}",
        f"第二条 {LONG}",
        "第三条 本办法自印发之日起施行。",
    ]


def test_running_heads_and_page_numbers_are_gone(rules: tuple[Path, RawDocument]) -> None:
    assert "内部资料" not in rules[1].text and "共3页" not in rules[1].text
    assert rules[1].page_count == 3


def test_boxes_lie_where_the_text_is(rules: tuple[Path, RawDocument]) -> None:
    document = rules[1]
    assert [block.page for block in document.blocks] == [1, 1, 1, 2, 3]
    for block in document.blocks:
        assert block.spans[0].start == 0 and block.spans[-1].end == len(block.text)
        width, height = document.page_sizes[(block.page or 1) - 1]
        for span in block.spans:
            box = span.box
            assert 0 < box.x0 < box.x1 < width and 0 < box.y0 < box.y1 < height
        tops = [span.box.y0 for span in block.spans]
        assert tops == sorted(tops)


def test_a_page_is_drawn(rules: tuple[Path, RawDocument]) -> None:
    assert render_page(rules[0], 2).startswith(b"\x89PNG")
    with pytest.raises(ValueError):
        render_page(rules[0], 4)


def test_a_paragraph_goes_on_over_a_page(browser: Browser, tmp_path: Path) -> None:
    text = "".join(f"第{n}句话说明监督工作的具体要求和做法，" for n in range(1, 120)) + "到此为止。"
    document = printed(browser, tmp_path / "长.pdf", f"<p>{text}</p>")
    assert document.page_count == 2
    assert [block.text for block in document.blocks] == [text]
    assert {span.box.page for span in document.blocks[0].spans} == {1, 2}


def test_two_columns_are_read_one_after_the_other(browser: Browser, tmp_path: Path) -> None:
    left, right = (
        "".join(f"{side}栏第{n}句讲清楚一件事情。" for n in range(30)) for side in "左右"
    )
    body = (
        '<div style="display:flex;gap:40px"><div style="flex:1"><p>'
        f'{left}</p></div><div style="flex:1"><p>{right}</p></div></div>'
    )
    text = printed(browser, tmp_path / "两栏.pdf", body).text.replace("\n", "")
    assert text.index("左栏第29句") < text.index("右栏第0句")
    assert left in text


def test_a_page_of_nothing_but_a_picture_says_that_it_has_no_text(
    browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.set_content(
        '<svg width="300" height="300"><rect width="300" height="300" fill="red"/></svg>'
    )
    page.pdf(path=str(tmp_path / "扫描.pdf"))
    page.close()
    with pytest.raises(ReadError, match="没有认出文字"):
        read_document(tmp_path / "扫描.pdf")


def test_a_truncated_file_is_refused_or_read_in_part(
    rules: tuple[Path, RawDocument], tmp_path: Path
) -> None:
    data = rules[0].read_bytes()
    for share in (0.1, 0.5, 0.9):
        path = tmp_path / "断.pdf"
        path.write_bytes(data[: int(len(data) * share)])
        try:
            read_document(path)
        except ReadError as error:
            assert "PDF" in str(error)
