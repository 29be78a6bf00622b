"""The binary Word format ([MS-DOC]): text by character position, and the properties of each place.

Only what a reader of text needs: the piece table, paragraph and character properties, styles,
footnotes and text boxes. Every offset comes from the file and is checked; work is bounded by the
size of the file.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.readers.base import ReadError

DAMAGED = "Word 文档（.doc/.wps）不完整或已损坏；请用 Word 或 WPS 打开另存为 .docx 再放入"
_TOO_OLD = "文件是 Word 97 以前的版本，读不了；请用 Word 或 WPS 打开另存为 .docx 再放入"
_PAGE = 512
_FC_LCB = 0x9A
_STSH, _FOOTNOTE_REFS, _FOOTNOTES, _CHARACTER, _PARAGRAPH = 1, 2, 3, 12, 13
_CLX, _SHAPES, _ENDNOTE_REFS, _ENDNOTES, _BOXES, _LISTS, _LIST_USES = 33, 40, 46, 47, 56, 73, 74
_HUGE_PAPX = (0x6645, 0x6646)
_DELETED, _HIDDEN = 0x0800, 0x083C
_SYMBOL = 0x6A09  # a sign of a font like Wingdings; the text has “(” in its place
_TABLE_DEFINITION, _TABS = 0xD608, 0xC615
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)  # of an operand, by the upper three bits of its code


class TooOld(ReadError):
    """Word 6 or 95, whose layout is another one."""


@dataclass(frozen=True)
class Piece:
    """Characters ``start:end`` of the text, at byte ``offset``, ``width`` bytes each."""

    start: int
    end: int
    offset: int
    width: int


@dataclass(frozen=True)
class Properties:
    """A paragraph's style and its own modifications, (code, operand) in order."""

    style: int
    modifications: tuple[tuple[int, bytes], ...]


@dataclass
class Story:
    """A part of the text: body, footnotes …; positions are those of the whole text."""

    start: int
    end: int


@dataclass
class WordFile:
    """A document's streams read: the text and what belongs to each position."""

    text: str
    body: Story
    hidden: bytearray  # 1 for characters deleted by a tracked change, hidden, or signs of a font
    pieces: list[Piece]
    notes: dict[int, tuple[int, int]]  # position of a reference: range of the note's text
    boxes: dict[int, tuple[int, int]]  # position of an anchor: range of the text box's text
    style_sheet: bytes = b""
    lists: bytes = b""  # PlfLst with the levels behind it
    list_uses: bytes = b""  # PlfLfo
    _paragraphs: _Intervals = field(default_factory=lambda: _Intervals([], []))
    _data: bytes = b""

    def paragraph(self, mark: int) -> Properties:
        """The properties of the paragraph whose mark stands at position ``mark``."""
        offset = self._offset(mark)
        raw = self._paragraphs.at(offset) if offset is not None else None
        if raw is None or len(raw) < 2:
            return Properties(0, ())
        changes: list[tuple[int, bytes]] = []
        for code, operand in modifications(raw[2:]):
            if code in _HUGE_PAPX and len(operand) == 4:
                changes += self._far(operand)
            else:
                changes.append((code, operand))
        return Properties(struct.unpack_from("<H", raw)[0] & 0x0FFF, tuple(changes))

    def _far(self, operand: bytes) -> list[tuple[int, bytes]]:
        """Modifications too long for their place, kept in the Data stream."""
        at = struct.unpack("<I", operand)[0]
        if at + 2 > len(self._data):
            return []
        size = struct.unpack_from("<H", self._data, at)[0]
        return list(modifications(self._data[at + 2 : at + 2 + size]))

    def _offset(self, position: int) -> int | None:
        index = bisect_right(self.pieces, position, key=lambda piece: piece.start) - 1
        if index < 0 or position >= self.pieces[index].end:
            return None
        piece = self.pieces[index]
        return piece.offset + (position - piece.start) * piece.width


@dataclass
class _Intervals:
    """Byte ranges of the file, sorted, each with raw properties."""

    starts: list[int]
    items: list[tuple[int, int, bytes]]

    def at(self, offset: int) -> bytes | None:
        """The properties of the range that holds ``offset``."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0 or offset >= self.items[index][1]:
            return None
        return self.items[index][2]


def modifications(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(code, operand) of each ``sprm`` in a list of them; a broken rest is left out."""
    at, end = 0, len(data)
    while at + 2 <= end:
        code = data[at] | data[at + 1] << 8
        at += 2
        size = _SIZES[code >> 13]
        if not size:
            if code == _TABLE_DEFINITION:
                if at + 2 > end:
                    return
                size = max(1, (data[at] | data[at + 1] << 8) - 1)
                at += 2
            elif at < end:
                size = data[at]
                at += 1
                if code == _TABS and size == 255:
                    return  # its real length needs its content; nothing after it matters here
            else:
                return
        if at + size > end:
            return
        yield code, data[at : at + size]
        at += size


def read_word(document: bytes, tables: tuple[bytes, bytes], data: bytes) -> WordFile:
    """The text and properties of the streams ``WordDocument``, ``0Table``/``1Table``, ``Data``.

    Raises :class:`ReadError` for a stream that isn't Word 97–2003's or is cut off.
    """
    try:
        return _Reading(document, tables, data).file()
    except (struct.error, IndexError, OverflowError) as error:
        raise ReadError(DAMAGED) from error


class _Reading:
    def __init__(self, document: bytes, tables: tuple[bytes, bytes], data: bytes) -> None:
        if len(document) < 0x200:
            raise ReadError(DAMAGED)
        magic, version = struct.unpack_from("<HH", document)
        if magic != 0xA5EC or version < 0xC1:
            raise TooOld(_TOO_OLD) if magic in (0xA5EC, 0xA5DC) else ReadError(DAMAGED)
        flags = struct.unpack_from("<H", document, 0x0A)[0]
        if flags & 0x0100:
            from ingest.readers.passwords import LOCKED

            raise ReadError(LOCKED)
        self.document = document
        self.table = tables[1 if flags & 0x0200 else 0]
        self.data = data

    def part(self, index: int) -> bytes:
        """A structure of the table stream, empty where the document has none."""
        start, size = self._place(index)
        return self.table[start : start + size] if start + size <= len(self.table) else b""

    def _place(self, index: int) -> tuple[int, int]:
        at = _FC_LCB + 8 * index
        start, size = struct.unpack_from("<II", self.document, at)
        return start, size

    def file(self) -> WordFile:
        pieces = self._pieces()
        text = "".join(self._decoded(piece) for piece in pieces)
        sizes = struct.unpack_from("<8I", self.document, 0x4C)
        starts = [0]
        for size in sizes:
            starts.append(min(starts[-1] + size, len(text)))
        hidden = bytearray(len(text))
        self._hide(hidden, pieces)
        notes = self._notes(_FOOTNOTE_REFS, _FOOTNOTES, Story(starts[1], starts[2]))
        notes |= self._notes(_ENDNOTE_REFS, _ENDNOTES, Story(starts[5], starts[6]))
        lists, lists_size = self._place(_LISTS)
        uses, _ = self._place(_LIST_USES)
        levels_end = uses if uses > lists else len(self.table)
        return WordFile(
            text, Story(0, starts[1]), hidden, pieces, notes,
            self._boxes(Story(starts[6], starts[7])), self.part(_STSH),
            self.table[lists:levels_end] if lists_size else b"", self.part(_LIST_USES),
            self._pages(_PARAGRAPH), self.data,
        )  # fmt: skip

    def _pieces(self) -> list[Piece]:
        data = self.part(_CLX)
        at = 0
        while at + 3 <= len(data) and data[at] == 1:
            at += 3 + struct.unpack_from("<H", data, at + 1)[0]
        if at + 5 > len(data) or data[at] != 2:
            raise ReadError(DAMAGED)
        size = struct.unpack_from("<I", data, at + 1)[0]
        plc = data[at + 5 : at + 5 + size]
        count = (len(plc) - 4) // 12
        positions = struct.unpack_from(f"<{count + 1}I", plc)
        pieces: list[Piece] = []
        for index in range(count):
            start, end = positions[index], positions[index + 1]
            raw = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)[0]
            width = 1 if raw & 0x40000000 else 2
            offset = (raw & 0x3FFFFFFF) // 2 if width == 1 else raw & 0x3FFFFFFF
            if end <= start:
                continue
            if (pieces[-1].end if pieces else 0) != start:
                raise ReadError(DAMAGED)
            if offset + (end - start) * width > len(self.document):
                raise ReadError(DAMAGED)
            pieces.append(Piece(start, end, offset, width))
        # Pieces of a sound file don't overlap; a made-up one could repeat a megabyte at will.
        if not pieces or sum((p.end - p.start) * p.width for p in pieces) > 2 * len(self.document):
            raise ReadError(DAMAGED)
        return pieces

    def _decoded(self, piece: Piece) -> str:
        raw = self.document[piece.offset : piece.offset + (piece.end - piece.start) * piece.width]
        if piece.width == 1:
            return raw.decode("cp1252", "replace")
        # Positions count UTF-16 units: a pair above U+FFFF keeps both places.
        return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))

    def _pages(self, index: int) -> _Intervals:
        """All formatted disk pages of paragraph (13-byte entries) or character properties."""
        plc = self.part(index)
        count = max(0, (len(plc) - 4) // 8)
        entry = 13 if index == _PARAGRAPH else 1
        items: list[tuple[int, int, bytes]] = []
        for number in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ():
            page = self.document[number * _PAGE : (number + 1) * _PAGE]
            if len(page) < _PAGE:
                continue
            runs = page[-1]
            if 4 * (runs + 1) + runs * entry > _PAGE:
                continue
            offsets = struct.unpack_from(f"<{runs + 1}I", page)
            for run in range(runs):
                at = page[4 * (runs + 1) + run * entry] * 2
                raw = (_papx if entry == 13 else _chpx)(page, at) if at else b""
                items.append((offsets[run], offsets[run + 1], raw))
        items.sort(key=lambda item: item[0])
        apart: list[tuple[int, int, bytes]] = []
        for item in items:  # those of a sound file don't overlap; a made-up one costs no more
            if item[1] > item[0] and (not apart or item[0] >= apart[-1][1]):
                apart.append(item)
        return _Intervals([item[0] for item in apart], apart)

    def _hide(self, hidden: bytearray, pieces: list[Piece]) -> None:
        by_offset = sorted(pieces, key=lambda piece: piece.offset)
        starts = [piece.offset for piece in by_offset]
        for first, last, raw in self._pages(_CHARACTER).items:
            if not raw:
                continue
            symbol = any(code == _SYMBOL for code, _ in modifications(raw))
            if not symbol and not _takes_away(raw):
                continue
            at = max(0, bisect_right(starts, first) - 1)
            while at < len(by_offset) and by_offset[at].offset < last:
                piece = by_offset[at]
                at += 1
                low = piece.start + max(0, first - piece.offset) // piece.width
                high = min(piece.end, piece.start + (last - piece.offset) // piece.width)
                if low < high and (not symbol or high - low < 64):
                    hidden[low:high] = b"\x01" * (high - low)

    def _notes(self, refs: int, texts: int, story: Story) -> dict[int, tuple[int, int]]:
        anchors = _positions(self.part(refs), 2)
        ranges = _positions(self.part(texts), 0)
        out = {}
        for index, anchor in enumerate(anchors[:-1]):
            if index + 1 < len(ranges):
                out[anchor] = _within(story, ranges[index], ranges[index + 1])
        return out

    def _boxes(self, story: Story) -> dict[int, tuple[int, int]]:
        shapes = self.part(_SHAPES)
        anchors = _positions(shapes, 26)
        texts = self.part(_BOXES)
        ranges = _positions(texts, 22)
        by_shape: dict[int, tuple[int, int]] = {}
        for index in range(len(ranges) - 1):
            shape = struct.unpack_from("<i", texts, 4 * len(ranges) + 22 * index + 14)[0]
            by_shape[shape] = _within(story, ranges[index], ranges[index + 1])
        out = {}
        for index in range(len(anchors) - 1):
            shape = struct.unpack_from("<i", shapes, 4 * len(anchors) + 26 * index)[0]
            if shape in by_shape:
                out[anchors[index]] = by_shape.pop(shape)
        return out


def _positions(plc: bytes, size: int) -> list[int]:
    """The positions of a PLC whose data elements take ``size`` bytes: one more than elements."""
    count = (len(plc) - 4) // (4 + size) + 1 if len(plc) >= 4 else 0
    return list(struct.unpack_from(f"<{count}I", plc)) if count else []


def _within(story: Story, start: int, end: int) -> tuple[int, int]:
    return min(story.start + start, story.end), min(story.start + end, story.end)


def _papx(page: bytes, at: int) -> bytes:
    """Style index and modifications of a paragraph."""
    size = page[at]
    if size:
        return page[at + 1 : at + 2 * size]
    size = page[at + 1]
    return page[at + 2 : at + 2 + 2 * size]


def _chpx(page: bytes, at: int) -> bytes:
    return page[at + 1 : at + 1 + page[at]]


def _takes_away(raw: bytes) -> bool:
    """Whether a run is deleted by a tracked change, or hidden."""
    return any(
        (code == _DELETED and operand[0]) or (code == _HIDDEN and operand[0] & 0x7F == 1)
        for code, operand in modifications(raw)
    )
