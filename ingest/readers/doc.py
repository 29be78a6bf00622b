"""Word 97–2003 and WPS documents (.doc, .wps): the text as Word shows it.

Read by ourselves because no library keeps what an office's rules need: automatic numbers (第一条
may be nowhere in the text), tracked changes, merged cells, notes at their place
(``python -m bench.formats`` compares). LibreOffice, where it is installed, reads what we can't.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import Path

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.doc_binary import DAMAGED, Properties, WordFile, read_word
from ingest.readers.doc_styles import DocStyles, list_numbers
from ingest.readers.files import load
from ingest.readers.flat_tables import ALONE, BELOW, LEFT, TOP, FlatRow, table_blocks
from ingest.readers.lines import shown_lines

_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_DEFINITION, _HEADER, _VERTICAL = 0xD608, 0x3404, 0xD62B
_NOTE, _LINE, _CELL, _PAGE, _END = "\x02", "\x0b", "\x07", "\x0c", "\r"
_FIELD, _FIELD_SHOWN, _FIELD_END = "\x13", "\x14", "\x15"
_SIGNS = str.maketrans(
    {"\x1e": "-", "\x1f": None, "\x0e": " ", "\t": " ", "\x01": None, "\x08": None, "\x05": None}
)


class DocReader:
    """Reads .doc and .wps. Numbers are written out, tracked insertions are taken, deletions,
    comments, hidden text, headers and footers left out; macros are never looked at."""

    format = "doc"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The body's blocks in order."""
        data = load(path, limits)
        try:
            return self._own(data, limits)
        except ReadError as error:
            from ingest.readers import soffice

            if "密码" in str(error) or not soffice.available():
                raise
            try:
                return soffice.read_as(path, "docx", self.format, limits)
            except ReadError:
                raise error from None

    def _own(self, data: bytes, limits: ReadLimits) -> RawDocument:
        streams, title = _streams(data)
        tables = (streams["0Table"], streams["1Table"])
        word = read_word(streams["WordDocument"], tables, streams["Data"])
        blocks = _Walk(word).blocks(word.body.start, word.body.end)
        return make_document(self.format, blocks, limits, title=title)


def _streams(data: bytes) -> tuple[dict[str, bytes], str | None]:
    """The streams of the compound file and the title that it states."""
    import olefile

    names = ("WordDocument", "0Table", "1Table", "Data")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            out = {name: ole.openstream(name).read() if ole.exists(name) else b"" for name in names}
            title = _title(ole)
    except (OSError, ValueError, struct.error, IndexError, TypeError, MemoryError) as error:
        raise ReadError(DAMAGED) from error
    return out, title


def _title(ole: object) -> str | None:
    try:
        raw = ole.get_metadata()  # type: ignore[attr-defined]
        codec = "gb18030" if raw.codepage == 936 else f"cp{raw.codepage}"
        codec = "utf-8" if raw.codepage in (65001, -535) else codec
        return raw.title.decode(codec) if raw.title else None
    except Exception:  # a library on untrusted bytes; a title is not worth a document
        return None


class _Walk:
    """One pass over a range of the text."""

    def __init__(self, word: WordFile) -> None:
        self.word = word
        self.styles = DocStyles(word.style_sheet)
        self.numbers = list_numbers(word.lists, word.list_uses)
        self.note_count = 0
        self.nested = 0

    def blocks(self, start: int, end: int) -> Iterator[Block]:
        """Blocks of the paragraphs and tables in ``start:end``."""
        rows: list[FlatRow] = []
        cells: list[tuple[str, ...]] = []
        lines: list[str] = []
        for first, mark in self._paragraphs(start, end):
            properties = self.word.paragraph(mark)
            changes = dict(properties.modifications)
            if not _on(changes.get(_IN_TABLE)) and not _on(changes.get(_ROW_END)):
                yield from table_blocks(rows)
                rows, cells, lines = [], [], []
                yield from self._paragraph(first, mark, properties)
                continue
            if _on(changes.get(_ROW_END)) and _depth(changes) <= 1:
                rows.append(_row(cells, changes))
                cells, lines = [], []
                continue
            lines += [block.text for block in self._paragraph(first, mark, properties)]
            if self.word.text[mark : mark + 1] == _CELL and _depth(changes) <= 1:
                cells.append(tuple(lines))
                lines = []
        yield from table_blocks(rows)
        yield from (Block(line) for cell in (*cells, lines) for line in cell)

    def _paragraphs(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """(first character, mark) of each paragraph."""
        text, first = self.word.text, start
        for at in range(start, end):
            if text[at] in (_END, _CELL, _PAGE):
                yield first, at
                first = at + 1
        if first < end:
            yield first, end

    def _paragraph(self, start: int, mark: int, properties: Properties) -> Iterator[Block]:
        text, notes, boxes = self._content(start, mark)
        lines = shown_lines(text)
        level = self.styles.heading_level(properties)
        number, depth = self.styles.list_of(properties)
        # A number is counted only where Word shows one: an empty item has its number, too.
        if lines:
            lines[0] = self.numbers.label(str(number), depth) + lines[0]
        for line in lines:
            yield Block(line, "heading" if level else "paragraph", level)
        if self.nested:
            return
        self.nested += 1  # a note in a note or a box in a box is no sound file
        for first, last in notes:
            note = " ".join(block.text for block in self.blocks(first, last))
            if note:
                self.note_count += 1
                yield Block(f"注{self.note_count}：{note}", "note")
        for first, last in boxes:
            yield from self.blocks(first, last)
        self.nested -= 1

    def _content(
        self, start: int, mark: int
    ) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
        """What a paragraph shows, the ranges of its notes and of its text boxes."""
        word = self.word
        pieces: list[str] = []
        notes: list[tuple[int, int]] = []
        boxes: list[tuple[int, int]] = []
        fields: list[bool] = []  # of each open field: whether its result has begun
        for at in range(start, mark):
            if at in word.boxes:
                boxes.append(word.boxes[at])
            if word.hidden[at]:
                continue
            char = word.text[at]
            if char == _FIELD:
                fields.append(False)
            elif char == _FIELD_SHOWN and fields:
                fields[-1] = True
            elif char == _FIELD_END and fields:
                fields.pop()
            elif fields and not all(fields):
                continue
            elif at in word.notes:
                notes.append(word.notes[at])
                if char > " ":
                    continue  # a mark of the author's own, as “*”
            elif char == _LINE:
                pieces.append("\n")
            else:
                pieces.append(char)
        shown = "".join(pieces).translate(_SIGNS)
        return (
            shown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"),
            notes,
            boxes,
        )


def _on(operand: bytes | None) -> bool:
    return bool(operand and operand[0])


def _depth(changes: dict[int, bytes]) -> int:
    operand = changes.get(_DEPTH, b"")
    return min(struct.unpack("<I", operand)[0], 64) if len(operand) == 4 else 1


def _row(cells: list[tuple[str, ...]], changes: dict[int, bytes]) -> FlatRow:
    definition = changes.get(_DEFINITION, b"")
    header = _on(changes.get(_HEADER))
    count = definition[0] if definition else 0
    if not count or len(definition) < 1 + 2 * (count + 1):
        return FlatRow(tuple(cells), header=header)
    edges = struct.unpack_from(f"<{count + 1}h", definition, 1)
    merges = []
    for index in range(count):
        at = 1 + 2 * (count + 1) + 20 * index
        flags = struct.unpack_from("<H", definition, at)[0] if at + 2 <= len(definition) else 0
        vertical = flags >> 5 & 3
        merges.append(LEFT if flags & 3 == 2 else (ALONE, BELOW, TOP, TOP)[vertical])
    if (vertical_change := changes.get(_VERTICAL)) and len(vertical_change) >= 2:
        index, kind = vertical_change[0], vertical_change[1]
        if index < count:
            merges[index] = (ALONE, BELOW, ALONE, TOP)[kind & 3]
    return FlatRow(tuple(cells[:count]), edges, tuple(merges), header)
