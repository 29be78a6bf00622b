"""A picture of a page to its lines: turned upright, enlarged where it is small, seals taken off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from ingest.ocr.base import Corners, Picture, Point, Recognizer, TextLine

VERSION = 1
"""Changes whenever the same picture and engine may give other lines."""
_UNSURE = 0.8  # confidence of a page that may be upside down
_SMALL = 20  # pixels of a line's height, below which a picture is enlarged
_GOOD = 36
_MOST_ENLARGED = 3.0
_MOST_PIXELS = 8_000_000
_TALL = 2.5  # heights a width; a taller picture is a screenshot, read in strips
_STRIP = 2_400  # pixels


@dataclass(frozen=True, slots=True)
class PictureText:
    """What stands in a picture once it is upright, in its pixels then.

    ``turn``: the quarters by which it was turned back (text that runs down, as on a page turned
    clockwise, being 1).
    """

    lines: tuple[TextLine, ...]
    turn: int = 0

    @property
    def confidence(self) -> float:
        """Of the lines, by their length; 1 where there are none."""
        return _confidence(self.lines)

    @property
    def angle(self) -> float:
        """By how much the lines fall to the right, in radians; that of most of their length."""
        sloped = [(_slope(one), one.width) for one in self.lines if one.width > 4 * one.height]
        if not sloped:
            return 0.0
        half, sofar = sum(width for _, width in sloped) / 2, 0.0
        for slope, width in sorted(sloped):
            sofar += width
            if sofar >= half:
                return slope
        return 0.0


def read_picture(picture: Picture, recognizer: Recognizer) -> PictureText:
    """The lines of a picture, whichever way up it is."""
    lines = _read(picture, recognizer)
    if _mostly_down(lines):
        tries = [(1, _read(turned(picture, 1), recognizer))]
        if _confidence(tries[0][1]) < _UNSURE:
            tries.append((3, _read(turned(picture, 3), recognizer)))
    else:
        tries = [(0, lines)]
        if lines and _confidence(lines) < _UNSURE:
            tries.append((2, _read(turned(picture, 2), recognizer)))
    turn, lines = max(tries, key=lambda one: _weight(one[1]))
    return PictureText(tuple(lines), turn)


def turned(picture: Picture, quarters: int) -> Picture:
    """The picture turned back (anticlockwise) by quarters."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(picture, quarters % 4))


def _read(picture: Picture, recognizer: Recognizer) -> list[TextLine]:
    plain = without_seals(picture)
    height, width = plain.shape[:2]
    if height > _TALL * width and height > 1.5 * _STRIP:
        return _read_strips(plain, recognizer)
    lines = recognizer.lines(plain)
    factor = _enlargement(lines, width * height)
    if factor > 1.2:
        import cv2

        large: Any = cv2.resize(plain, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        again = [_scaled(line, 1 / factor) for line in recognizer.lines(large)]
        if _weight(again) >= _weight(lines):
            return again
    return lines


def _enlargement(lines: Sequence[TextLine], pixels: int) -> float:
    if not lines:
        return 1.0
    height = median(line.height for line in lines)
    if height >= _SMALL:
        return 1.0
    return min(_GOOD / max(height, 1), _MOST_ENLARGED, math.sqrt(_MOST_PIXELS / pixels))


def _read_strips(picture: Picture, recognizer: Recognizer) -> list[TextLine]:
    """A tall picture, cut where nothing stands."""
    out: list[TextLine] = []
    top = 0
    while top < picture.shape[0]:
        bottom = _cut(picture, top)
        for line in recognizer.lines(picture[top:bottom]):
            a, b, c, d = ((x, y + top) for x, y in line.corners)
            out.append(replace(line, corners=(a, b, c, d)))
        top = bottom
    return out


def _cut(picture: Picture, top: int) -> int:
    """Where the strip from ``top`` ends: at the row most alike from left to right near its end."""
    height = picture.shape[0]
    if height - top <= 1.5 * _STRIP:
        return height
    near = picture[top + _STRIP // 2 : top + _STRIP].std(axis=(1, 2))
    return top + _STRIP // 2 + len(near) - 1 - int(near[::-1].argmin())


def _mostly_down(lines: Sequence[TextLine]) -> bool:
    """Whether most of the text runs down the picture."""
    down = sum(line.width for line in lines if len(line.text) > 1 and abs(_slope(line)) > 1)
    return down > 0.5 * sum(line.width for line in lines if len(line.text) > 1)


def _slope(line: TextLine) -> float:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.corners
    return math.atan2((by - ay) + (cy - dy), (bx - ax) + (cx - dx))


def _confidence(lines: Sequence[TextLine]) -> float:
    characters = sum(len(line.text) for line in lines)
    return _weight(lines) / characters if characters else 1.0


def _weight(lines: Sequence[TextLine]) -> float:
    return sum(line.confidence * len(line.text) for line in lines)


def _scaled(line: TextLine, factor: float) -> TextLine:
    a, b, c, d = ((x * factor, y * factor) for x, y in line.corners)
    return replace(line, corners=(a, b, c, d))


# -- seals ---------------------------------------------------------------------------------------

_RED = 50  # by which red must lie above green and blue
_SEAL = (0.09, 0.35)  # of the page's width
_ROUND = 0.72  # of a seal's sides
_FULL = 0.45  # of its box at most is ink
_COARSE = 4  # pixels looked at as one
_PAPER = 140  # a lighter place in the red channel has no black ink


def without_seals(picture: Picture) -> Picture:
    """The picture with its round red seals made white; what is printed black below stays.

    A seal is one piece of red ink as large as a seal and about as wide as high. Red heads are
    letters and lines, each a piece of its own, and stay.
    """
    import cv2
    import numpy as np

    red, green, blue = (picture[:, :, channel].astype(np.int16) for channel in range(3))
    ink = (red - np.maximum(green, blue) > _RED).astype(np.uint8)
    if not ink.any():
        return picture
    height, width = ink.shape
    coarse = max(1, width // _COARSE), max(1, height // _COARSE)
    small = (cv2.resize(ink * 255, coarse, interpolation=cv2.INTER_AREA) > 40).astype(np.uint8)
    gap = max(3, small.shape[1] // 50)  # black strokes cut the ring
    whole = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    out = picture
    for x, y, wide, high, _ in (box * _COARSE for box in boxes[1:]):
        if not _SEAL[0] * width < wide < _SEAL[1] * width:
            continue
        around = (
            slice(max(0, y - _COARSE), y + high + _COARSE),
            slice(max(0, x - _COARSE), x + wide + _COARSE),
        )
        if min(wide, high) < _ROUND * max(wide, high) or ink[around].mean() > _FULL:
            continue
        out = out.copy() if out is picture else out
        # In red light red ink can hardly be seen: dark is what lies below.
        part, below = out[around], picture[around][:, :, 0]
        reddish = (red - np.minimum(green, blue))[around] > _RED // 2
        part[reddish] = np.where(below > _PAPER, 255, below)[reddish][:, None]
    return out


def moved_back(corners: Corners, angle: float, centre: Point) -> Corners:
    """Corners turned about ``centre`` so that what fell by ``angle`` is level."""
    cos, sin = math.cos(-angle), math.sin(-angle)
    a, b, c, d = (
        (
            centre[0] + (x - centre[0]) * cos - (y - centre[1]) * sin,
            centre[1] + (x - centre[0]) * sin + (y - centre[1]) * cos,
        )
        for x, y in corners
    )
    return a, b, c, d
