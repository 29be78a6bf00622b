"""The library's search, stage by stage. The one file that knows how its search is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.library import Library
from index.records import SearchFilter


class LibraryStages:
    """A ``StagedSearch`` over a library: words, meaning, and what ``Library.search`` gives."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(self, query: str, depth: int, flt: SearchFilter) -> Mapping[str, Sequence[str]]:
        """Stage → passage ids, best first. Raises as ``Library.search`` does."""
        return self._library.stages(query, depth, flt)


class LibraryAddresses:
    """An ``AddressResolver`` of gold: what ``luming search`` would give for 《X》第N条."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def __call__(self, text: str, flt: SearchFilter) -> Sequence[str]:
        """Ids of the passages of every place named, [] where one of them is not there."""
        found = self._library.resolve_address(text, flt)
        if found is None or found.ambiguous or found.messages:
            return []
        return [one.passage_id for one in found.passages]
