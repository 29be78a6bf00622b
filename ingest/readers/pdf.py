"""PDF: pages to paragraphs that know their page and the boxes of their lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document, one_line
from ingest.readers.files import load
from ingest.readers.pdf_order import ReadPage, read_page
from ingest.readers.pdf_paragraphs import paragraphs
from ingest.readers.pdf_running import without_running_heads
from ingest.readers.pdfium import opened

_NO_TITLE = ("untitled", "无标题", "microsoft word", "about:blank", ".doc", ".html", "文档")


class PdfReader:
    """Reads the text layer of a PDF. A scan has none, which is said."""

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
            pages: list[ReadPage] = []
            sizes: list[tuple[float, float]] = []
            characters = 0
            for index in range(count):
                page = document[index]
                try:
                    width, height = page.get_size()
                    sizes.append((round(width, 2), round(height, 2)))
                    before = pages[-1].items if pages else ()
                    pages.append(read_page(page, index + 1, before))
                finally:
                    page.close()
                characters += sum(len(item.text) for item in pages[-1].items)
                if characters > limits.max_characters:
                    break
            stated = document.get_metadata_dict().get("Title", "")
        empty = [number for number, page in enumerate(pages, 1) if not page.items]
        if len(empty) == len(pages):
            raise ReadError(
                "PDF 里没有文字层（是扫描件或图片）；请先用 OCR 软件转成带文字的 PDF 再放入"
            )
        kept = without_running_heads(
            [page.items for page in pages], [page.view.height for page in pages]
        )
        blocks = paragraphs(kept, [page.view.width for page in pages])
        return make_document(
            self.format,
            [_shown(block, pages) for block in blocks],
            limits,
            title=_sensible(stated),
            page_count=count,
            page_sizes=tuple(sizes),
            warnings=_warnings(empty, count),
        )


def _shown(block: Block, pages: list[ReadPage]) -> Block:
    """The block with boxes on its pages as they are shown, not as they were read."""
    if not any(pages[span.box.page - 1].view.turn for span in block.spans):
        return block
    spans = [replace(s, box=pages[s.box.page - 1].view.shown(s.box)) for s in block.spans]
    return replace(block, spans=tuple(spans))


def _sensible(title: str) -> str | None:
    title = one_line(title)
    lowered = title.lower()
    return None if len(title) < 3 or any(word in lowered for word in _NO_TITLE) else title


def _warnings(empty: list[int], count: int) -> tuple[str, ...]:
    if not empty or count == 1:
        return ()
    named = "、".join(str(number) for number in empty[:8]) + ("等" if len(empty) > 8 else "")
    return (f"第 {named} 页没有文字层（可能是图片），没有读取",)
