"""Recognition of the pages of one file: from the cache where the picture is known, bounded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.ocr import installed, make_recognizer
from ingest.ocr.cache import PageCache
from ingest.ocr.picture import VERSION, PictureText, read_picture
from ingest.pages import page_done

if TYPE_CHECKING:
    from ingest.ocr.base import Picture, Recognizer
    from ingest.ocr.page import ScannedPage
    from ingest.readers.base import ReadLimits

UNSURE = 0.97
"""Confidence of a page below which a person should look at the original."""
_NAMED = 8


class Recognition:
    """Recognises pages of a file of ``count`` and remembers what is to be said of them."""

    def __init__(self, limits: ReadLimits, count: int) -> None:
        self.count = count
        self.possible = limits.ocr_pages > 0 and installed()
        self._left = limits.ocr_pages
        self._cache = PageCache(limits.ocr_cache) if limits.ocr_cache is not None else None
        self._recognizer: Recognizer | None = None
        self.read: list[int] = []  # numbers of pages that were recognised
        self.unsure: list[int] = []
        self.left_out: list[int] = []  # beyond what one file may have
        self.nothing: list[int] = []  # on which no text was found

    def page(
        self, picture: Picture, number: int, shown_width: float, cut: Sequence[float] = ()
    ) -> ScannedPage | None:
        """The page of this picture; None beyond the bound. See ``ingest.ocr.page``."""
        from ingest.ocr.page import scanned_page

        if self._left <= 0:
            self.left_out.append(number)
            return None
        self._left -= 1
        page = scanned_page(picture, self._text(picture), number, shown_width, cut)
        page_done(number, self.count)
        if not page.items:
            self.nothing.append(number)
            return page
        self.read.append(number)
        if page.confidence < UNSURE:
            self.unsure.append(number)
        return page

    def warnings(self) -> tuple[str, ...]:
        """What a person should know of the file, in Chinese."""
        out = []
        if self.read:
            which = "全文" if len(self.read) == self.count else f"第 {named(self.read)} 页"
            out.append(f"{which}是识别文字（从图像认出），引用前请核对原件")
        if self.unsure:
            out.append(f"第 {named(self.unsure)} 页识别把握不大，请核对原件")
        if self.left_out:
            out.append(
                f"第 {self.left_out[0]} 页起还有 {len(self.left_out)} 页扫描件没有识别"
                "（超过 LUMING_OCR_PAGES）；请拆成几份，或调大这个设置"
            )
        return tuple(out)

    def close(self) -> None:
        """Release the cache."""
        if self._cache is not None:
            self._cache.close()

    def _text(self, picture: Picture) -> PictureText:
        if self._recognizer is None:
            self._recognizer = make_recognizer()
        key = ""
        if self._cache is not None:
            key = f"{VERSION}/{self._recognizer.name}/{picture.shape}/"
            key += hashlib.sha256(picture.tobytes()).hexdigest()
            if (known := self._cache.get(key)) is not None:
                return known
        found = read_picture(picture, self._recognizer)
        if self._cache is not None:
            self._cache.put(key, found)
        return found


def named(numbers: Sequence[int]) -> str:
    """Page numbers for a sentence: 3、5、7–9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        parts += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(number) for number in run]
    return "、".join(parts[:_NAMED]) + ("等" if len(parts) > _NAMED else "")
