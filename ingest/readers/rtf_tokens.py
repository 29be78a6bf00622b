"""RTF to tokens (RTF specification 1.9.1), in one pass that is linear in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?"
    rb"|\\'([0-9a-fA-F]{2})"
    rb"|\\([^a-zA-Z'])"
    rb"|([{}])"
    rb"|[\r\n\x00]+"
    rb"|([^\\{}\r\n\x00]+)",
    re.DOTALL,
)


class Token(NamedTuple):
    """``kind``: ``word`` (with ``value``), ``sign``, ``byte``, ``text``, ``{`` or ``}``."""

    kind: str
    text: bytes
    value: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """The tokens of an RTF file; the bytes of ``\\bin`` and stray backslashes are passed over."""
    at = 0
    end = len(data)
    while at < end:
        match = _TOKEN.match(data, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        word, value, code, sign, brace, text = match.groups()
        if text is not None:
            yield Token("text", text)
        elif code is not None:
            yield Token("byte", bytes([int(code, 16)]))
        elif brace is not None:
            yield Token(brace.decode(), brace)
        elif sign is not None:
            yield Token("sign", sign)
        elif word is not None:
            number = int(value) if value is not None else None
            if word == b"bin":
                at = min(end, at + max(0, number or 0))
                continue
            yield Token("word", word, number)
