"""Word files as Word shows them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.readers import ReadError, read_document

_W = nsdecls("w")


def save(document, folder: Path, name: str = "a.docx") -> Path:
    path = folder / name
    document.save(str(path))
    return path


def texts(path: Path) -> list[str]:
    return [block.text for block in read_document(path).blocks]


def numbered(document, number: int, level: int, text: str) -> None:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {_W}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
    )


def add_numbering(document, levels: str, number: int, override: str = "") -> None:
    root = document.part.numbering_part.element
    abstract = parse_xml(f'<w:abstractNum {_W} w:abstractNumId="{number}">{levels}</w:abstractNum>')
    root.insert(0, abstract)
    root.append(
        parse_xml(
            f'<w:num {_W} w:numId="{number}"><w:abstractNumId w:val="{number}"/>{override}</w:num>'
        )
    )


LEGAL = "".join(
    f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>{more}'
    f'<w:suff w:val="{suff}"/><w:lvlText w:val="{text}"/></w:lvl>'
    for i, text, suff, more in (
        (0, "第%1章", "space", ""),
        (1, "第%2条", "space", '<w:lvlRestart w:val="0"/>'),
        (2, "（%3）", "nothing", ""),
    )
)


def test_automatic_numbers_are_written_out(tmp_path: Path) -> None:
    document = docx.Document()
    add_numbering(document, LEGAL, 77)
    for level, text in (
        (0, "总则"), (1, "目的。"), (1, "原则："), (2, "其一；"), (2, "其二。"), (0, "附则"), (1, "施行。"), (2, "甲。"),
    ):  # fmt: skip
        numbered(document, 77, level, text)
    assert texts(save(document, tmp_path)) == [
        "第一章　总则",
        "第一条　目的。",
        "第二条　原则：",
        "（一）其一；",
        "（二）其二。",
        "第二章　附则",
        "第三条　施行。",
        "（一）甲。",
    ]


def test_a_list_that_starts_elsewhere(tmp_path: Path) -> None:
    document = docx.Document()
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    add_numbering(document, level, 78, override)
    numbered(document, 78, 0, "甲")
    numbered(document, 78, 0, "乙")
    assert texts(save(document, tmp_path)) == ["5.甲", "6.乙"]


def test_headings_have_levels(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("手册（示例）", 0)
    document.add_heading("岗位", 1)
    document.add_heading("职责", 2)
    document.add_paragraph("正文。")
    blocks = read_document(save(document, tmp_path)).blocks
    assert [(b.text, b.level) for b in blocks] == [
        ("手册（示例）", 1),
        ("岗位", 1),
        ("职责", 2),
        ("正文。", 0),
    ]


def test_table_rows_say_their_columns_and_merged_cells_are_repeated(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    rows = [["类别", "项目", "标准"], ["会议", "住宿", "300元"], ["", "伙食", "100元"]]
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(1, 0).merge(table.cell(2, 0))
    found = texts(save(document, tmp_path))
    assert found == ["类别：会议；项目：住宿；标准：300元", "类别：会议；项目：伙食；标准：100元"]


def edit(path: Path, name: str, change) -> None:
    """Change one part of a package."""
    with zipfile.ZipFile(path) as package:
        members = {info.filename: package.read(info) for info in package.infolist()}
    members[name] = change(members.get(name, b""))
    with zipfile.ZipFile(path, "w") as package:
        for member, data in members.items():
            package.writestr(member, data)


def test_tracked_changes_comments_and_hidden_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("期限为HERE日。")
    path = save(document, tmp_path)
    run = "<w:r>{}<w:t>{}</w:t></w:r>"
    new = (
        "期限为</w:t></w:r><w:del w:id='1' w:author='x'><w:r><w:delText>十</w:delText></w:r></w:del>"
        f"<w:ins w:id='2' w:author='x'>{run.format('', '三十')}</w:ins>"
        f"{run.format('<w:rPr><w:vanish/></w:rPr>', '秘密')}<w:r><w:t>日。"
    )
    edit(
        path,
        "word/document.xml",
        lambda data: data.decode().replace("期限为HERE日。", new).encode(),
    )
    assert texts(path) == ["期限为三十日。"]


def test_a_footnote_follows_its_paragraph(tmp_path: Path) -> None:
    from corpus.build.light_markdown import parse
    from corpus.build.word import write_docx

    path = tmp_path / "n.docx"
    write_docx(parse("# 说明（示例）\n\n标准见表。[^1]\n\n后文。\n\n[^1]: 示例标准。\n"), path)
    assert texts(path) == ["说明（示例）", "标准见表。", "注1：示例标准。", "后文。"]


def test_running_heads_are_no_text(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.add_paragraph("正文。")
    assert texts(save(document, tmp_path)) == ["正文。"]


def test_a_soft_break_joins_and_a_number_after_it_begins_anew(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("第一条　甲单位\n负责。\n第二条　乙。")
    assert texts(save(document, tmp_path)) == ["第一条　甲单位负责。", "第二条　乙。"]


@pytest.mark.parametrize("keep", [10, 400, 2000, 20_000])
def test_truncated_files_are_refused_in_words(tmp_path: Path, keep: int) -> None:
    document = docx.Document()
    document.add_paragraph("正文。" * 50)
    path = save(document, tmp_path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert re.search("[\u4e00-\u9fff]", str(caught.value)) and "\n" not in str(caught.value)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("正文。")
    path = save(document, tmp_path)
    bomb = b'<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "lol">]>'
    edit(
        path,
        "word/document.xml",
        lambda data: data.replace(b"<w:document", bomb + b"<w:document", 1),
    )
    with pytest.raises(ReadError):
        read_document(path)
