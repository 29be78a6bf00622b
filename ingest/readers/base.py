"""The contract of a reader: one file format in, blocks out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ingest.document import RawDocument
from ingest.readers.passwords import Passwords


class ReadError(Exception):
    """A file that can't be read. ``str(error)`` is one Chinese line: what is wrong, what to do."""


@dataclass(frozen=True)
class ReadLimits:
    """Bounds that keep one hostile file from taking the batch down, and what the operator gives.

    ``passwords`` are tried on locked files; ``readers`` names the user's own LlamaIndex readers by
    extension (``.xyz`` → ``package.module:Class``). Can be pickled for a worker process.
    """

    max_bytes: int = 200 * 1024 * 1024
    max_pages: int = 5_000
    max_characters: int = 20_000_000
    max_unpacked_bytes: int = 500 * 1024 * 1024  # of a zip-based format
    max_unpack_ratio: int = 200  # unpacked / packed, of any member above 1 MB
    max_rows: int = 100_000  # of a spreadsheet or CSV file, all sheets together
    max_pixels: int = 80_000_000  # of a picture before it is made smaller for recognition
    ocr_pages: int = 2_000  # recognised in one file; 0 turns recognition off
    ocr_cache: Path | None = None  # where found lines are kept (ingest.ocr.cache)
    passwords: Passwords = field(default_factory=Passwords)
    readers: tuple[tuple[str, str], ...] = ()


class Reader(Protocol):
    """Reads one format. Stateless; raises :class:`ReadError` and nothing else for a bad file."""

    format: str

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The file's blocks in reading order; never an empty document (ReadError instead)."""
        ...
