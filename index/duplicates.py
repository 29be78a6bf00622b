"""Documents that are the same or nearly: grouped for a person to look at, never removed.

Candidates share a band of their MinHash sketches; whether two are alike is then told from their
whole texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from index.records import DocumentRecord, Place
from index.sketches import BINS, jaccard, shingles, sketch

if TYPE_CHECKING:
    import numpy as np

    from index.library import Library

ALIKE = 0.8
"""Jaccard similarity of the texts' five-character shingles from which two are grouped."""
_ROWS = 4
"""Bins in a band: two texts of similarity .8 miss each other in all 32 bands once in 10**7."""
_MARGIN = 0.25
"""An estimate further below is not checked: six times the estimate's standard deviation."""
_SAVED = 500


@dataclass(frozen=True)
class Copies:
    """One document whose very bytes lie in several places."""

    document: DocumentRecord
    places: tuple[Place, ...]


@dataclass(frozen=True)
class NearCopies:
    """Documents of nearly one text. ``similarity`` of each is that to the first, 0 to 1."""

    documents: tuple[DocumentRecord, ...]
    similarity: tuple[float, ...]

    @property
    def one_family(self) -> bool:
        """Whether they are versions of one regulation, and so alike for a reason."""
        return len({one.family for one in self.documents}) == 1 and bool(self.documents[0].family)


def copies(library: Library, collection: str | None = None) -> list[Copies]:
    """Documents with several places, by title."""
    chosen = [one for one in _documents(library, collection) if one.place_count > 1]
    places = library.catalog.places.of_documents(one.document_id for one in chosen)
    return [Copies(one, tuple(places[one.document_id])) for one in chosen]


def near_copies(library: Library, collection: str | None = None) -> list[NearCopies]:
    """Groups of documents of nearly one text, the largest first.

    Sketches that are missing are made (about a millisecond for 1,000 characters) and kept.
    """
    chosen = {one.document_id: one for one in _documents(library, collection)}
    made = _sketches(library, chosen)

    @lru_cache(maxsize=256)
    def whole(document_id: str) -> np.ndarray:
        return shingles(library.catalog.document_text(document_id))

    groups = _Groups()
    seen: set[tuple[str, str]] = set()
    for pair in _candidates(made):
        if pair in seen or groups.together(*pair):
            continue
        seen.add(pair)
        one, other = pair
        if (made[one] == made[other]).mean() < ALIKE - _MARGIN:
            continue
        if jaccard(whole(one), whole(other)) >= ALIKE:
            groups.join(one, other)
    found = []
    for members in groups.all():
        members.sort(key=lambda one: _order(chosen[one]))
        alike = tuple(jaccard(whole(members[0]), whole(one)) for one in members)
        found.append(NearCopies(tuple(chosen[one] for one in members), alike))
    return sorted(found, key=lambda one: (-len(one.documents), one.documents[0].title))


def _documents(library: Library, collection: str | None) -> list[DocumentRecord]:
    records = library.documents()[1].values()
    return [one for one in records if collection in (None, one.collection)]


def _order(record: DocumentRecord) -> tuple[str, str, str]:
    return record.collection, record.title, record.source


def _sketches(library: Library, chosen: Mapping[str, DocumentRecord]) -> dict[str, np.ndarray]:
    catalog = library.catalog
    made = catalog.sketches.current()
    fresh: dict[str, tuple[str, np.ndarray]] = {}
    for document_id, record in chosen.items():
        if document_id not in made:
            made[document_id] = sketch(catalog.document_text(document_id))
            fresh[document_id] = (record.content_hash, made[document_id])
            if len(fresh) >= _SAVED:
                catalog.sketches.put(fresh)
                fresh = {}
    catalog.sketches.put(fresh)
    return {one: made[one] for one in chosen if len(made[one]) == BINS}


def _candidates(made: Mapping[str, np.ndarray]) -> Iterator[tuple[str, str]]:
    """Pairs that share a band: each with the first of its bucket and with its neighbour there."""
    for at in range(0, BINS, _ROWS):
        buckets: dict[bytes, list[str]] = {}
        for document_id, values in made.items():
            buckets.setdefault(values[at : at + _ROWS].tobytes(), []).append(document_id)
        for members in buckets.values():
            for one in members[1:]:
                yield members[0], one
            yield from pairwise(members[1:])


class _Groups:
    """Disjoint sets of document ids."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def _root(self, one: str) -> str:
        root = one
        while (above := self._parent.setdefault(root, root)) != root:
            root = above
        while self._parent[one] != root:
            one, self._parent[one] = self._parent[one], root
        return root

    def together(self, one: str, other: str) -> bool:
        return self._root(one) == self._root(other)

    def join(self, one: str, other: str) -> None:
        self._parent[self._root(other)] = self._root(one)

    def all(self) -> list[list[str]]:
        """The sets of more than one."""
        found: dict[str, list[str]] = {}
        for one in self._parent:
            found.setdefault(self._root(one), []).append(one)
        return [members for members in found.values() if len(members) > 1]
