"""Excel workbooks (.xlsx, .xlsm, new .et): values as Excel shows them, sheet by sheet, streamed.

Formulas are not computed: their stored results are read. Macros are never looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.cell_values import shown
from ingest.readers.clean import make_document
from ingest.readers.files import load
from ingest.readers.package import Package
from ingest.readers.sheets import MAX_COLUMNS, Merge, Sheet, Sheets

if TYPE_CHECKING:
    from lxml.etree import _Element

_WHAT = "Excel 表格"
_MAX_STRINGS = 150 * 1024 * 1024  # bytes of the shared strings, which are held in memory
_MAX_MERGE_PART = 64 * 1024 * 1024  # of a sheet's XML in which merged cells are looked up
_MERGE = re.compile(
    rb'<(?:\w{1,10}:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_MAX_MERGES = 20_000
_M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = re.compile(r"\{http://[^}]{1,100}relationships\}id")


class XlsxReader:
    """Reads .xlsx. Hidden sheets are left out and said; at most ``limits.max_rows`` rows."""

    format = "xlsx"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The visible sheets in order, one line a row."""
        data = load(path, limits)
        package = Package(data, limits, _WHAT)
        _check(data, package, limits)
        places = _places(package)
        sheets = Sheets(limits)
        hidden: list[str] = []
        try:
            book = _opened(data)
        except Exception as error:  # a library on untrusted bytes
            raise package.damaged() from error
        try:
            blocks = list(self._blocks(book, places, package, sheets, hidden))
            title = book.properties.title if book.properties else None
        except ReadError:
            raise
        except Exception as error:
            raise package.damaged() from error
        finally:
            book.close()
        return make_document(
            self.format, blocks, limits, title=title, warnings=sheets.warnings(hidden)
        )

    def _blocks(
        self, book: Any, places: dict[str, str], package: Package, sheets: Sheets, hidden: list[str]
    ) -> Iterator[Block]:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            merges = _merges(package, places.get(sheet.title, ""))
            yield from sheets.blocks(Sheet(sheet.title, _rows(sheet), merges))


def _opened(data: bytes) -> Any:
    import openpyxl

    return openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False, keep_vba=False
    )


def _rows(sheet: Any) -> Iterator[list[str]]:
    widest = sheet.max_column or MAX_COLUMNS
    for row in sheet.iter_rows(max_col=min(widest, MAX_COLUMNS)):
        yield [
            "" if cell.value is None else shown(cell.value, cell.number_format or "")
            for cell in row
        ]


def _check(data: bytes, package: Package, limits: ReadLimits) -> None:
    """Refuses what would fill the memory or is no real workbook; a part never gives more bytes
    than its entry states."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            small = info.filename.startswith("xl/worksheets/") and info.file_size < 4 << 30
            if info.file_size > limits.max_unpacked_bytes and not small:
                raise ReadError(
                    "文件解压后大得反常（疑似压缩炸弹），没有读取；请确认来源后另存再放入"
                )
            held = info.filename.endswith("sharedStrings.xml")
            if held and info.file_size > _MAX_STRINGS:
                raise ReadError(
                    "Excel 表格里的文字太多，一次读不了；请按工作表或年份拆成几个文件再放入"
                )
    if "xl/workbook.xml" not in package.names:
        raise package.damaged()


def _places(package: Package) -> dict[str, str]:
    """Part of each sheet by its name."""
    relations = package.part("xl/_rels/workbook.xml.rels")
    targets: dict[str, str] = {}
    for one in relations if relations is not None else ():
        target = one.get("Target", "").lstrip("/")
        targets[one.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
    book: _Element = package.required("xl/workbook.xml")
    out: dict[str, str] = {}
    for sheet in [*book.iter(f"{_M}sheet"), *book.iter(f"{_STRICT}sheet")]:
        identity = next((v for k, v in sheet.attrib.items() if _RELATION.fullmatch(str(k))), "")
        out[sheet.get("name", "")] = targets.get(str(identity), "")
    return out


def _merges(package: Package, part: str) -> list[Merge]:
    if part not in package.names or package.size(part) > _MAX_MERGE_PART:
        return []
    try:
        data = package.data(part)
    except ReadError:  # a sheet of empty rows packs as densely as a bomb; it is read row by row
        return []
    tail = (
        data[data.rfind(b"</sheetData>") + 1 :] if b"</sheetData>" in data else data[-(1 << 20) :]
    )
    out: list[Merge] = []
    for match in _MERGE.finditer(tail):
        left, top, right, low = match.groups()
        out.append((int(top) - 1, _column(left), int(low) - 1, _column(right)))
        if len(out) >= _MAX_MERGES:
            break
    return out


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
