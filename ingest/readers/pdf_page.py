"""A page of a PDF as a picture, for showing a citation in its place."""

from __future__ import annotations

import io
from pathlib import Path

from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.files import load
from ingest.readers.pdfium import opened

_MAX_PIXELS = 12_000_000


def render_page(path: Path, page: int, scale: float = 1.5) -> bytes:
    """PNG of a page (1-based) at ``scale`` pixels a point; huge pages are drawn smaller.

    Raises :class:`ValueError` for a page that isn't there, :class:`ReadError` for a bad file.
    """
    if not 0 < scale <= 8:
        raise ValueError("scale must be above 0 and at most 8")
    with opened(load(path, ReadLimits())) as document:
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
