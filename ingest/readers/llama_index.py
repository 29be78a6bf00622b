"""A LlamaIndex reader of the user's own, named in ``LUMING_READERS``, as one of our readers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document, visible
from ingest.readers.files import load_head
from ingest.readers.text import paragraphs

_NAME = re.compile(r"[A-Za-z_][\w.]{0,200}:[A-Za-z_]\w{0,100}")


class LlamaIndexReader:
    """Calls ``load_data(file)`` of a class ``package.module:Class`` made without arguments.

    The texts of the documents it returns become paragraphs; ``page_label`` in their metadata
    becomes the page. It runs with the rights of this program: name only code that you trust.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.format = name.rpartition(":")[2].lower()[:32]

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The paragraphs; raises :class:`ReadError` for whatever goes wrong in the reader."""
        load_head(path, 1)
        reader = self._reader()
        try:
            documents = list(_loaded(reader, path))
        except Exception as error:  # code of the user's own
            raise ReadError(
                f"LUMING_READERS 指定的 {self._name} 读这个文件时出错（{type(error).__name__}）；"
                "请检查这个读取程序或文件"
            ) from error
        return make_document(self.format, _blocks(documents), limits)

    def _reader(self) -> Any:
        if not _NAME.fullmatch(self._name):
            raise ReadError(f"LUMING_READERS 里的“{self._name[:60]}”写法不对；请写成 包.模块:类名")
        module, _, name = self._name.partition(":")
        try:
            return getattr(import_module(module), name)()
        except Exception as error:
            raise ReadError(
                f"LUMING_READERS 指定的 {self._name} 加载不了（{type(error).__name__}）；"
                "请检查名字，以及所需的包是否已安装"
            ) from error


def _loaded(reader: Any, path: Path) -> Iterable[Any]:
    try:
        return reader.load_data(file=path)  # as SimpleDirectoryReader calls a file's reader
    except TypeError:
        return reader.load_data(path)


def _blocks(documents: list[Any]) -> Iterator[Block]:
    for document in documents:
        label = str((getattr(document, "metadata", None) or {}).get("page_label", ""))
        page = int(label) if label.isdecimal() and 0 < len(label) < 6 else None
        for line in paragraphs(visible(str(getattr(document, "text", "") or ""))):
            yield Block(line, page=page)
