"""Rich Text Format: the text as a word processor shows it, with numbers, tables and notes."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.document import Block, RawDocument
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.clean import make_document
from ingest.readers.files import load
from ingest.readers.flat_tables import ALONE, BELOW, LEFT, TOP
from ingest.readers.rtf_flow import Flow, Row
from ingest.readers.rtf_tokens import Token, tokens

_DAMAGED = "RTF 文件不完整或已损坏；请用 Word 或 WPS 打开另存为 .docx 再放入"
_DEEPEST = 5_000
_CHARSETS = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_PAGES = {936: "gb18030", 54936: "gb18030", 950: "big5hkscs", 65001: "utf-8"}
# Groups whose text nobody sees in the document, besides those marked \*.
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info header headerl headerr headerf footer footerl footerr"
    b" footerf pict fldinst annotation atnid atnauthor atndate atnref atrfstart atrfend xe tc rxe"
    b" txe listtable listoverridetable revtbl rsidtbl nonshppict shprslt sp ftnsep ftnsepc ftncn"
    b" aftnsep aftnsepc aftncn bkmkstart bkmkend private template themedata datastore filetbl"
    b" generator objdata formfield pnseclvl".split()
)
_ENTERED = frozenset([b"shpinst", b"footnote", b"shptxt", b"background", b"listtext", b"pntext"])
_SIGNS = {
    b"tab": " ", b"line": "\n", b"lbr": "\n", b"emdash": "—", b"endash": "–", b"bullet": "•",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": "　",
    b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
_MERGES = {b"clvmgf": TOP, b"clvmrg": BELOW, b"clmrg": LEFT}


@dataclass
class _State:
    """What a group inherits from the one around it."""

    skipped: bool = False
    kind: str = ""  # fonttbl, stylesheet, title, label
    codec: str = "cp1252"
    after_unicode: int = 1  # replacement characters behind a \u
    hidden: bool = False
    deleted: bool = False
    flow: bool = False  # whether the end of this group ends a note or a text box
    note: bool = False


class RtfReader:
    """Reads .rtf. Numbers are those that the writing program left in the file; hidden and deleted
    text, comments, headers and footers are left out; a note follows its paragraph."""

    format = "rtf"

    def read(self, path: Path, limits: ReadLimits) -> RawDocument:
        """The blocks in order."""
        data = load(path, limits)
        parser = _Parser()
        for token in tokens(data):
            parser.take(token)
        if not parser.opened:
            raise ReadError(_DAMAGED)
        warnings = (
            () if parser.closed else ("文件可能不完整（末尾缺少结束标记），已读出能读的部分",)
        )
        blocks = parser.finish()
        if not blocks and warnings:
            raise ReadError(_DAMAGED)
        return make_document(self.format, blocks, limits, title=parser.title, warnings=warnings)


class _Parser:
    def __init__(self) -> None:
        self.states = [_State()]
        self.flows = [Flow()]
        self.row = Row()
        self.fonts: dict[int, str] = {}
        self.levels: dict[int, int] = {}  # outline level of each paragraph style
        self.codec = "cp1252"
        self.bytes = bytearray()
        self.skip = 0  # characters still to be passed over behind a \u
        self.starred = False
        self.opened = self.closed = False
        self.note_count = 0
        self.font = self.style = 0
        self._title: list[str] = []
        self._words: dict[bytes, Callable[[int | None], None]] = {
            b"par": lambda _: self.flow.paragraph(),
            b"sect": lambda _: self.flow.paragraph(),
            b"cell": lambda _: self.flow.cell(),
            b"nestcell": lambda _: self.flow.paragraph(),
            b"row": lambda _: self.flow.row(self.row),
            b"pard": self._plain_paragraph,
            b"intbl": lambda _: setattr(self.flow, "in_table", True),
            b"outlinelevel": self._outline,
            b"s": self._style,
            b"trowd": self._new_row,
            b"trleft": lambda value: setattr(self.row, "left", value or 0),
            b"trhdr": lambda _: setattr(self.row, "header", True),
            b"cellx": self._cell_edge,
            b"v": lambda value: setattr(self.state, "hidden", value != 0),
            b"deleted": lambda value: setattr(self.state, "deleted", value != 0),
            b"plain": self._plain,
            b"f": self._font,
            b"fcharset": self._charset,
            b"ansicpg": self._page,
            b"uc": lambda value: setattr(self.state, "after_unicode", max(0, min(value or 0, 8))),
            b"u": self._unicode,
        }

    @property
    def state(self) -> _State:
        return self.states[-1]

    @property
    def flow(self) -> Flow:
        return self.flows[-1]

    @property
    def title(self) -> str | None:
        return "".join(self._title).strip() or None

    def take(self, token: Token) -> None:
        """One token more."""
        if self.closed:
            return
        kind = token.kind
        if kind in ("byte", "text"):
            raw = token.text
            if self.skip:
                passed = min(self.skip, len(raw))
                self.skip -= passed
                raw = raw[passed:]
            self.bytes += raw
            self.starred = False
            return
        if kind == "word" and token.text == b"u":
            self._flush()
            self._unicode(token.value)
            return
        self._flush()
        self.skip = 0
        if kind == "{":
            self._open()
        elif kind == "}":
            self._close()
        elif kind == "word":
            self._word(token.text, token.value)
        else:
            self._sign(token.text)

    def finish(self) -> list[Block]:
        """The blocks of the body; groups left open are closed."""
        self._flush()
        while len(self.states) > 1:
            self._close()
        return self.flows[0].finish()

    def _open(self) -> None:
        if len(self.states) > _DEEPEST:
            raise ReadError(_DAMAGED)
        self.opened = True
        state = copy.copy(self.state)
        state.flow = state.note = False
        self.states.append(state)

    def _close(self) -> None:
        if len(self.states) == 1:
            return
        done = self.states.pop()
        if done.flow and len(self.flows) > 1:
            blocks = self.flows.pop().finish()
            if done.note:
                text = " ".join(block.text for block in blocks)
                if text:
                    self.note_count += 1
                    self.flow.after.append(Block(f"注{self.note_count}：{text}", "note"))
            else:
                self.flow.after += blocks
        if len(self.states) == 1:
            self.closed = True

    def _word(self, word: bytes, value: int | None) -> None:
        starred, self.starred = self.starred, False
        state = self.state
        if state.kind == "stylesheet" or state.kind == "fonttbl":
            if word in (b"s", b"outlinelevel", b"f", b"fcharset"):
                self._words[word](value)
            return
        if state.skipped:
            if word == b"title" and state.kind == "info":
                state.kind = "title"
            elif word == b"shptxt":
                self._begin_flow(False)
            return
        if word in _ENTERED or word in _SKIPPED:
            self._destination(word)
        elif starred:
            state.skipped = True
        elif word in _SIGNS:
            self._say(_SIGNS[word])
        elif word in _MERGES:
            self.row.merge = _MERGES[word]
        elif word in self._words:
            self._words[word](value)

    def _destination(self, word: bytes) -> None:
        state = self.state
        if word in (b"listtext", b"pntext"):
            state.kind = "label"
        elif word in (b"footnote", b"shptxt"):
            self._begin_flow(word == b"footnote")
        elif word in _SKIPPED:
            state.skipped = True
            state.kind = word.decode() if word in (b"fonttbl", b"stylesheet", b"info") else ""

    def _begin_flow(self, note: bool) -> None:
        if len(self.flows) > 20:
            return
        state = self.state
        state.flow, state.note, state.skipped, state.kind = True, note, False, ""
        self.flows.append(Flow())

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.starred = True
            return
        said = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}.get(sign, "")
        if sign in (b"\n", b"\r") and not self.state.skipped:
            self.flow.paragraph()
        elif said:
            self._say(said)

    def _flush(self) -> None:
        if self.bytes:
            text = bytes(self.bytes).decode(self.state.codec, "replace")
            self.bytes.clear()
            self._say(text)

    def _say(self, text: str) -> None:
        state = self.state
        if state.kind == "title":
            self._title.append(text)
        elif state.kind == "stylesheet":
            if name := _HEADING_STYLE.fullmatch(text.strip()):
                self.levels.setdefault(self.style, int(name[1] or 1))
        elif state.skipped or state.hidden or state.deleted:
            return
        elif state.kind == "label":
            self.flow.label.append(text)
        else:
            self.flow.text.append(text)

    def _unicode(self, value: int | None) -> None:
        self.starred = False
        code = (value or 0) % 0x10000
        self._say(chr(code) if not 0xF000 <= code < 0xF100 else "")
        self.skip = self.state.after_unicode

    def _plain(self, _: int | None) -> None:
        self.state.hidden = self.state.deleted = False

    def _plain_paragraph(self, _: int | None) -> None:
        self.flow.in_table = False
        self.flow.level = 0

    def _outline(self, value: int | None) -> None:
        level = (value or 0) + 1 if 0 <= (value or 0) < 9 else 0
        if self.state.kind == "stylesheet":
            self.levels[self.style] = level
        else:
            self.flow.level = level

    def _style(self, value: int | None) -> None:
        self.style = value or 0
        if self.state.kind != "stylesheet":
            self.flow.level = self.levels.get(self.style, 0)

    def _new_row(self, _: int | None) -> None:
        self.row = Row()

    def _cell_edge(self, value: int | None) -> None:
        if len(self.row.edges) < 256:
            self.row.edges.append(value or 0)
            self.row.merges.append(self.row.merge)
        self.row.merge = ALONE

    def _font(self, value: int | None) -> None:
        self.font = value or 0
        if self.state.kind != "fonttbl":
            self.state.codec = self.fonts.get(self.font, self.codec)

    def _charset(self, value: int | None) -> None:
        if self.state.kind == "fonttbl" and value in _CHARSETS:
            self.fonts[self.font] = _CHARSETS[value]

    def _page(self, value: int | None) -> None:
        codec = _PAGES.get(value or 0, f"cp{value}")
        try:
            "".encode(codec)
        except LookupError:
            codec = "cp1252"
        self.codec = codec
        for state in self.states:
            state.codec = codec


_HEADING_STYLE = re.compile(r"(?:(?:heading|标题)\s?([1-9])|title|标题);", re.IGNORECASE)
