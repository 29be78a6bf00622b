"""OpenDocument text (.odt) and presentations (.odp), as LibreOffice shows them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.files import load
from ingest.readers.lines import shown_lines
from ingest.readers.odf_styles import DRAW, OFFICE, PRESENTATION, TABLE, TEXT, OdfStyles
from ingest.readers.package import Package
from ingest.readers.tables import Cell, is_layout, table_rows

if TYPE_CHECKING:
    from lxml.etree import _Element

_WHAT = "ODF 文档"
_DC_TITLE = ".//{http://purl.org/dc/elements/1.1/}title"
# Deleted text of tracked changes, comments, readings, forms and what is declared ahead.
_LEFT_OUT = frozenset(
    [f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{OFFICE}annotation-end",
     f"{TEXT}ruby-text", f"{OFFICE}forms", f"{TEXT}sequence-decls", f"{TEXT}variable-decls",
     f"{TEXT}hidden-text", f"{TEXT}hidden-paragraph", f"{TEXT}index-title-template",
     f"{TEXT}table-of-content-source", f"{DRAW}plugin", f"{PRESENTATION}notes"]
)  # fmt: skip
_DEEPEST = 200


class OdtReader:
    """Reads .odt. Numbers are written out, tracked insertions are taken, deletions, comments,
    hidden text, headers and footers left out; a note follows its paragraph."""

    format = "odt"
    body = "text"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The body's blocks in order."""
        package = Package(load(path, limits), limits, _WHAT)
        check_locked(package)
        root = package.required("content.xml")
        body = root.find(f"{OFFICE}body/{OFFICE}{self.body}")
        if body is None:
            raise package.damaged()
        meta = package.part("meta.xml")
        title = meta.findtext(_DC_TITLE) if meta is not None else None
        walk = _Walk(OdfStyles((package.part("styles.xml"), root)))
        blocks = list(self._blocks(walk, body))
        return make_document(self.format, blocks, limits, title=title, warnings=self._warnings())

    def _blocks(self, walk: _Walk, body: _Element) -> Iterator[Block]:
        yield from walk.blocks(body)

    def _warnings(self) -> tuple[str, ...]:
        return ()


class OdpReader(OdtReader):
    """Reads .odp: the slides in order, the title of each as a heading."""

    format = "odp"
    body = "presentation"

    def __init__(self) -> None:
        self._hidden: list[int] = []

    def _blocks(self, walk: _Walk, body: _Element) -> Iterator[Block]:
        for number, page in enumerate(body.iterchildren(f"{DRAW}page"), 1):
            if page.get(f"{DRAW}style-name") in walk.styles.invisible:
                self._hidden.append(number)
                continue
            for frame in page:
                kind = frame.get(f"{PRESENTATION}class", "")
                if frame.tag != f"{PRESENTATION}notes" and kind not in _FURNITURE:
                    yield from _slide(walk.blocks(frame), kind == "title", number)
            for notes in page.iterchildren(f"{PRESENTATION}notes"):
                yield from _spoken(walk, notes, number)

    def _warnings(self) -> tuple[str, ...]:
        named = "、".join(map(str, self._hidden[:8])) + ("等" if len(self._hidden) > 8 else "")
        return (f"隐藏的第 {named} 页没有读取",) if self._hidden else ()


_FURNITURE = frozenset(["page-number", "date-time", "footer", "header", "page"])


def _slide(blocks: Iterator[Block], title: bool, number: int) -> Iterator[Block]:
    level = 1 if number == 1 else 2
    for block in blocks:
        kind = "heading" if title else block.kind
        yield Block(block.text, kind, level if title else block.level, number)


def _spoken(walk: _Walk, notes: _Element, number: int) -> Iterator[Block]:
    lines = [
        block.text
        for frame in notes
        if frame.get(f"{PRESENTATION}class") == "notes"
        for block in walk.blocks(frame)
    ]
    if lines:
        yield Block("备注：" + " ".join(lines), "note", page=number)


def check_locked(package: Package) -> None:
    """Raises :class:`ReadError` for a file with a password, which we can't open."""
    name = "META-INF/manifest.xml"
    if name in package.names and b"encryption-data" in package.data(name):
        raise ReadError(
            "ODF 文档有密码保护，打不开（--password-file 对这种格式不起作用）；请去掉密码另存一份再放入"
        )


class _Walk:
    """One pass over the content."""

    def __init__(self, styles: OdfStyles) -> None:
        self.styles = styles
        self.note_count = 0
        self.lists: list[str] = []  # styles of the lists around, the outermost first
        self.first = False  # whether the next paragraph is the first of its item
        self.depth = 0

    def blocks(self, parent: _Element) -> Iterator[Block]:
        """Blocks of the paragraphs, lists and tables below ``parent``."""
        if self.depth > _DEEPEST:
            raise ReadError("ODF 文档的嵌套层数过深，没有读取；请打开另存为 .docx 再放入")
        self.depth += 1
        for child in parent:
            tag = child.tag
            if tag in (f"{TEXT}p", f"{TEXT}h"):
                yield from self._paragraph(child)
            elif tag == f"{TEXT}list":
                yield from self._list(child)
            elif tag == f"{TABLE}table":
                yield from self._table(child)
            elif isinstance(tag, str) and tag not in _LEFT_OUT:
                yield from self.blocks(child)
        self.depth -= 1

    def _list(self, element: _Element) -> Iterator[Block]:
        style = element.get(f"{TEXT}style-name") or (self.lists[-1] if self.lists else "")
        if not self.lists:
            goes_on = element.get(f"{TEXT}continue-numbering") == "true"
            self.styles.begin_list(style, goes_on or bool(element.get(f"{TEXT}continue-list")))
        self.lists.append(style)
        for item in element:
            self.first = item.tag == f"{TEXT}list-item"
            if isinstance(item.tag, str):
                yield from self.blocks(item)
        self.first = False
        self.lists.pop()

    def _paragraph(self, element: _Element) -> Iterator[Block]:
        pieces, notes, frames = self._content(element)
        style = element.get(f"{TEXT}style-name") or ""
        level = 0
        if element.tag == f"{TEXT}h":
            stated = element.get(f"{TEXT}outline-level") or "1"
            level = min(int(stated), 9) if stated.isdecimal() and len(stated) < 3 else 1
        elif self.styles.is_title(style):
            level = 1
        lines = [] if style in self.styles.hidden else shown_lines("".join(pieces))
        if lines:
            if self.lists and self.first:
                lines[0] = self.styles.label(self.lists[-1], len(self.lists) - 1) + lines[0]
                self.first = False
            elif level and not self.lists and element.tag == f"{TEXT}h":
                lines[0] = self.styles.outline_label(level) + lines[0]
        for line in lines:
            yield Block(line, "heading" if level else "paragraph", level)
        lists, self.lists = self.lists, []
        for note in notes:
            text = " ".join(block.text for block in self.blocks(note))
            if text.strip():
                self.note_count += 1
                yield Block(f"注{self.note_count}：{text}", "note")
        for frame in frames:
            yield from self.blocks(frame)
        self.lists = lists

    def _content(self, element: _Element) -> tuple[list[str], list[_Element], list[_Element]]:
        """Text pieces, bodies of notes, and frames (text boxes) of a paragraph."""
        pieces: list[str] = [element.text or ""]
        notes: list[_Element] = []
        frames: list[_Element] = []
        stack: list[_Element | str] = list(reversed(element))
        while stack:
            one = stack.pop()
            if isinstance(one, str):
                pieces.append(one)
                continue
            tag = one.tag
            if one.tail:
                stack.append(one.tail)
            if tag in _LEFT_OUT or not isinstance(tag, str):
                continue
            if one.get(f"{TEXT}style-name") in self.styles.hidden:
                continue
            if tag == f"{TEXT}s":
                count = one.get(f"{TEXT}c") or "1"
                pieces.append(" " * (min(int(count), 100) if count.isdecimal() else 1))
            elif tag == f"{TEXT}tab":
                pieces.append(" ")
            elif tag == f"{TEXT}line-break":
                pieces.append("\n")
            elif tag == f"{TEXT}note":
                notes += one.findall(f"{TEXT}note-body")
            elif tag == f"{DRAW}text-box" or tag == f"{DRAW}custom-shape":
                frames.append(one)
            else:
                stack.extend(reversed(one))
                if one.text and not tag.startswith(DRAW):
                    stack.append(one.text)
        return [_no_breaks(piece) for piece in pieces], notes, frames

    def _table(self, table: _Element) -> Iterator[Block]:
        lists, self.lists = self.lists, []
        rows = [list(self._cells(row, header)) for row, header in _rows(table)]
        self.lists = lists
        if is_layout(rows):
            yield from (Block(line) for row in rows for cell in row for line in cell.lines)
        else:
            yield from (Block(text, "table_row") for text in table_rows(rows))

    def _cells(self, row: _Element, header: bool) -> Iterator[Cell]:
        for cell in row.iterchildren(f"{TABLE}table-cell"):
            lines = tuple(block.text for block in self.blocks(cell))
            columns = _span(cell.get(f"{TABLE}number-columns-spanned"))
            height = _span(cell.get(f"{TABLE}number-rows-spanned"))
            repeated = _span(cell.get(f"{TABLE}number-columns-repeated"))
            for _ in range(min(repeated, 50)):
                yield Cell(lines or ("",), columns, height, header)


def _rows(table: _Element) -> Iterator[tuple[_Element, bool]]:
    """Rows of a table and whether they are its header, those in groups as well."""
    stack: list[tuple[_Element, bool]] = [(child, False) for child in reversed(table)]
    while stack:
        element, header = stack.pop()
        if element.tag == f"{TABLE}table-row":
            yield element, header
        elif element.tag in (
            f"{TABLE}table-header-rows", f"{TABLE}table-row-group", f"{TABLE}table-rows"
        ):  # fmt: skip
            header = header or element.tag == f"{TABLE}table-header-rows"
            stack.extend((child, header) for child in reversed(element))


def _span(value: str | None) -> int:
    return max(1, min(int(value), 500)) if value and value.isdecimal() and len(value) < 7 else 1


def _no_breaks(piece: str) -> str:
    """White space of the XML as ODF reads it; only ``text:line-break`` breaks a line."""
    return piece if piece == "\n" else piece.replace("\r", " ").replace("\n", " ")
