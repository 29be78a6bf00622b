"""What a reader makes of one file: blocks of text with their place on the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page: 1-based page, PDF points, origin at the top left."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start:end`` of a block's text and the box that shows them."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, table row or note as a person sees it, without line breaks.

    ``level`` is the heading level that the format itself states (Markdown ``#``, Word heading
    style, HTML ``h1``–``h6``), 1–9, or 0 for none. ``page`` is 1-based, None where the format
    has no pages. ``spans`` cover the text where the format has boxes (PDF), else are empty.
    """

    text: str
    kind: str = "paragraph"  # paragraph | heading | table_row | list_item | note
    level: int = 0
    page: int | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class RawDocument:
    """A file read: its blocks in reading order and what the format says of itself."""

    format: str  # one of ingest.readers.SUPPORTED, or the name of a reader of the user's own
    blocks: tuple[Block, ...]
    title: str | None = None  # title that the format states (HTML <title>, Word core property)
    page_count: int | None = None
    page_sizes: tuple[tuple[float, float], ...] = ()  # (width, height) in points, PDF only
    warnings: tuple[str, ...] = ()  # Chinese, for the report
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The document's text: the blocks joined by one line feed. All ranges refer to it."""
        return "\n".join(block.text for block in self.blocks)

    def block_starts(self) -> list[int]:
        """Where each block begins in :attr:`text`."""
        lengths = (len(block.text) + 1 for block in self.blocks)
        return list(accumulate(lengths, initial=0))[: len(self.blocks)]
