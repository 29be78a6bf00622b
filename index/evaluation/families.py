"""For ``--families``: the same rule in another version of its document is right as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from index.catalog import Catalog
from index.evaluation.base import Gold
from index.evaluation.scope import passes
from index.records import DocumentRecord, PassageRecord
from index.selection import Selection

ALIKE = 0.6
"""Jaccard similarity of two articles' pairs of characters from which they state one rule. Numbers
of articles move between versions and prove nothing."""


class FamilyGold:
    """Widens right places by passages of other versions that say nearly the same."""

    def __init__(self, catalog: Catalog, selection: Selection) -> None:
        self._catalog = catalog
        self._families: dict[str, list[DocumentRecord]] = defaultdict(list)
        for one in catalog.documents():
            if one.family and passes(one, selection):
                self._families[one.family].append(one)
        self._pairs: dict[str, list[tuple[frozenset[str], set[str]]]] = {}

    def widen(self, gold: Sequence[Gold]) -> list[Gold]:
        """The places with their likes; one that another place holds already stays with that."""
        taken = {one for place in gold for one in place.passages}
        widened: list[Gold] = []
        for place in gold:
            added = self._likes(place) - taken
            taken |= added
            widened.append(Gold(place.label, place.passages | added))
        return widened

    def _likes(self, place: Gold) -> set[str]:
        passages = list(self._catalog.passages_by_id(place.passages).values())
        if not passages:
            return set()
        own = {one.document_id for one in passages}
        document = self._catalog.documents_by_id(own)[passages[0].document_id]
        wanted = _pairs(one.text for one in sorted(passages, key=lambda one: one.ordinal))
        return {
            passage
            for other in self._families.get(document.family, [])
            if other.document_id not in own
            for ids, pairs in self._articles(other.document_id)
            if len(wanted & pairs) >= ALIKE * len(wanted | pairs)
            for passage in ids
        }

    def _articles(self, document_id: str) -> list[tuple[frozenset[str], set[str]]]:
        """Ids and pairs of characters of each article, or passage where there is none."""
        if document_id not in self._pairs:
            groups: dict[str, list[PassageRecord]] = defaultdict(list)
            for one in self._catalog.passages(document_id):
                groups[one.article or one.passage_id].append(one)
            self._pairs[document_id] = [
                (frozenset(one.passage_id for one in some), _pairs(one.text for one in some))
                for some in groups.values()
            ]
        return self._pairs[document_id]


def _pairs(texts: Iterable[str]) -> set[str]:
    letters = "".join(char for text in texts for char in text if char.isalnum())
    return {letters[at : at + 2] for at in range(len(letters) - 1)}
