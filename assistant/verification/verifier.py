"""Checking a whole draft against a library."""

from __future__ import annotations

import threading
from datetime import date
from typing import TYPE_CHECKING

from assistant.verification.draft import Draft
from assistant.verification.findings import Report
from assistant.verification.judging import Judge
from assistant.verification.quotes import Quotation, attribute
from assistant.verification.references import Reference, find_references
from assistant.verification.shelf import Shelf
from assistant.verification.statements import statement_of
from index.records import SearchFilter

if TYPE_CHECKING:
    from index.library import Library


class Verifier:
    """Checks drafts against one library; what it reads is kept for the next draft. Thread-safe.

    Only the catalog is read: neither encoder nor search is loaded.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._shelf: tuple[object, Shelf] | None = None

    def verify(
        self, text: str, flt: SearchFilter | None = None, as_of: date | None = None
    ) -> Report:
        """Every reference of a draft with its verdict on a day (None: today).

        Of the filter the collections hold. Raises DraftError for an empty or too long draft,
        EmptyLibrary and UnknownCollection.
        """
        draft = Draft(text)
        flt = flt or SearchFilter()
        self._library.check_collections(flt.collections)
        with self._lock:
            shelf = self._shelf_of(flt, as_of or date.today())
            found, truncated = find_references(draft, shelf)
            quoted = attribute(draft, found)
            inside = _inside(found, quoted)
            if inside:  # what a quoted rule refers to is no reference of the draft
                found = [one for place, one in enumerate(found) if place not in inside]
                quoted = attribute(draft, found)
            judge = Judge(draft, shelf)
            findings = tuple(
                judge.judge(
                    place + 1, one, quoted.get(place, ()), statement_of(draft, found, place)
                )
                for place, one in enumerate(found)
            )
        return Report(text, shelf.as_of, len(shelf.records), findings, truncated)

    def _shelf_of(self, flt: SearchFilter, day: date) -> Shelf:
        key = (self._library.catalog.generation, day, flt.collections)
        if self._shelf is None or self._shelf[0] != key:
            self._shelf = (key, Shelf(self._library, day, flt))
        self._shelf[1].begin()
        return self._shelf[1]


def _inside(found: list[Reference], quoted: dict[int, list[Quotation]]) -> set[int]:
    spans = sorted((one.start, one.end) for some in quoted.values() for one in some)
    return {
        place
        for place, one in enumerate(found)
        if any(low <= one.start and one.end <= high for low, high in spans)
    }
