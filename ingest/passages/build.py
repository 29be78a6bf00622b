"""From a document and its outline to passages with ids, places and paths."""

from __future__ import annotations

from collections.abc import Iterator

from index.records import PassageRecord
from ingest.document import RawDocument
from ingest.metadata import Metadata
from ingest.passages.articles import article_pieces
from ingest.passages.pieces import WHOLE, Piece, Tree, joined, step
from ingest.passages.places import Places
from ingest.passages.prose import heading_pieces, text_pieces
from ingest.passages.ranges import trimmed
from ingest.structure.model import Outline, SectionKind


def build_passages(
    raw: RawDocument, outline: Outline, metadata: Metadata, document_id: str
) -> list[PassageRecord]:
    """The passages of a document in reading order.

    Ranges don't overlap and never leave the document; ``text`` is the document's text of the
    range. Ids are ``document_id#anchor`` and depend on path and position among equals only, so
    that an edit elsewhere in the document leaves them as they are.
    """
    text = raw.text
    places = Places(raw)
    seen: dict[str, int] = {}
    passages: list[PassageRecord] = []
    for piece in _pieces(Tree(text, outline)):
        start, end = trimmed(text, piece.start, piece.end)
        if start >= end:
            continue
        count = seen[piece.anchor] = seen.get(piece.anchor, 0) + 1
        anchor = piece.anchor if count == 1 else f"{piece.anchor}~{count}"
        passages.append(
            PassageRecord(
                passage_id=f"{document_id}#{anchor}",
                document_id=document_id,
                ordinal=len(passages),
                path=piece.path,
                text=text[start:end],
                start=start,
                end=end,
                context=piece.context,
                article=piece.article,
                page=places.page(start),
                boxes=places.boxes(start, end),
            )
        )
    return passages


def _pieces(tree: Tree) -> Iterator[Piece]:
    """All pieces in reading order."""
    for index in tree.children(None):
        yield from _section(tree, index, "")
    if not any(one.kind is not SectionKind.TITLE for one in tree.sections):
        for section in tree.sections:  # a document that is nothing but its title
            yield Piece(section.start, section.end, "", WHOLE)


def _section(tree: Tree, index: int, path: str) -> Iterator[Piece]:
    section = tree.sections[index]
    if section.kind in (SectionKind.CONTENTS, SectionKind.TITLE):
        return
    here = joined(path, step(section))
    if section.kind is SectionKind.ARTICLE:
        yield from article_pieces(tree, index, here)
    elif tree.holds_articles(index):
        yield from text_pieces(tree.text, section.heading_end, tree.first_child(index), here)
        for child in tree.children(index):
            yield from _section(tree, child, here)
    else:
        yield from heading_pieces(tree, index, here)
