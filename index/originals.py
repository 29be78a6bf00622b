"""Copies of files whose pages are shown as pictures, in the folder ``originals`` of the home."""

from __future__ import annotations

_SUFFIXES = {"pdf": ".pdf", "image": ".image"}

#: Formats of documents whose pages are shown as pictures.
SHOWN = frozenset(_SUFFIXES)


def original_name(format: str, content_hash: str) -> str:
    """The name of a document's copy, empty for a format of which none is kept."""
    return content_hash + _SUFFIXES[format] if format in SHOWN else ""
