"""Questions as an Excel workbook (.xlsx, also as WPS writes it)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import zip_longest
from typing import Any

from index.evaluation.base import EvaluationError
from index.evaluation.files.base import (
    MAX_CELL,
    MAX_COLUMNS,
    BadCell,
    Cell,
    Rows,
    from_table,
)

_MAX_UNPACKED = 256_000_000
_MAX_BLANK_ROWS = 5_000
"""In succession; a sheet formatted down to its last row goes on for a million more."""

UNREADABLE = "表格打不开，文件可能不完整；请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"


def read_xlsx(data: bytes) -> Rows:
    """The first sheet with a column of questions. A formula counts by the value saved with it."""
    _check_size(data)
    try:
        return _read(data)
    except EvaluationError:
        raise
    except Exception as error:  # openpyxl lets through whatever a broken part raises
        raise EvaluationError(UNREADABLE) from error


def _check_size(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise EvaluationError(UNREADABLE) from error
    if unpacked > _MAX_UNPACKED:
        raise EvaluationError(
            f"表格展开后有 {unpacked / 1e6:.0f} MB，太大了；"
            "请只把问题复制到一个新表格（选“粘贴为值”）。"
        )


def _read(data: bytes) -> Rows:
    from openpyxl import load_workbook

    options: dict[str, Any] = {"read_only": True, "keep_links": False}
    formulas = load_workbook(io.BytesIO(data), data_only=False, **options)
    values = load_workbook(io.BytesIO(data), data_only=True, **options)
    first: Rows | None = None
    try:
        for sheet in formulas.worksheets:
            rows = Rows()
            from_table(_lines(sheet, values[sheet.title]), rows)
            if rows.fields:
                return rows
            first = first or rows
        return first or Rows()
    finally:
        formulas.close()
        values.close()


def _lines(formulas: Any, values: Any) -> Iterator[tuple[int, Sequence[Cell]]]:
    blank = 0
    for sheet in (formulas, values):
        sheet.reset_dimensions()  # some programs write a wrong size, and rows would be missed
    pairs = zip_longest(
        formulas.iter_rows(max_col=MAX_COLUMNS), values.iter_rows(max_col=MAX_COLUMNS), fillvalue=()
    )
    for number, (written, shown) in enumerate(pairs, start=1):
        cells = [_cell(formula, cell) for formula, cell in zip_longest(written, shown)]
        yield number, cells
        blank = 0 if any(cells) else blank + 1
        if blank >= _MAX_BLANK_ROWS:
            return


def _cell(formula: Any, shown: Any) -> Cell:
    """The text of a cell, given as written (with formulas) and as shown (with their results)."""
    value = getattr(shown, "value", None)
    where = getattr(shown, "coordinate", "") or getattr(formula, "coordinate", "")
    if value is None and getattr(formula, "data_type", "") == "f":
        return BadCell(f"{where} 格是公式，而且没有存下结果；请改成文字（复制后选“粘贴为值”）。")
    if getattr(shown, "data_type", "") == "e":
        return BadCell(f"{where} 格是错误值 {str(value)[:20]}，请改成文字。")
    text = _text(value)
    if len(text) > MAX_CELL:
        return BadCell(f"{where} 格超过 {MAX_CELL} 字，不像一个问题或一处依据。")
    return text


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value).strip()
