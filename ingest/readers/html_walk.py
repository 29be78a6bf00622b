"""An HTML element tree to blocks, without recursion (a page may nest two thousand deep)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.document import Block
from ingest.readers.clean import one_line
from ingest.readers.lines import join_all, starts_new
from ingest.readers.numerals import format_number
from ingest.readers.tables import Cell, is_layout, table_rows

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "option",
    ]
)
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_CJK_SPACE = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*\n[ \t\n]*(?=[\u2e80-\u9fff\uff00-\uffef])"
)
_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STYLE_TYPE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z\-]+)", re.IGNORECASE)
_STYLES = {
    "none": "none",
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
    "cjk-decimal": "ideographDigital",
}
_LONG_CELL = 400  # a cell above this frames text; it is not a value in a row


class _List:
    """An open ``<ol>`` or ``<ul>``."""

    def __init__(self, element: _Element) -> None:
        self.ordered = element.tag == "ol"
        self.next = _number(element.get("start"), 1)
        self.format = _TYPES.get(element.get("type") or "", "decimal")
        if style := _STYLE_TYPE.search((element.get("style") or "")[:500]):
            self.format = _STYLES.get(style[1].lower(), self.format)

    def label(self, item: _Element) -> str:
        """The number that the browser shows before an item, empty for none."""
        if not self.ordered:
            return ""
        number = _number(item.get("value"), self.next)
        self.next = number + 1
        if self.format == "none":
            return ""
        mark = "、" if self.format in ("chineseCounting", "ideographDigital") else ". "
        return format_number(number, self.format) + mark


def _number(value: str | None, default: int) -> int:
    try:
        number = int(value or "")
    except ValueError:
        return default
    return number if abs(number) < 100_000 else default


class Walk:
    """One pass over the elements below ``root``."""

    def __init__(self, root: _Element) -> None:
        self.root = root
        self.buffer: list[str] = []
        self.lists: list[_List] = []
        self.items = 0
        self.label = ""
        self.heading: list[int] = []
        self.preformatted = 0

    def blocks(self) -> Iterator[Block]:
        """Blocks in reading order."""
        from lxml import etree

        walker = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if event == "end":
                yield from self._end(element, tag)
                continue
            if tag in _BLOCK:
                yield from self._flush()
            if tag == "table" and (rows := _data_rows(element)) is not None:
                for caption in element.iterfind("caption"):
                    yield Block(_inline_text(caption))
                for row in table_rows(rows):
                    yield Block(row, "table_row")
                walker.skip_subtree()
                continue
            self._start(element, tag)

    def _start(self, element: _Element, tag: str) -> None:
        if tag == "br":
            self.buffer.append("\x00")
        elif tag in _HEADINGS:
            self.heading.append(_HEADINGS[tag])
        elif tag in ("ol", "ul"):
            self.lists.append(_List(element))
        elif tag == "li":
            self.items += 1
            self.label = self.lists[-1].label(element) if self.lists else ""
        elif tag == "pre":
            self.preformatted += 1
        self._text(element.text)

    def _end(self, element: _Element, tag: str) -> Iterator[Block]:
        if tag in _BLOCK:
            yield from self._flush()
        if tag in _HEADINGS and self.heading:
            self.heading.pop()
        elif tag in ("ol", "ul") and self.lists:
            self.lists.pop()
        elif tag == "li":
            self.items = max(0, self.items - 1)
            self.label = ""
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        if element is not self.root:
            self._text(element.tail)

    def _text(self, text: str | None) -> None:
        if text:
            self.buffer.append(text.replace("\n", "\x00") if self.preformatted else text)

    def _flush(self) -> Iterator[Block]:
        """The paragraph gathered so far; each ``<br>`` parts it."""
        source, self.buffer = "".join(self.buffer), []
        parts = [part for part in map(_collapse, source.split("\x00")) if one_line(part)]
        if self.heading and parts:
            yield Block(join_all(parts), "heading", self.heading[-1])
            return
        for part in parts:
            text = one_line(part)
            if self.label and not starts_new(text):
                text = self.label + text
            self.label = ""
            yield Block(text, "list_item" if self.items else "paragraph")


def _collapse(text: str) -> str:
    """White space as a browser shows it, but none where a Chinese line merely wraps."""
    return _SPACE.sub(" ", _CJK_SPACE.sub("", text))


def _inline_text(element: _Element) -> str:
    return one_line(_collapse("".join(element.itertext())))


def _cell_lines(cell: _Element) -> tuple[str, ...]:
    """The paragraphs of a cell."""
    pieces: list[str] = [cell.text or ""]
    for element in cell.iterdescendants():
        if element.tag == "br" or element.tag in _BLOCK:
            pieces.append("\x00")
        pieces.append(element.text or "")
        if element.tag in _BLOCK:
            pieces.append("\x00")
        pieces.append(element.tail or "")
    lines = (one_line(_collapse(part)) for part in "".join(pieces).split("\x00"))
    return tuple(line for line in lines if line)


def _span(value: str | None) -> int:
    return max(1, min(_number(value, 1), 500))


def _data_rows(table: _Element) -> list[list[Cell]] | None:
    """The cells of a table of data, None for one that only arranges the page."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return None
    rows: list[list[Cell]] = []
    for row in table.iter("tr"):
        in_head = row.getparent() is not None and row.getparent().tag == "thead"
        cells: list[Cell] = []
        for cell in row.iterchildren("td", "th"):
            lines = _cell_lines(cell)
            if sum(map(len, lines)) > _LONG_CELL and len(lines) > 2:
                return None
            cells.append(
                Cell(
                    lines,
                    _span(cell.get("colspan")),
                    _span(cell.get("rowspan")),
                    in_head or cell.tag == "th",
                )
            )
        rows.append(cells)
    return None if is_layout(rows) else rows
