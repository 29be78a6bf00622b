"""PDF: pages to paragraphs that know their page and the boxes of their lines."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.document import Block, RawDocument
from ingest.ocr import MISSING, installed
from ingest.ocr.reading import Recognition, named
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document, one_line
from ingest.readers.files import load
from ingest.readers.pdf_order import Item, ReadPage, read_page
from ingest.readers.pdf_paragraphs import paragraphs
from ingest.readers.pdf_running import without_running_heads
from ingest.readers.pdf_scanned import cut_table, page_picture, wants_recognition
from ingest.readers.pdfium import opened

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from ingest.ocr.page import ScannedPage

_NO_TITLE = ("untitled", "无标题", "microsoft word", "about:blank", ".doc", ".html", "文档")


class PdfReader:
    """Reads the text layer of a PDF; pages without one, or with one that is garbage, by
    recognition where that is installed."""

    format = "pdf"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """Paragraphs in reading order, without headers, footers and page numbers."""
        with opened(load(path, limits), limits.passwords.of(str(path))) as document:
            count = len(document)
            if count == 0:
                raise ReadError("PDF 一页也没有；请确认文件内容后重新放入")
            if count > limits.max_pages:
                raise ReadError(
                    f"PDF 有 {count} 页，超过 {limits.max_pages} 页的上限；请拆成几份再放入"
                )
            with closing(_Pages(limits, count)) as pages:
                for index in range(count):
                    page = document[index]
                    try:
                        pages.read(page, index + 1)
                    finally:
                        page.close()
                    if pages.characters > limits.max_characters:
                        break
            stated = document.get_metadata_dict().get("Title", "")
        if not any(page.items for page in pages.pages):
            raise ReadError(_nothing(pages, limits))
        blocks = laid_out(pages.pages)
        return make_document(
            self.format,
            blocks,
            limits,
            title=_sensible(stated),
            page_count=count,
            page_sizes=tuple(pages.sizes),
            warnings=pages.warnings(),
        )


@dataclass
class _Pages:
    """The pages read so far."""

    limits: ReadLimits
    count: int
    pages: list[ReadPage | ScannedPage] = field(default_factory=list)
    sizes: list[tuple[float, float]] = field(default_factory=list)
    characters: int = 0
    empty: list[int] = field(default_factory=list)  # numbers of pages that were not read
    garbage: list[int] = field(default_factory=list)  # pages that say nothing one can read

    def __post_init__(self) -> None:
        self.recognition = Recognition(self.limits, self.count)

    def read(self, page: PdfPage, number: int) -> None:
        """One page, by its text layer or by recognition."""
        width, height = page.get_size()
        self.sizes.append((round(width, 2), round(height, 2)))
        before: list[Item] = self.pages[-1].items if self.pages else []
        found: ReadPage | ScannedPage = read_page(page, number, before)
        assert isinstance(found, ReadPage)
        if wants_recognition(page, found):
            found = self._recognised(page, number, before, found)
        self.pages.append(found)
        self.characters += sum(len(item.text) for item in found.items)

    def _recognised(
        self, page: PdfPage, number: int, before: list[Item], layer: ReadPage
    ) -> ReadPage | ScannedPage:
        picture = page_picture(page)
        if picture is None:  # a blank page
            return replace(layer, items=[]) if layer.layer.is_garbage else layer
        scanned = None
        if self.recognition.possible:
            width = page.get_size()[0]
            scanned = self.recognition.page(picture, number, width, cut_table(before))
        if scanned is not None and scanned.characters > (
            0 if layer.layer.is_garbage else layer.layer.characters
        ):
            return scanned
        if layer.layer.is_garbage:
            self.garbage.append(number)
            return replace(layer, items=[])
        if not layer.items:
            self.empty.append(number)
        return layer

    def warnings(self) -> tuple[str, ...]:
        """What a person should know, in Chinese."""
        out = list(self.recognition.warnings())
        left = [one for one in self.empty if one not in self.recognition.left_out]
        how = "" if installed() or not self.limits.ocr_pages else f"；{MISSING}"
        if left and self.count > 1:
            what = (
                "没有认出文字"
                if self.recognition.possible
                else "没有文字层（可能是图片），没有读取"
            )
            out.append(f"第 {named(left)} 页{what}{how}")
        if self.garbage:
            out.append(f"第 {named(self.garbage)} 页的文字层是乱码，没有取{how}")
        return tuple(out)

    def close(self) -> None:
        """Release what recognition holds."""
        self.recognition.close()


def laid_out(pages: list[ReadPage | ScannedPage]) -> list[Block]:
    """The blocks of all pages, with boxes on the pages as they are shown."""
    kept = without_running_heads(
        [page.items for page in pages], [page.view.height for page in pages]
    )
    blocks = paragraphs(kept, [page.view.width for page in pages])
    return [_shown(block, pages) for block in blocks]


def _shown(block: Block, pages: list[ReadPage | ScannedPage]) -> Block:
    spans = [one for span in block.spans for one in pages[span.box.page - 1].view.spans(span)]
    return replace(block, spans=tuple(spans))


def _nothing(pages: _Pages, limits: ReadLimits) -> str:
    """Why a file of no text can't be taken in."""
    what = "文字层是乱码" if pages.garbage else "没有文字层（是扫描件或图片）"
    if not limits.ocr_pages:
        return (
            f"PDF {what}，识别已关闭（LUMING_OCR_PAGES=0）；请先用 OCR 软件转成带文字的 PDF 再放入"
        )
    if not installed():
        return f"PDF {what}；{MISSING}，或先用 OCR 软件转成带文字的 PDF 再放入"
    return "PDF 里没有文字，也没有认出文字；请确认扫描清楚、方向端正后重新放入"


def _sensible(title: str) -> str | None:
    title = one_line(title)
    lowered = title.lower()
    return None if len(title) < 3 or any(word in lowered for word in _NO_TITLE) else title
