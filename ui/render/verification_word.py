"""A checked draft as a Word file with comments at the places.

A .docx keeps its formatting: only runs are parted where a comment begins or ends. Any other draft
becomes a new document of its paragraphs.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.verification import Finding, Report
from index.errors import LibraryError
from ui.render.verification_words import comment_lines

if TYPE_CHECKING:
    from docx.document import Document

AUTHOR, INITIALS = "鹿鸣核对", "鹿"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LEFT_OUT = (f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent")
_MOST_UNPACKED = 500 * 1024 * 1024
_MOST_COMMENTS = 2_000
_LABEL = 24  # characters of a number that Word shows and the text doesn't hold: 第十二条


def annotated_docx(data: bytes, report: Report, *, every: bool = False) -> bytes:
    """The same .docx with a comment at each finding that needs a look (``every``: at each).

    Raises LibraryError where the file can't be opened for that.
    """
    document = _opened(data)
    stream = _Stream(document)
    places = _Places(report.text, stream.folded)
    lost: list[Finding] = []
    for finding in _shown(report, every):
        span = places.of(*finding.mark) or places.of(finding.start, finding.end)
        runs = stream.runs(*span) if span else None
        if runs:
            _comment(document, runs, finding)
        else:
            lost.append(finding)
    _unplaced(document, stream, lost)
    return _saved(document)


def new_docx(report: Report, *, every: bool = False) -> bytes:
    """A new document of the draft's lines with the comments."""
    from docx import Document as new_document

    document = new_document()
    _chinese_font(document)
    findings = list(_shown(report, every))
    at = 0
    for line in report.text.split("\n"):
        end = at + len(line)
        _line(document, line, at, [one for one in findings if at <= one.mark[0] < max(end, at + 1)])
        at = end + 1
    return _saved(document)


def _shown(report: Report, every: bool) -> Sequence[Finding]:
    return (report.findings if every else report.problems)[:_MOST_COMMENTS]


def _opened(data: bytes) -> Document:
    from docx import Document as open_document

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            if sum(one.file_size for one in package.infolist()) > _MOST_UNPACKED:
                raise LibraryError("Word 文件解压后大得反常，没有加批注；请另存一份再试。")
        return open_document(io.BytesIO(data))
    except LibraryError:
        raise
    except Exception as error:  # python-docx raises what its parsers raise
        raise LibraryError(
            "这份 Word 文件不能加批注（可能带宏或由其他程序生成），请用 Word 另存为 .docx 后再试。"
        ) from error


def _saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _comment(document: Document, runs: Sequence[Any], finding: Finding) -> None:
    """A comment of one paragraph a line."""
    lines = [_printable(one) for one in comment_lines(finding)]
    comment = document.add_comment(runs=list(runs), text=lines[0], author=AUTHOR, initials=INITIALS)
    for line in lines[1:]:
        comment.add_paragraph(line)


def _printable(text: str) -> str:
    """Without characters that XML can't hold."""
    return "".join(char for char in text if char.isprintable() or char == " ")


def _unplaced(document: Document, stream: _Stream, lost: Sequence[Finding]) -> None:
    """Findings in notes and text boxes, where Word takes no comments, at the document's head."""
    from docx.text.run import Run

    if not lost or not stream.pieces:
        return
    first = Run(
        stream.pieces[0].text.getparent(),
        document.paragraphs[0] if document.paragraphs else document,
    )
    for finding in lost:
        _comment(document, [first], finding)


# -- places --------------------------------------------------------------------------------------


def _fold(text: str) -> tuple[str, list[int]]:
    kept = [(char, place) for place, char in enumerate(text) if not char.isspace()]
    return "".join(char for char, _ in kept), [place for _, place in kept]


class _Places:
    """Ranges of the draft's text as ranges of the file's characters (white space left out).

    The two hold the same lines in the same order; the reader wrote numbers out, which Word shows
    and the file doesn't hold, and put notes and table rows in between.
    """

    def __init__(self, text: str, folded: str) -> None:
        self._lines: list[
            tuple[int, list[int], int, int]
        ] = []  # start, places, dropped, file place
        at = start = 0
        for line in text.split("\n"):
            bare, places = _fold(line)
            found, dropped = _located(bare, folded, at)
            if found >= 0:
                self._lines.append((start, places, dropped, found))
                at = found + len(bare) - dropped
            start += len(line) + 1
        self._text = text
        self._folded = folded

    def of(self, start: int, end: int) -> tuple[int, int] | None:
        """The range of the file; None where these characters aren't in it as they are."""
        first, last = self._place(start), self._place(end - 1)
        if first is not None and last is not None and first <= last:
            return first, last + 1
        words = _fold(self._text[start:end])[0]  # in a table's row, said with its column's name
        near = max((at for begin, _, _, at in self._lines if begin <= start), default=0)
        found = self._folded.find(words, near) if words else -1
        return (found, found + len(words)) if found >= 0 else None

    def _place(self, at: int) -> int | None:
        from bisect import bisect_left, bisect_right

        index = bisect_right(self._lines, at, key=lambda one: one[0]) - 1
        if index < 0:
            return None
        start, places, dropped, found = self._lines[index]
        within = bisect_left(places, at - start)
        if within >= len(places) or places[within] != at - start or within < dropped:
            return None
        return found + within - dropped


def _located(bare: str, folded: str, at: int) -> tuple[int, int]:
    """(place in the file, characters dropped in front) of a line; (-1, 0) where it isn't there."""
    if not bare:
        return -1, 0
    found = folded.find(bare, at, at + len(bare) + 20_000)
    if found >= 0:
        return found, 0
    for dropped in range(1, min(_LABEL, len(bare) - 1)):
        found = folded.find(bare[dropped:], at, at + len(bare) + 20_000)
        if found >= 0:
            return found, dropped
    return -1, 0


@dataclass
class _Piece:
    """One w:t with the range of the file's characters that it holds."""

    text: Any
    start: int
    end: int


class _Stream:
    """The characters of a document's body in order, and the runs that hold them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.pieces: list[_Piece] = []
        parts: list[str] = []
        at = 0
        for element in _texts(document.element.body):
            folded, _ = _fold(element.text or "")
            if folded:
                self.pieces.append(_Piece(element, at, at + len(folded)))
                parts.append(folded)
                at += len(folded)
        self.folded = "".join(parts)

    def runs(self, start: int, end: int) -> list[Any]:
        """The runs of exactly this range, parted from what stands around them; first and last."""
        from docx.text.run import Run

        self._part(start)
        self._part(end)
        held = [one for one in self._at(start, end) if start <= one.start and one.end <= end]
        elements = [one.text.getparent() for one in held]
        if not elements or any(one.tag != f"{_W}r" for one in elements):
            return []
        parent = self._document.paragraphs[0] if self._document.paragraphs else self._document
        return [Run(one, parent) for one in (elements[0], elements[-1])]

    def _at(self, start: int, end: int) -> list[_Piece]:
        from bisect import bisect_right

        first = max(0, bisect_right(self.pieces, start, key=lambda one: one.start) - 1)
        found = []
        for one in self.pieces[first:]:
            if one.start >= end:
                break
            found.append(one)
        return found

    def _part(self, at: int) -> None:
        """Make a run begin at this character."""
        inside = [one for one in self._at(at, at + 1) if one.start < at < one.end]
        if inside:
            self._split(inside[0], at)
            return
        here = [one for one in self._at(at, at + 1) if one.start == at]
        if here:
            _part_run(here[0].text)

    def _split(self, piece: _Piece, at: int) -> None:
        text = piece.text.text
        places = _fold(text)[1]
        cut = places[at - piece.start]
        second = deepcopy(piece.text)
        second.text = text[cut:]
        piece.text.text = text[:cut]
        for one in (piece.text, second):
            one.set(_SPACE, "preserve")
        piece.text.addnext(second)
        place = self.pieces.index(piece)
        self.pieces.insert(place + 1, _Piece(second, at, piece.end))
        piece.end = at
        _part_run(second)


def _part_run(text: Any) -> None:
    """Move what comes before ``text`` in its run into a run of its own, of the same format."""
    run = text.getparent()
    if run is None or run.tag != f"{_W}r":
        return
    before = [one for one in text.itersiblings(preceding=True) if one.tag != f"{_W}rPr"]
    if not before:
        return
    first = run.makeelement(run.tag, dict(run.attrib))
    properties = run.find(f"{_W}rPr")
    if properties is not None:
        first.append(deepcopy(properties))
    for one in reversed(before):
        first.append(one)
    run.addprevious(first)


def _texts(parent: Any) -> Iterator[Any]:
    """The w:t elements below ``parent`` in order, none of deleted text or text boxes."""
    for child in parent:
        if not isinstance(child.tag, str) or child.tag in _LEFT_OUT:
            continue
        if child.tag.endswith("}Fallback"):
            continue
        if child.tag == f"{_W}t":
            yield child
        else:
            yield from _texts(child)


# -- a new document ------------------------------------------------------------------------------


def _chinese_font(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style: Any = document.styles["Normal"]
    style.font.name = "仿宋"
    style.font.size = Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")


def _line(document: Document, line: str, base: int, findings: Sequence[Finding]) -> None:
    """One paragraph, cut into runs at the ends of the findings' marks."""
    paragraph = document.add_paragraph()
    marks = [(one.mark[0] - base, min(one.mark[1] - base, len(line)), one) for one in findings]
    cuts = sorted({0, len(line), *(a for a, _, _ in marks), *(b for _, b, _ in marks)})
    runs = {a: paragraph.add_run(_printable(line[a:b])) for a, b in itertools.pairwise(cuts)}
    for start, end, finding in marks:
        held = [run for at, run in runs.items() if start <= at < end]
        if held:
            _comment(document, [held[0], held[-1]], finding)
