"""Plain text: encoding detected, hard-wrapped lines put together again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from unicodedata import east_asian_width

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadLimits
from ingest.readers.clean import make_document, visible
from ingest.readers.decode import decode
from ingest.readers.files import load
from ingest.readers.lines import breaks_between, ends_sentence, is_indented, join_all, starts_new

_NARROWEST_WRAP = 30  # columns; shorter equal lines are a list or a poem
_WIDEST_WRAP = 200
_SLACK = 4  # columns that a wrapped Chinese line may fall short of the edge (no “，” at its start)
_SLACK_LATIN = 18  # a long word moves to the next line


class TextReader:
    """Reads ``.txt`` in any common encoding. One block per paragraph, levels always 0."""

    format = "txt"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The paragraphs; see :func:`paragraphs` for what parts them."""
        source = decode(load(path, limits))
        return make_document(
            self.format,
            (Block(paragraph) for paragraph in paragraphs(visible(source.text))),
            limits,
            warnings=source.warnings,
            properties={"encoding": source.encoding},
        )


def columns(line: str) -> int:
    """Width of a line in a fixed-width font: a Chinese character takes two columns."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in line.rstrip())


def wrap_width(lines: list[str]) -> int | None:
    """The width at which the lines were wrapped by hand or by a program, None if they weren't.

    A wrapped file has many lines that reach one right edge, and most of them end in mid-sentence.
    """
    widths = sorted(columns(line) for line in lines if line.strip())
    if len(widths) < 3:
        return None
    edge = widths[min(len(widths) - 1, len(widths) * 98 // 100)]
    if not _NARROWEST_WRAP <= edge <= _WIDEST_WRAP:
        return None
    full = [line for line in lines if edge - _SLACK <= columns(line) <= edge]
    if len(full) < 3 or len(full) * 5 < len(widths):
        return None
    return edge if sum(not ends_sentence(line) for line in full) * 2 > len(full) else None


def _continues(left: str, right: str, edge: int | None, indented: bool) -> bool:
    """Whether ``right`` goes on with the paragraph of the raw line ``left``."""
    if is_indented(right) or starts_new(right):
        return False
    if edge is not None:
        slack = _SLACK_LATIN if left.rstrip()[-1:].isascii() else _SLACK
        reaches = edge - slack <= columns(left) <= edge
        if reaches and (indented or not ends_sentence(left)):
            return True
    if columns(left) > _WIDEST_WRAP:
        return False  # a line that long was never wrapped, however it ends
    return left.rstrip()[-1:] in "，、," and not breaks_between(left, right)


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of plain text.

    A blank line, an indent or a new number parts paragraphs. A line goes on with the one before
    when that one reaches the edge at which the file is wrapped, or ends in a comma.
    """
    lines = text.split("\n")
    edge = wrap_width(lines)
    indented = sum(is_indented(line) for line in lines if line.strip()) >= 2
    parts: list[str] = []
    for line in lines:
        if parts and line.strip() and _continues(parts[-1], line, edge, indented):
            parts.append(line)
            continue
        if parts:
            yield join_all(parts)
        parts = [line] if line.strip() else []
    if parts:
        yield join_all(parts)
