"""Documents by any name that people give them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from index.records import DocumentRecord

_TAIL = re.compile(r"[(（][^()（）]{0,40}[)）]$")  # （示例）, (2023-12-29), （试行）
_STATE = "中华人民共和国"
_MARKS = frozenset("《》〈〉<>“”\"'「」_ 　")


class DocumentNames:
    """Finds documents by id, path, title, short title or file name, the surest kind first."""

    def __init__(self, documents: Sequence[DocumentRecord]) -> None:
        self._documents = documents
        self._paths = [tuple(_sources(one)) for one in documents]
        self._folded = [_fold(one.title) for one in documents]
        self._tables = [
            _table(documents, keys) for keys in (_ids, _sources, _titles, _short, _files)
        ]

    def find(self, name: str) -> list[DocumentRecord]:
        """The documents that the surest kind of name finds, [] for none.

        A part of a path or of a title is enough where it fits one document only, or documents
        of one title.
        """
        name = name.strip()
        if not name:
            return []
        keys = (name, _path(name), _fold(name), _shortened(name), _fold(name))
        for table, key in zip(self._tables, keys, strict=True):
            if key in table:
                return table[key]
        return self._by_path(_path(name)) or self._by_part(_fold(name))

    def _by_path(self, path: str) -> list[DocumentRecord]:
        """``law/X`` where ``regulations`` with ``law/X.md`` in it, or ``law`` alone, went in."""
        if "/" not in path:
            return []
        return [
            one
            for one, keys in zip(self._documents, self._paths, strict=True)
            if any(key.endswith(f"/{path}") or path.endswith(f"/{key}") for key in keys)
        ]

    def _by_part(self, name: str) -> list[DocumentRecord]:
        found = self._holding(name) if len(name) > 1 else []
        return found if len({one.title for one in found}) == 1 else []

    def _holding(self, name: str) -> list[DocumentRecord]:
        pairs = zip(self._documents, self._folded, strict=True)
        return [one for one, title in pairs if name in title]

    def like(self, name: str, limit: int = 3) -> list[str]:
        """Titles that hold ``name``, to be named in a message."""
        folded = _fold(name)
        found = self._holding(folded) if folded else []
        return list(dict.fromkeys(one.title for one in found))[:limit]


def _table(
    documents: Iterable[DocumentRecord], keys: Callable[[DocumentRecord], Iterable[str]]
) -> dict[str, list[DocumentRecord]]:
    table: dict[str, list[DocumentRecord]] = {}
    for one in documents:
        for key in dict.fromkeys(keys(one)):
            if key:
                table.setdefault(key, []).append(one)
    return table


def _ids(one: DocumentRecord) -> Iterator[str]:
    yield one.document_id


def _sources(one: DocumentRecord) -> Iterator[str]:
    path = PurePosixPath(one.source)
    yield _path(one.source)
    yield _path(str(path.parent / path.stem))


def _titles(one: DocumentRecord) -> Iterator[str]:
    yield _fold(one.title)


def _short(one: DocumentRecord) -> Iterator[str]:
    yield _shortened(one.title)
    yield _fold(one.family)


def _files(one: DocumentRecord) -> Iterator[str]:
    path = PurePosixPath(one.source)
    yield _fold(path.name)
    yield _fold(path.stem)


def _fold(text: str) -> str:
    clean = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in clean if char not in _MARKS)


def _path(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\\", "/").strip("/ ")


def _shortened(title: str) -> str:
    """A title without the state's name before it and brackets after it."""
    title = title.strip().removeprefix("《").removesuffix("》")
    for _ in range(3):
        title = _TAIL.sub("", title).strip()
    title = title.removesuffix("》")
    return _fold(title.removeprefix(_STATE) or title)
