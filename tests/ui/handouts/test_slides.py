"""The slides, read back with python-pptx and, where LibreOffice is there, rendered."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Pt

from assistant.study.model import StudySession
from tests.ui.handouts import sample
from ui.handouts import HandoutError, write_handouts
from ui.handouts.build_templates import build
from ui.handouts.slide_text import Fitting, Frame
from ui.handouts.template_files import TEMPLATES
from ui.handouts.words import source

Find = Callable[[str], Path]


def read(path: Path) -> list[tuple[str, str, str]]:
    """(title, all other text, notes) of each slide."""
    return [
        (
            slide.shapes.title.text_frame.text,
            "\n".join(
                shape.text_frame.text
                for shape in slide.shapes
                if shape.has_text_frame and shape != slide.shapes.title
            ),
            slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "",
        )
        for slide in Presentation(str(path)).slides
    ]


def bare(text: str) -> str:
    return "".join(text.split())


def test_the_order_of_the_slides(find: Find, session: StudySession) -> None:
    titles = [title for title, _, _ in read(find("课件.pptx"))]
    assert titles[:3] == [session.title, "时间安排", "学习目标"]
    assert titles[3 : 3 + len(session.passages)] == [one.heading for one in session.passages]
    assert [one[:5] for one in titles[10:14]] == ["修订变化："] * 4
    assert titles[14] == "案例：一个支部怎样把台账减下来"
    assert titles[-2:] == ["总结与课后", "资料出处"]


def test_each_passage_is_whole_and_has_its_source(find: Find, session: StudySession) -> None:
    slides = {title: text for title, text, _ in read(find("课件.pptx"))}
    for passage in session.passages:
        shown = slides[passage.heading]
        assert bare(passage.citation.quote) in bare(shown)
        assert source(passage.citation) in shown


def test_the_key_is_on_the_next_slide(find: Find, session: StudySession) -> None:
    slides = read(find("课件.pptx"))
    titles = [one[0] for one in slides]
    for number, item in enumerate(session.quiz, start=1):
        at = next(n for n, title in enumerate(titles) if title.startswith(f"第{number}题"))
        question, key = slides[at], slides[at + 1]
        assert item.stem in question[1] and all(one.text in question[1] for one in item.choices)
        assert "答案" not in question[0] + question[1] and item.explanation not in (
            question[1],
            "x",
        )
        assert key[0] == f"{question[0]}　答案" and f"答案：{item.answer}" in key[1]
        assert item.explanation in key[1] and item.citations[0].title in key[1]


def test_notes_are_the_facilitator_s(find: Find, session: StudySession) -> None:
    slides = read(find("课件.pptx"))
    notes = "\n".join(one[2] for one in slides)
    for part in session.timetable:
        assert part.kind in ("own",) or all(one.text in notes for one in part.notes), part.title
    assert all(one.text in slides[0][2] for one in session.facilitator)
    discussion = next(one for one in slides if one[0].startswith("讨论："))
    for one in session.cases[0].discussions:
        assert one.question in discussion[1] and one.points[0].text in discussion[2]
        assert one.points[0].text not in discussion[1]


def test_old_and_new_stand_side_by_side(find: Find, session: StudySession) -> None:
    deck = Presentation(str(find("课件.pptx")))
    change = session.changes[0]
    assert change.old and change.new
    (slide,) = [
        one for one in deck.slides if "第十六条（修改）" in one.shapes.title.text_frame.text
    ]
    sides = {bare(shape.text_frame.text): shape for shape in slide.shapes if shape.has_text_frame}
    old, new = sides[bare(change.old.quote)], sides[bare(change.new.quote)]
    assert old.top == new.top and old.left + old.width < new.left
    assert source(change.old) in [
        shape.text_frame.text for shape in slide.shapes if shape.has_text_frame
    ]


def test_the_agenda_adds_up(find: Find, session: StudySession) -> None:
    deck = Presentation(str(find("课件.pptx")))
    (table,) = [one.table for one in deck.slides[1].shapes if one.has_table]
    rows = [[cell.text for cell in row.cells] for row in table.rows][1:]
    assert sum(int(row[2]) for row in rows) == session.minutes == 90
    assert [row[1] for row in rows] == [one.title for one in session.timetable]


def test_long_texts_go_on_and_lose_nothing(session: StudySession, tmp_path: Path) -> None:
    path = write_handouts(long(session), tmp_path, ["pptx"])[0]
    slides = read(path)
    quote = long(session).passages[0].citation.quote
    heading = session.passages[0].heading
    parts = [text for title, text, _ in slides if title in (heading, f"{heading}（续）")]
    shown = "".join(parts)
    assert len(parts) > 2
    for line in quote.split("\n"):
        assert bare(line) in bare(shown.replace(source(long(session).passages[0].citation), ""))


def long(session: StudySession) -> StudySession:
    """With an article of 3,000 characters, a very long title and a long choice."""
    first = session.passages[0]
    whole = sample.article(sample.NEW, "第四十八条")
    quote = "\n".join([whole.quote.replace("\n", "")] * 16 + [whole.quote])
    passage = first.model_copy(
        update={"citation": first.citation.model_copy(update={"quote": quote})}
    )
    item = session.quiz[0]
    choice = item.choices[0].model_copy(update={"text": "本单位自行规定的其他时限" * 30})
    change = session.changes[0]
    assert change.old is not None
    old = change.old.model_copy(update={"quote": quote})
    return session.model_copy(
        update={
            "title": "关于进一步规范机关纪委处置问题线索工作流程的专题学习" * 4,
            "passages": (passage, *session.passages[1:]),
            "changes": (change.model_copy(update={"old": old}), *session.changes[1:]),
            "quiz": (
                item.model_copy(update={"choices": (choice, *item.choices[1:])}),
                *session.quiz[1:],
            ),
            "timetable": tuple(
                one.model_copy(update={"title": one.title * 6}) for one in session.timetable * 3
            ),
        }
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.sampled_from("机关纪委，。（）“”《》第12条abc 2024年"), max_size=400), max_size=8
    ),
    st.floats(120, 800),
    st.floats(60, 400),
)
def test_fitted_pages_fit_and_keep_every_character(
    texts: list[str], width: float, height: float
) -> None:
    fitting = Fitting()
    frame = Frame(0, 0, width, height)
    pages = fitting.pages(texts, frame, (30, 24, 20))
    for page in pages:
        assert fitting.height(page.paragraphs, width, page.size) <= height + page.size * 1.45
        assert page.size in (30, 24, 20)
    assert "".join("".join(one.paragraphs) for one in pages) == "".join(texts)


# -- rendered ------------------------------------------------------------------------------------

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="没有 LibreOffice，未做渲染检查；请 apt-get install libreoffice-impress fonts-noto-cjk",
)


def rendered(path: Path, folder: Path) -> Any:
    import pypdfium2

    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
         "--convert-to", "pdf", "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return pypdfium2.PdfDocument(folder / f"{path.stem}.pdf")


@needs_office
@pytest.mark.parametrize("which", ["usual", "long"])
def test_nothing_overflows_when_rendered(session: StudySession, tmp_path: Path, which: str) -> None:
    shown = session if which == "usual" else long(session)
    path = write_handouts(shown, tmp_path, ["pptx"])[0]
    deck = Presentation(str(path))
    pages = rendered(path, tmp_path)
    assert len(pages) == len(deck.slides)
    for slide, page in zip(deck.slides, pages, strict=True):
        text = page.get_textpage()
        scale = page.get_height() / Pt(540)
        for shape in slide.shapes:
            if not shape.has_text_frame or not shape.text_frame.text:
                continue
            lines = shape.text_frame.text.split("\n")
            left, right = shape.left * scale - 2, (shape.left + shape.width) * scale + 3
            top, bottom = shape.top * scale - 4, (shape.top + shape.height) * scale + 2
            for words in (lines[0][:6], lines[-1][-6:]):
                boxes = _boxes(text, words.strip())
                assert boxes, words
                assert any(
                    left <= x0 and x1 <= right
                    and top <= page.get_height() - high and page.get_height() - low <= bottom
                    for x0, low, x1, high in boxes
                ), (slide.shapes.title.text_frame.text, words, boxes)  # fmt: skip


def _boxes(page: Any, words: str) -> list[tuple[float, float, float, float]]:
    """A box for each place where the words stand; their end alone where a line breaks in them."""
    for length in range(len(words), 0, -1):
        search = page.search(words[-length:], match_case=True)
        out = []
        while (found := search.get_next()) is not None:
            boxes = [page.get_charbox(found[0] + at) for at in range(found[1])]
            out.append(
                (
                    min(one[0] for one in boxes), min(one[1] for one in boxes),
                    max(one[2] for one in boxes), max(one[3] for one in boxes),
                )
            )  # fmt: skip
        if out:
            return out
    return []


# -- themes --------------------------------------------------------------------------------------


def test_an_office_s_theme(session: StudySession, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    deck = Presentation()  # 4:3, with a sample slide that must not stay
    deck.slides.add_slide(deck.slide_layouts[1]).shapes.title.text = "样张"
    deck.save(str(own / "课件.pptx"))
    (path,) = write_handouts(session, tmp_path / "out", ["pptx"], templates=own)
    made = Presentation(str(path))
    assert (made.slide_width, made.slide_height) == (deck.slide_width, deck.slide_height)
    slides = read(path)
    assert "样张" not in [one[0] for one in slides]
    shown = bare("".join(one[1] for one in slides))
    assert all(bare(one.citation.quote) in shown for one in session.passages)


@pytest.mark.parametrize("kind", ["not a zip", "no layouts", "docx"])
def test_a_theme_that_cannot_be_used(session: StudySession, tmp_path: Path, kind: str) -> None:
    own = tmp_path / "own"
    own.mkdir()
    if kind == "not a zip":
        (own / "课件.pptx").write_bytes(b"PK nothing")
    elif kind == "docx":
        shutil.copy(TEMPLATES / "试卷.docx", own / "课件.pptx")
    else:
        deck = Presentation()
        for layout in list(deck.slide_layouts)[1:]:
            deck.slide_layouts.remove(layout)
        deck.save(str(own / "课件.pptx"))
    message = "缺少“标题和内容”版式" if kind == "no layouts" else r"“课件\.pptx”打不开.*PowerPoint"
    with pytest.raises(HandoutError, match=message):
        write_handouts(session, tmp_path / "out", ["pptx"], templates=own)


def test_the_built_in_theme_comes_from_its_script() -> None:
    assert build("课件.pptx") == (TEMPLATES / "课件.pptx").read_bytes()
