"""The same small rule, table and slides, from which the tests make every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

_W = nsdecls("w")

#: What every word processor's format of the rule gives, block by block.
RULES = [
    "值班管理办法（示例）",
    "第一章　总则",
    "第一条　为规范值班工作，制定本办法。",
    "第二条　值班人员应当做到：",
    "（一）按时到岗；",
    "（二）如实记录。",
    "第二章　值班安排",
    "第三条　值班期限为三十日。",
    "第四条　值班补助按下表执行。",
    "类别：工作日；时段：白天；补助：100元",
    "类别：工作日；时段：夜间；补助：150元",
    "类别：节假日；时段：全天；补助：300元",
    "第五条　本办法自2024年3月1日起施行。",
    "第六条　由办公室解释。",
    "附：值班电话表另发。",
]
_ROWS = [
    ["类别", "时段", "补助"],
    ["工作日", "白天", "100元"],
    ["", "夜间", "150元"],
    ["节假日", "全天", "300元"],
]
_LEVELS = ((0, "第%1章", "tab"), (1, "第%2条", "tab"), (2, "（%3）", "nothing"))


def rules_docx(path: Path, short: bool = False) -> Path:
    """The rule with automatic numbers, a tracked change, a comment's text, and merged cells."""
    document = docx.Document()
    _numbering(document)
    document.add_heading("值班管理办法（示例）", 0)
    if short:
        document.add_paragraph("第一条　值班期限为三十日。")
        document.save(str(path))
        return path
    for level, text in (
        (0, "总则"), (1, "为规范值班工作，制定本办法。"), (1, "值班人员应当做到："), (2, "按时到岗；"),
        (2, "如实记录。"),
    ):  # fmt: skip
        _numbered(document, level, text)
    # LibreOffice restarts articles in each chapter; the second chapter has its numbers typed.
    document.add_paragraph("第二章　值班安排")
    changed = document.add_paragraph("第三条　值班期限为")
    changed._p.append(_change("del", "十", "delText"))
    changed._p.append(_change("ins", "三十", "t"))
    changed.add_run("日。")
    document.add_paragraph("第四条　值班补助按下表执行。")
    table = document.add_table(len(_ROWS), 3)
    for row, values in zip(table.rows, _ROWS, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(1, 0).merge(table.cell(2, 0)).text = "工作日"
    document.add_paragraph("第五条　本办法自2024年3月1日起施行。")
    _text_box(document.add_paragraph("第六条　由办公室解释。"), "附：值班电话表另发。")
    hidden = document.add_paragraph().add_run("看不见的字")
    hidden.font.hidden = True
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.save(str(path))
    return path


def notes_docx(path: Path) -> Path:
    """A paragraph with a footnote."""
    from corpus.build.light_markdown import parse
    from corpus.build.word import write_docx

    write_docx(parse("# 说明（示例）\n\n标准见表。[^1]\n\n后文。\n\n[^1]: 示例标准。\n"), path)
    return path


#: What every format of the notes gives.
NOTES = ["说明（示例）", "标准见表。", "注1：示例标准。", "后文。"]


def _text_box(paragraph: Any, text: str) -> None:
    paragraph._p.append(
        parse_xml(
            f'<w:r {_W} xmlns:v="urn:schemas-microsoft-com:vml" '
            'xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>'
            '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
            'path="m,l,21600r21600,l21600,xe"/><v:shape id="tb1" type="#_x0000_t202" '
            'style="position:absolute;width:200pt;height:60pt"><v:textbox><w:txbxContent>'
            f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>"
            "</w:pict></w:r>"
        )
    )


def _change(kind: str, text: str, tag: str) -> Any:
    return parse_xml(
        f'<w:{kind} {_W} w:id="9" w:author="x" w:date="2024-01-01T00:00:00Z">'
        f"<w:r><w:{tag}>{text}</w:{tag}></w:r></w:{kind}>"
    )


def _numbering(document: Any) -> None:
    root = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
        f'<w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, text, suffix in _LEVELS
    )
    root.insert(0, parse_xml(f'<w:abstractNum {_W} w:abstractNumId="77">{levels}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {_W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def _numbered(document: Any, level: int, text: str) -> None:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {_W}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
    )


#: What every spreadsheet of the table gives.
TABLE = [
    "补助标准",
    "2024年值班补助标准",
    "类别：工作日；时段：白天；金额：100.50；执行日期：2024-03-01；占比：25%",
    "类别：工作日；时段：夜间；金额：150.00；执行日期：2024-03-01；占比：37.5%",
    "类别：节假日；时段：全天；金额：300.00；执行日期：2024-05-01；占比：100%",
]


def table_xlsx(path: Path) -> Path:
    """A sheet with a merged caption, merged cells, numbers with formats, and a hidden sheet."""
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "补助标准"
    sheet.append(["2024年值班补助标准"])
    sheet.merge_cells("A1:E1")
    sheet.append(["类别", "时段", "金额", "执行日期", "占比"])
    march, may = datetime.date(2024, 3, 1), datetime.date(2024, 5, 1)
    for row in (
        ["工作日", "白天", 100.5, march, 0.25], [None, "夜间", 150, march, 0.375],
        ["节假日", "全天", 300, may, 1],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    for row in sheet.iter_rows(min_row=3, min_col=3, max_col=5):
        row[0].number_format = "0.00"
        row[1].number_format = "yyyy-mm-dd"
        row[2].number_format = "0.0%" if row[2].value == 0.375 else "0%"
    secret = book.create_sheet("测算")
    secret.append(["不公开的测算"])
    secret.sheet_state = "hidden"
    book.save(path)
    return path


#: What every format of the slides gives.
SLIDES = [
    "党建工作汇报（示例）",
    "一是抓学习；",
    "二是抓落实。",
    "备注：讲三分钟",
    "下一步安排",
    "项目：主题党日；时间：每月一次",
    "项目：党课；时间：每季度一次",
]


def slides_pptx(path: Path) -> Path:
    """Two slides with titles, text and a table; speaker's notes on the first; a hidden third."""
    from pptx import Presentation
    from pptx.util import Cm

    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "党建工作汇报（示例）"
    first.placeholders[1].text_frame.text = "一是抓学习；"
    first.placeholders[1].text_frame.add_paragraph().text = "二是抓落实。"
    first.notes_slide.notes_text_frame.text = "讲三分钟"
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "下一步安排"
    table = second.shapes.add_table(3, 2, Cm(2), Cm(5), Cm(20), Cm(5)).table
    rows = (("项目", "时间"), ("主题党日", "每月一次"), ("党课", "每季度一次"))
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    third = deck.slides.add_slide(deck.slide_layouts[5])
    third.shapes.title.text = "备用页"
    third._element.set("show", "0")
    deck.save(str(path))
    return path
