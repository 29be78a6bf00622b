"""OpenDocument spreadsheets (.ods): the text that each cell shows, which the file keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.files import load
from ingest.readers.odf import check_locked
from ingest.readers.odf_styles import OFFICE, TABLE, TEXT
from ingest.readers.package import Package
from ingest.readers.sheets import MAX_COLUMNS, Merge, Sheet, Sheets

if TYPE_CHECKING:
    from lxml.etree import _Element

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_BLANKS = 3  # a run of repeated empty rows is as good as this many


class OdsReader:
    """Reads .ods. Hidden sheets are left out and said."""

    format = "ods"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The visible sheets in order, one line a row."""
        package = Package(load(path, limits), limits, "ODF 表格")
        check_locked(package)
        root = package.required("content.xml")
        invisible = {
            style.get(f"{_STYLE}name", "")
            for style in root.iter(f"{_STYLE}style")
            if (own := style.find(f"{_STYLE}table-properties")) is not None
            and own.get(f"{TABLE}display") == "false"
        }
        sheets = Sheets(limits)
        hidden: list[str] = []
        blocks: list[Block] = []
        for table in root.iterfind(f"{OFFICE}body/{OFFICE}spreadsheet/{TABLE}table"):
            name = table.get(f"{TABLE}name", "")
            if table.get(f"{TABLE}style-name") in invisible:
                hidden.append(name)
                continue
            rows = list(_rows(table, limits.max_rows + 1))
            blocks += sheets.blocks(Sheet(name, [row for row, _ in rows], _merges(rows)))
        return make_document(self.format, blocks, limits, warnings=sheets.warnings(hidden))


_Spans = list[tuple[int, int, int]]  # column, rows, columns of merged cells that begin in a row


def _rows(table: _Element, most: int) -> Iterator[tuple[list[str], _Spans]]:
    count = 0
    for row in table.iter(f"{TABLE}table-row"):
        values, spans = _cells(row)
        repeated = _count(row.get(f"{TABLE}number-rows-repeated"))
        if not any(values):
            repeated = min(repeated, _BLANKS)
        for _ in range(repeated):
            count += 1
            if count > most:
                return
            yield values, spans


def _cells(row: _Element) -> tuple[list[str], _Spans]:
    values: list[str] = []
    spans: _Spans = []
    for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        text = "\n".join("".join(p.itertext()) for p in cell.iterchildren(f"{TEXT}p"))
        if cell.tag != f"{TABLE}table-cell":
            text = ""
        rows = _count(cell.get(f"{TABLE}number-rows-spanned"))
        columns = _count(cell.get(f"{TABLE}number-columns-spanned"))
        if rows > 1 or columns > 1:
            spans.append((len(values), rows, columns))
        repeated = _count(cell.get(f"{TABLE}number-columns-repeated"))
        values += [text] * min(repeated, MAX_COLUMNS - len(values))
        if len(values) >= MAX_COLUMNS:
            break
    while values and not values[-1] and not any(at >= len(values) - 1 for at, _, _ in spans):
        values.pop()
    return values, spans


def _merges(rows: list[tuple[list[str], _Spans]]) -> list[Merge]:
    return [
        (at, column, at + height - 1, column + width - 1)
        for at, (_, spans) in enumerate(rows)
        for column, height, width in spans
    ][:20_000]


def _count(value: str | None) -> int:
    return max(1, int(value)) if value and value.isdecimal() and len(value) < 9 else 1
