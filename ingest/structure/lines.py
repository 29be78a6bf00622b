"""Logical lines: a block each, or its parts where a file glued several headings into one block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.numerals import NUMERAL_CHARS
from ingest.document import RawDocument
from ingest.structure.marks import Mark, Style, parse_mark
from ingest.structure.model import SectionKind


@dataclass(slots=True)
class Line:
    """Characters ``start:end`` of the document's text, trimmed, with the number they begin with.

    ``inline`` marks a （一） that follows in the middle of a paragraph.
    """

    start: int
    end: int
    text: str
    mark: Mark | None = None
    kind: str = "paragraph"  # of the block
    level: int = 0
    inline: bool = False

    @property
    def rest(self) -> str:
        """The text after the mark, without the spaces between."""
        return self.text[self.mark.end :].lstrip() if self.mark else self.text

    @property
    def rest_start(self) -> int:
        """Where :attr:`rest` begins in the document's text."""
        return self.end - len(self.rest)


_HEAD = re.compile(
    rf"(?<=[\s。；！？”）】)])第\s?(?:[{NUMERAL_CHARS}]\s?){{1,12}}(?:分\s?编|编|章|节|条|部分)"
    rf"(?:之[一二三四五六七八九十]{{1,3}})?(?=[\s【〔［（(]|$)"
)
_EMPHASIS = re.compile(r"(?:\*{1,3}|_{2,3})(?=第|附|[（(一二三四五六七八九十])")
_CONTENTS_END = re.compile(r"目[ \t\u3000]{0,8}[录次]$")
_CONTENTS_START = re.compile(r"目[ \t\u3000]{0,8}[录次](?=\s)")
_ITEM = re.compile(r"(?<=[：:；;。，,、])\s{0,2}(?=[（(]\s?[一二三四五六七八九十]{1,3}\s?[）)])")
_LONGEST_TITLE = 60
_CHAPTERS = frozenset(
    {SectionKind.PART, SectionKind.SUBPART, SectionKind.CHAPTER, SectionKind.DIVISION}
)


def document_lines(document: RawDocument) -> list[Line]:
    """All non-empty lines of a document in order. Linear in its length."""
    lines: list[Line] = []
    blocks = document.blocks
    at = 0
    for index, block in enumerate(blocks):
        text = block.text
        if text and not text.isspace():
            table = block.kind == "table_row"
            following = blocks[index + 1].text[:24].lstrip() if index + 1 < len(blocks) else ""
            for start, end, inline in (
                _parts(text, following) if not table else [(0, len(text), False)]
            ):
                part = text[start:end]
                left = start + len(part) - len(part.lstrip())
                part = part.strip()
                if emphasis := _EMPHASIS.match(part):
                    left += emphasis.end()
                    part = part[emphasis.end() :].removesuffix(emphasis[0]).rstrip()
                if not part:
                    continue
                mark = None if table else parse_mark(part)
                if mark and emphasis and part.startswith(emphasis[0], mark.end):
                    mark = replace(mark, end=mark.end + emphasis.end(), spaced=True)
                lines.append(
                    Line(
                        at + left,
                        at + left + len(part),
                        part,
                        mark,
                        block.kind,
                        block.level,
                        inline,
                    )
                )
        at += len(text) + 1
    return lines


def _parts(text: str, following: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, inline) of each logical line of a block; ``following`` begins the next block."""
    cuts: list[tuple[int, bool]] = []
    if "第" in text[1:]:
        cuts += [(cut, False) for cut in _glued_heads(text, following)]
    match = _CONTENTS_END.search(text, max(0, len(text) - 12))
    if match and match.start() > 0 and text[match.start() - 1] in " 　）)。":
        cuts.append((match.start(), False))
    if not cuts and ("（二）" in text or "(二)" in text):
        cuts += [(cut, True) for cut in _glued_items(text)]
    start, inline = 0, False
    for cut, is_inline in cuts:
        yield start, cut, inline
        start, inline = cut, is_inline
    yield start, len(text), inline


def _glued_heads(text: str, following: str) -> list[int]:
    """Where further 章 and 条 begin inside a block, if they do follow one another."""
    found = [match.start() for match in _HEAD.finditer(text)]
    if not found:
        return []
    first = parse_mark(text)
    listing = bool(_CONTENTS_START.match(text))
    started = first is not None and first.style is Style.LEGAL and first.spaced
    last = first.number if first and first.kind is SectionKind.ARTICLE else None
    ahead = parse_mark(following)
    cuts: list[int] = []
    depth, seen = 0, 0
    for place, at in enumerate(found):
        depth += text.count("“", seen, at) - text.count("”", seen, at)
        seen = at
        mark = parse_mark(text[at : at + 40])
        if mark is None or depth > 0:
            continue
        if mark.kind in _CHAPTERS:
            reach = found[place + 1] if place + 1 < len(found) else len(text)
            if (started or listing or last) and reach - at <= _LONGEST_TITLE:
                cuts.append(at)
                started = True
        elif _continues(mark, last, started or listing) and not _repeats(mark, ahead):
            cuts.append(at)
            last = mark.number
    return cuts


def _continues(mark: Mark, last: tuple[int, ...] | None, started: bool) -> bool:
    if last is None:
        return started or mark.number == (1,)
    return mark.number in ((last[0] + 1,), (last[0], (last[1] if len(last) > 1 else 0) + 1))


def _repeats(mark: Mark, ahead: Mark | None) -> bool:
    """Whether the next block begins with this very article, so that here it is only mentioned."""
    return ahead is not None and ahead.kind is mark.kind and ahead.number == mark.number


def _glued_items(text: str) -> list[int]:
    """Where （一）（二）… begin inside a paragraph, counted without a gap from one."""
    cuts: list[int] = []
    first = parse_mark(text)
    expected = first.number[0] + 1 if first and first.style is Style.CN_PAREN else 1
    for match in _ITEM.finditer(text):
        mark = parse_mark(text[match.end() : match.end() + 8])
        if mark and mark.style is Style.CN_PAREN and mark.number[0] == expected:
            cuts.append(match.end())
            expected += 1
    return cuts if len(cuts) > 1 or (cuts and first) else []
