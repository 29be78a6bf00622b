"""Copies of files whose pages are shown as pictures, in the folder ``originals`` of the home."""

from __future__ import annotations

import re
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")
_SUFFIXES = {"pdf": ".pdf", "image": ".image"}

#: Formats of documents whose pages are shown as pictures.
SHOWN = frozenset(_SUFFIXES)


def original_name(format: str, content_hash: str) -> str:
    """The name of a document's copy, empty for a format of which none is kept."""
    return content_hash + _SUFFIXES[format] if format in SHOWN else ""


def kept_original(folder: Path, format: str, content_hash: str) -> Path | None:
    """The copy in ``folder`` of a document of these bytes, where one is kept."""
    name = original_name(format, content_hash)
    path = folder / name
    return path if name and _HASH.fullmatch(content_hash) and path.is_file() else None
