"""The PDF for phones, read back with pypdfium2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from assistant.study.model import StudySession
from ui.handouts import write_handouts
from ui.handouts.words import source, sources

Find = Callable[[str], Path]


def bare(text: str) -> str:
    return "".join(text.split())


def pages(path: Path) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]


def running(path: Path) -> str:
    """The text without the numbers of pages."""
    texts = pages(path)
    return bare("".join(one.replace(f"{at} / {len(texts)}", "") for at, one in enumerate(texts, 1)))


def test_every_passage_in_order_with_its_source(find: Find, session: StudySession) -> None:
    text = running(find("手机学习册.pdf"))
    at = 0
    for passage in session.passages:
        for words in (passage.heading, passage.citation.quote, source(passage.citation)):
            found = text.find(bare(words), at)
            assert found >= 0, words
            at = found
    for item in session.quiz:
        assert text.count(bare(item.stem)) == 2  # asked, then answered
        assert bare(f"答案：{item.answer}") in text[text.index("案例判断题") :]
    for line in session.objectives:
        assert bare(line.text) in text and bare(sources(line.citations)) in text


def test_bookmarks_links_and_page_numbers(find: Find, session: StudySession) -> None:
    document = pypdfium2.PdfDocument(find("手机学习册.pdf"))
    texts = pages(find("手机学习册.pdf"))
    marks = [(one.level, one.get_title(), one.get_dest().get_index()) for one in document.get_toc()]
    first = [title for level, title, _ in marks if level == 0]
    assert first[:4] == ["学习目标", "时间安排", "学习书目", "原文领学"] and first[-1] == "资料出处"
    second = [title for level, title, _ in marks if level == 1]
    assert second[: len(session.passages)] == [one.heading for one in session.passages]
    for _, title, page in marks:
        assert bare(title) in bare(texts[page])
    contents = {
        line.rsplit(" ", 1)[0].strip(): line for line in texts[0].splitlines() if line.strip()
    }
    assert contents
    assert all(f"{at} / {len(texts)}" in one for at, one in enumerate(texts, start=1))
    listed = bare(texts[0])
    for title, page in ((title, page) for level, title, page in marks if level == 0):
        assert f"{title}{page + 1}" in listed


def test_fonts_are_embedded_and_small(find: Find) -> None:
    data = find("手机学习册.pdf").read_bytes()
    assert data.count(b"/FontFile3") == 1 and len(data) < 1_000_000


def test_glyphs_are_drawn_inside_the_page(find: Find) -> None:
    """Rendered by PDFium with the file's own fonts: ink where text is, none in the margins."""
    document = pypdfium2.PdfDocument(find("手机学习册.pdf"))
    for page in document:
        image = page.render(scale=1).to_pil().convert("L")
        across, down = image.size
        ink = image.point(lambda value: 255 if value < 200 else 0)
        box = ink.getbbox()
        assert box is not None
        left, top, right, bottom = box
        assert left > 10 and top > 10 and across - right > 10 and down - bottom > 10
        text = page.get_textpage()
        for at in range(0, text.count_chars(), 7):
            if not text.get_text_range(at, 1).strip():
                continue
            x0, low, x1, high = text.get_charbox(at)
            cut = ink.crop((int(x0), int(down - high) - 1, int(x1) + 1, int(down - low) + 2))
            assert cut.getbbox() is not None, text.get_text_range(at, 1)


def test_a_character_that_no_font_has(session: StudySession, tmp_path: Path) -> None:
    odd = session.model_copy(update={"title": "𪚥与\U0001f600的学习" * 30})
    (path,) = write_handouts(odd, tmp_path, ["pdf"])
    assert "〓" in pages(path)[0]


@pytest.mark.parametrize("length", [1, 300, 20_000])
def test_long_texts_go_on_over_pages(session: StudySession, tmp_path: Path, length: int) -> None:
    line: Any = session.objectives[0].model_copy(update={"text": "学" * length})
    long = session.model_copy(update={"objectives": (line,)})
    (path,) = write_handouts(long, tmp_path, ["pdf"])
    assert running(path).count("学" * length if length < 400 else "学" * 200) >= 1
    assert running(path).count("学") >= length
