"""Our readers as a LlamaIndex reader, for pipelines of the user's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from llama_index.core.readers.base import BaseReader
from llama_index.core.schema import Document

from ingest.metadata import read_metadata
from ingest.nodes import to_document
from ingest.readers import ReadError, ReadLimits, read_document
from ingest.sources import SourceFile, discover
from ingest.structure import outline

Paths = str | Path | Sequence[str | Path]


class LuMingReader(BaseReader):
    """Reads files of every format that LuMing can take in, chosen by content, to documents.

    Also fits into ``SimpleDirectoryReader(file_extractor={".docx": LuMingReader()})``. A file of a
    folder that can't be read costs only itself: it is in ``problems`` with the reason. Archives
    are not unpacked.
    """

    def __init__(self, limits: ReadLimits | None = None) -> None:
        """``limits``: of one file."""
        self._limits = limits or ReadLimits()
        self.problems: list[tuple[str, str]] = []

    def lazy_load_data(
        self, file: Paths, extra_info: dict[str, Any] | None = None, **_: Any
    ) -> Iterable[Document]:
        """The documents of files and folders, one a file, in the order of the paths.

        Metadata: ``title``, ``kind``, ``validity``, ``source`` (path below the folder), and those
        of ``extra_info``. Raises ReadError for a file named by itself that can't be read.
        """
        self.problems = []
        paths = [file] if isinstance(file, str | Path) else list(file)
        for path in (Path(one) for one in paths):
            if path.is_dir():
                yield from self._folder(path, extra_info)
            else:
                yield self._document(path, path.name, extra_info)

    def _folder(self, folder: Path, extra: dict[str, Any] | None) -> Iterator[Document]:
        for found in discover([folder]):
            if not isinstance(found, SourceFile):
                self.problems.append((found.source, found.reason))
                continue
            try:
                yield self._document(found.path, found.source, extra)
            except ReadError as error:
                self.problems.append((found.source, str(error)))

    def _document(self, path: Path, source: str, extra: dict[str, Any] | None) -> Document:
        raw = read_document(path, self._limits)
        stated = read_metadata(raw, outline(raw), path.stem)
        number = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        document = to_document(raw, stated, number)
        document.metadata = {**document.metadata, "source": source, **(extra or {})}
        return document
