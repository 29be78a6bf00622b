"""The layout of official documents (GB/T 9704-2012) for the built-in Word templates.

A4, head 37 mm, binding edge 28 mm, text area 156 mm × 225 mm, 22 lines of 28 characters; title
2号小标宋, body 3号仿宋, first level 黑体, second level 楷体, page numbers 4号 between dashes, outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
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


def set_page(document: Document) -> None:
    """Paper, margins, grid and page numbers."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(24)
    document.settings.odd_and_even_pages_header_footer = True
    grid = section._sectPr.find(tag("docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)
    section._sectPr.append(xml(f'<w:docGrid {W} w:type="lines" w:linePitch="{_LINE}"/>'))
    _number(section.footer, "right")
    _number(section.even_page_footer, "left")


def _number(footer: Any, side: str) -> None:
    """— 1 —, one character in from the outer edge."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph._p.get_or_add_pPr().append(
        xml(f'<w:ind {W} w:{side}="280" w:firstLine="0" w:firstLineChars="0"/>')
    )
    paragraph._p.get_or_add_pPr().append(xml(f'<w:jc {W} w:val="{side}"/>'))
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
        paragraph._p.append(xml(f"<w:r {W}>{font}{inner}</w:r>"))


def set_styles(document: Document) -> None:
    """The styles of official documents."""
    exact = f'w:line="{_LINE}" w:lineRule="exact"'
    body = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
    flush = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
    left_out = "<w:keepNext/><w:keepLines/>"
    _style(document, "Normal", _FANG, 32, f'<w:spacing w:before="0" w:after="0" {exact}/>')
    _style(document, "Body Text", _FANG, 32, f'{body}<w:jc w:val="both"/>', based="Normal")
    _style(
        document,
        "Title",
        _TITLE,
        44,
        '<w:spacing w:before="0" w:after="120" w:line="700" w:lineRule="exact"/>'
        f'{flush}<w:jc w:val="center"/>',
        based="Normal",
    )
    _style(
        document,
        "Heading 1",
        _HEI,
        32,
        f'{left_out}{body}<w:outlineLvl w:val="0"/>',
        based="Normal",
    )
    _style(
        document,
        "Heading 2",
        _KAI,
        32,
        f'{left_out}{body}<w:outlineLvl w:val="1"/>',
        based="Normal",
    )
    _style(
        document,
        "Heading 3",
        _FANG,
        32,
        f'{left_out}{body}<w:outlineLvl w:val="2"/>',
        based="Normal",
        bold=True,
    )
    _style(
        document,
        "Subtitle",
        _KAI,
        32,
        f'<w:spacing w:before="0" w:after="{_LINE}" {exact}/>{flush}<w:jc w:val="center"/>',
        based="Normal",
    )
    table = (
        '<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="360" w:lineRule="exact"/>'
        + flush
    )
    _style(document, "表格文字", _FANG, 24, table, based="Normal")
    _style(document, "表格标题", _HEI, 24, f'{table}<w:jc w:val="center"/>', based="Normal")
    _style(document, "小标题", _FANG, 32, f"<w:keepNext/>{body}", based="Normal", bold=True)
    _style(document, "选项", _FANG, 32, '<w:ind w:leftChars="200" w:left="640"/>', based="Normal")
    _style(document, "目录标题", _HEI, 32, f'{flush}<w:jc w:val="center"/>', based="Normal")
    _style(
        document,
        "toc 1",
        _FANG,
        28,
        f'<w:snapToGrid w:val="0"/><w:spacing w:line="480" w:lineRule="exact"/>{flush}',
        based="Normal",
        style_id="TOC1",
    )
    _style(
        document,
        "toc 2",
        _FANG,
        28,
        '<w:snapToGrid w:val="0"/><w:spacing w:line="480" w:lineRule="exact"/>'
        '<w:ind w:leftChars="200" w:left="560" w:firstLineChars="0" w:firstLine="0"/>',
        based="Normal",
        style_id="TOC2",
    )
    _style(
        document,
        "toc 3",
        _FANG,
        28,
        '<w:snapToGrid w:val="0"/><w:spacing w:line="480" w:lineRule="exact"/>'
        '<w:ind w:leftChars="400" w:left="1120" w:firstLineChars="0" w:firstLine="0"/>',
        based="Normal",
        style_id="TOC3",
    )
    _style(
        document,
        "footnote text",
        _FANG,
        18,
        f'<w:snapToGrid w:val="0"/><w:spacing w:line="260" w:lineRule="exact"/>{flush}',
        based="Normal",
        style_id="FootnoteText",
    )
    _style(
        document,
        "Footer",
        _SONG,
        28,
        '<w:snapToGrid w:val="0"/><w:spacing w:line="320" w:lineRule="exact"/>',
        based="Normal",
    )


def _style(
    document: Document,
    name: str,
    font: str,
    half_points: int,
    paragraph: str,
    *,
    based: str = "",
    bold: bool = False,
    style_id: str = "",
) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    styles = document.styles
    known = [one for one in styles if one.name == name]
    style: Any = known[0] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    element = style.element
    if style_id:
        element.set(tag("styleId"), style_id)
    element.find(tag("name")).set(
        tag("val"), name.lower() if style_id else element.find(tag("name")).get(tag("val"))
    )
    for child in list(element):
        if child.tag in (tag("pPr"), tag("rPr"), tag("link")):
            element.remove(child)
    latin = font if font in (_HEI,) else "Times New Roman"
    squeeze = f'<w:spacing w:val="{_SQUEEZE}"/>' if half_points == 32 else '<w:spacing w:val="0"/>'
    weight = "<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    element.append(xml(f"<w:pPr {W}>{paragraph}</w:pPr>"))
    element.append(
        xml(
            f'<w:rPr {W}><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{font}" '
            f'w:cs="Times New Roman"/>{weight}<w:i w:val="0"/><w:color w:val="auto"/>'
            f'{squeeze}<w:kern w:val="0"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
            '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
        )
    )
    if based:
        style.base_style = styles[based]
    style.quick_style = True
    style.hidden = False


def set_fonts(document: Document) -> None:
    """The table of fonts with what may stand in for each."""
    part = next(
        one for one in document.part.package.iter_parts() if one.partname.endswith("fontTable.xml")
    )
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{"modern" if name in (_FANG, _KAI, _HEI) else "auto"}"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, other in _INSTEAD.items()
    )
    part._blob = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {W}>{listed}'
        '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/>'
        '<w:pitch w:val="variable"/></w:font></w:fonts>'
    ).encode()


def xml(text: str) -> Any:
    """An element of WordprocessingML."""
    from docx.oxml import parse_xml

    return parse_xml(text)


def tag(name: str) -> str:
    """A name of WordprocessingML as lxml writes it."""
    from docx.oxml.ns import qn

    return qn(f"w:{name}")
