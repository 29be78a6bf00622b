"""OFD (GB/T 33190): pages to paragraphs that know their page and boxes, by the ways of PDF."""

from __future__ import annotations

from pathlib import Path

from ingest.document import RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.files import load
from ingest.readers.ofd_pages import OfdPage, open_ofd, read_ofd_page
from ingest.readers.package import Package
from ingest.readers.pdf_order import Item, arranged
from ingest.readers.pdf_paragraphs import paragraphs
from ingest.readers.pdf_running import without_running_heads
from ingest.readers.pdf_tables import PageTable


class OfdReader:
    """Reads .ofd. Headers, footers and page numbers are left out, tables are read by their lines.
    A scan has no text, which is said. Seals and signatures are not checked."""

    format = "ofd"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """Paragraphs in reading order with page and boxes."""
        file = open_ofd(Package(load(path, limits), limits, "OFD 文件"))
        count = len(file.pages)
        if count == 0:
            raise ReadError("OFD 文件一页也没有；请用 OFD 阅读器打开确认后重新放入")
        if count > limits.max_pages:
            raise ReadError(
                f"OFD 文件有 {count} 页，超过 {limits.max_pages} 页的上限；请拆成几份再放入"
            )
        pages: list[OfdPage] = []
        items: list[list[Item]] = []
        characters = 0
        for index in range(count):
            page = read_ofd_page(file, index)
            characters += len(page.chars)
            if characters > limits.max_characters:
                break
            items.append(_items(page, index + 1, items[-1] if items else []))
            page.chars = []
            pages.append(page)
        if not any(items):
            raise ReadError(
                "OFD 文件里没有文字（是扫描件或图片）；请先用 OCR 软件转成带文字的 PDF 再放入"
            )
        kept = without_running_heads(items, [page.height for page in pages])
        empty = [number for number, one in enumerate(items, 1) if not one]
        return make_document(
            self.format,
            paragraphs(kept, [page.width for page in pages]),
            limits,
            title=file.title,
            page_count=count,
            page_sizes=tuple((page.width, page.height) for page in pages),
            warnings=_warnings(empty, file.missing),
        )


def _items(page: OfdPage, number: int, before: list[Item]) -> list[Item]:
    cut = next((item.xs for item in reversed(before) if isinstance(item, PageTable)), ())
    return arranged(page.chars, page.rules, number, page.width, page.height, cut)


def _warnings(empty: list[int], missing: int) -> tuple[str, ...]:
    out = []
    if empty:
        named = "、".join(str(number) for number in empty[:8]) + ("等" if len(empty) > 8 else "")
        out.append(f"第 {named} 页没有文字（可能是图片），没有读取")
    if missing:
        out.append(f"有 {missing} 页在文件里找不到，没有读取")
    return tuple(out)
