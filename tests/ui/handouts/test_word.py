"""The Word files, read back with python-docx."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.shared import Mm, Pt
from lxml import etree

from assistant.study.model import StudySession
from tests.ui.handouts.test_slides import rendered
from ui.handouts import HandoutError, copy_templates, write_handouts
from ui.handouts.base import Material, Paper
from ui.handouts.build_templates import build
from ui.handouts.template_files import TEMPLATES
from ui.handouts.word import NAMES
from ui.handouts.word_fields import WordFields
from ui.handouts.words import source

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Find = Callable[[str], Path]


def notes(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("word/footnotes.xml"))
    return ["".join(one.itertext()).strip() for one in root if one.get(f"{W}type") is None]


def references(document: Opened) -> list[str]:
    return [one.get(f"{W}id") for one in document.element.body.iter(f"{W}footnoteReference")]


def headings(document: Opened) -> list[tuple[str, str]]:
    return [
        (one.style.name, one.text)
        for one in document.paragraphs
        if one.style is not None and one.style.name.startswith("Heading")
    ]


def whole(document: Opened) -> str:
    return "\n".join(
        "".join(t.text or "" for t in p.iter(f"{W}t")) for p in document.element.body.iter(f"{W}p")
    )


@pytest.mark.parametrize("name", NAMES)
def test_layout_of_official_documents(find: Find, name: str) -> None:
    document = Document(str(find(f"{name}.docx")))
    section = document.sections[0]
    tenth = Mm(0.1)
    assert section.page_width is not None and section.page_height is not None
    assert abs(section.page_width - Mm(210)) < tenth and abs(section.page_height - Mm(297)) < tenth
    assert section.top_margin is not None and section.left_margin is not None
    assert section.bottom_margin is not None and section.right_margin is not None
    assert abs(section.top_margin - Mm(37)) < tenth and abs(section.left_margin - Mm(28)) < tenth
    width = section.page_width - section.left_margin - section.right_margin
    height = section.page_height - section.top_margin - section.bottom_margin
    assert abs(width - Mm(156)) < tenth and abs(height - Mm(225)) < tenth
    styles = document.styles
    for style, font, points in (
        ("Normal", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
    ):
        fonts = styles[style].element.rPr.find(f"{W}rFonts")
        assert fonts.get(f"{W}eastAsia") == font and styles[style].font.size == Pt(points)
    exact = styles["Normal"].paragraph_format.line_spacing
    assert abs(22 * exact.pt - 225 / 25.4 * 72) < 2
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert odd.text == even.text == "— 1 —"
    assert odd.alignment is not None and even.alignment is not None
    assert (odd.alignment.name, even.alignment.name) == ("RIGHT", "LEFT")
    with zipfile.ZipFile(find(f"{name}.docx")) as package:
        fonts_known = package.read("word/fontTable.xml").decode()
    assert 'w:altName w:val="仿宋,FangSong"' in fonts_known


def test_the_plan_has_a_timetable_that_adds_up(find: Find, session: StudySession) -> None:
    document = Document(str(find("学习方案.docx")))
    facts, timetable = document.tables
    assert ["主题", session.topic] in [[c.text for c in row.cells] for row in facts.rows]
    rows = [[cell.text for cell in row.cells] for row in timetable.rows]
    assert rows[0] == ["时间（分）", "环节", "分钟", "方式", "使用材料"]
    assert [row[1] for row in rows[1:-1]] == [one.title for one in session.timetable]
    assert sum(int(row[2]) for row in rows[1:-1]) == int(rows[-1][2]) == 90
    assert [row[0] for row in rows[1:3]] == ["0—8", "8—38"]
    assert (
        "第十六条、第十九条、第二十五条、第二十七条至第二十九条、第四十八条" in rows[2][4]
        and rows[4][4] == "测验题8道"
    )
    assert timetable.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in timetable.rows)
    text = whole(document)
    assert session.missing[0] in text and "（培训者自拟）" in text


def test_the_handout_quotes_every_passage_in_order(find: Find, session: StudySession) -> None:
    text = whole(Document(str(find("学习材料.docx"))))
    at = 0
    for passage in session.passages:
        for line in passage.citation.quote.split("\n"):
            found = text.find(line, at)
            assert found >= at, line
            at = found
    for case in session.cases:
        assert all(one.text in text for one in case.body)
        assert all(one.question in text for one in case.discussions)
        assert all(point.text not in text for one in case.discussions for point in one.points)


def test_old_and_new_stand_side_by_side(find: Find, session: StudySession) -> None:
    document = Document(str(find("学习材料.docx")))
    assert len(document.tables) == len(session.changes)
    for table, change in zip(document.tables, session.changes, strict=True):
        head, *rows = [[cell.text for cell in row.cells] for row in table.rows]
        assert head == ["修订前", "修订后"]
        for at, one in enumerate((change.old, change.new)):
            shown = "\n".join(row[at] for row in rows if row[at])
            assert shown == (one.quote if one else "（无）")
        assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in table.rows)


def test_the_handout_has_headings_and_contents(find: Find) -> None:
    document = Document(str(find("学习材料.docx")))
    found = headings(document)
    assert [text for style, text in found if style == "Heading 1"] == [
        "一、原文领学",
        "二、修订变化",
        "三、案例研讨",
        "四、课后一页",
    ]
    assert ("Heading 3", "1.第十六条　报告的次数和时限") in found
    entries = [
        "".join(t.text or "" for t in p._p.iter(f"{W}t"))
        for p in document.paragraphs
        if p.style is not None and p.style.name.startswith("toc")
    ]
    assert entries == [text for _, text in found]
    field = [one.text for one in document.element.body.iter(f"{W}instrText")]
    assert [one.strip() for one in field if one] == [r'TOC \o "1-3" \h \z \u']
    anchors = {one.get(f"{W}anchor") for one in document.element.body.iter(f"{W}hyperlink")}
    marks = {one.get(f"{W}name") for one in document.element.body.iter(f"{W}bookmarkStart")}
    assert anchors and anchors <= marks


def test_the_contents_of_a_long_handout_fit_on_a_page(
    session: StudySession, tmp_path: Path
) -> None:
    many = tuple(
        one.model_copy(update={"id": f"{one.id}-{at}"})
        for at in range(4)
        for one in session.passages
    )
    write_handouts(session.model_copy(update={"passages": many}), tmp_path, ["docx"])
    document = Document(str(next(tmp_path.glob("*学习材料.docx"))))
    fields = [one.text for one in document.element.body.iter(f"{W}instrText") if one.text]
    assert [one.strip() for one in fields] == [r'TOC \o "1-2" \h \z \u']
    assert len([p for p in document.paragraphs if p.style and p.style.name.startswith("toc")]) == 6


def test_citations_are_footnotes(find: Find, session: StudySession) -> None:
    path = find("学习材料.docx")
    document = Document(str(path))
    found = notes(path)
    sides = [side for one in session.changes for side in (one.old, one.new) if side]
    expected = (
        [one.citation for one in session.passages]
        + sides
        + [cited for case in session.cases for line in case.body for cited in line.citations]
        + [c for case in session.cases for one in case.discussions for c in one.citations]
        + [cited for one in session.take_home for cited in one.citations]
    )
    assert found == [source(one) for one in expected]
    assert len(references(document)) == len(set(references(document))) == len(found)
    assert found[0] == (
        "《市直机关部门机关纪委工作实施办法（修订）（示例）》第三章 职责与权限 第十六条，第3页，现行"
    )
    assert any("已废止" in one for one in found)


def test_the_paper_does_not_give_the_key(find: Find, session: StudySession) -> None:
    paper = whole(Document(str(find("试卷.docx"))))
    key = whole(Document(str(find("答案与解析.docx"))))
    for item in session.quiz:
        assert item.stem in paper and item.stem in key
        assert all(f"{one.label}. {one.text}" in paper for one in item.choices)
        assert not item.explanation or (item.explanation in key and item.explanation not in paper)
        assert f"答案：{item.answer}" in key
    assert f"{session.quiz[2].stem}（{chr(0xA0) * 6}）" in paper
    assert "答案：" not in paper and "满分60分" in paper and "一、单选题（共1题，共5分）" in paper
    assert "第1空也可填：三十日" in key
    assert len(notes(find("答案与解析.docx"))) >= len(session.quiz)
    assert not (references(Document(str(find("试卷.docx")))))


def test_the_facilitator_has_the_points(find: Find, session: StudySession) -> None:
    text = whole(Document(str(find("主持人手册.docx"))))
    for part in session.timetable:
        assert part.title in text and all(one.text in text for one in part.notes)
    for case in session.cases:
        assert all(p.text in text for one in case.discussions for p in one.points)
    assert "单选题：1. B" in text


def test_hostile_words_are_shown_as_they_are(hostile: StudySession, tmp_path: Path) -> None:
    for path in write_handouts(hostile, tmp_path, ["docx"]):
        document = Document(str(path))
        text = whole(document)
        assert "<script>window.x=1</script>&amp;{{ 7*7 }}{% for a in b %}{_{ =1+1" in text, (
            path.name
        )
        assert "49" not in text.replace("1,049", "") and "\u202e" not in text
        assert not re.search("[\ue000-\uf8ff]", text)
    handout = next(one for one in tmp_path.iterdir() if one.name.endswith("学习材料.docx"))
    assert len(notes(handout)) == len(references(Document(str(handout))))


# -- templates -----------------------------------------------------------------------------------


def template(folder: Path, *lines: str, name: str = "学习方案") -> Path:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    folder.mkdir(exist_ok=True)
    document.save(str(folder / f"{name}.docx"))
    return folder


def text_with(session: StudySession, folder: Path, out: Path) -> str:
    written = write_handouts(session, out, ["docx"], templates=folder)
    return whole(Document(str(next(one for one in written if one.name.endswith("学习方案.docx")))))


def test_an_office_replaces_one_template(session: StudySession, tmp_path: Path) -> None:
    folder = template(
        tmp_path / "own",
        "某某局学习安排：{{ 主题 }}",
        "{%p for 节 in 时间安排 %}",
        "{{ loop.index }}/{{ 节.环节 }}",
        "{%p endfor %}",
        "{%p for 段 in 目标 %}",
        "{{ 段 }}",
        "{%p endfor %}",
    )
    text = text_with(session, folder, tmp_path / "out")
    assert f"某某局学习安排：{session.topic}" in text and "2/原文领学" in text
    assert len(notes(next((tmp_path / "out").glob("*学习方案.docx")))) == 3
    paper = Document(str(next((tmp_path / "out").glob("*试卷.docx"))))
    assert headings(paper)  # the others are the built-in ones


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{{ 主題 }}", "字段“主題”不认识，可用的字段有：标题、主题、"),
        (
            "{%p for 节 in 时间安排 %}\n{{ 节.地点 }}\n{%p endfor %}",
            "字段“地点”不认识，这一层可用的字段有：序号、环节",
        ),
        ("{%p for 节 in 日程 %}\n{{ 节 }}\n{%p endfor %}", "字段“日程”不认识"),
        ("{% if 没有 %}x{% endif %}", "字段“没有”不认识"),
        ("{{ 主题", "标记写错了"),
        ("{% for a in 目标 %}", "标记写错了"),
        ("{{ 主题|tojson }}", "标记写错了"),
        ("{% include '/etc/passwd' %}", "填不进内容|标记写错了"),
        ("{{ 主题.__class__.__mro__ }}", "字段“__class__”不认识"),
        ("{{ ''.__class__ }}", "字段“__class__”不认识"),
        ("{{ 主题.format(1) }}", "字段“format”不认识|不允许的写法"),
        ("{{ loop.cycle.__globals__ }}", "字段“loop”不认识"),
        ("{{ 'a'*999999999 }}", "不允许的写法"),
        ("{% for i in range(999999999) %}{% endfor %}", "字段“range”不认识|不允许的写法"),
        ("{{ self.__init__.__globals__ }}", "字段“__init__”不认识|不允许的写法"),
        ("{{ 目标[99] }}", "不认识"),
    ],
)
def test_a_mistake_in_a_template_is_one_clear_line(
    session: StudySession, tmp_path: Path, line: str, message: str
) -> None:
    folder = template(tmp_path / "own", *line.split("\n"))
    with pytest.raises(HandoutError, match=message) as raised:
        write_handouts(session, tmp_path / "out", ["docx"], templates=folder)
    assert "学习方案.docx" in str(raised.value) and "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400 and not (tmp_path / "out").exists()


def test_a_broken_template(session: StudySession, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    path = folder / "试卷.docx"
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("a.txt", "x")
    good = (TEMPLATES / "试卷.docx").read_bytes()
    for data in (b"", b"not a zip", empty.read_bytes(), good[: len(good) // 2]):
        path.write_bytes(data)
        with pytest.raises(HandoutError, match=r"“试卷\.docx”打不开"):
            write_handouts(session, tmp_path / "out", ["docx"], templates=folder)
    with pytest.raises(HandoutError, match=r"模板文件夹.*不存在"):
        write_handouts(session, tmp_path / "out", ["docx"], templates=tmp_path / "none")


def test_a_template_that_unpacks_to_too_much(session: StudySession, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    shutil.copy(TEMPLATES / "试卷.docx", folder)
    with (
        zipfile.ZipFile(folder / "试卷.docx", "a", zipfile.ZIP_DEFLATED) as package,
        package.open("word/media/zeros.bin", "w", force_zip64=True) as big,
    ):
        for _ in range(101):
            big.write(bytes(1 << 20))
    with pytest.raises(HandoutError, match="解压后大得反常"):
        write_handouts(session, tmp_path / "out", ["docx"], templates=folder)


def test_marks_outside_the_text_leave_nothing(session: StudySession, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    document = Document()
    document.sections[0].header.paragraphs[0].text = "{{ 标题 }} {{ 目标[0] }}"
    document.add_paragraph("{{ 目标[0] }}")
    document.save(str(folder / "学习方案.docx"))
    write_handouts(session, tmp_path / "out", ["docx"], templates=folder)
    path = next((tmp_path / "out").glob("*学习方案.docx"))
    header = Document(str(path)).sections[0].header.paragraphs[0].text
    assert header == f"{session.title} {session.objectives[0].text}"
    assert len(notes(path)) == len(references(Document(str(path)))) == 2


def test_the_fields_are_documented(session: StudySession) -> None:
    told = (Path(__file__).parents[3] / "docs" / "handouts.md").read_text(encoding="utf-8")
    listed = told[told.index("可用的字段") : told.index("写法是")]
    rows = {line.split("|")[1].strip(): line for line in listed.splitlines() if line.count("|") > 2}
    fields, paper = (
        WordFields(Material(session, (Paper("", session.quiz),))),
        Paper("", session.quiz),
    )
    for name, found in {
        "学习方案": fields.plan(),
        "学习材料": fields.handout(),
        "主持人手册": fields.facilitator(),
        "试卷": fields.paper(paper),
        "答案与解析": fields.key(paper),
    }.items():
        shown = rows[f"{name}.docx"] + rows["各个 docx"]
        assert [one for one in _names(found) if f"`{one}`" not in listed] == []
        assert [one for one in found if f"`{one}`" not in shown] == [], name


def _names(value: object) -> set[str]:
    if isinstance(value, dict):
        return {str(one) for one in value}.union(*map(_names, value.values()))
    return set().union(*map(_names, value)) if isinstance(value, list) else set()


def test_templates_to_begin_with(session: StudySession, tmp_path: Path) -> None:
    copied = copy_templates(tmp_path / "own")
    assert {one.name for one in copied} == {*(f"{one}.docx" for one in NAMES), "课件.pptx"}
    written = write_handouts(session, tmp_path / "out", ["docx"], templates=tmp_path / "own")
    assert len(written) == len(NAMES)
    with pytest.raises(HandoutError, match="没有覆盖"):
        copy_templates(tmp_path / "own")
    with pytest.raises(HandoutError, match="写不了"):
        copy_templates(copied[0] / "in")


@pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="没有 LibreOffice，未做渲染检查；请 apt-get install libreoffice-writer fonts-noto-cjk",
)
def test_rendered_pages_have_22_lines_of_28_characters(
    session: StudySession, tmp_path: Path
) -> None:
    first = session.passages[0]
    long = first.citation.model_copy(update={"quote": "机关纪委工作实施办法的规定" * 120})
    shown = session.model_copy(
        update={"passages": (first.model_copy(update={"citation": long}),), "changes": ()}
    )
    written = write_handouts(shown, tmp_path, ["docx"])
    path = next(one for one in written if one.name.endswith("学习材料.docx"))
    pages = rendered(path, tmp_path)
    text = pages[2].get_textpage().get_text_range()
    lines = [one for one in text.splitlines() if one.strip()]
    assert lines[-1].strip() == "— 3 —"
    body = [one for one in lines[:-1] if one.startswith(tuple("机关纪委工作实施办法的规定"))]
    assert {len(one) for one in body} == {28} and len(body) == 22


@pytest.mark.parametrize("name", NAMES)
def test_built_in_templates_come_from_their_script(name: str) -> None:
    assert build(name) == (TEMPLATES / f"{name}.docx").read_bytes()
