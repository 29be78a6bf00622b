"""Articles: whole where they fit, else cut at 款 and 项 with their head as context."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.passages.pieces import Piece, Tree, joined
from ingest.passages.ranges import LONGEST, TARGET, sentences

_LONGEST_CONTEXT = 120

Unit = tuple[int, int, str]
"""(start, end, 第二款/（三）): one of the smallest parts that an article may be cut into."""


def article_pieces(tree: Tree, index: int, path: str) -> Iterator[Piece]:
    """The pieces of the article that is section ``index``, whose path is ``path``."""
    article = tree.sections[index]
    limit = LONGEST if tree.children(index) else 2 * LONGEST
    if article.end - article.start <= limit:
        yield Piece(article.start, article.end, path, path, article.label)
        return
    context = _lead(tree, index)
    for group in _groups(_units(tree, index)):
        start, end, name = group[0][0], group[-1][1], group[0][2]
        where = joined(path, name)
        after_head = start > article.start
        yield Piece(start, end, where, where, article.label, context if after_head else "")


def _groups(units: Iterator[Unit]) -> Iterator[list[Unit]]:
    """Neighbours put together as long as they stay below ``TARGET``."""
    group: list[Unit] = []
    for unit in units:
        if group and unit[1] - group[0][0] > TARGET:
            yield group
            group = []
        group.append(unit)
    if group:
        yield group


def _units(tree: Tree, index: int) -> Iterator[Unit]:
    article = tree.sections[index]
    starts: list[tuple[int, str]] = [(article.start, "")]
    stack = [(child, "") for child in reversed(tree.children(index))]
    while stack:
        number, above = stack.pop()
        section = tree.sections[number]
        name = joined(above, section.label)
        if section.start > article.heading_end and starts[-1][0] < section.start:
            starts.append((section.start, name))
        elif starts[-1] == (article.start, ""):
            starts[-1] = (article.start, name)
        stack.extend((child, name) for child in reversed(tree.children(number)))
    for (start, name), (end, _) in zip(starts, [*starts[1:], (article.end, "")], strict=True):
        for first, last in sentences(tree.text, start, end):
            yield first, last, name


def _lead(tree: Tree, index: int) -> str:
    """第十二条 and the words that its items hang on, for the parts after the first."""
    article = tree.sections[index]
    first = tree.text[article.start : article.end].split("\n", 1)[0]
    stop = first.find("：")
    if 0 < stop < _LONGEST_CONTEXT:
        return first[: stop + 1]
    return first[:_LONGEST_CONTEXT] if len(first) <= _LONGEST_CONTEXT else article.label
