"""Tables written for Excel and WPS: CSV and .xlsx whose cells are text, never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.batch import BatchError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_MAX_CELL = 32_000  # Excel's limit is 32,767
_WIDEST = 60


def write_table(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A table by the file's ending (.csv, .xlsx); BatchError where it cannot be written.

    Text that a spreadsheet would take for a formula begins with an apostrophe in CSV, as OWASP
    advises ("CSV Injection"), and is a cell of the type text in .xlsx.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise BatchError(f"{path.name} 的类型不对，请用 .csv 或 .xlsx 结尾。")
    data = _xlsx(headings, rows) if ending == ".xlsx" else _csv(headings, rows)
    write_file(path, data)


def write_file(path: Path, data: bytes) -> None:
    """Put data in the place of a file by a rename; BatchError where that is impossible."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BatchError(f"写不了 {path}：{error.strerror}，请检查路径和权限。") from error


def harmless(value: Cell) -> Cell:
    """A CSV cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.lstrip(" \u3000").startswith(_FORMULA):
        return f"'{value}"
    return value


def _csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([harmless(_clean(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")  # the mark tells Excel that it is UTF-8


def _xlsx(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet: Worksheet = book.active
    widths = [len(name) for name in headings]
    for number, row in enumerate([list(headings), *rows], start=1):
        for column, value in enumerate(row, start=1):
            _set(sheet, number, column, value)
            widths[column - 1] = max(widths[column - 1], min(_WIDEST, len(str(value))))
    _dress(sheet, widths)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _set(sheet: Worksheet, row: int, column: int, value: Cell) -> None:
    cell: Any = sheet.cell(row, column)
    cell.value = _clean(value)
    if isinstance(value, str):
        cell.data_type = "s"


def _dress(sheet: Worksheet, widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = 2 * width + 2
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"


def _clean(value: Cell) -> Cell:
    """Without the control characters that XML and terminals do not take, and not too long."""
    if not isinstance(value, str):
        return value
    kept = "".join(one for one in value if one in "\n\t\u3000" or one.isprintable())
    return kept.encode("utf-8", "replace").decode()[:_MAX_CELL]
