"""Footnotes of a PDF page: small lines below a short rule, and the raised numbers that name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from ingest.readers.pdf_chars import Char
from ingest.readers.pdf_lines import PAGE_NUMBER, PageLine
from ingest.readers.pdf_rules import Rule

_MARKER = re.compile(r"[\[［〔（(]?([①-⑳]|[0-9０-９]{1,2}|[*＊†‡]{1,3})[\]］〕）)]?\s?(?=[^\d\s])")
_LONGEST_RULE = 0.45  # of the page's width
_HIGHEST_RULE = 0.3  # of the page's height, from the top
_SMALL = 0.92  # of the size of the text above
_BELOW = 25.0  # points between the rule and the first note
_RAISED = 0.8  # of the height of the character before


def note_marker(text: str) -> str | None:
    """What names the note that a line begins: 1, ①, *; None where a line goes on with a note."""
    match = _MARKER.match(text)
    return match[1] if match else None


def mark_notes(
    lines: Sequence[PageLine], across: Sequence[Rule], width: float, height: float
) -> set[str]:
    """Says of each line whether it belongs to a footnote; returns what names the notes."""
    markers: set[str] = set()
    for rule in across:
        if rule.end - rule.start > _LONGEST_RULE * width or rule.at < _HIGHEST_RULE * height:
            continue
        # Right below the rule, in its column, and smaller than the text above.
        above = [line.size for line in lines if line.y1 <= rule.at + 2]
        below = sorted(
            (line for line in lines if line.y0 > rule.at - 3 and line.x0 < rule.end),
            key=lambda line: line.y0,
        )
        if not above or not below or below[0].y0 - rule.at > _BELOW:
            continue
        if note_marker(below[0].text) is None:
            continue
        small = _SMALL * median(above)
        for line in below:
            if line.size >= small or PAGE_NUMBER.fullmatch(line.text):
                break
            line.note = True
            if marker := note_marker(line.text):
                markers.add(marker)
    return markers


def without_references(chars: Sequence[Char], markers: set[str]) -> list[Char]:
    """The characters without those raised small ones that only refer to a note of the page."""
    out: list[Char] = []
    raised: list[Char] = []
    for char in chars:
        before = next((c for c in reversed(out[-3:]) if c.text != " "), None)
        if before is not None and char.text != " " and _is_raised(before, char):
            raised.append(char)
            continue
        if raised and "".join(c.text for c in raised).strip("[]［］〔〕()（）") not in markers:
            out += raised
        raised = []
        out.append(char)
    return out + raised


def _is_raised(before: Char, char: Char) -> bool:
    small = char.height < _RAISED * before.height
    return (
        small and before.y0 - before.height < char.y0 and char.y1 < before.y1 - 0.1 * before.height
    )
