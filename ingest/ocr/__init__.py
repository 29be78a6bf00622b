"""Text recognition: pictures of pages to lines that know where they stand, one engine behind it."""

from __future__ import annotations

from functools import lru_cache

from ingest.ocr.base import Recognizer, TextLine

__all__ = ["CACHE_NAME", "MISSING", "Recognizer", "TextLine", "installed", "make_recognizer"]

CACHE_NAME = "ocr-cache.db"
"""File of the home that keeps what was recognised (``ingest.ocr.cache``)."""
MISSING = "扫描件要安装识别组件：pip install 'luming[ocr]'"


def installed() -> bool:
    """Whether the parts for recognition are there, without loading them."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("rapidocr", "cv2"))


@lru_cache(maxsize=1)  # loading models takes half a second, a process reads many files
def make_recognizer(name: str = "rapidocr") -> Recognizer:
    """The engine of that name; ValueError for an unknown one, ImportError where it isn't there."""
    if name == "rapidocr":
        from ingest.ocr.rapid import RapidRecognizer

        return RapidRecognizer()
    raise ValueError(f"unknown recognizer {name!r}; known: rapidocr")
