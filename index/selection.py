"""Which documents a filter admits, worked out once from the catalog for both searches.

The stores know nothing of kinds, dates or validity: they are given documents. So a status that
depends on the day needs no re-indexing, and both sides always admit the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.records import DocumentRecord, SearchFilter

_KEPT = 64

ValidityOf = Callable[[DocumentRecord, date], str]
"""Status of a document on a day."""


@dataclass(frozen=True)
class Selection:
    """The documents that may be found.

    ``allowed`` and ``excluded`` part the documents of ``collections`` between them; ``passages``
    counts those of the allowed, ``total`` those of both.
    """

    collections: tuple[str, ...]
    allowed: frozenset[str]
    excluded: frozenset[str]
    passages: int
    total: int

    def __contains__(self, document_id: object) -> bool:
        return document_id in self.allowed

    @property
    def whole(self) -> bool:
        """Whether nothing of the collections is left out."""
        return not self.excluded

    @property
    def share(self) -> float:
        """Allowed passages as a share of the collections' passages."""
        return self.passages / self.total if self.total else 1.0


class Selector:
    """Turns filters into selections; keeps the last ones until the catalog changes."""

    def __init__(
        self, documents: Callable[[], tuple[int, Sequence[DocumentRecord]]], validity: ValidityOf
    ) -> None:
        """``documents`` gives the catalog's generation and its documents."""
        self._documents = documents
        self._validity = validity
        self._lock = threading.Lock()
        self._generation = -1
        self._kept: OrderedDict[SearchFilter, Selection] = OrderedDict()

    def select(self, flt: SearchFilter) -> Selection:
        """The documents that pass ``flt`` on its day."""
        dated = flt if flt.as_of else replace(flt, as_of=date.today())
        generation, documents = self._documents()
        with self._lock:
            if generation != self._generation:
                self._kept.clear()
                self._generation = generation
            if dated in self._kept:
                self._kept.move_to_end(dated)
                return self._kept[dated]
        made = self._make(documents, dated)
        with self._lock:
            self._kept[dated] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def _make(self, documents: Sequence[DocumentRecord], flt: SearchFilter) -> Selection:
        names = flt.collections or tuple(sorted({one.collection for one in documents}))
        inside = [one for one in documents if one.collection in names]
        allowed = [one for one in inside if self._passes(one, flt)]
        ids = frozenset(one.document_id for one in allowed)
        return Selection(
            collections=names,
            allowed=ids,
            excluded=frozenset(one.document_id for one in inside) - ids,
            passages=sum(one.passage_count for one in allowed),
            total=sum(one.passage_count for one in inside),
        )

    def _passes(self, record: DocumentRecord, flt: SearchFilter) -> bool:
        day = flt.as_of or date.today()
        return (
            (not flt.kinds or record.kind in flt.kinds)
            and (not flt.document_ids or record.document_id in flt.document_ids)
            and (not flt.issuers or any(one in (record.issuer or "") for one in flt.issuers))
            and _within(record, flt.issued_from, flt.issued_to)
            and (
                not flt.exclude_validity or self._validity(record, day) not in flt.exclude_validity
            )
        )


def _within(record: DocumentRecord, first: date | None, last: date | None) -> bool:
    when = record.issued or record.effective
    if first is None and last is None:
        return True
    return when is not None and (first is None or first <= when) and (last is None or when <= last)
