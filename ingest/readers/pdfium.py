"""PDFium, one thread at a time, with errors a person can act on."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.readers.base import ReadError
from ingest.readers.passwords import LOCKED, WRONG

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

#: PDFium keeps process-wide state and is not thread-safe: every call is made under this lock.
LOCK = threading.RLock()


@contextmanager
def opened(data: bytes, passwords: Sequence[str] = ()) -> Iterator[PdfDocument]:
    """The document of these bytes, closed at the end; the first password that opens it is taken.

    Raises :class:`ReadError`.
    """
    import pypdfium2

    with LOCK:
        try:
            document = _document(data, passwords)
        except pypdfium2.PdfiumError as error:
            raise ReadError(_why(str(error), data, bool(passwords))) from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise ReadError("PDF 内容损坏，读到一半出错；请用阅读器打开另存一份再放入") from error
        finally:
            document.close()


def _document(data: bytes, passwords: Sequence[str]) -> PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" not in str(error):
            raise
        for password in passwords:
            try:
                return pypdfium2.PdfDocument(data, password=password)
            except pypdfium2.PdfiumError:
                continue
        raise


def save_plain(data: bytes, passwords: Sequence[str], target: Path) -> None:
    """Writes a copy that opens without a password. Raises :class:`ReadError`, :class:`OSError`."""
    import pypdfium2.raw as raw

    with opened(data, passwords) as document, target.open("wb") as file:
        document.save(file, flags=raw.FPDF_REMOVE_SECURITY)


def copy_openable(path: Path, target: Path, passwords: Sequence[str]) -> None:
    """A copy of a PDF that opens without a password, made with the first of these that opens it.

    Raises :class:`OSError`; a file that none opens is copied as it is.
    """
    if passwords:
        data = path.read_bytes()
        try:
            with opened(data):
                pass
        except ReadError:
            try:
                return save_plain(data, passwords, target)
            except ReadError:
                pass
    shutil.copyfile(path, target)


def _why(message: str, data: bytes, tried: bool) -> str:
    if "assword" in message:
        return WRONG if tried else LOCKED
    if "ecurity" in message:
        return "PDF 的加密方式不受支持；请去掉保护另存一份再放入"
    if b"%%EOF" not in data[-2048:]:
        return "PDF 不完整（可能没有下载或复制完）；请重新获取后再放入"
    return "PDF 已损坏，无法打开；请用阅读器打开另存一份再放入"
