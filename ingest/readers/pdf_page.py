"""A page of a PDF or picture file as a picture, for showing a citation in its place."""

from __future__ import annotations

import io
from pathlib import Path

from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.files import load
from ingest.readers.pdfium import opened
from ingest.readers.pictures import pictures

_MAX_PIXELS = 12_000_000
_PICTURE_PIXELS = 4_000_000  # A4 at 200 dpi
_PICTURE_SIDE = 20_000


def render_page(path: Path, page: int, scale: float = 1.5) -> bytes:
    """PNG of a page (1-based) at ``scale`` pixels a point, or of a picture's as many as it has;
    huge pages are drawn smaller.

    Raises :class:`ValueError` for a page that isn't there, :class:`ReadError` for a bad file.
    """
    if not 0 < scale <= 8:
        raise ValueError("scale must be above 0 and at most 8")
    data = load(path, ReadLimits())
    if b"%PDF-" not in data[:1024]:
        return _render_picture(data, page)
    with opened(data) as document:
        if not 1 <= page <= len(document):
            raise ValueError(f"no page {page}")
        one = document[page - 1]
        try:
            width, height = one.get_size()
            pixels = width * height * scale * scale
            if pixels > _MAX_PIXELS:
                scale *= (_MAX_PIXELS / pixels) ** 0.5
            bitmap = one.render(scale=scale)
            try:
                image = bitmap.to_pil()
                out = io.BytesIO()
                image.save(out, "PNG")
            finally:
                bitmap.close()
        except MemoryError as error:
            raise ReadError("这一页太大，画不出来") from error
        finally:
            one.close()
    return out.getvalue()


def _render_picture(data: bytes, page: int) -> bytes:
    with pictures(data, ReadLimits().max_pixels) as opened_picture:
        if not 1 <= page <= opened_picture.count:
            raise ValueError(f"no page {page}")
        image = opened_picture.page(page, _PICTURE_PIXELS, _PICTURE_SIDE)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
