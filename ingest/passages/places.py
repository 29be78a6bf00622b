"""Where a document's characters stand on its pages."""

from __future__ import annotations

from bisect import bisect_right

from ingest.document import RawDocument

Box = tuple[int, float, float, float, float]


class Places:
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
