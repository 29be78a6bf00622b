"""Passages: what is embedded, searched and cited. One article each; prose by its headings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.records import PassageRecord
from ingest.document import RawDocument
from ingest.metadata import Metadata
from ingest.structure.model import Outline, Section, SectionKind

#: Characters. The default encoder reads 512 tokens, about 750 characters with title and path.
LONGEST = 560
TARGET = 400
SHORT = 120  # a piece of prose below this is put together with its neighbours
_LONGEST_CONTEXT = 120
_LONGEST_STEP = 60
_SENTENCE = re.compile(r"[。！？；!?;][”’」』）)》】]*")
_CHAPTERS = frozenset(
    {SectionKind.PART, SectionKind.SUBPART, SectionKind.CHAPTER, SectionKind.DIVISION}
)
_UNITS = frozenset({SectionKind.PARAGRAPH, SectionKind.ITEM, SectionKind.SUBITEM})

Box = tuple[int, float, float, float, float]


@dataclass(frozen=True)
class _Piece:
    """A range of the text that becomes a passage, before it has an id."""

    start: int
    end: int
    path: str
    anchor: str
    article: str | None = None
    context: str = ""


def build_passages(
    raw: RawDocument, outline: Outline, metadata: Metadata, document_id: str
) -> list[PassageRecord]:
    """The passages of a document in reading order.

    Ranges don't overlap and never leave the document; ``text`` is the document's text of the
    range. Ids are ``document_id#anchor`` and depend on path and position among equals only, so
    that an edit elsewhere in the document leaves them as they are.
    """
    text = raw.text
    cutter = _Cutter(text, outline)
    places = _Places(raw)
    seen: dict[str, int] = {}
    passages: list[PassageRecord] = []
    for piece in cutter.pieces():
        start, end = _trimmed(text, piece.start, piece.end)
        if start >= end:
            continue
        count = seen[piece.anchor] = seen.get(piece.anchor, 0) + 1
        anchor = piece.anchor if count == 1 else f"{piece.anchor}~{count}"
        passages.append(
            PassageRecord(
                passage_id=f"{document_id}#{anchor}",
                document_id=document_id,
                ordinal=len(passages),
                path=piece.path,
                text=text[start:end],
                start=start,
                end=end,
                context=piece.context,
                article=piece.article,
                page=places.page(start),
                boxes=places.boxes(start, end),
            )
        )
    return passages


def step(section: Section) -> str:
    """How a section is named in a path: 第三章 监督职责, 第十二条, 一、总体要求."""
    if section.kind is SectionKind.ARTICLE or section.kind in _UNITS:
        return section.label
    if section.kind in (SectionKind.PREAMBLE, SectionKind.TITLE):
        return ""
    spaced = section.kind in _CHAPTERS or section.kind is SectionKind.APPENDIX
    gap = " " if spaced and section.label and section.title else ""
    name = f"{section.label}{gap}{section.title[:_LONGEST_STEP]}"
    return name.replace("/", "／").strip()


class _Cutter:
    """Walks the outline once and yields the ranges."""

    def __init__(self, text: str, outline: Outline) -> None:
        self.text = text
        self.sections = outline.sections
        self.children: dict[int | None, list[int]] = {}
        for index, section in enumerate(outline.sections):
            self.children.setdefault(section.parent, []).append(index)

    def pieces(self) -> Iterator[_Piece]:
        """All ranges in reading order."""
        for index in self.children.get(None, []):
            yield from self._section(index, "")
        if not any(s.kind is not SectionKind.TITLE for s in self.sections):
            for section in self.sections:  # a document that is nothing but its title
                yield _Piece(section.start, section.end, "", "正文")

    def _section(self, index: int, path: str) -> Iterator[_Piece]:
        section = self.sections[index]
        if section.kind in (SectionKind.CONTENTS, SectionKind.TITLE):
            return
        here = _joined(path, step(section))
        if section.kind is SectionKind.ARTICLE:
            yield from self._article(index, here)
        elif self._holds_articles(index):
            yield from self._prose(section.heading_end, self._first_child(index), here, section)
            for child in self.children.get(index, []):
                yield from self._section(child, here)
        else:
            yield from self._prose_section(index, path, here)

    def _holds_articles(self, index: int) -> bool:
        section = self.sections[index]
        if section.kind in _CHAPTERS:
            return True
        stack = list(self.children.get(index, []))
        while stack:
            child = stack.pop()
            if self.sections[child].kind is SectionKind.ARTICLE:
                return True
            stack.extend(self.children.get(child, []))
        return False

    def _first_child(self, index: int) -> int:
        children = self.children.get(index)
        return self.sections[children[0]].start if children else self.sections[index].end

    # -- articles ------------------------------------------------------------------------------

    def _article(self, index: int, path: str) -> Iterator[_Piece]:
        article = self.sections[index]
        label = article.label
        limit = LONGEST if self.children.get(index) else 2 * LONGEST
        if article.end - article.start <= limit:
            yield _Piece(article.start, article.end, path, path, label)
            return
        units = list(self._units(index))
        context = self._lead(index)
        group: list[tuple[int, int, str]] = []
        for unit in units:
            if group and unit[1] - group[0][0] > TARGET:
                yield self._group(group, path, label, context, article)
                group = []
            group.append(unit)
        if group:
            yield self._group(group, path, label, context, article)

    def _group(
        self,
        group: list[tuple[int, int, str]],
        path: str,
        label: str,
        context: str,
        article: Section,
    ) -> _Piece:
        start, end, name = group[0][0], group[-1][1], group[0][2]
        where = _joined(path, name)
        return _Piece(start, end, where, where, label, context if start > article.start else "")

    def _units(self, index: int) -> Iterator[tuple[int, int, str]]:
        """(start, end, 第二款/（三）) of the smallest parts that an article may be cut into."""
        article = self.sections[index]
        starts: list[tuple[int, str]] = [(article.start, "")]
        stack = [(child, "") for child in reversed(self.children.get(index, []))]
        while stack:
            number, above = stack.pop()
            section = self.sections[number]
            name = _joined(above, section.label)
            if section.start > article.heading_end and starts[-1][0] < section.start:
                starts.append((section.start, name))
            elif starts[-1] == (article.start, ""):
                starts[-1] = (article.start, name)
            stack.extend((child, name) for child in reversed(self.children.get(number, [])))
        for (start, name), (end, _) in zip(starts, [*starts[1:], (article.end, "")], strict=True):
            for first, last in _sentences(self.text, start, end):
                yield first, last, name

    def _lead(self, index: int) -> str:
        """第十二条 and the words that its items hang on, for the parts after the first."""
        article = self.sections[index]
        first = self.text[article.start : article.end].split("\n", 1)[0]
        stop = first.find("：")
        if 0 < stop < _LONGEST_CONTEXT:
            return first[: stop + 1]
        return first[:_LONGEST_CONTEXT] if len(first) <= _LONGEST_CONTEXT else article.label

    # -- prose ---------------------------------------------------------------------------------

    def _prose_section(self, index: int, path: str, here: str) -> Iterator[_Piece]:
        """A heading with all below it when that is short, else its own text, then its parts."""
        section = self.sections[index]
        if section.end - section.start <= LONGEST:
            yield _Piece(section.start, section.end, here, _anchor(here))
            return
        children = self.children.get(index, [])
        own_end = self._first_child(index)
        yield from self._prose(section.start, own_end, here, section, bool(children))
        for run in self._runs(children):
            if len(run) == 1:
                yield from self._prose_section(
                    run[0], here, _joined(here, step(self.sections[run[0]]))
                )
            else:
                first, last = self.sections[run[0]], self.sections[run[-1]]
                yield _Piece(first.start, last.end, here, _anchor(_joined(here, step(first))))

    def _runs(self, children: Sequence[int]) -> Iterator[list[int]]:
        """Neighbours that are short put together, the others alone."""
        run: list[int] = []
        for child in children:
            section = self.sections[child]
            length = section.end - section.start
            if run and (length > SHORT or section.end - self.sections[run[0]].start > TARGET):
                yield run
                run = []
            if length > SHORT:
                yield [child]
            else:
                run.append(child)
        if run:
            yield run

    def _prose(
        self, start: int, end: int, path: str, section: Section, has_parts: bool = False
    ) -> Iterator[_Piece]:
        """Plain text as passages of sensible length, cut between paragraphs or sentences."""
        if has_parts and end - section.heading_end < 12:
            return  # a heading without words of its own: it stands in the path of its parts
        pending: tuple[int, int] | None = None
        name = path or "正文"
        for first, last in _paragraphs(self.text, start, end):
            for low, high in _sentences(self.text, first, last):
                if pending and (
                    high - pending[0] > LONGEST
                    or (pending[1] - pending[0] >= SHORT and high - pending[0] > TARGET)
                ):
                    yield _Piece(*pending, path, _anchor(name))
                    pending = None
                pending = (pending[0], high) if pending else (low, high)
        if pending:
            yield _Piece(*pending, path, _anchor(name))


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if text[at:stop].strip():
            yield at, stop
        at = stop + 1


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The range itself when it fits a passage, else parts cut at sentence ends, else anywhere."""
    while end - start > LONGEST:
        cut = start + TARGET
        ends = [m.end() for m in _SENTENCE.finditer(text, start + TARGET // 3, start + LONGEST)]
        if ends:
            cut = min(ends, key=lambda at: abs(at - cut))
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _joined(path: str, name: str) -> str:
    return f"{path}/{name}" if path and name else path or name


def _anchor(path: str) -> str:
    return path or "正文"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class _Places:
    """Where characters of a document stand on its pages."""

    def __init__(self, raw: RawDocument) -> None:
        self.blocks = raw.blocks
        self.starts = raw.block_starts()

    def page(self, at: int) -> int | None:
        """Page of the character, None where the format has no pages."""
        index = max(0, bisect_right(self.starts, at) - 1)
        block = self.blocks[index]
        offset = at - self.starts[index]
        for span in block.spans:
            if span.start <= offset < span.end:
                return span.box.page
        return block.page

    def boxes(self, start: int, end: int) -> tuple[Box, ...]:
        """A box for each visual line that the range touches, cut to the range's share of it."""
        out: list[Box] = []
        index = max(0, bisect_right(self.starts, start) - 1)
        while index < len(self.blocks) and self.starts[index] < end:
            base = self.starts[index]
            for span in self.blocks[index].spans:
                low, high = max(span.start, start - base), min(span.end, end - base)
                if low >= high:
                    continue
                box, length = span.box, span.end - span.start
                width = box.x1 - box.x0
                x0 = box.x0 + width * (low - span.start) / length
                x1 = box.x0 + width * (high - span.start) / length
                out.append(
                    (box.page, round(x0, 1), round(box.y0, 1), round(x1, 1), round(box.y1, 1))
                )
            index += 1
        return tuple(out)
