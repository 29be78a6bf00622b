"""Whether a page's text layer says what the page shows, by the characters that it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_FEW = 20  # characters, fewer tell nothing of a layer
_MOST_UNMAPPED = 0.3
_LEAST_COMMON = 0.6  # of Chinese characters; prose of any sort has more than 0.95
_MOST_ACCENTED = 0.3  # of letters; a bad encoding read as Latin has nothing else
_LEAST_WORDS = 0.4  # of all characters must be letters, digits or Chinese


@dataclass(frozen=True, slots=True)
class TextLayer:
    """Characters of a page by their kind, spaces left out.

    ``unmapped``: without a meaning (none given, private use, replacement or control character).
    ``common``: those Chinese ones that are among the common ones of GB 2312 or Big5.
    """

    characters: int = 0
    unmapped: int = 0
    chinese: int = 0
    common: int = 0
    latin: int = 0  # letters and digits
    accented: int = 0
    leaders: int = 0  # dots and dashes, of which a table of contents is full

    @property
    def is_garbage(self) -> bool:
        """Whether what it says can't be what a person sees."""
        if self.characters < _FEW:
            return self.characters > 0 and self.unmapped > 0.5 * self.characters
        if self.unmapped > _MOST_UNMAPPED * self.characters:
            return True
        if self.chinese >= _FEW and self.common < _LEAST_COMMON * self.chinese:
            return True
        letters = self.latin + self.accented
        if letters >= _FEW and self.accented > _MOST_ACCENTED * letters and not self.chinese:
            return True
        rest = self.characters - self.leaders
        return rest >= _FEW and self.chinese + letters < _LEAST_WORDS * rest


def text_layer(textpage: PdfTextPage) -> TextLayer:
    """The layer of a page. The caller holds the lock of PDFium."""
    import pypdfium2.raw as c

    count = c.FPDFText_CountChars(textpage.raw)
    return layer_of(
        c.FPDFText_GetUnicode(textpage.raw, index)
        for index in range(count)
        if not c.FPDFText_IsGenerated(textpage.raw, index)
    )


def layer_of(codes: Iterable[int]) -> TextLayer:
    """The layer of these code points."""
    characters = unmapped = chinese = common = latin = accented = leaders = 0
    for code in codes:
        if code in _SPACES:
            continue
        characters += 1
        if code < 0x20 or 0x7F <= code < 0xA0 or 0xE000 <= code < 0xF900 or code >= 0xFFF0:
            # Above the basic plane come rare Chinese characters; PDFium gives halves of them.
            unmapped += 1
        elif 0x4E00 <= code < 0xA000:
            chinese += 1
            common += _is_common(chr(code))
        elif code < 0x80:
            if chr(code).isalnum():
                latin += 1
            elif code in _LEADERS:
                leaders += 1
        elif 0xC0 <= code < 0x250 or 0xA1 <= code < 0xC0:
            if code in _LEADERS:
                leaders += 1
            else:
                accented += 1
        elif code in _LEADERS:
            leaders += 1
        elif chr(code).isalnum() or 0xFF10 <= code < 0xFF5B or 0x3000 <= code < 0x3100:
            latin += 1
    return TextLayer(characters, unmapped, chinese, common, latin, accented, leaders)


_SPACES = frozenset(map(ord, " \t\r\n\x0b\x0c\xa0\u3000\u00ad\u200b\ufeff")) | {0x2, 0xFFFE}
_LEADERS = frozenset(map(ord, ".·…_-—‥・―－=*□☐■●○√×"))


def _is_common(char: str) -> bool:
    """Whether it is among the first level of GB 2312 (3,755) or Big5 (5,401)."""
    simplified = char.encode("gb2312", "ignore")
    if simplified and 0xB0 <= simplified[0] <= 0xD7:
        return True
    traditional = char.encode("big5", "ignore")
    return bool(traditional) and 0xA4 <= traditional[0] <= 0xC6
