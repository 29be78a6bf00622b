"""PDFium, one thread at a time, with errors a person can act on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.readers.base import ReadError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

#: PDFium keeps process-wide state and is not thread-safe: every call is made under this lock.
LOCK = threading.RLock()


@contextmanager
def opened(data: bytes) -> Iterator[PdfDocument]:
    """The document of these bytes, closed at the end. Raises :class:`ReadError`."""
    import pypdfium2

    with LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise ReadError(_why(str(error), data)) from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise ReadError("PDF 内容损坏，读到一半出错；请用阅读器打开另存一份再放入") from error
        finally:
            document.close()


def _why(message: str, data: bytes) -> str:
    if "assword" in message:
        return "PDF 有密码；请去掉密码另存一份再放入"
    if "ecurity" in message:
        return "PDF 的加密方式不受支持；请去掉保护另存一份再放入"
    if b"%%EOF" not in data[-2048:]:
        return "PDF 不完整（可能没有下载或复制完）；请重新获取后再放入"
    return "PDF 已损坏，无法打开；请用阅读器打开另存一份再放入"
