"""EPUB books: the chapters in reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document, visible
from ingest.readers.decode import decode
from ingest.readers.files import load
from ingest.readers.html import fragment_blocks
from ingest.readers.package import Package

_CONTAINER = "META-INF/container.xml"
_PAGES = ("application/xhtml+xml", "text/html")
_DC = "{http://purl.org/dc/elements/1.1/}"


class EpubReader:
    """Reads .epub. Contents pages (nav) and books with copy protection are left out."""

    format = "epub"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The blocks of all chapters in the order of the spine."""
        package = Package(load(path, limits), limits, "EPUB 电子书")
        if "META-INF/rights.xml" in package.names:
            raise ReadError("EPUB 电子书有版权保护，读不了；请换没有保护的版本再放入")
        root = package.required(_CONTAINER)
        rootfile = root.find(".//{*}rootfile")
        place = rootfile.get("full-path", "") if rootfile is not None else ""
        book = package.required(place)
        items = {one.get("id", ""): one for one in book.iterfind("{*}manifest/{*}item")}
        chapters: list[str] = []
        for one in book.iterfind("{*}spine/{*}itemref"):
            item = items.get(one.get("idref", ""))
            if item is None or item.get("media-type") not in _PAGES:
                continue
            if "nav" not in (item.get("properties") or "").split():
                target = posixpath.join(posixpath.dirname(place), unquote(item.get("href", "")))
                chapters.append(posixpath.normpath(target))
        known = [name for name in dict.fromkeys(chapters) if name in package.names]
        missing = len(set(chapters)) - len(known)
        return make_document(
            self.format,
            _blocks(package, known),
            limits,
            title=book.findtext(f"{{*}}metadata/{_DC}title"),
            warnings=(f"有 {missing} 章在文件里找不到，没有读取",) if missing else (),
        )


def _blocks(package: Package, names: list[str]) -> Iterator[Block]:
    for name in names:
        yield from fragment_blocks(visible(decode(package.data(name)).text))
