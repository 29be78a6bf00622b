"""Web pages saved as one file (.mht, .mhtml)."""

from __future__ import annotations

from pathlib import Path

from ingest.document import RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.files import load
from ingest.readers.html import read_page
from ingest.readers.mail import parse_mail, parts, text_of


class MhtReader:
    """Reads .mht: the first page in it; pictures and frames are left out. Never fetches anything."""

    format = "mht"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The page's content as blocks, as :class:`HtmlReader` gives them."""
        message = parse_mail(load(path, limits))
        for part in parts(message):
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                return read_page(self.format, text_of(part), limits)
        raise ReadError("网页归档文件（MHT）里没有网页；请用浏览器打开后重新保存再放入")
