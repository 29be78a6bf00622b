"""Pages of a PDF that must be recognised: scans, and pages whose text layer is garbage."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.readers.base import ReadError
from ingest.readers.pdf_order import ReadPage

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

    from ingest.ocr.base import Picture

_FEW_CHARACTERS = 40  # on a page that is a picture: a stamped number, the name of an app
_COVERED = 0.5  # of the page by one picture
_DPI = 200
_MOST_PIXELS = 6_000_000
_MOST_SIDE = 3_600
_PALE = 12  # grey levels between the darkest and lightest of a page on which nothing is
_MOST_OBJECTS = 2_000


def wants_recognition(page: PdfPage, read: ReadPage) -> bool:
    """Whether the text layer of a page does not say what the page shows."""
    layer = read.layer
    if layer.characters == 0:
        return True
    if layer.is_garbage:
        return True
    return layer.characters < _FEW_CHARACTERS and covered(page) >= _COVERED


def covered(page: PdfPage) -> float:
    """The share of the page that its largest picture covers."""
    import pypdfium2.raw as c

    width, height = page.get_size()
    sides = [ctypes.c_float() for _ in range(4)]
    largest = 0.0
    for index in range(min(c.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        item = c.FPDFPage_GetObject(page.raw, index)
        if c.FPDFPageObj_GetType(item) not in (c.FPDF_PAGEOBJ_IMAGE, c.FPDF_PAGEOBJ_FORM):
            continue
        if c.FPDFPageObj_GetBounds(item, *(ctypes.byref(side) for side in sides)):
            left, bottom, right, top = (side.value for side in sides)
            largest = max(largest, (right - left) * (top - bottom))
    return largest / (width * height) if width * height > 0 else 0.0


def page_picture(page: PdfPage) -> Picture | None:
    """The page as shown, large enough for recognition; None for one on which nothing is."""
    import numpy as np

    width, height = page.get_size()
    if min(width, height) < 1:
        return None
    pixels = width * height
    # An app that photographs pages may make them metres wide: only pixels are bounded.
    scale = min(_DPI / 72, _MOST_SIDE / max(width, height), (_MOST_PIXELS / pixels) ** 0.5)
    try:
        bitmap = page.render(scale=scale)
    except MemoryError as error:
        raise ReadError("PDF 里有一页太大，画不出来；请缩小后再放入") from error
    try:
        image = bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()
    picture = np.asarray(image)
    if int(picture.max()) - int(picture.min()) < _PALE:
        return None
    return picture


def cut_table(before: Sequence[object]) -> Sequence[float]:
    """The column edges of the last table of the page before."""
    from ingest.readers.pdf_tables import PageTable

    return next((item.xs for item in reversed(before) if isinstance(item, PageTable)), ())
