"""One row of an exchange file: a document, or a passage that says all of its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from index.errors import LibraryError

FORMAT = 1


class ExchangeError(LibraryError):
    """A file can't be written, or is none that can be taken in; the message names the line."""


class Row(BaseModel):
    """What a line (JSONL) or a row (Parquet) holds.

    Rows of a document come together, its own first: ``text`` is then the whole text, ``outline``
    its sections as JSON. In a passage's row ``text`` is ``document text[start:end]``. The columns
    from ``title`` on are the document's and stand in every row, so that passages can be used
    alone. ``boxes``, ``page_sizes``, ``statements`` and ``warnings`` are JSON.
    """

    model_config = ConfigDict(extra="ignore")

    format: int = FORMAT
    type: Literal["document", "passage"]
    document_id: str = Field(min_length=1, max_length=500)
    passage_id: str | None = None
    ordinal: int | None = None
    path: str | None = None
    article: str | None = None
    text: str
    start: int | None = None
    end: int | None = None
    context: str | None = None
    page: int | None = None
    boxes: str | None = None
    outline: str | None = None
    title: str
    collection: str = Field(min_length=1)
    source: str
    source_path: str = ""
    kind: str = "other"
    file_format: str = "txt"
    issuer: str | None = None
    doc_number: str | None = None
    family: str = ""
    issued: date | None = None
    effective: date | None = None
    repealed: date | None = None
    validity: str
    content_hash: str = ""
    size: int = 0
    mtime_ns: int = 0
    metadata_version: int = 0
    page_count: int | None = None
    page_sizes: str = "[]"
    statements: str = "{}"
    warnings: str = "[]"


class Exchange(Protocol):
    """A file format."""

    def write(self, path: Path, rows: Iterable[Row]) -> int:
        """Write the rows; how many."""

    def read(self, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows with their numbers from 1, unchecked. Raises ExchangeError."""
