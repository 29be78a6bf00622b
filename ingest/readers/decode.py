"""Bytes to text when nobody says the encoding: Unicode first, then GB18030, Big5, a last guess."""

from __future__ import annotations

import codecs
from functools import partial
from typing import NamedTuple

from ingest.readers.base import ReadError

_BOMS = (  # UTF-32 before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 200_000  # characters that are looked at to judge a guess
_FEW = 0.002  # share of undecodable characters in a text that we still take

BINARY = "文件不是文字（里面是程序或数据）；请放入 Word、PDF、网页、Markdown 或纯文本文件"
UNKNOWN = "认不出文件的文字编码，读出来会是乱码；请用记事本打开，另存为 UTF-8 编码后再放入"


class Decoded(NamedTuple):
    """Text, the encoding it was in, and how many places in it could not be decoded (now “□”)."""

    text: str
    encoding: str
    broken: int = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line for the report when something was lost."""
        if not self.broken:
            return ()
        return (f"有 {self.broken} 处文字认不出，已用“□”代替；请核对原文件",)


def _is_binary(data: bytes) -> bool:
    """Whether bytes hold control characters in a number that no text has."""
    sample = data[:_SAMPLE]
    controls = sum(
        sample.count(bytes([c])) for c in range(32) if c not in b"\t\n\r\x0b\x0c\x1a\x1b"
    )
    return controls * 100 > len(sample)


def _expected(text: str) -> float:
    """Share of a sample's characters that a Chinese or Latin document is made of."""
    sample = text[:_SAMPLE]
    good = sum(
        "\u4e00" <= c <= "\u9fff"
        or " " <= c <= "~"
        or c in "\n\r\t"
        or "\u3000" <= c <= "\u303f"
        or "\uff00" <= c <= "\uffef"
        or "\u2010" <= c <= "\u2026"
        for c in sample
    )
    return good / max(1, len(sample))


def _common(text: str, codec: str, leads: range) -> float:
    """Share of the non-ASCII characters whose first byte in ``codec`` marks the everyday ones."""
    others = "".join(c for c in text[:_SAMPLE] if c > "\x7f")
    if not others:
        return 0.0
    good = 0
    for char in others:
        encoded = char.encode(codec, "ignore")
        good += len(encoded) == 2 and encoded[0] in leads
    return good / len(others)


# GB 2312 puts signs in rows A1–A3 and the 3,755 everyday characters in B0–D7; Big5 puts signs in
# A1–A3 and the 5,401 everyday characters in A4–C6.
_common_gb = partial(_common, codec="gb2312", leads=range(0xA1, 0xD8))
_common_big5 = partial(_common, codec="big5", leads=range(0xA1, 0xC7))


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: one of the byte orders gives expected characters, the other not."""
    if len(data) < 4 or len(data) % 2:
        return None
    best = None
    for codec in ("utf-16-le", "utf-16-be"):
        text = _strict(data, codec)
        score = _expected(text) if text else 0.0
        if text and score > 0.95 and (best is None or score > best[0]):
            best = (score, text, codec)
    # Text of one byte per letter read in pairs looks Chinese too; there must be a line end, a
    # space or a Chinese sign, whose two bytes betray the width.
    if best and (b"\x00" in data[:_SAMPLE] or any(c in best[1][:_SAMPLE] for c in "，。、　")):
        return Decoded(best[1], best[2])
    return None


def _nearly(data: bytes, codec: str) -> Decoded | None:
    """A text with few broken places (cut off in the middle of a character, a stray byte)."""
    text = data.decode(codec, "replace")
    broken = text.count("\ufffd")
    allowed = max(1, int(len(text) * _FEW))
    if broken <= allowed < len(text) and _expected(text) > 0.9 and len(text) > 20:
        return Decoded(text.replace("\ufffd", "□"), codec, broken)
    return None


def decode(data: bytes) -> Decoded:
    """The text of ``data`` and the name of its encoding; undecodable places become “□”.

    Order: byte order mark, strict UTF-8, UTF-16 without mark, strict GB18030 and Big5 when the
    result is everyday Chinese, UTF-8 and GB18030 with few broken places, charset-normalizer.
    Raises :class:`ReadError` for binary data and where no encoding gives readable text.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(codec, "replace")
            broken = text.count("\ufffd")
            if broken > max(1, len(text) * _FEW):
                raise ReadError(UNKNOWN)
            return Decoded(text.replace("\ufffd", "□"), codec, broken)
    utf8 = _strict(data, "utf-8")
    gb = _strict(data, "gb18030")
    if utf8 is not None and not _is_binary(data):
        # Short GB text made of pairs C2–DF 80–BF is valid UTF-8 of Cyrillic and the like.
        latin = not utf8.isascii() and max(utf8[:_SAMPLE]) < "\u0800"
        if not (latin and gb and _common_gb(gb) == 1.0):
            return Decoded(utf8, "utf-8")
    if (found := _utf16(data)) is not None:
        return found
    if _is_binary(data):
        raise ReadError(BINARY)
    if gb is not None and _common_gb(gb) > 0.8:
        return Decoded(gb, "gb18030")
    big5 = _strict(data, "big5hkscs")
    if big5 is not None and _common_big5(big5) > 0.9:
        return Decoded(big5, "big5")
    if (found := _nearly(data, "utf-8") or _nearly(data, "gb18030")) is not None:
        return found
    if gb is not None and _expected(gb) > 0.98 and len(gb) > 1:
        return Decoded(gb, "gb18030")
    return _last_guess(data)


def _last_guess(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:50_000], threshold=0.1).best()
    text = _strict(data, best.encoding) if best else None
    if best is None or text is None or _expected(text) < 0.8:
        raise ReadError(UNKNOWN)
    return Decoded(text, best.encoding)
