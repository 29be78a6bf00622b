"""Tables as text (.csv, .tsv): encoding and delimiter told from the content."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from ingest.document import RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.decode import decode
from ingest.readers.files import load
from ingest.readers.sheets import MAX_COLUMNS, Sheet, Sheets

_DELIMITERS = ",\t;|，"
_SAMPLE = 65_536
_LONGEST_FIELD = 1_000_000


class CsvReader:
    """Reads .csv and .tsv; every row says its column names where the first row names them."""

    format = "csv"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """One line a row."""
        source = decode(load(path, limits))
        text = source.text.replace("\x00", "")
        sheets = Sheets(limits)
        try:
            blocks = list(sheets.blocks(Sheet("Sheet1", _rows(text, delimiter(text[:_SAMPLE])))))
        except csv.Error as error:
            raise ReadError(
                "表格文件的引号不配对，读不下去；请用 Excel 打开另存为 .xlsx 再放入"
            ) from error
        return make_document(
            self.format,
            blocks,
            limits,
            warnings=(*source.warnings, *sheets.warnings([])),
            properties={"encoding": source.encoding},
        )


def delimiter(sample: str) -> str:
    """The sign that parts most lines into the same number of cells, a comma where none does."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]
    best, most = ",", 0.0
    for sign in _DELIMITERS:
        counts = [line.count(sign) for line in lines]
        usual = max(set(counts), key=counts.count) if counts else 0
        score = counts.count(usual) * min(usual, 20) if usual else 0
        if score > most:
            best, most = sign, score
    return best


def _rows(text: str, sign: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
        yield row[:MAX_COLUMNS]
