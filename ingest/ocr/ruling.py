"""Ruling lines in a picture of a page, as those that a PDF draws (``ingest.readers.pdf_rules``)."""

from __future__ import annotations

from typing import Any

from ingest.ocr.base import Picture
from ingest.readers.pdf_rules import Rule, Rules, joined_rules

_ACROSS = 45.0  # points; longer than a stroke of any letter but those of a red head
_DOWN = 30.0
_THICK = 4.0  # points at most
_BREAK = 3.0  # points that a line may be worn away


def picture_rules(picture: Picture, angle: float, scale: float) -> Rules:
    """The lines of a picture whose text falls by ``angle``, once that is level, in points.

    ``scale`` is points a pixel. The picture is turned about its middle.
    """
    import cv2
    import numpy as np

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    if abs(angle) > 0.001:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), np.degrees(angle), 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderValue=255)
    block = max(3, int(15 / scale)) | 1
    ink = cv2.adaptiveThreshold(
        grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, 15
    )
    across = _lines(ink, _ACROSS / scale, _BREAK / scale, _THICK / scale)
    down = _lines(np.ascontiguousarray(ink.T), _DOWN / scale, _BREAK / scale, _THICK / scale)

    def scaled(lines: list[tuple[float, float, float]]) -> list[Rule]:
        return [Rule(at * scale, start * scale, end * scale) for at, start, end in lines]

    return joined_rules(scaled(across), scaled(down))


def _lines(ink: Any, least: float, gap: float, thick: float) -> list[tuple[float, float, float]]:
    """(row, first column, last column) of what runs straight across for ``least`` pixels."""
    import cv2
    import numpy as np

    close = np.ones((1, max(2, int(gap))), np.uint8)
    run = np.ones((1, max(3, int(least))), np.uint8)
    spread = np.ones((3, 1), np.uint8)  # a line that is not quite level changes its row
    long = cv2.morphologyEx(cv2.dilate(ink, spread), cv2.MORPH_CLOSE, close)
    long = cv2.morphologyEx(long, cv2.MORPH_OPEN, run)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
    return [
        (float(y) + high / 2, float(x), float(x + wide))
        for x, y, wide, high, _ in boxes[1:]
        if high <= thick + 4 and wide >= least
    ]
