"""Sources to Word files as offices make them: heading styles, real numbering, notes, page numbers."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PackagePart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from corpus.build.light_markdown import Part

_CN = "一二三四五六七八九十百零"
#: Level of the numbering, pattern of the number in the source, what Word shows.
_NUMBERED = (
    (0, re.compile(rf"第[{_CN}]+章\s*"), "第%1章"),
    (1, re.compile(rf"第[{_CN}]+条(?!之)\s*"), "第%2条"),
    (2, re.compile(rf"（[{_CN}]+）\s*"), "（%3）"),
)
_LIST = re.compile(rf"[{_CN}]+、")
_STAMP = (2024, 1, 1, 0, 0, 0)


def write_docx(parts: Sequence[Part], target: Path) -> None:
    """One Word file. Articles are numbered by Word where the source counts without a gap."""
    document = Document()
    font = document.styles["Normal"].font
    font.name, font.size = "FangSong", Pt(14)
    document.core_properties.title = parts[0].text
    document.core_properties.author = "示例"
    _header_and_footer(document)
    notes: list[str] = []
    legal = any(_NUMBERED[1][1].match(part.text) for part in parts)
    num_id = _add_numbering(document) if legal else None
    for part in parts:
        if part.rows:
            _table(document, part.rows)
        else:
            _paragraph(document, part, num_id, notes)
    if notes:
        _add_notes(document, notes)
    document.save(str(target))
    _without_times(target)


def _paragraph(document: Any, part: Part, num_id: int | None, notes: list[str]) -> None:
    text, level = part.text, None
    if num_id is not None:
        for depth, pattern, _ in _NUMBERED:
            match = pattern.match(text)
            if match:
                text, level = text[match.end() :], depth
                break
    if part.level == 1:
        paragraph = document.add_heading(text, 0)
    elif part.level:
        paragraph = document.add_heading(text, min(part.level - 1, 9))
    else:
        paragraph = document.add_paragraph(text)
    if level is not None:
        numbering = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", level), ("w:numId", num_id)):
            element = OxmlElement(tag)
            element.set(qn("w:val"), str(value))
            numbering.append(element)
        paragraph._p.get_or_add_pPr().append(numbering)
    for note in part.notes:
        notes.append(note)
        run = paragraph.add_run()
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(len(notes) + 1))
        run._r.append(reference)


def _table(document: Any, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _add_numbering(document: Any) -> int:
    root = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
        + ('<w:lvlRestart w:val="0"/>' if depth == 1 else "")
        + f'<w:suff w:val="{"nothing" if depth == 2 else "space"}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for depth, _, shown in _NUMBERED
    )
    number = 900
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    first = root.find(qn("w:num"))
    if first is None:
        root.append(abstract)
    else:
        first.addprevious(abstract)
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        )
    )
    return number


def _header_and_footer(document: Any) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].text = "示例文件·仅供演示"
    paragraph = section.footer.paragraphs[0]
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _add_notes(document: Any, notes: Sequence[str]) -> None:
    separators = (
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/>'
        "</w:r></w:p></w:footnote>"
    )
    body = "".join(
        f'<w:footnote w:id="{i}"><w:p><w:r><w:t>{note}</w:t></w:r></w:p></w:footnote>'
        for i, note in enumerate(notes, start=2)
    )
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>{separators}{body}</w:footnotes>'
    part = PackagePart(
        PackURI("/word/footnotes.xml"),
        CONTENT_TYPE.WML_FOOTNOTES,
        xml.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _without_times(path: Path) -> None:
    """The same source gives the same bytes: no times inside the package."""
    with zipfile.ZipFile(path) as package:
        members = [(info.filename, package.read(info)) for info in package.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members:
            data = re.sub(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<", b">2024-01-01T00:00:00Z<", data)
            package.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
