"""Text of Office drawings (DrawingML): paragraphs with their numbers, and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.readers.numerals import format_number
from ingest.readers.tables import Cell

if TYPE_CHECKING:
    from lxml.etree import _Element

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
# ST_TextAutonumberScheme (ECMA-376 part 1, 20.1.10.61): number format and what stands around it
_FORMATS = (
    ("ea1Chs", "chineseCounting"), ("ea1Cht", "chineseCounting"), ("ea1Jpn", "chineseCounting"),
    ("circleNum", "decimalEnclosedCircle"), ("alphaLc", "lowerLetter"), ("alphaUc", "upperLetter"),
    ("romanLc", "lowerRoman"), ("romanUc", "upperRoman"), ("arabic", "decimal"),
)  # fmt: skip


def paragraphs(body: _Element) -> Iterator[str]:
    """The paragraphs of a text body, automatic numbers written out; a line break parts them."""
    counts: dict[int, int] = {}
    for paragraph in body.iterchildren(f"{A}p"):
        text = "".join(_pieces(paragraph))
        properties = paragraph.find(f"{A}pPr")
        depth = _int(properties.get("lvl") if properties is not None else None, 0)
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        numbered = properties.find(f"{A}buAutoNum") if properties is not None else None
        if numbered is None:
            counts.pop(depth, None)
        elif text.strip():
            start = _int(numbered.get("startAt"), 1)
            counts[depth] = counts.get(depth, start - 1) + 1
            text = _label(counts[depth], numbered.get("type") or "") + text.lstrip()
        yield from (line for line in text.split("\n") if line.strip())


def _pieces(paragraph: _Element) -> Iterator[str]:
    for element in paragraph.iter(f"{A}t", f"{A}br"):
        yield "\n" if element.tag == f"{A}br" else element.text or ""


def _label(number: int, scheme: str) -> str:
    format = next((name for start, name in _FORMATS if scheme.startswith(start)), "decimal")
    label = format_number(number, format)
    if scheme.endswith("ParenBoth"):
        return f"（{label}）" if format == "chineseCounting" else f"({label})"
    if scheme.endswith("ParenR"):
        return f"{label}）" if format == "chineseCounting" else f"{label})"
    if format == "chineseCounting":
        return f"{label}、"
    return label if format == "decimalEnclosedCircle" else f"{label}. "


def table(element: _Element) -> list[list[Cell]]:
    """The rows of an ``a:tbl``."""
    named = element.find(f"{A}tblPr")
    header = named is not None and named.get("firstRow") in ("1", "true")
    rows: list[list[Cell]] = []
    for row in element.iterchildren(f"{A}tr"):
        cells = []
        for cell in row.iterchildren(f"{A}tc"):
            if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
                continue
            body = cell.find(f"{A}txBody")
            lines = tuple(paragraphs(body)) if body is not None else ()
            columns = max(1, min(_int(cell.get("gridSpan"), 1), 500))
            height = max(1, min(_int(cell.get("rowSpan"), 1), 500))
            cells.append(Cell(lines or ("",), columns, height, header and not rows))
        rows.append(cells)
    return rows


def _int(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 7 else default
