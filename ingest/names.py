"""Names: of collections, of files as they are kept and shown, of documents."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from index.errors import LibraryError, shorten

MAX_COLLECTION_NAME = 60


class IngestError(LibraryError):
    """The run can't start; the message is Chinese and says what to do."""


def check_collection(name: str) -> str:
    """A collection's name, trimmed. Raises IngestError for one that can't be shown or typed."""
    trimmed = name.strip()
    if not trimmed:
        raise IngestError("文库名不能为空，请用 --collection 给出，例如 --collection 政策文件。")
    if len(trimmed) > MAX_COLLECTION_NAME or not trimmed.isprintable():
        raise IngestError(
            f"文库名“{shorten(trimmed)}”不能用：最多 {MAX_COLLECTION_NAME} 个字，不能有换行等字符。"
        )
    return trimmed


def document_id(collection: str, source: str, taken: Collection[str] = ()) -> str:
    """An identity for a new document, from the collection and the path where it is first seen.

    It stays through edits, renames and moves; ``taken`` are identities that others have.
    """
    text = f"{collection}\0{source}"
    count, found = 1, _digest(text)
    while found in taken:
        count += 1
        found = _digest(f"{text}\0{count}")
    return found


def shown(path: str) -> str:
    """A path that can be printed and stored: odd bytes and line breaks made visible."""
    if path.isprintable():  # odd bytes (lone surrogates) are not
        return path
    safe = path.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in safe)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
