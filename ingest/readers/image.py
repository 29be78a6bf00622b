"""Pictures of pages (photos, scans, screenshots): recognised, with the boxes of their lines."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from ingest.document import RawDocument
from ingest.ocr import MISSING, installed
from ingest.ocr.page import A4_HEIGHT, A4_WIDTH, ScannedPage
from ingest.ocr.reading import Recognition, named
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.files import load
from ingest.readers.pdf import laid_out
from ingest.readers.pdf_scanned import cut_table
from ingest.readers.pictures import Pictures, bounded, pictures

_PIXELS = 6_000_000  # a page of A4 at 250 dpi
_TALL = 2.5  # heights a width of a screenshot, which may have more pixels
_MOST_PIXELS = 40_000_000
_MOST_SIDE = 3_600
_LEAST_SIDE = 16


class ImageReader:
    """Reads PNG, JPEG, TIFF (all its pages), BMP, WebP and GIF by recognition."""

    format = "image"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """Paragraphs in reading order, without headers, footers and page numbers.

        Sizes of pages are points of a page as wide as A4.
        """
        data = load(path, limits)
        if not limits.ocr_pages:
            raise ReadError(
                "文件是图片，识别已关闭（LUMING_OCR_PAGES=0）；请存为 Word 或 PDF 再放入"
            )
        if not installed():
            raise ReadError(f"文件是图片；{MISSING}，或先做文字识别，存为 Word 或 PDF 再放入")
        with pictures(data, limits.max_pixels) as opened:
            count = opened.count
            if count > limits.max_pages:
                raise ReadError(
                    f"图片有 {count} 页，超过 {limits.max_pages} 页的上限；请拆成几份再放入"
                )
            pages: list[ScannedPage] = []
            sizes: list[tuple[float, float]] = []
            with closing(Recognition(limits, count)) as recognition:
                for number in range(1, min(count, limits.ocr_pages) + 1):
                    before = pages[-1].items if pages else []
                    size, page = _read(opened, number, recognition, cut_table(before))
                    sizes.append(size)
                    pages.append(page)
                recognition.left_out += range(len(pages) + 1, count + 1)
        if not any(page.items for page in pages):
            raise ReadError("图片里没有认出文字；请确认图片清楚、是文字材料，再重新放入")
        warnings = recognition.warnings()
        if recognition.nothing:
            warnings += (f"第 {named(recognition.nothing)} 页没有认出文字",)
        return make_document(
            self.format,
            laid_out(list(pages)),
            limits,
            page_count=count,
            page_sizes=tuple(sizes),
            warnings=warnings,
        )


def _read(
    opened: Pictures, number: int, recognition: Recognition, cut: Sequence[float]
) -> tuple[tuple[float, float], ScannedPage]:
    """The size of a page in points, and what stands on it."""
    import numpy as np

    image = opened.page(number, _MOST_PIXELS, 20 * _MOST_SIDE)
    if image.height > _TALL * image.width:  # read in strips
        image = bounded(image, _MOST_PIXELS, 20 * _MOST_SIDE)
    else:
        image = bounded(image, _PIXELS, _MOST_SIDE)
    if min(image.size) < _LEAST_SIDE:
        raise ReadError("图片太小，认不出文字；请换上清楚的原图再放入")
    width = A4_WIDTH if image.height >= image.width else A4_HEIGHT
    height = width * image.height / image.width
    page = recognition.page(np.asarray(image), number, width, cut)
    assert page is not None  # the caller asks for no more than the bound
    return (round(width, 2), round(height, 2)), page
