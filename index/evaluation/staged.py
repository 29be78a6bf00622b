"""The library's search, stage by stage. The one file that knows how its search is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.evaluation.base import DENSE, FUSED, LEXICAL
from index.library import Library
from index.records import SearchFilter
from index.search import MAX_QUESTION


class LibraryStages:
    """A ``StagedSearch`` over a library: words, meaning, and what ``Library.search`` gives."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(self, query: str, depth: int, flt: SearchFilter) -> Mapping[str, Sequence[str]]:
        """Stage → passage ids, best first. Raises as ``Library.search`` does."""
        library = self._library
        question = query.encode("utf-8", "replace").decode().strip()
        fused = [hit.passage.passage_id for hit in library.search(question, depth, flt)]
        words = library.lexical.search(question, depth, flt)
        vector = library.encoder.encode_queries([question[:MAX_QUESTION]])[0]
        meaning = library.vectors.query(vector, depth, flt, flt.collections or None)
        return {
            LEXICAL: [one for one, _ in words],
            DENSE: [one for one, _ in meaning],
            FUSED: fused,
        }
