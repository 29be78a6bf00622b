"""Prose: a heading with everything below it when that is short, else its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.passages.pieces import WHOLE, Piece, Tree, joined, step
from ingest.passages.ranges import LONGEST, SHORT, TARGET, paragraphs, sentences


def heading_pieces(tree: Tree, index: int, path: str) -> Iterator[Piece]:
    """A heading with all below it when that is short, else its own text, then its parts.

    ``path`` ends with the heading itself.
    """
    section = tree.sections[index]
    if section.end - section.start <= LONGEST:
        yield Piece(section.start, section.end, path, path or WHOLE)
        return
    children = tree.children(index)
    own_end = tree.first_child(index)
    # A heading without words of its own stands in the path of its parts.
    if not (children and own_end - section.heading_end < 12):
        yield from text_pieces(tree.text, section.start, own_end, path)
    for run in _runs(tree, children):
        first, last = tree.sections[run[0]], tree.sections[run[-1]]
        below = joined(path, step(first))
        if len(run) == 1:
            yield from heading_pieces(tree, run[0], below)
        else:
            yield Piece(first.start, last.end, path, below or WHOLE)


def text_pieces(text: str, start: int, end: int, path: str) -> Iterator[Piece]:
    """Plain text as pieces of sensible length, cut between paragraphs or sentences."""
    pending: tuple[int, int] | None = None
    anchor = path or WHOLE
    for first, last in paragraphs(text, start, end):
        for low, high in sentences(text, first, last):
            if pending and (
                high - pending[0] > LONGEST
                or (pending[1] - pending[0] >= SHORT and high - pending[0] > TARGET)
            ):
                yield Piece(*pending, path, anchor)
                pending = None
            pending = (pending[0], high) if pending else (low, high)
    if pending:
        yield Piece(*pending, path, anchor)


def _runs(tree: Tree, children: Sequence[int]) -> Iterator[list[int]]:
    """Neighbours that are short put together, the others alone."""
    run: list[int] = []
    for child in children:
        section = tree.sections[child]
        length = section.end - section.start
        if run and (length > SHORT or section.end - tree.sections[run[0]].start > TARGET):
            yield run
            run = []
        if length > SHORT:
            yield [child]
        else:
            run.append(child)
    if run:
        yield run
