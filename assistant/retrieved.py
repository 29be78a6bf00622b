"""What the search found, put in order for answering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.question import Question
from assistant.terms import resolve
from assistant.text import fold
from index.records import Hit

if TYPE_CHECKING:
    from index.address import Resolution


def ranked_anew(hits: Sequence[Hit]) -> list[Hit]:
    """The hits with the places that they have among themselves in either search."""
    places: list[dict[str, int]] = []
    for side in ("lexical_rank", "dense_rank"):
        found = [hit for hit in hits if getattr(hit, side) is not None]
        found.sort(key=lambda hit: getattr(hit, side))
        places.append({hit.passage.passage_id: n for n, hit in enumerate(found, 1)})
    lexical, dense = places
    return [
        replace(
            hit,
            lexical_rank=lexical.get(hit.passage.passage_id),
            dense_rank=dense.get(hit.passage.passage_id),
        )
        for hit in hits
    ]


def in_words_known(asked: Question, hits: Sequence[Hit]) -> Question:
    """The question with words cut as the passages found have them."""
    texts = [fold(f"{h.document.title} {h.passage.path} {h.passage.text}") for h in hits]

    def known(word: str) -> bool:
        return any(word in text for text in texts)

    return replace(
        asked,
        words=resolve(asked.words, known),
        focus=resolve(asked.focus, known),
    )


def addressed_first(resolution: Resolution | None, hits: list[Hit]) -> list[Hit]:
    """The passages of articles that a question names beside what it asks, then the others."""
    if resolution is None:
        return hits
    documents = resolution.documents
    named = {
        # as good as found first by both searches
        one.passage_id: Hit(one, documents[one.document_id], 1.0, 1, 1)
        for one in resolution.passages
    }
    return [*named.values(), *(hit for hit in hits if hit.passage.passage_id not in named)]
