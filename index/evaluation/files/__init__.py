"""Files of questions: told by their content, read by one module a format."""

from __future__ import annotations

import codecs
from pathlib import Path

from index.evaluation.base import EvaluationError
from index.evaluation.files.base import Rows, read_bytes
from index.evaluation.files.csv_table import read_csv
from index.evaluation.files.jsonl import read_jsonl

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_rows(path: Path) -> Rows:
    """The rows of a file of questions, in order.

    JSON lines, CSV (UTF-8, GB18030, UTF-16) or .xlsx, whatever the file is called. A row that
    can't be read is a problem in ``problems``; EvaluationError when the whole file can't be, or
    has no column of questions, or none of right passages.
    """
    data = read_bytes(path)
    rows = _read(data)
    _check(rows, path)
    return rows


def _read(data: bytes) -> Rows:
    if data.startswith(_ZIP):
        from index.evaluation.files.xlsx import read_xlsx

        return read_xlsx(data)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EvaluationError("表格设了打开密码，请去掉密码另存一份再试。")
        raise EvaluationError("这是旧格式的表格（.xls 或 .et），请另存为 .xlsx 再试。")
    text = _decoded(data)
    return read_jsonl(text) if text.lstrip().startswith(("{", "[")) else read_csv(text)


def _decoded(data: bytes) -> str:
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise EvaluationError(
        "认不出文件的内容；请给 .xlsx、.csv 或 .jsonl 文件，文字用 UTF-8 或 GB18030（ANSI）编码。"
    )


def _check(rows: Rows, path: Path) -> None:
    if not rows.rows and rows.problems:
        raise EvaluationError(f"{path.name} 里没有能用的行。{rows.problems[0]}")
    written = "、".join(one[:20] for one in rows.headings[:12]) or "（没有）"
    if "q" not in rows.fields:
        raise EvaluationError(f"{path.name} 里没有“问题”（q）一列，现有的列：{written}。")
    if not rows.fields & {"gold", "document"}:
        raise EvaluationError(
            f"{path.name} 里没有“依据”（gold）一列，也没有“文件”“条”两列，现有的列：{written}。"
        )
    if not rows.rows:
        raise EvaluationError(f"{path.name} 里只有标题行，没有问题。")
