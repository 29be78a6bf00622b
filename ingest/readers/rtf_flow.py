"""Runs of RTF's paragraphs and table rows to blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.document import Block
from ingest.readers.flat_tables import ALONE, FlatRow, table_blocks
from ingest.readers.lines import shown_lines

_COUNTING = re.compile("[0-9A-Za-z一-鿿①-⑳⑴-⒛Ⅰ-ⅿ㈠-㈩㊀-㊉]")


@dataclass
class Row:
    """The definition of the row being written."""

    left: int = 0
    edges: list[int] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    merge: str = ALONE
    header: bool = False


class Flow:
    """A run of paragraphs and tables: the body, a note or a text box."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.text: list[str] = []
        self.label: list[str] = []
        self.after: list[Block] = []  # notes and boxes of the paragraph
        self.rows: list[FlatRow] = []
        self.cells: list[tuple[str, ...]] = []
        self.lines: list[str] = []
        self.in_table = False
        self.level = 0

    def paragraph(self) -> None:
        """Ends the paragraph."""
        lines = shown_lines("".join(self.text))
        label = _shown_label("".join(self.label))
        self.text, self.label = [], []
        if lines:
            lines[0] = label + lines[0]
        if self.in_table:
            self.lines += [*lines, *(block.text for block in self.after)]
        else:
            self.end_table()
            kind = "heading" if self.level else "paragraph"
            self.blocks += [Block(line, kind, self.level) for line in lines]
            self.blocks += self.after
        self.after = []

    def cell(self) -> None:
        """Ends a cell."""
        self.in_table = True
        self.paragraph()
        self.cells.append(tuple(self.lines))
        self.lines = []

    def row(self, row: Row) -> None:
        """Ends a row."""
        if self.cells:
            self.rows.append(
                FlatRow(tuple(self.cells), (row.left, *row.edges), tuple(row.merges), row.header)
            )
        self.cells = []

    def end_table(self) -> None:
        """Puts the rows gathered so far into the blocks."""
        if self.cells:
            self.rows.append(FlatRow(tuple(self.cells)))
        self.blocks += table_blocks(self.rows)
        self.rows, self.cells = [], []
        self.blocks += [Block(line) for line in self.lines]
        self.lines = []

    def finish(self) -> list[Block]:
        """All blocks, the last paragraph and table closed."""
        if self.text or self.after:
            self.in_table = False
            self.paragraph()
        self.end_table()
        return self.blocks


def _shown_label(text: str) -> str:
    """The number before a paragraph as it is written out; a mere bullet is none."""
    label = text.strip()
    if not _COUNTING.search(label):
        return ""
    if label[-1] in "、）)．.：:" or not text.endswith((" ", "　", "\t")):
        return label
    return f"{label}　" if ord(label[-1]) > 0x2E7F else f"{label} "
