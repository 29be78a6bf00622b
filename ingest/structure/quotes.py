"""Lines inside a quotation that began on an earlier line (“第三条 … in a decision to amend)."""

from __future__ import annotations

import re

from ingest.structure.lines import Line

#: A straight mark says neither open nor close; after a colon it opens the text of an article.
_STRAIGHT = re.compile(r'[：:]\s?"(?=第)[^"]*$')
_LONGEST = 80  # lines that one quotation may run over; a longer one is a misprinted mark


def quoted_lines(lines: list[Line]) -> set[int]:
    """Indices of lines that begin inside quotation marks. Linear: each line is seen twice."""
    return _inside_curly(lines) | _inside_straight(lines)


def _inside_straight(lines: list[Line]) -> set[int]:
    inside: set[int] = set()
    opened: int | None = None
    for index, line in enumerate(lines):
        text = line.text
        if _STRAIGHT.search(text[-400:]):
            opened = index
        elif opened is not None and index - opened > _LONGEST:
            opened = None
        elif opened is not None and _closes_straight(text):
            inside.update(range(opened + 1, index + 1))
            opened = None
    return inside


def _closes_straight(text: str) -> bool:
    """Whether a quotation ends here; each paragraph of it may open anew."""
    return '"' in text and (text[0] != '"' or text.rstrip("。；")[-1] == '"')


def _inside_curly(lines: list[Line]) -> set[int]:
    inside: set[int] = set()
    opened: int | None = None
    for index, line in enumerate(lines):
        text = line.text
        first, last = text.find("“"), text.rfind("“")
        close, last_close = text.find("”"), text.rfind("”")
        if opened is not None:
            continues = first == 0  # each paragraph of a quotation opens anew
            closes = close >= 0 and (first < 0 or close < first or continues)
            if closes or continues or (first < 0 and close < 0):
                if closes and last_close > (last if not continues else max(last, 0)):
                    inside.update(range(opened + 1, index + 1))
                    opened = None
                elif index - opened > _LONGEST:
                    opened = None
                continue
            opened = None  # a new quotation begins before the old one ended: a misprint
        if last >= 0 and last > last_close:
            opened = index
    return inside
