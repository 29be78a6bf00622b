"""The contract of recognition: a picture in, its lines of text out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    """Height × width × 3, red green blue."""
else:
    Picture = Any

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text in a picture, in pixels from its top left.

    ``corners`` go clockwise from the corner where the text begins. ``places`` has for each
    character of ``text`` where its middle lies, as a share of the way from the line's beginning
    to its end. ``confidence`` is what the engine gives its reading, 0 to 1.
    """

    text: str
    corners: Corners
    places: tuple[float, ...]
    confidence: float

    @property
    def width(self) -> float:
        """Along the text."""
        (ax, ay), (bx, by) = self.corners[:2]
        return float(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)

    @property
    def height(self) -> float:
        """Across the text."""
        (ax, ay), (bx, by) = self.corners[0], self.corners[3]
        return float(((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5)


class Recognizer(Protocol):
    """Reads pictures. ``name`` changes whenever the same picture may be read otherwise."""

    name: str

    def lines(self, picture: Picture) -> list[TextLine]:
        """The lines from top to bottom, none for a picture without text.

        Upright text and text turned by a quarter is found; what is upside down reads as nonsense
        of low confidence.
        """
        ...
