"""The built-in theme of the slides: 16:9, sober, two layouts."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

_BRAND, _INK, _PAPER = "9F2F24", "22262B", "FFFFFF"
_FONT = "微软雅黑"
_KEPT = ("Title Slide", "Title and Content")
_WIDTH, _HEIGHT = 960, 540  # points


def build_theme(made: datetime) -> bytes:
    """The .pptx without slides."""
    from pptx import Presentation
    from pptx.util import Pt

    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(_WIDTH), Pt(_HEIGHT)
    for layout in list(deck.slide_layouts):
        if layout.name not in _KEPT:
            deck.slide_layouts.remove(layout)
    cover, text = deck.slide_layouts
    cover.name, text.name = "标题幻灯片", "标题和内容"
    _theme(deck)
    _master(deck.slide_master)
    _text(text)
    _cover(cover)
    properties = deck.core_properties
    properties.title, properties.author, properties.last_modified_by = "课件", "", ""
    properties.created = properties.modified = made
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _theme(deck: Any) -> None:
    part = next(one for one in deck.part.package.iter_parts() if "/theme/" in str(one.partname))
    text = part.blob.decode("utf-8")
    text = re.sub(r'<a:latin typeface="[^"]*"/>', f'<a:latin typeface="{_FONT}"/>', text)
    text = re.sub(r'<a:ea typeface="[^"]*"/>', f'<a:ea typeface="{_FONT}"/>', text)
    colours = {
        "dk2": "5B6169",
        "lt2": "F1EFE9",
        "accent1": _BRAND,
        "accent2": "1D6B45",
        "accent3": "8A5A00",
        "accent4": "2F6DB5",
        "accent5": "5B6169",
        "accent6": "86261D",
    }
    for name, value in colours.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>',
            text,
            flags=re.DOTALL,
        )
    part._blob = text.encode("utf-8")


def _master(master: Any) -> None:
    for shape in list(master.placeholders):
        name = shape.placeholder_format.type.name
        if name in ("DATE", "FOOTER", "SLIDE_NUMBER"):
            shape._element.getparent().remove(shape._element)
        elif name == "TITLE":
            _place(shape, 48, 24, 864, 72)
            _anchor(shape, "ctr")
        else:
            _place(shape, 48, 112, 864, 388)
            _anchor(shape, "t")
    styles = master._element.find(_tag("p:txStyles"))
    for level in styles.find(_tag("p:titleStyle")):
        level.set("algn", "l")
        _colour(level, _BRAND, bold=True)
    for level in styles.find(_tag("p:bodyStyle")):
        _colour(level, _INK)


def _text(layout: Any) -> None:
    _without_feet(layout)
    for shape in layout.placeholders:
        if shape.placeholder_format.type.name == "TITLE":
            _place(shape, 48, 24, 864, 72)
        else:
            _place(shape, 48, 112, 864, 388)
    _bar(layout, 48, 100, 864, 2, _BRAND)
    _page_number(layout)


def _cover(layout: Any) -> None:
    from pptx.dml.color import RGBColor

    _without_feet(layout)
    fill = layout.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(_BRAND)
    for shape in layout.placeholders:
        title = "TITLE" in shape.placeholder_format.type.name.replace("SUBTITLE", "")
        _place(shape, 80, 130 if title else 300, 800, 140 if title else 170)
        _anchor(shape, "b" if title else "t")
        for level in shape._element.iter(_tag("a:lvl1pPr")):
            level.set("algn", "l")
            _colour(level, _PAPER, bold=title)
        if not list(shape._element.iter(_tag("a:lvl1pPr"))):
            styles = shape._element.find(".//" + _tag("a:lstStyle"))
            level = styles.makeelement(_tag("a:lvl1pPr"), {"algn": "l"})
            styles.insert(0, level)
            _colour(level, _PAPER, bold=title)
    _bar(layout, 80, 284, 120, 4, _PAPER)


def _colour(level: Any, colour: str, *, bold: bool = False) -> None:
    properties = level.find(_tag("a:defRPr"))
    if properties is None:
        properties = level.makeelement(_tag("a:defRPr"), {})
        level.append(properties)
    for one in properties.findall(_tag("a:solidFill")):
        properties.remove(one)
    fill = properties.makeelement(_tag("a:solidFill"), {})
    fill.append(fill.makeelement(_tag("a:srgbClr"), {"val": colour}))
    properties.insert(0, fill)
    properties.set("b", "1" if bold else "0")


def _without_feet(layout: Any) -> None:
    for shape in list(layout.placeholders):
        if shape.placeholder_format.type.name in ("DATE", "FOOTER", "SLIDE_NUMBER"):
            shape._element.getparent().remove(shape._element)


def _anchor(shape: Any, where: str) -> None:
    shape._element.find(".//" + _tag("a:bodyPr")).set("anchor", where)


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    from pptx.util import Pt

    shape.left, shape.top, shape.width, shape.height = Pt(left), Pt(top), Pt(width), Pt(height)


def _bar(layout: Any, left: float, top: float, width: float, height: float, colour: str) -> None:
    tree = layout._element.find(".//" + _tag("p:spTree"))
    tree.append(
        _xml(
            f'<p:sp {_NS}><p:nvSpPr><p:cNvPr id="90" name="线"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
            f"</p:nvSpPr><p:spPr>{_transform(left, top, width, height)}"
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
            f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
            "</p:sp>"
        )
    )


def _page_number(layout: Any) -> None:
    """No placeholder: a field on the layout shows on every slide without being copied there."""
    tree = layout._element.find(".//" + _tag("p:spTree"))
    tree.append(
        _xml(
            f'<p:sp {_NS}><p:nvSpPr><p:cNvPr id="91" name="页码"/><p:cNvSpPr txBox="1"/>'
            f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{_transform(832, 508, 80, 20)}'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
            '<a:bodyPr lIns="0" rIns="0" tIns="0" bIns="0"/><a:lstStyle/><a:p><a:pPr algn="r"/>'
            '<a:fld id="{5C7C5C0C-4B5C-4B7A-9C3B-1B1F5F0E5A01}" type="slidenum">'
            '<a:rPr lang="zh-CN" sz="1200"><a:solidFill><a:srgbClr val="5B6169"/></a:solidFill>'
            "</a:rPr><a:t>‹#›</a:t></a:fld></a:p></p:txBody></p:sp>"
        )
    )


_NS = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def _transform(left: float, top: float, width: float, height: float) -> str:
    x, y, cx, cy = (round(one * 12_700) for one in (left, top, width, height))
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'


def _xml(text: str) -> Any:
    from pptx.oxml import parse_xml

    return parse_xml(text)


def _tag(name: str) -> str:
    from pptx.oxml.ns import qn

    return qn(name)
