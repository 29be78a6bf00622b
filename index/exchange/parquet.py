"""Apache Parquet, by pyarrow where it is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from index.exchange.base import ExchangeError, Row
from index.notes import chunks

_BLOCK = 2000  # rows in memory
_NUMBERS = ("format", "ordinal", "start", "end", "page", "size", "mtime_ns", "metadata_version")
_DATES = ("issued", "effective", "repealed")


class Parquet:
    """Writes and reads the format. Raises ExchangeError where pyarrow is missing."""

    def __init__(self) -> None:
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise ExchangeError(
                "读写 Parquet 需要 pyarrow，请先运行 pip install 'luming[parquet]'，"
                "或改用 .jsonl 文件。"
            ) from error

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """Write the rows; how many."""
        import pyarrow
        import pyarrow.parquet

        schema = pyarrow.schema([(name, _type(name)) for name in Row.model_fields])
        count = 0
        with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            for block in chunks(rows, _BLOCK):
                values = [row.model_dump() for row in block]
                writer.write_table(pyarrow.Table.from_pylist(values, schema))
                count += len(values)
        return count

    def read(self, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows."""
        import pyarrow
        import pyarrow.parquet

        number = 0
        try:
            with pyarrow.parquet.ParquetFile(path) as file:
                for batch in file.iter_batches(_BLOCK):
                    for values in batch.to_pylist():
                        number += 1
                        yield number, {k: v for k, v in values.items() if v is not None}
        except (pyarrow.ArrowException, OSError) as error:
            raise ExchangeError(f"{path} 不是 Parquet 文件，或已损坏，什么都没有导入。") from error


def _type(name: str) -> Any:
    import pyarrow

    if name in (*_NUMBERS, "page_count"):
        return pyarrow.int64()
    return pyarrow.date32() if name in _DATES else pyarrow.string()
