"""PowerPoint and WPS presentations (.pptx, new .dps): slides in order, with tables and notes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.drawing_text import A, paragraphs, table
from ingest.readers.files import load
from ingest.readers.package import Package
from ingest.readers.tables import is_layout, table_rows

if TYPE_CHECKING:
    from lxml.etree import _Element

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TITLES = frozenset(["title", "ctrTitle"])
_FURNITURE = frozenset(["dt", "ftr", "sldNum", "hdr", "sldImg"])
_DEEPEST = 50


class PptxReader:
    """Reads .pptx. The title of each slide is a heading; dates, footers and slide numbers are left
    out, speaker's notes follow their slide; hidden slides are left out and said."""

    format = "pptx"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The slides' blocks; ``page`` is the slide's number."""
        package = Package(load(path, limits), limits, "演示文稿")
        slides = _slides(package)
        if len(slides) > limits.max_pages:
            raise ReadError(
                f"演示文稿有 {len(slides)} 页，超过 {limits.max_pages} 页的上限；请拆成几份再放入"
            )
        blocks: list[Block] = []
        hidden: list[int] = []
        for number, part in enumerate(slides, 1):
            root = package.required(part)
            if root.get("show") in ("0", "false"):
                hidden.append(number)
                continue
            blocks += _Slide(package, part, root, number).blocks()
        core = package.part("docProps/core.xml")
        title = (
            core.findtext("{http://purl.org/dc/elements/1.1/}title") if core is not None else None
        )
        named = "、".join(map(str, hidden[:8])) + ("等" if len(hidden) > 8 else "")
        return make_document(
            self.format,
            blocks,
            limits,
            title=None if title and title.lower().startswith(("powerpoint", "演示")) else title,
            page_count=len(slides),
            warnings=(f"隐藏的第 {named} 页没有读取",) if hidden else (),
        )


def _slides(package: Package) -> list[str]:
    root = package.required("ppt/presentation.xml")
    targets = relations(package, "ppt/presentation.xml")
    found = [targets.get(one.get(f"{_R}id", ""), "") for one in root.iter(f"{_P}sldId")]
    return [part for part in found if part in package.names]


def relations(package: Package, part: str) -> dict[str, str]:
    """Target part of each relation of a part."""
    folder, name = posixpath.split(part)
    root = package.part(f"{folder}/_rels/{name}.rels")
    out = {}
    for one in root if root is not None else ():
        target = one.get("Target", "")
        path = target if target.startswith("/") else posixpath.join(folder, target)
        out[one.get("Id", "")] = posixpath.normpath(path).lstrip("/")
    return out


class _Slide:
    def __init__(self, package: Package, part: str, root: _Element, number: int) -> None:
        self.package = package
        self.relations = relations(package, part)
        self.root = root
        self.number = number

    def blocks(self) -> Iterator[Block]:
        """Title first, then the shapes as they lie, then the notes."""
        tree = self.root.find(f"{_P}cSld/{_P}spTree")
        shapes = list(_shapes(tree, 0)) if tree is not None else []
        titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
        level = 1 if self.number == 1 else 2
        for shape in titles:
            text = " ".join(_said(shape))
            if text.strip():
                yield Block(text, "heading", level, self.number)
        for shape in shapes:
            if shape not in titles and _placeholder(shape) not in _FURNITURE:
                yield from self._shape(shape)
        yield from self._notes()

    def _shape(self, shape: _Element) -> Iterator[Block]:
        for element in shape.iter(f"{A}tbl"):
            rows = table(element)
            if is_layout(rows):
                lines = [line for row in rows for cell in row for line in cell.lines]
                yield from (Block(line, page=self.number) for line in lines)
            else:
                yield from (Block(t, "table_row", page=self.number) for t in table_rows(rows))
            return
        for diagram in shape.iter(f"{_D}relIds"):
            root = self.package.part(self.relations.get(diagram.get(f"{_R}dm", ""), ""))
            for text in root.iter(f"{_D}t") if root is not None else ():
                yield from (Block(line, page=self.number) for line in paragraphs(text))
            return
        yield from (Block(line, page=self.number) for line in _said(shape))

    def _notes(self) -> Iterator[Block]:
        part = next((one for one in self.relations.values() if "/notesSlide" in one), "")
        root = self.package.part(part)
        if root is None:
            return
        lines = [
            line
            for shape in root.iter(f"{_P}sp")
            if _placeholder(shape) not in _FURNITURE
            for line in _said(shape)
        ]
        if lines:
            yield Block("备注：" + " ".join(lines), "note", page=self.number)


def _shapes(parent: _Element, depth: int) -> Iterator[_Element]:
    """Shapes with text in them, those in groups as well."""
    if depth > _DEEPEST:
        return
    for child in parent:
        if child.tag in (f"{_P}sp", f"{_P}graphicFrame"):
            yield child
        elif child.tag == f"{_P}grpSp":
            yield from _shapes(child, depth + 1)
        elif child.tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            if choice is not None:
                yield from _shapes(choice, depth + 1)


def _placeholder(shape: _Element) -> str:
    found = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
    return found.get("type", "body") if found is not None else ""


def _said(shape: _Element) -> Iterator[str]:
    body = shape.find(f"{_P}txBody")
    if body is not None:
        yield from paragraphs(body)
