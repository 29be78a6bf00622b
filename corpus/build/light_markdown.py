"""The little Markdown that the sources use: headings, paragraphs, tables, footnotes."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOTE = re.compile(r"\[\^([^\]]{1,20})\](:?)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


@dataclass(frozen=True)
class Part:
    """A heading (level 1–6), a paragraph (level 0) or a table (rows)."""

    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()  # texts of the footnotes that the paragraph refers to

    def plain(self) -> list[str]:
        """The part as lines of a plain text file."""
        rows = ["　".join(row) for row in self.rows]
        return rows or [self.text, *(f"注：{note}" for note in self.notes)]


def parse(text: str) -> tuple[Part, ...]:
    """All parts in order. A footnote goes with the paragraph that refers to it."""
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", text) if block.strip()]
    notes: dict[str, str] = {}
    rest = []
    for block in blocks:
        match = _NOTE.match(block)
        if match and match[2]:
            notes[match[1]] = block[match.end() :].strip()
        else:
            rest.append(block)
    parts: list[Part] = []
    for block in rest:
        if block.startswith("|"):
            rows = [[c.strip() for c in line.strip("|").split("|")] for line in block.splitlines()]
            parts.append(Part(rows=tuple(tuple(row) for i, row in enumerate(rows) if i != 1)))
            continue
        for line in block.splitlines():
            level = len(line) - len(line.lstrip("#"))
            words = _BOLD.sub(r"\1", line.lstrip("#").strip())
            used = tuple(notes[m[1]] for m in _NOTE.finditer(words) if m[1] in notes)
            parts.append(Part(_NOTE.sub("", words), level, notes=used))
    return tuple(parts)
