"""Ruling lines of a PDF page: strokes and thin filled rectangles that run across or down."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ingest.readers.pdf_view import View

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_MAX_OBJECTS = 20_000  # looked at on a page; a drawing may have millions
_MAX_SEGMENTS = 60_000
_MAX_RULES = 1_000  # in one direction, once joined; a page with more of them is a drawing
_MAX_DEPTH = 6  # of form objects inside one another
_SLANT = 0.8  # points that a line may lean over its whole length
_THIN = 3.2  # points; a filled rectangle up to here is a line
_LEAST = 6.0  # points; shorter lines are dashes, ticks and joints
_SAME = 1.2  # points between lines that are drawn as one
_GAP = 3.0  # points between pieces of one line

_Matrix = tuple[float, float, float, float, float, float]
_Point = tuple[float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across (``at`` is its y, ``start`` and ``end`` are x) or down (the other way round)."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines of a page in points from the top left, pieces of one line joined, sorted by place."""

    across: tuple[Rule, ...] = ()
    down: tuple[Rule, ...] = ()


@dataclass(slots=True)
class _Part:
    """A line drawn without lifting the pen: its points, and whether each is reached straight."""

    stroked: bool
    points: list[_Point] = field(default_factory=list)
    straight: list[bool] = field(default_factory=list)


def page_rules(page: PdfPage, view: View) -> Rules:
    """The ruling lines of a page; none where there are so many that it is a drawing.

    Work is bounded whatever the page holds. The caller holds the lock of PDFium.
    """
    across: list[Rule] = []
    down: list[Rule] = []
    for (ax, ay), (bx, by) in _lines(page):
        (ax, ay), (bx, by) = view.place(ax, ay), view.place(bx, by)
        if abs(ay - by) <= _SLANT < abs(ax - bx):
            across.append(Rule((ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) <= _SLANT < abs(ay - by):
            down.append(Rule((ax + bx) / 2, min(ay, by), max(ay, by)))
    return joined_rules(across, down)


def joined_rules(across: list[Rule], down: list[Rule]) -> Rules:
    """The lines with pieces of one line joined; none where so many stay that it is a drawing."""
    joined = Rules(_joined(across), _joined(down))
    return Rules() if max(len(joined.across), len(joined.down)) > _MAX_RULES else joined


def _joined(rules: list[Rule]) -> tuple[Rule, ...]:
    """Pieces of the same line put together, what stays short left out."""
    out: list[Rule] = []
    rules.sort(key=lambda rule: rule.at)
    first = 0
    for index in range(len(rules) + 1):
        if index < len(rules) and rules[index].at - rules[first].at <= _SAME:
            continue
        level = sorted(rules[first:index], key=lambda rule: rule.start)
        first = index
        start = 0
        end = level[0].end if level else 0.0
        for other in range(1, len(level) + 1):
            if other < len(level) and level[other].start - end <= _GAP:
                end = max(end, level[other].end)
                continue
            if level and end - level[start].start >= _LEAST:
                at = sum(rule.at for rule in level[start:other]) / (other - start)
                out.append(Rule(at, level[start].start, end))
            if other < len(level):
                start, end = other, level[other].end
    return tuple(sorted(out, key=lambda rule: rule.at))


def _lines(page: PdfPage) -> Iterator[tuple[_Point, _Point]]:
    """Both ends of every straight line drawn, in PDF space."""
    reader = _PathReader()
    for path, matrix in _paths(page):
        for part in reader.parts(path):
            placed = [_moved(matrix, point) for point in part.points]
            if part.stroked:
                ends = zip(pairwise(placed), part.straight[1:], strict=True)
                yield from (pair for pair, straight in ends if straight)
            elif all(part.straight[1:]):
                yield from _thin(placed)
        if reader.left <= 0:
            return


def _thin(points: list[_Point]) -> Iterator[tuple[_Point, _Point]]:
    """The middle line of a filled outline that is as thin as a line."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    width, height = right - left, high - low
    if height <= _THIN and width > 2 * height:
        yield (left, (low + high) / 2), (right, (low + high) / 2)
    elif width <= _THIN and height > 2 * width:
        yield ((left + right) / 2, low), ((left + right) / 2, high)


def _paths(page: PdfPage) -> Iterator[tuple[Any, _Matrix]]:
    """Every path object, also inside forms, with the matrix from its space to that of the page."""
    import pypdfium2.raw as c

    left = _MAX_OBJECTS
    matrix = c.FS_MATRIX()
    stack: list[tuple[Any, _Matrix, int]] = []
    count = c.FPDFPage_CountObjects(page.raw)
    stack.extend(
        (c.FPDFPage_GetObject(page.raw, index), _IDENTITY, 0)
        for index in reversed(range(min(count, left)))
    )
    while stack and left > 0:
        left -= 1
        item, outer, depth = stack.pop()
        kind = c.FPDFPageObj_GetType(item)
        if kind not in (c.FPDF_PAGEOBJ_PATH, c.FPDF_PAGEOBJ_FORM):
            continue
        if not c.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
            continue
        inner = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        placed = _times(inner, outer)
        if kind == c.FPDF_PAGEOBJ_PATH:
            yield item, placed
        elif depth < _MAX_DEPTH:
            count = min(c.FPDFFormObj_CountObjects(item), left)
            stack.extend(
                (c.FPDFFormObj_GetObject(item, index), placed, depth + 1)
                for index in reversed(range(count))
            )


class _PathReader:
    """Reads the points of paths until a page's share of segments is used up."""

    def __init__(self) -> None:
        self.left = _MAX_SEGMENTS

    def parts(self, path: Any) -> list[_Part]:
        """The parts of a path that can be seen; none of one that only cuts out (a clip)."""
        import pypdfium2.raw as c

        filled, stroked = ctypes.c_int(), ctypes.c_int()
        c.FPDFPath_GetDrawMode(path, ctypes.byref(filled), ctypes.byref(stroked))
        if not (filled.value or stroked.value) or _transparent(path, bool(stroked.value)):
            return []
        count = min(c.FPDFPath_CountSegments(path), self.left)
        self.left -= max(count, 1)
        x, y = ctypes.c_float(), ctypes.c_float()
        parts: list[_Part] = []
        for index in range(count):
            segment = c.FPDFPath_GetPathSegment(path, index)
            kind = c.FPDFPathSegment_GetType(segment)
            c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            if kind == c.FPDF_SEGMENT_MOVETO or not parts:
                parts.append(_Part(bool(stroked.value)))
            part = parts[-1]
            part.points.append((x.value, y.value))
            part.straight.append(kind == c.FPDF_SEGMENT_LINETO)
            if c.FPDFPathSegment_GetClose(segment):
                part.points.append(part.points[0])
                part.straight.append(True)
        return parts


def _transparent(path: Any, stroked: bool) -> bool:
    import pypdfium2.raw as c

    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    read = c.FPDFPageObj_GetStrokeColor if stroked else c.FPDFPageObj_GetFillColor
    places = [ctypes.byref(value) for value in (red, green, blue, alpha)]
    return bool(read(path, *places)) and alpha.value == 0


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    """First ``inner``, then ``outer`` (PDF 32000-1, 8.3.4)."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


def _moved(matrix: _Matrix, point: _Point) -> _Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f
