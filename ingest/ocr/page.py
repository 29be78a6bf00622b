"""A recognised page to what the layout of PDF pages works on: characters and ruling lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean, median

from ingest.document import Box, Span
from ingest.ocr.base import Picture, TextLine
from ingest.ocr.fixes import corrected
from ingest.ocr.picture import PictureText, moved_back, turned, without_seals
from ingest.ocr.ruling import picture_rules
from ingest.readers.clean import visible
from ingest.readers.pdf_chars import Char
from ingest.readers.pdf_order import Item, arranged

A4_WIDTH = 595.0  # points; every page is laid out as if it were as wide, or A4 turned
A4_HEIGHT = 842.0
_NOISE = 0.5  # confidence below which a line is a blot, a seal or a picture
_SHORT_NOISE = 0.75  # the same for a line of one or two characters
_EM = 0.8  # of a found line's height, which has a margin
_SAME_SIZE = 0.12
_MAYBE_SAME = 0.25
_NARROW = 0.56  # of an em that a Latin letter or digit is wide
_GAP = 0.3  # ems between characters that may be a space
_TIGHT = frozenset("，。；：、！？（）《》〈〉“”‘’【】〔〕")  # whose ink fills half of their em
_STEP = 5.0  # points by which a slanting line may leave its box


@dataclass(frozen=True, slots=True)
class ScanView:
    """How a scanned page was looked at: turned upright, made level, scaled to the size of A4.

    ``width`` and ``height`` are of that view, in points; ``scale`` is points of the page as shown
    a point of the view.
    """

    width: float
    height: float
    turn: int
    angle: float
    scale: float

    def spans(self, span: Span) -> tuple[Span, ...]:
        """The span with its box on the page as shown; cut where a long line slants."""
        box = span.box
        fall = abs(math.sin(self.angle)) * (box.x1 - box.x0)
        count = max(1, min(math.ceil(fall / _STEP), span.end - span.start))
        out = []
        for place in range(count):
            start = span.start + (span.end - span.start) * place // count
            end = span.start + (span.end - span.start) * (place + 1) // count
            width = (box.x1 - box.x0) / (span.end - span.start)
            x0 = box.x0 + width * (start - span.start)
            x1 = box.x0 + width * (end - span.start)
            out.append(Span(start, end, self._shown(replace(box, x0=x0, x1=x1))))
        return tuple(out)

    def _shown(self, box: Box) -> Box:
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
        centre = (self.width / 2, self.height / 2)
        places = [self._on_page(x, y) for x, y in moved_back(corners, -self.angle, centre)]
        xs, ys = [x for x, _ in places], [y for _, y in places]
        return Box(box.page, *(round(one, 2) for one in (min(xs), min(ys), max(xs), max(ys))))

    def _on_page(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 1:
            x, y, width, height = self.height - y, x, self.height, self.width
        elif self.turn == 2:
            x, y, width, height = self.width - x, self.height - y, self.width, self.height
        elif self.turn == 3:
            x, y, width, height = y, self.width - x, self.height, self.width
        else:
            width, height = self.width, self.height
        return min(max(x, 0.0), width) * self.scale, min(max(y, 0.0), height) * self.scale


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page read by recognition: what stands on it in reading order, its view, and how sure."""

    items: list[Item]
    view: ScanView
    confidence: float
    characters: int


def scanned_page(
    picture: Picture,
    text: PictureText,
    number: int,
    shown_width: float,
    cut: Sequence[float] = (),
) -> ScannedPage:
    """The page of a picture and the lines found in it; ``shown_width`` is its width in points.

    ``cut`` are the column edges of a table that the page before ends in.
    """
    upright = turned(picture, text.turn)
    high, wide = upright.shape[:2]
    scale = (A4_WIDTH if high >= wide else A4_HEIGHT) / wide
    width, height = wide * scale, high * scale
    shown = height if text.turn % 2 else width
    view = ScanView(width, height, text.turn, text.angle, shown_width / shown)
    lines = [one for one in text.lines if not _is_noise(one)]
    chars = _chars(lines, text.angle, scale, (wide / 2, high / 2))
    rules = picture_rules(without_seals(upright), text.angle, scale)
    items = arranged(chars, rules, number, width, height, cut)
    kept = PictureText(tuple(lines))
    return ScannedPage(items, view, kept.confidence, sum(len(one.text) for one in lines))


def _is_noise(line: TextLine) -> bool:
    return line.confidence < (_SHORT_NOISE if len(line.text) <= 2 else _NOISE)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line made level, in points."""

    text: str
    x0: float
    x1: float
    middle: float
    height: float
    size: float  # of an em, 0 where that isn't known
    places: tuple[float, ...]  # x of the characters' middles


def _chars(
    lines: Sequence[TextLine], angle: float, scale: float, centre: tuple[float, float]
) -> list[Char]:
    found = [_placed(line, angle, scale, centre) for line in lines]
    placed = _evened([one for one in found if one is not None])
    found_rows = _rows(sorted(placed, key=lambda one: one.middle))
    # What stands side by side does not follow one another: the layout finds columns by that, and
    # puts together what is one line.
    ranks = range(max(map(len, found_rows), default=0))
    ordered = [row[rank] for rank in ranks for row in found_rows if rank < len(row)]
    return [char for one in ordered for char in _line_chars(one)]


def _placed(
    line: TextLine, angle: float, scale: float, centre: tuple[float, float]
) -> _Placed | None:
    text = corrected(visible(line.text).replace("\n", " "))
    if len(text) != len(line.places):
        text = line.text
    corners = moved_back(line.corners, angle, centre)
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    if abs(by - ay) > abs(bx - ax):
        return None  # against the other lines: beside a table, or on a folder's back
    x0, x1 = (ax + dx) / 2 * scale, (bx + cx) / 2 * scale
    middle = (ay + by + cy + dy) / 4 * scale
    places = tuple(x0 + place * (x1 - x0) for place in line.places)
    size = _em(text, places, line.height * scale) or 0.0
    return _Placed(text, x0, x1, middle, line.height * scale, size, places)


def _em(text: str, places: Sequence[float], height: float) -> float | None:
    """The size of a line's characters: how far Chinese ones that touch are apart. None where
    there are too few of them, or they are set wide."""
    pitches = [
        right - left
        for (a, left), (b, right) in pairwise(zip(text, places, strict=True))
        if ord(a) > 0x2E80 and ord(b) > 0x2E80
    ]
    if len(pitches) < 4:
        return None
    usual = median(pitches)
    pitch = mean(one for one in pitches if abs(one - usual) <= 0.35 * usual)
    return pitch if 0.55 * height < pitch < 1.1 * height else None


def _evened(lines: Sequence[_Placed]) -> list[_Placed]:
    """Sizes that differ only because they were measured in a picture, made one; lines that tell
    none have that of the others, where it may be theirs."""
    groups: list[list[_Placed]] = []
    for line in sorted((one for one in lines if one.size), key=lambda one: one.size):
        if groups and line.size <= groups[-1][0].size * (1 + _SAME_SIZE):
            groups[-1].append(line)
        else:
            groups.append([line])
    out = []
    sizes = [_group_size(group) for group in groups]
    for group, size in zip(groups, sizes, strict=True):
        out += [replace(line, size=size) for line in group]
    for line in lines:
        if not line.size:
            size = _EM * line.height
            near = min(sizes, key=lambda one: abs(one - size), default=size)
            alike = abs(near - size) <= _MAYBE_SAME * near
            out.append(replace(line, size=near if alike else size))
    return out


def _group_size(group: Sequence[_Placed]) -> float:
    """The size of half of a group's characters: long lines tell it better."""
    half, sofar = sum(len(one.text) for one in group) / 2, 0
    for line in group:
        sofar += len(line.text)
        if sofar >= half:
            return line.size
    return group[-1].size


def _rows(lines: Sequence[_Placed]) -> list[list[_Placed]]:
    """Lines that stand side by side, from left to right."""
    rows: list[list[_Placed]] = []
    for line in lines:
        first = rows[-1][0] if rows else None
        if first and line.middle - first.middle <= 0.5 * min(line.size, first.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda one: one.x0) for row in rows]


def _line_chars(line: _Placed) -> list[Char]:
    """Each character in a box around its middle that ends halfway to its neighbours."""
    solid = [(char, x) for char, x in zip(line.text, line.places, strict=True) if char != " "]
    between = [(left[1] + right[1]) / 2 for left, right in pairwise(solid)]
    edges = [line.x0, *between, line.x1]
    top, bottom = line.middle - line.size / 2, line.middle + line.size / 2
    out: list[Char] = []
    at = 0
    for char, x in zip(line.text, line.places, strict=True):
        if char == " ":
            if out and out[-1].text not in _TIGHT:
                out.append(Char(" ", out[-1].x1, top, out[-1].x1, bottom, typed=False))
            continue
        half = line.size * (0.5 if ord(char) > 0x2E80 or char in "“”‘’—…" else _NARROW / 2)
        x0, x1 = max(edges[at], x - half), min(edges[at + 1], x + half)
        at += 1
        if char in _TIGHT and out and out[-1].text == " ":
            out.pop()
        wide = out and x0 - out[-1].x1 > _GAP * line.size
        if (
            wide and char not in _TIGHT and out[-1].text not in _TIGHT
        ):  # the layout says whether it is a space
            out.append(Char(" ", out[-1].x1, top, out[-1].x1, bottom, typed=False))
        out.append(Char(char, x0, top, max(x1, x0 + 0.1), bottom))
    return out
