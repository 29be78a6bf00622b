"""Slides in a replaceable theme: a cover, and frames whose texts were measured before."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import shorten
from ui.handouts.base import HandoutError
from ui.handouts.slide_text import AFTER, LEADING, Fitted, Fitting, Frame
from ui.handouts.template_files import broken, read_package

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_SOURCE_SIZE = 14.0
_SOURCE_LINES = 2
_TITLE_SIZES = (30.0, 26.0, 22.0)
_TABLE_SIZES = (18.0, 16.0, 14.0)
_PAD = 5.0  # of a table's cell, points
_MOST_NOTES = 20_000
_OLD, _NEW = "FBEEEA", "E7F2EA"


@dataclass(frozen=True)
class Column:
    """One side of a comparison."""

    head: str
    page: Fitted
    source: str


@dataclass
class Deck:
    """A presentation in the making. Positions are in points."""

    path: Path
    fitting: Fitting = field(default_factory=Fitting)

    def __post_init__(self) -> None:
        from pptx import Presentation as opened

        data = read_package(self.path)
        try:
            self._deck: Presentation = opened(io.BytesIO(data))
            self._drop_slides()
            cover, text = self._layouts()
        except HandoutError:
            raise
        except Exception as error:  # python-pptx and lxml raise what their parsers raise
            raise broken(self.path) from error
        self._cover, self._text = cover, text
        self._title_frame = _frame(_placeholder(text, _TITLES))
        self._body = _frame(_placeholder(text, _BODIES))
        smallest = min(self._body.width, self._body.height, self._title_frame.width)
        if smallest < 100 or self._title_frame.height < 30:
            raise HandoutError(
                f"模板“{shorten(self.path.name)}”的标题或正文框太小，放不下文字，请把版式里的框放大。"
            )

    @property
    def frame(self) -> Frame:
        """Where the text of a slide stands, above its source."""
        one = self._body
        reserved = _SOURCE_SIZE * LEADING * _SOURCE_LINES
        return Frame(one.left, one.top, one.width, one.height - reserved)

    @property
    def column(self) -> Frame:
        """The text of one side of a comparison."""
        one, inset = self.frame, 12.0
        return Frame(
            one.left, one.top, (one.width - 24) / 2 - 2 * inset, one.height - 24 - 2 * inset
        )

    def save(self) -> bytes:
        """The file's bytes."""
        out = io.BytesIO()
        self._deck.save(out)
        return out.getvalue()

    def properties(self, title: str) -> None:
        """What the file says of itself."""
        self._deck.core_properties.title = title[:200]
        self._deck.core_properties.author = self._deck.core_properties.last_modified_by = ""

    def cover(self, title: str, lines: Sequence[str], notes: Sequence[str] = ()) -> None:
        """The first slide."""
        slide = self._deck.slides.add_slide(self._cover)
        frames = {
            kind: _frame(_placeholder(self._cover, kinds))
            for kind, kinds in (("title", _TITLES), ("lines", _BODIES))
        }
        top = _placeholder(slide, _TITLES)
        self._fill(top, self.fitting.one_page([title], frames["title"], (44.0, 36.0, 30.0, 24.0)))
        below = _placeholder(slide, _BODIES)
        self._fill(below, self.fitting.one_page(list(lines), frames["lines"], (22.0, 18.0, 14.0)))
        _note(slide, notes)

    def text(
        self,
        title: str,
        page: Fitted,
        source: str = "",
        notes: Sequence[str] = (),
        strong: Sequence[str] = (),
    ) -> None:
        """A slide of paragraphs, those in ``strong`` in bold."""
        slide = self._slide(title)
        self._fill(_placeholder(slide, _BODIES), page, strong)
        self._source(slide, source, self._body)
        _note(slide, notes)

    def table(
        self,
        title: str,
        rows: Sequence[Sequence[str]],
        shares: Sequence[float],
        notes: Sequence[str] = (),
    ) -> None:
        """A table under a head row, on as many slides as its rows need."""
        widths = [self._body.width * one for one in shares]
        size, pages = self._table_pages(rows, widths)
        for number, page in enumerate(pages):
            slide = self._slide(title if not number else f"{title}（续）")
            _remove(_placeholder(slide, _BODIES))
            self._draw_table(slide, page, widths, size)
            _note(slide, notes if not number else ())

    def compare(
        self, title: str, left: Column | None, right: Column | None, notes: Sequence[str] = ()
    ) -> None:
        """Two texts side by side."""
        slide = self._slide(title)
        _remove(_placeholder(slide, _BODIES))
        column, inset = self.column, 12.0
        for at, (side, colour) in enumerate(((left, _OLD), (right, _NEW))):
            if side is None:
                continue
            x = column.left + at * (column.width + 2 * inset + 24)
            frame = Frame(x, column.top + 24, column.width + 2 * inset, column.height + 2 * inset)
            self._box(slide, Frame(x, column.top, frame.width, 24), Fitted((side.head,), 15.0))
            self._box(slide, frame, side.page, fill=colour, inset=inset)
            below = Frame(x, self._body.top, frame.width, self._body.height)
            self._source(slide, side.source, below)
        _note(slide, notes)

    # -- pieces ----------------------------------------------------------------------------------

    def _slide(self, title: str) -> Any:
        slide = self._deck.slides.add_slide(self._text)
        fitted = self.fitting.one_page([title], self._title_frame, _TITLE_SIZES)
        self._fill(_placeholder(slide, _TITLES), fitted)
        return slide

    def _fill(self, shape: Any, page: Fitted, strong: Sequence[str] = ()) -> None:
        from pptx.enum.text import MSO_AUTO_SIZE
        from pptx.util import Pt

        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for at, text in enumerate(page.paragraphs or ("",)):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = text
            run.font.size = Pt(page.size)
            if text in strong:
                run.font.bold = True
            paragraph.line_spacing = Pt(page.size * LEADING)
            paragraph.space_before = Pt(0)
            paragraph.space_after = Pt(page.size * AFTER)
            _plain(paragraph)

    def _box(
        self, slide: Any, frame: Frame, page: Fitted, *, fill: str = "", inset: float = 0.0
    ) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Pt

        shape = slide.shapes.add_textbox(
            Pt(frame.left), Pt(frame.top), Pt(frame.width), Pt(frame.height)
        )
        self._fill(shape, page)
        if inset:
            text = shape.text_frame
            text.margin_left = text.margin_right = text.margin_top = text.margin_bottom = Pt(inset)
        if fill:
            shape.fill.solid()
            shape.fill.fore_color.rgb = RGBColor.from_string(fill)
            for paragraph in shape.text_frame.paragraphs:
                for run in paragraph.runs:
                    run.font.color.rgb = RGBColor.from_string("22262B")

    def _source(self, slide: Any, source: str, body: Frame) -> None:
        if not source:
            return
        height = _SOURCE_SIZE * LEADING * _SOURCE_LINES
        frame = Frame(body.left, body.top + body.height - height, body.width, height)
        self._box(
            slide, frame, self.fitting.one_page([source], frame, (_SOURCE_SIZE, 12.0, 10.0, 9.0))
        )

    def _table_pages(
        self, rows: Sequence[Sequence[str]], widths: Sequence[float]
    ) -> tuple[float, list[list[Sequence[str]]]]:
        head, *rest = rows
        for size in _TABLE_SIZES:
            if sum(self._row_height(one, widths, size) for one in rows) <= self._body.height:
                return size, [[head, *rest]]
        size = _TABLE_SIZES[-1]
        first = self._row_height(head, widths, size)
        pages: list[list[Sequence[str]]] = [[head]]
        filled = first
        for row in rest:
            needs = self._row_height(row, widths, size)
            if filled + needs > self._body.height and len(pages[-1]) > 1:
                pages.append([head])
                filled = first
            pages[-1].append(row)
            filled += needs
        return size, pages

    def _row_height(self, row: Sequence[str], widths: Sequence[float], size: float) -> float:
        cells = [
            self.fitting.height([text or " "], width - 2 * _PAD, size)
            for text, width in zip(row, widths, strict=True)
        ]
        return max(cells) + 2 * _PAD

    def _draw_table(
        self, slide: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], size: float
    ) -> None:
        from pptx.util import Pt

        heights = [self._row_height(one, widths, size) for one in rows]
        body = self._body
        table = slide.shapes.add_table(
            len(rows), len(widths), Pt(body.left), Pt(body.top), Pt(sum(widths)), Pt(sum(heights))
        ).table
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Pt(width)
        for row, texts, height in zip(table.rows, rows, heights, strict=True):
            row.height = Pt(height)
            for cell, text in zip(row.cells, texts, strict=True):
                self._fill(cell, Fitted((text,), size))
                cell.margin_left = cell.margin_right = Pt(_PAD)
                cell.margin_top = cell.margin_bottom = Pt(_PAD)

    def _drop_slides(self) -> None:
        """A theme's own sample slides are no part of the session."""
        listed = self._deck.slides._sldIdLst
        for one in list(listed):
            self._deck.part.drop_rel(one.rId)
            listed.remove(one)

    def _layouts(self) -> tuple[Any, Any]:
        from pptx.enum.shapes import PP_PLACEHOLDER

        layouts = list(self._deck.slide_layouts)
        full = [
            one
            for one in layouts
            if _find(one, _TITLES) is not None and _find(one, _BODIES) is not None
        ]
        covers = [one for one in full if _find(one, (PP_PLACEHOLDER.SUBTITLE,)) is not None]
        texts = [one for one in full if one not in covers]
        if not covers or not texts:
            lacks = "“标题和内容”" if covers else "“标题幻灯片”"
            raise HandoutError(
                f"模板“{shorten(self.path.name)}”缺少{lacks}版式，请在幻灯片母版里补上后再用。"
            )
        return covers[0], texts[0]


#: Names of PP_PLACEHOLDER.
_TITLES = ("TITLE", "CENTER_TITLE")
_BODIES = ("BODY", "OBJECT", "SUBTITLE")


def _find(owner: Any, kinds: Sequence[Any]) -> Any | None:
    names = {getattr(one, "name", one) for one in kinds}
    return next(
        (one for one in owner.placeholders if one.placeholder_format.type.name in names), None
    )


def _placeholder(owner: Any, kinds: Sequence[Any]) -> Any:
    found = _find(owner, kinds)
    assert found is not None  # looked for when the theme was opened
    return found


def _frame(shape: Any) -> Frame:
    return Frame(shape.left.pt, shape.top.pt, shape.width.pt, shape.height.pt)


def _remove(shape: Any) -> None:
    shape._element.getparent().remove(shape._element)


def _plain(paragraph: Any) -> None:
    """No bullet and no indent of the theme's: they would make lines shorter than measured."""
    from pptx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "0")
    properties.set("indent", "0")
    properties.set("hangingPunct", "0")  # else a full stop may stand outside the frame
    for one in list(properties):
        if one.tag in (qn("a:buNone"), qn("a:buChar"), qn("a:buAutoNum")):
            properties.remove(one)
    properties.append(properties.makeelement(qn("a:buNone"), {}))


def _note(slide: Any, notes: Sequence[str]) -> None:
    text = "\n".join(one for one in notes if one)[:_MOST_NOTES]
    if text:
        slide.notes_slide.notes_text_frame.text = text
