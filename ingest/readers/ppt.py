"""PowerPoint 97–2003 and WPS presentations (.ppt, .dps), read from their records ([MS-PPT]).

A presentation is a tree of records. Titles and bodies of slides may stand in the outline
(SlideListWithText) or in the slides' drawings; a slide refers to its outline by its number.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.files import load
from ingest.readers.ppt_tables import TextBox, box_rows

_DAMAGED = "演示文稿（.ppt/.dps）不完整或已损坏；请用 PowerPoint 或 WPS 打开另存为 .pptx 再放入"
_DOCUMENT, _SLIDE, _NOTES = 1000, 1006, 1008
_SLIDE_ATOM, _NOTES_ATOM, _LIST, _PERSIST = 1007, 1009, 4080, 1011
_HEADER, _CHARS, _BYTES, _OUTLINE_REF = 3999, 4000, 4008, 3998
_USER_EDIT, _DIRECTORY, _SHOW_INFO = 4085, 6002, 1017
_TITLES = (0, 6)  # TextHeaderAtom: title, centred title
_NOTE_TEXT = 2
_TABLE = -1  # in place of a kind of text
_GROUP, _SHAPE, _ANCHOR, _TEXT_BOX = 0xF003, 0xF004, 0xF00F, 0xF00D
_DEEPEST = 40
_MAX_RECORDS = 2_000_000
_LIST_OF_NOTES = 2


@dataclass(frozen=True)
class _Record:
    kind: int
    instance: int
    start: int  # of the content
    end: int
    container: bool


@dataclass
class _Slide:
    persist: int
    identity: int
    outline: list[tuple[int, str]] = field(default_factory=list)  # kind of text, text


class PptReader:
    """Reads .ppt. The title of each slide is a heading; speaker's notes follow their slide."""

    format = "ppt"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The slides' blocks; ``page`` is the slide's number."""
        stream, current = _streams(load(path, limits))
        try:
            blocks, count, hidden = _Presentation(stream, current).blocks()
        except (struct.error, IndexError) as error:
            raise ReadError(_DAMAGED) from error
        named = "、".join(map(str, hidden[:8])) + ("等" if len(hidden) > 8 else "")
        warnings = (f"隐藏的第 {named} 页没有读取",) if hidden else ()
        return make_document(self.format, blocks, limits, page_count=count, warnings=warnings)


def _streams(data: bytes) -> tuple[bytes, bytes]:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return (
                ole.openstream("PowerPoint Document").read(),
                ole.openstream("Current User").read() if ole.exists("Current User") else b"",
            )
    except Exception as error:  # a library on untrusted bytes
        raise ReadError(_DAMAGED) from error


class _Presentation:
    def __init__(self, stream: bytes, current: bytes) -> None:
        self.stream = stream
        self.places = self._persist(current)
        self.left = _MAX_RECORDS

    def blocks(self) -> tuple[list[Block], int, list[int]]:
        """All blocks, the number of slides, and the hidden ones."""
        document = self._document()
        slides: list[_Slide] = []
        notes: list[_Slide] = []
        for record in self._children(document):
            if record.kind == _LIST and record.instance == 0:
                slides = self._list(record)
            elif record.kind == _LIST and record.instance == _LIST_OF_NOTES:
                notes = self._list(record)
        spoken = self._spoken(notes)
        blocks: list[Block] = []
        hidden: list[int] = []
        for number, slide in enumerate(slides, 1):
            drawn = self._at(slide.persist)
            if drawn is not None and self._is_hidden(drawn):
                hidden.append(number)
                continue
            blocks += self._slide(slide, drawn, number)
            if note := spoken.get(slide.identity):
                blocks.append(Block(f"备注：{note}", "note", page=number))
        if not blocks and not hidden:  # a file without its directory: all text as it comes
            texts = self._texts(_Record(0, 0, 0, len(self.stream), True), [])
            blocks = [Block(line) for _, text in texts for line in _lines(text)]
        return blocks, max(len(slides), 1), hidden

    def _document(self) -> _Record:
        for record in self._children(_Record(0, 0, 0, len(self.stream), True)):
            if record.kind == _DOCUMENT:
                return record
        raise ReadError(_DAMAGED)

    def _record(self, at: int, end: int) -> _Record | None:
        if at < 0 or at + 8 > end:
            return None
        version, kind, size = struct.unpack_from("<HHI", self.stream, at)
        last = at + 8 + size
        return _Record(kind, version >> 4, at + 8, min(last, end), version & 0xF == 0xF)

    def _children(self, parent: _Record) -> Iterator[_Record]:
        at = parent.start
        while (record := self._record(at, parent.end)) is not None:
            self.left -= 1
            if self.left < 0:
                raise ReadError(_DAMAGED)
            yield record
            at = max(record.end, at + 8)

    def _persist(self, current: bytes) -> dict[int, int]:
        """Where each persistent object stands, by the newest edit (the newest wins)."""
        places: dict[int, int] = {}
        at = struct.unpack_from("<I", current, 16)[0] if len(current) >= 20 else 0
        seen: set[int] = set()
        while at and at not in seen and len(seen) < 1_000:
            seen.add(at)
            edit = self._record(at, len(self.stream))
            if edit is None or edit.kind != _USER_EDIT or edit.end - edit.start < 16:
                break
            before, directory = struct.unpack_from("<II", self.stream, edit.start + 8)
            table = self._record(directory, len(self.stream))
            if table is not None and table.kind == _DIRECTORY:
                self._directory(table, places)
            at = before
        return places

    def _directory(self, table: _Record, places: dict[int, int]) -> None:
        at = table.start
        while at + 4 <= table.end:
            head = struct.unpack_from("<I", self.stream, at)[0]
            first, count = head & 0xFFFFF, head >> 20
            at += 4
            for index in range(count):
                if at + 4 > table.end:
                    return
                places.setdefault(first + index, struct.unpack_from("<I", self.stream, at)[0])
                at += 4

    def _at(self, persist: int) -> _Record | None:
        place = self.places.get(persist)
        return self._record(place, len(self.stream)) if place is not None else None

    def _list(self, parent: _Record) -> list[_Slide]:
        slides: list[_Slide] = []
        kind = 0
        for record in self._children(parent):
            if record.kind == _PERSIST and record.end - record.start >= 16:
                persist, _, _, identity = struct.unpack_from("<IIiI", self.stream, record.start)
                slides.append(_Slide(persist, identity))
            elif record.kind == _HEADER and record.end - record.start >= 4:
                kind = struct.unpack_from("<I", self.stream, record.start)[0]
            elif slides and record.kind in (_CHARS, _BYTES):
                slides[-1].outline.append((kind, self._text(record)))
        return slides

    def _text(self, record: _Record) -> str:
        raw = self.stream[record.start : record.end]
        return raw.decode("utf-16-le" if record.kind == _CHARS else "latin-1", "replace")

    def _is_hidden(self, slide: _Record) -> bool:
        for record in self._children(slide):
            if record.kind == _SHOW_INFO and record.end - record.start >= 12:
                return bool(struct.unpack_from("<H", self.stream, record.start + 10)[0] & 4)
        return False

    def _slide(self, slide: _Slide, record: _Record | None, number: int) -> Iterator[Block]:
        texts = list(self._texts(record, slide.outline)) if record is not None else []
        drawn = [text for _, text in texts]
        texts = [*(one for one in slide.outline if one[1] not in drawn), *texts]
        level = 1 if number == 1 else 2
        for kind, text in texts:
            if kind in _TITLES and (title := " ".join(_lines(text))):
                yield Block(title, "heading", level, number)
        for kind, text in texts:
            if kind not in _TITLES:
                said = "table_row" if kind == _TABLE else "paragraph"
                yield from (Block(line, said, page=number) for line in _lines(text))

    def _texts(
        self, parent: _Record, outline: list[tuple[int, str]], depth: int = 0
    ) -> Iterator[tuple[int, str]]:
        """(kind, text) of everything drawn below a record, the outline's at its places."""
        kind = 4
        for record in self._children(parent):
            if record.kind == _HEADER and record.end - record.start >= 4:
                kind = struct.unpack_from("<I", self.stream, record.start)[0]
            elif record.kind in (_CHARS, _BYTES):
                yield kind, self._text(record)
            elif record.kind == _OUTLINE_REF and record.end - record.start >= 4:
                index = struct.unpack_from("<I", self.stream, record.start)[0]
                if index < len(outline):
                    yield outline[index]
            elif record.kind == _GROUP and (rows := self._table(record, outline)) is not None:
                yield _TABLE, "\r".join(rows)
            elif (record.container or record.kind == _TEXT_BOX) and depth < _DEEPEST:
                yield from self._texts(record, outline, depth + 1)

    def _table(self, group: _Record, outline: list[tuple[int, str]]) -> list[str] | None:
        """The rows where the shapes of a group make a table."""
        boxes: list[TextBox] = []
        for shape in self._children(group):
            if shape.kind != _SHAPE:
                continue
            anchor = next((one for one in self._children(shape) if one.kind == _ANCHOR), None)
            texts = [text for _, text in self._texts(shape, outline)]
            if anchor is not None and anchor.end - anchor.start >= 16 and texts:
                x0, y0, x1, y1 = struct.unpack_from("<4i", self.stream, anchor.start)
                lines = tuple(line for text in texts for line in _lines(text))
                boxes.append(TextBox(x0, y0, x1, y1, lines))
        return box_rows(boxes)

    def _spoken(self, notes: list[_Slide]) -> dict[int, str]:
        """Speaker's notes by the number of their slide."""
        out: dict[int, str] = {}
        for note in notes:
            record = self._at(note.persist)
            if record is None or record.kind != _NOTES:
                continue
            slide = 0
            for child in self._children(record):
                if child.kind == _NOTES_ATOM and child.end - child.start >= 4:
                    slide = struct.unpack_from("<I", self.stream, child.start)[0]
            texts = [text for kind, text in self._texts(record, note.outline) if kind == _NOTE_TEXT]
            said = " ".join(line for text in texts for line in _lines(text))
            if slide and said:
                out[slide] = said
        return out


def _lines(text: str) -> list[str]:
    """Paragraphs of a text; “*” alone stands for a date or slide number."""
    parts = text.replace("\x0b", "\r").split("\r")
    return [part for part in parts if part.strip() and part.strip() != "*"]
