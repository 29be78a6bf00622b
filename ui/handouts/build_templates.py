"""Makes the built-in templates: ``python -m ui.handouts.build_templates``.

The layout of the Word templates is that of official documents (GB/T 9704-2012): A4, head 37 mm,
binding edge 28 mm, text area 156 mm × 225 mm, 22 lines of 28 characters; title 2号小标宋, body
3号仿宋, first level 黑体, second level 楷体, page numbers 4号 between dashes, outside. The same
input gives the same bytes, so that a template in the repository can be compared with its script.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.handouts.slide_layout import build_theme
from ui.handouts.slides import THEME
from ui.handouts.word import FACILITATOR, HANDOUT, KEY, PAPER, PLAN
from ui.handouts.word_template import TEMPLATES

if TYPE_CHECKING:
    from docx.document import Document

THEME_FILE = f"{THEME}.pptx"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_EPOCH = (2026, 1, 1, 0, 0, 0)
_LINE = 579  # twentieths of a point: 225 mm / 22 lines
#: Twentieths of a point between characters of 16 pt, so that 28 stand in 156 mm. Not the grid of
#: characters (linesAndChars), which LibreOffice and WPS set otherwise than Word.
_SQUEEZE = -5
_TITLE, _SONG, _FANG, _HEI, _KAI = "方正小标宋简体", "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312"
#: What stands in where an office's font is not installed (w:altName).
_INSTEAD = {
    _TITLE: "小标宋体,宋体,SimSun",
    _SONG: "SimSun",
    _FANG: "仿宋,FangSong",
    _HEI: "SimHei",
    _KAI: "楷体,KaiTi",
}


def build(name: str) -> bytes:
    """One template's bytes: 试卷, or 课件.pptx."""
    if name == THEME_FILE:
        return repacked(build_theme(datetime(*_EPOCH)))
    from docx import Document as new_document

    document = new_document()
    _page(document)
    _styles(document)
    _fonts(document)
    _BODIES[name](_Body(document))
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = name
    properties.created = properties.modified = datetime(*_EPOCH)
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def repacked(data: bytes) -> bytes:
    """The same package with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            entry = zipfile.ZipInfo(one.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(one.filename))
    return out.getvalue()


def main() -> None:
    """Write all templates into their folder."""
    TEMPLATES.mkdir(exist_ok=True)
    for name in (*_BODIES, THEME_FILE):
        path = TEMPLATES / (name if name == THEME_FILE else f"{name}.docx")
        path.write_bytes(build(name))
        print(path.name, file=sys.stderr)


# -- layout --------------------------------------------------------------------------------------


def _page(document: Document) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(24)
    document.settings.odd_and_even_pages_header_footer = True
    grid = section._sectPr.find(_tag("docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)
    section._sectPr.append(
        _xml(f'<w:docGrid {_W} w:type="lines" w:linePitch="{_LINE}"/>')
    )
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")


def _number(footer: Any, side: str) -> None:
    """— 1 —, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph._p.get_or_add_pPr().append(
        _xml(f'<w:ind {_W} w:{side}="280" w:firstLine="0" w:firstLineChars="0"/>')
    )
    paragraph._p.get_or_add_pPr().append(_xml(f'<w:jc {_W} w:val="{side}"/>'))
    font = (
        f'<w:rPr><w:rFonts w:ascii="{_SONG}" w:hAnsi="{_SONG}" w:eastAsia="{_SONG}"/>'
        '<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
    )
    for inner in (
        '<w:t xml:space="preserve">— </w:t>',
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>1</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
        '<w:t xml:space="preserve"> —</w:t>',
    ):
        paragraph._p.append(_xml(f"<w:r {_W}>{font}{inner}</w:r>"))


def _styles(document: Document) -> None:
    exact = f'w:line="{_LINE}" w:lineRule="exact"'
    body = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    flush = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    left_out = '<w:keepNext/><w:keepLines/>'
    _style(document, "Normal", _FANG, 32, f'<w:spacing w:before="0" w:after="0" {exact}/>')
    _style(document, "Body Text", _FANG, 32, f"{body}<w:jc w:val=\"both\"/>", based="Normal")
    _style(
        document, "Title", _TITLE, 44,
        '<w:spacing w:before="0" w:after="120" w:line="700" w:lineRule="exact"/>'
        f"{flush}<w:jc w:val=\"center\"/>",
        based="Normal",
    )
    _style(document, "Heading 1", _HEI, 32, f'{left_out}{body}<w:outlineLvl w:val="0"/>', based="Normal")
    _style(document, "Heading 2", _KAI, 32, f'{left_out}{body}<w:outlineLvl w:val="1"/>', based="Normal")
    _style(
        document, "Heading 3", _FANG, 32, f'{left_out}{body}<w:outlineLvl w:val="2"/>',
        based="Normal", bold=True,
    )
    _style(
        document, "Subtitle", _KAI, 32,
        f'<w:spacing w:before="0" w:after="{_LINE}" {exact}/>{flush}<w:jc w:val="center"/>',
        based="Normal",
    )
    table = '<w:spacing w:before="40" w:after="40" w:line="360" w:lineRule="exact"/>' + flush
    _style(document, "表格文字", _FANG, 24, table, based="Normal")
    _style(document, "表格标题", _HEI, 24, f"{table}<w:jc w:val=\"center\"/>", based="Normal")
    _style(document, "小标题", _FANG, 32, f"<w:keepNext/>{body}", based="Normal", bold=True)
    _style(document, "选项", _FANG, 32, '<w:ind w:leftChars="200" w:left="640"/>', based="Normal")
    _style(document, "目录标题", _HEI, 32, f'{flush}<w:jc w:val="center"/>', based="Normal")
    _style(document, "toc 1", _FANG, 28, f'<w:spacing w:line="480" w:lineRule="exact"/>{flush}',
           based="Normal", style_id="TOC1")
    _style(document, "toc 2", _FANG, 28,
           '<w:spacing w:line="480" w:lineRule="exact"/>'
           '<w:ind w:leftChars="200" w:left="560" w:firstLineChars="0" w:firstLine="0"/>',
           based="Normal", style_id="TOC2")
    _style(document, "toc 3", _FANG, 28,
           '<w:spacing w:line="480" w:lineRule="exact"/>'
           '<w:ind w:leftChars="400" w:left="1120" w:firstLineChars="0" w:firstLine="0"/>',
           based="Normal", style_id="TOC3")
    _style(document, "footnote text", _FANG, 18,
           f'<w:snapToGrid w:val="0"/><w:spacing w:line="260" w:lineRule="exact"/>{flush}',
           based="Normal", style_id="FootnoteText")
    _style(document, "Footer", _SONG, 28, '<w:snapToGrid w:val="0"/><w:spacing w:line="320" w:lineRule="exact"/>',
           based="Normal")


def _style(
    document: Document, name: str, font: str, half_points: int, paragraph: str,
    *, based: str = "", bold: bool = False, style_id: str = "",
) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    styles = document.styles
    known = [one for one in styles if one.name == name]
    style: Any = known[0] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    element = style.element
    if style_id:
        element.set(_tag("styleId"), style_id)
    element.find(_tag("name")).set(_tag("val"), name.lower() if style_id else element.find(_tag("name")).get(_tag("val")))
    for child in list(element):
        if child.tag in (_tag("pPr"), _tag("rPr"), _tag("link")):
            element.remove(child)
    latin = font if font in (_HEI,) else "Times New Roman"
    squeeze = f'<w:spacing w:val="{_SQUEEZE}"/>' if half_points == 32 else '<w:spacing w:val="0"/>'
    weight = "<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    element.append(_xml(f"<w:pPr {_W}>{paragraph}</w:pPr>"))
    element.append(
        _xml(
            f'<w:rPr {_W}><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}" '
            f'w:cs="Times New Roman"/>{weight}<w:i w:val="0"/><w:color w:val="auto"/>'
            f'{squeeze}<w:kern w:val="0"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
            '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
        )
    )
    if based:
        style.base_style = styles[based]
    style.quick_style = True
    style.hidden = False


def _fonts(document: Document) -> None:
    """The table of fonts with what may stand in for each."""
    part = next(one for one in document.part.package.iter_parts() if one.partname.endswith("fontTable.xml"))
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{"modern" if name in (_FANG, _KAI, _HEI) else "auto"}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, other in _INSTEAD.items()
    )
    part._blob = (  # type: ignore[attr-defined]
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {_W}>{listed}'
        '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/>'
        '<w:pitch w:val="variable"/></w:font></w:fonts>'
    ).encode()


def _xml(text: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(text)


def _tag(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


# -- bodies --------------------------------------------------------------------------------------


class _Body:
    """Paragraphs and tables of a template, one call each."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def line(self, text: str, style: str = "Body Text") -> None:
        """A paragraph."""
        self.document.add_paragraph(text, style=style)

    def title(self, kind: str) -> None:
        """The document's title and what it is."""
        self.line("{{ 标题 }}", "Title")
        self.line(kind, "Subtitle")

    def logic(self, text: str) -> None:
        """A tag that takes its paragraph away: for, if, endif."""
        self.document.add_paragraph("{%p " + text + " %}", style="Normal")

    def each(self, names: str, text: str, style: str = "Body Text") -> None:
        """One paragraph for each text of a list."""
        self.logic(f"for 段 in {names}")
        self.line(text, style)
        self.logic("endfor")

    def contents(self) -> None:
        """目录 on the lines after the title."""
        self.line("目　　录", "目录标题")
        self.line("{{ 目录 }}", "Normal")
        self.line("", "Normal")

    def table(
        self, heads: Sequence[str], cells: Sequence[str], widths: Sequence[int], loop: str,
        last: Sequence[str] = (), *, head: bool = True,
    ) -> None:
        """A table with a repeated head; one row for each of ``loop``; rows never split."""
        from docx.shared import Mm

        if self.document.paragraphs:
            self.document.paragraphs[-1].paragraph_format.space_after = Mm(2)
        rows = 3 + bool(head) + bool(last)
        table = self.document.add_table(rows=rows, cols=len(cells), style="Table Grid")
        table.autofit = False
        table.alignment = 1  # type: ignore[assignment]  # centred
        filled: list[Sequence[str]] = [heads] if head else []
        filled += [["{%tr for 行 in " + loop + " %}"], cells, ["{%tr endfor %}"]]
        if last:
            filled.append(last)
        for at, (row, texts) in enumerate(zip(table.rows, filled, strict=True)):
            properties = row._tr.get_or_add_trPr()
            properties.append(_xml(f"<w:cantSplit {_W}/>"))
            if head and at == 0:
                properties.append(_xml(f"<w:tblHeader {_W}/>"))
            for column, cell in enumerate(row.cells):
                cell.width = Mm(widths[column])
                title = (head and at == 0) or (not head and column == 0)
                cell.paragraphs[0].style = self.document.styles["表格标题" if title else "表格文字"]
                cell.paragraphs[0].add_run(texts[column] if column < len(texts) else "")
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        self.line("", "Normal")


def _plan(body: _Body) -> None:
    body.title("学习方案")
    body.table(["", ""], ["{{ 行.名称 }}", "{{ 行.内容 }}"], [32, 124], "基本情况", head=False)
    body.logic("if 目标")
    body.line("{{ 编号.目标 }}、学习目标", "Heading 1")
    body.each("目标", "{{ loop.index }}.{{ 段 }}")
    body.logic("endif")
    body.logic("if 时间安排")
    body.line("{{ 编号.时间安排 }}、时间安排", "Heading 1")
    body.table(
        ["时间（分）", "环节", "分钟", "方式", "使用材料"],
        ["{{ 行.起止 }}", "{{ 行.环节 }}", "{{ 行.分钟 }}", "{{ 行.方式 }}", "{{ 行.材料 }}"],
        [22, 36, 15, 27, 56],
        "时间安排",
        ["合计", "", "{{ 时长 }}", "", ""],
    )
    body.logic("endif")
    body.logic("if 书目")
    body.line("{{ 编号.书目 }}、学习书目", "Heading 1")
    body.logic("for 书 in 书目")
    body.line("{{ 书.序号 }}.{{ 书.标题 }}", "Heading 3")
    body.line(
        "{{ 书.状态 }}{% if 书.版本 %}，{{ 书.版本 }}{% endif %}"
        "{% if 书.发文机关 %}，{{ 书.发文机关 }}{% endif %}"
        "{% if 书.文号 %}，{{ 书.文号 }}{% endif %}。"
        "{% if 书.条文 %}读{{ 书.条文 }}，{% endif %}约{{ 书.字数 }}字，{{ 书.分钟 }}分钟。"
        "{% if 书.说明 %}{{ 书.说明 }}。{% endif %}"
    )
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 缺少")
    body.line("{{ 编号.缺少 }}、资料库里缺少的内容", "Heading 1")
    body.each("缺少", "{{ 段 }}")
    body.logic("endif")
    body.logic("if 出处")
    body.line("{{ 编号.出处 }}、资料出处", "Heading 1")
    body.logic("for 处 in 出处")
    body.line("{{ 处.序号 }}.{{ 处.文件 }}（{{ 处.状态 }}）{% if 处.位置 %}：{{ 处.位置 }}{% endif %}")
    body.logic("endfor")
    body.logic("endif")


def _handout(body: _Body) -> None:
    body.title("学习材料")
    body.contents()
    body.logic("if 原文")
    body.line("{{ 编号.原文 }}、原文领学", "Heading 1")
    body.logic("for 份 in 原文")
    body.line("（{{ 份.序号 }}）{{ 份.文件 }}", "Heading 2")
    body.logic("for 篇 in 份.篇目")
    body.line("{{ 篇.序号 }}.{{ 篇.标题 }}{% if 篇.要点 %}　{{ 篇.要点 }}{% endif %}", "Heading 3")
    body.each("篇.段落", "{{ 段 }}")
    body.logic("endfor")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 变化")
    body.line("{{ 编号.变化 }}、修订变化", "Heading 1")
    body.table(
        ["条文", "修订前", "修订后"],
        [
            "{{ 行.标题 }}{% if 行.说明 %}：{{ 行.说明 }}{% endif %}",
            "{% for 段 in 行.修订前 %}{{ 段 }}{% endfor %}",
            "{% for 段 in 行.修订后 %}{{ 段 }}{% endfor %}",
        ],
        [32, 62, 62],
        "变化",
    )
    body.logic("endif")
    body.logic("if 案例")
    body.line("{{ 编号.案例 }}、案例研讨", "Heading 1")
    body.logic("for 例 in 案例")
    body.line("（{{ 例.序号 }}）{{ 例.标题 }}", "Heading 2")
    body.each("例.段落", "{{ 段 }}")
    body.logic("if 例.讨论题")
    body.line("讨论题", "小标题")
    body.logic("endif")
    body.logic("for 题 in 例.讨论题")
    body.line("{{ 题.序号 }}.{{ 题.问题 }}")
    body.logic("endfor")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 课后")
    body.line("{{ 编号.课后 }}、课后一页", "Heading 1")
    body.each("课后", "{{ loop.index }}.{{ 段 }}")
    body.logic("endif")


def _paper(body: _Body) -> None:
    body.title("试卷{{ 卷名 }}")
    body.line("单位：＿＿＿＿＿＿　姓名：＿＿＿＿＿　得分：＿＿＿＿", "Normal")
    body.line("共{{ 题数 }}题{% if 总分 %}，满分{{ 总分 }}分{% endif %}。", "Normal")
    body.logic("for 组 in 大题")
    body.line("{{ 组.序号 }}、{{ 组.题型 }}（{{ 组.说明 }}）", "Heading 1")
    body.logic("for 题 in 组.题目")
    body.logic("for 段 in 题.题干")
    body.line("{% if loop.first %}{{ 题.序号 }}.{% endif %}{{ 段 }}{% if loop.last and 组.题型 == '判断题' %}（      ）{% endif %}")
    body.logic("endfor")
    body.each("题.选项", "{{ 段 }}", "选项")
    body.each("题.作答", "{{ 段 }}", "Normal")
    body.logic("endfor")
    body.logic("endfor")


def _key(body: _Body) -> None:
    body.title("答案与解析{{ 卷名 }}")
    body.logic("for 组 in 大题")
    body.line("{{ 组.序号 }}、{{ 组.题型 }}", "Heading 1")
    body.logic("for 题 in 组.题目")
    body.logic("for 段 in 题.题干")
    body.line("{% if loop.first %}{{ 题.序号 }}.{% endif %}{{ 段 }}")
    body.logic("endfor")
    body.line("答案：{{ 题.答案 }}", "小标题")
    body.logic("if 题.解析")
    body.line("解析：{{ 题.解析 }}")
    body.logic("endif")
    body.each("题.要点", "要点{{ loop.index }}：{{ 段 }}")
    body.each("题.理由", "{{ 段 }}")
    body.each("题.原文", "{% if loop.first %}原文：{% endif %}{{ 段 }}")
    body.logic("endfor")
    body.logic("endfor")


def _facilitator(body: _Body) -> None:
    body.title("主持人手册")
    body.logic("if 提醒")
    body.line("{{ 编号.提醒 }}、课前提醒", "Heading 1")
    body.each("提醒", "{{ loop.index }}.{{ 段 }}")
    body.logic("endif")
    body.logic("if 时间安排")
    body.line("{{ 编号.时间安排 }}、分环节提示", "Heading 1")
    body.logic("for 节 in 时间安排")
    body.line("（{{ 节.序号 }}）{{ 节.环节 }}（{{ 节.起止 }}分，{{ 节.分钟 }}分钟）", "Heading 2")
    body.line("方式：{{ 节.方式 }}。{% if 节.材料 %}材料：{{ 节.材料 }}。{% endif %}")
    body.each("节.提示", "{{ loop.index }}.{{ 段 }}")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 案例")
    body.line("{{ 编号.案例 }}、讨论题要点", "Heading 1")
    body.logic("for 例 in 案例")
    body.line("（{{ 例.序号 }}）{{ 例.标题 }}", "Heading 2")
    body.logic("for 题 in 例.讨论题")
    body.line("{{ 题.序号 }}.{{ 题.问题 }}", "Heading 3")
    body.each("题.要点", "{{ 段 }}")
    body.logic("endfor")
    body.logic("endfor")
    body.logic("endif")
    body.logic("if 速查")
    body.line("{{ 编号.速查 }}、测验答案速查", "Heading 1")
    body.each("速查", "{{ 段 }}")
    body.logic("endif")


_BODIES = {PLAN: _plan, HANDOUT: _handout, PAPER: _paper, KEY: _key, FACILITATOR: _facilitator}

if __name__ == "__main__":
    main()
