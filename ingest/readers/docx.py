"""Word documents (.docx): the text as Word shows it, with numbers, tables and notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.docx_numbering import Numbering, Styles, W, value
from ingest.readers.files import load
from ingest.readers.lines import shown_lines
from ingest.readers.package import Package
from ingest.readers.tables import Cell, is_layout, table_rows

if TYPE_CHECKING:
    from lxml.etree import _Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
# Tracked deletions, the old place of moved text, the copy of a text box for old programs.
_LEFT_OUT = frozenset(
    [
        f"{W}del",
        f"{W}moveFrom",
        f"{W}pPr",
        f"{W}rPr",
        f"{W}sdtPr",
        f"{_MC}Fallback",
        f"{W}instrText",
    ]
)
_BREAKS = frozenset([f"{W}br", f"{W}cr"])


class DocxReader:
    """Reads .docx. Numbering is written out, tracked insertions are taken, deletions, comments,
    hidden text, headers and footers left out; a note follows the paragraph that refers to it."""

    format = "docx"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The body's blocks in order."""
        package = Package(load(path, limits), limits)
        root = package.required("word/document.xml")
        body = root.find(f"{W}body")
        core = package.part("docProps/core.xml")
        title = core.findtext(f"{_DC}title") if core is not None else None
        walk = _Walk(package)
        blocks = walk.blocks(body if body is not None else root)
        return make_document(self.format, blocks, limits, title=title)


class _Walk:
    """One pass over the body."""

    def __init__(self, package: Package) -> None:
        self.styles = Styles(package.part("word/styles.xml"))
        self.numbering = Numbering(package.part("word/numbering.xml"), self.styles)
        self.notes = {
            kind: _notes(package.part(f"word/{kind}s.xml"), kind)
            for kind in ("footnote", "endnote")
        }
        self.note_count = 0

    def blocks(self, parent: _Element) -> Iterator[Block]:
        """Blocks of the paragraphs and tables below ``parent``."""
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag not in _LEFT_OUT and isinstance(child.tag, str):
                yield from self.blocks(child)  # content controls, tracked and custom wrappers

    def _paragraph(self, paragraph: _Element) -> Iterator[Block]:
        properties = paragraph.find(f"{W}pPr")
        style_id = value(properties.find(f"{W}pStyle")) if properties is not None else None
        pieces, notes, boxes = _content(paragraph)
        text = "".join(pieces)
        lines = shown_lines(text)
        level = self.styles.heading_level(properties, style_id)
        if lines:
            lines[0] = self.numbering.label(properties, style_id) + lines[0]
        for line in lines:
            yield Block(line, "heading" if level else "paragraph", level)
        for kind, note_id in notes:
            if note := self.notes[kind].get(note_id):
                self.note_count += 1
                yield Block(f"注{self.note_count}：{note}", "note")
        for box in boxes:
            yield from self.blocks(box)

    def _table(self, table: _Element) -> Iterator[Block]:
        rows = [list(row) for row in self._rows(table)]
        if is_layout(rows):
            for row in rows:
                for cell in row:
                    yield from (Block(line) for line in cell.lines)
            return
        yield from (Block(row, "table_row") for row in table_rows(rows))

    def _rows(self, table: _Element) -> Iterator[list[Cell]]:
        grid = [_placed(row) for row in _children(table, f"{W}tr")]
        for at, row in enumerate(grid):
            header = at < 4 and table_header(row)
            cells = []
            for column, (cell, span, merge) in row.items():
                if merge == "continue":
                    continue
                height = 1
                if merge == "restart":
                    while at + height < len(grid) and _goes_on(grid[at + height], column):
                        height += 1
                lines = tuple(block.text for block in self.blocks(cell))
                cells.append(Cell(lines or ("",), span, height, header))
            yield cells  # none where every cell is merged with one above; the row still counts


_Placed = dict[int, tuple["_Element", int, str]]


def table_header(row: _Placed) -> bool:
    """Whether Word repeats this row at the top of each page."""
    first = next(iter(row.values()), None)
    parent = first[0].getparent() if first else None
    return parent is not None and parent.find(f"{W}trPr/{W}tblHeader") is not None


def _goes_on(row: _Placed, column: int) -> bool:
    return column in row and row[column][2] == "continue"


def _children(parent: _Element, tag: str) -> Iterator[_Element]:
    """Direct children, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _children(child, tag)


def _placed(row: _Element) -> _Placed:
    """Cells of a row by their first column: (cell, columns, vertical merge)."""
    out: _Placed = {}
    column = 0
    before = row.find(f"{W}trPr/{W}gridBefore")
    try:
        column += min(int(value(before, "0") or 0), 100)
    except ValueError:
        column = 0
    for cell in _children(row, f"{W}tc"):
        span_text = value(cell.find(f"{W}tcPr/{W}gridSpan"), "1") or "1"
        span = min(int(span_text), 100) if span_text.isdecimal() else 1
        merged = cell.find(f"{W}tcPr/{W}vMerge")
        merge = "" if merged is None else value(merged, "continue") or "continue"
        out[column] = (cell, max(span, 1), merge)
        column += max(span, 1)
    return out


def _content(
    paragraph: _Element,
) -> tuple[list[str], list[tuple[str, str]], list[_Element]]:
    """Text pieces, (kind, id) of the notes referred to, and text boxes of a paragraph."""
    pieces: list[str] = []
    notes: list[tuple[str, str]] = []
    boxes: list[_Element] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag in _LEFT_OUT or not isinstance(tag, str):
            continue
        if tag == f"{W}r" and element.find(f"{W}rPr/{W}vanish") is not None:
            vanish = element.find(f"{W}rPr/{W}vanish")
            if value(vanish, "1") not in ("0", "false"):
                continue
        if tag == f"{W}t":
            pieces.append(element.text or "")
        elif tag in _BREAKS:
            pieces.append("\n")
        elif tag == f"{W}tab":
            pieces.append(" ")
        elif tag in (f"{W}noBreakHyphen", f"{W}softHyphen"):
            pieces.append("-" if tag == f"{W}noBreakHyphen" else "")
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            kind = "footnote" if tag == f"{W}footnoteReference" else "endnote"
            notes.append((kind, element.get(f"{W}id", "")))
        elif tag == f"{W}txbxContent":
            boxes.append(element)
        else:
            stack.extend(reversed(element))
    return pieces, notes, boxes


def _notes(root: _Element | None, kind: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for note in root.findall(f"{W}{kind}") if root is not None else ():
        if note.get(f"{W}type") in ("separator", "continuationSeparator"):
            continue
        parts = ["".join(_content(p)[0]).strip() for p in note.iter(f"{W}p")]
        out[note.get(f"{W}id", "")] = " ".join(part for part in parts if part)
    return out
