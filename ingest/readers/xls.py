"""Excel 97–2003 workbooks and WPS tables (.xls, .et): values as Excel shows them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.cell_values import shown
from ingest.readers.clean import make_document
from ingest.readers.files import load
from ingest.readers.sheets import MAX_COLUMNS, Sheet, Sheets

_DAMAGED = "Excel 表格（.xls/.et）不完整或已损坏；请用 Excel 或 WPS 打开另存为 .xlsx 再放入"


class XlsReader:
    """Reads .xls and .et. Hidden sheets are left out and said."""

    format = "xls"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The visible sheets in order, one line a row."""
        import xlrd

        data = load(path, limits)
        sheets = Sheets(limits)
        hidden: list[str] = []
        try:
            with xlrd.open_workbook(
                file_contents=data, formatting_info=True, logfile=io.StringIO(), on_demand=True
            ) as book:
                blocks = list(_blocks(book, sheets, hidden))
        except ReadError:
            raise
        except (Exception, AssertionError) as error:  # a library on untrusted bytes
            raise ReadError(_DAMAGED) from error
        return make_document(self.format, blocks, limits, warnings=sheets.warnings(hidden))


def _blocks(book: Any, sheets: Sheets, hidden: list[str]) -> Iterator[Block]:
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        if sheet.visibility:
            hidden.append(sheet.name)
            continue
        merges = [
            (top, left, low - 1, right - 1) for top, low, left, right in sheet.merged_cells[:20_000]
        ]
        yield from sheets.blocks(Sheet(sheet.name, _rows(book, sheet), merges))
        book.unload_sheet(number)


def _rows(book: Any, sheet: Any) -> Iterator[list[str]]:
    for row in range(sheet.nrows):
        width = min(sheet.row_len(row), MAX_COLUMNS)
        yield [_value(book, sheet.cell(row, column)) for column in range(width)]


def _value(book: Any, cell: Any) -> str:
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    style = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    format = style.format_str if style is not None else "General"
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            date = xlrd.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return shown(cell.value)
        return shown(date.time() if 0 <= cell.value < 1 else date, format)
    return shown(cell.value, format)
