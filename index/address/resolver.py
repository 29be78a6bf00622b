"""From a question to the very articles that it names: titles, versions, outline, passages."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from index.address.model import Lack, Resolution
from index.address.names import fold, is_generic
from index.address.parse import Span, may_hold_address
from index.address.reading import read
from index.address.references import Question, admitted, is_heading
from index.address.structure import Structure
from index.address.titles import TitleIndex
from index.address.versions import VersionChoice, VersionWish, choose_version, is_of_year
from index.records import DocumentRecord, PassageRecord, SearchFilter

if TYPE_CHECKING:
    from index.catalog import Catalog

_STRUCTURES_KEPT = 64
_LONGEST_QUESTION = 4_000
_ALIAS = re.compile(
    r"《([^《》]{2,80})》\s?[（(]以下简称[:：]?\s?[《“\"]?([^《》“”\"（）()，。]{2,20})[》”\"]?[）)]"
)
_HEAD_PASSAGES = 6


class AddressResolver:
    """Resolves questions against one catalog. Safe to share between threads.

    The titles are read again when the catalog has moved; ``choose`` decides between versions.
    """

    def __init__(
        self,
        catalog: Catalog,
        choose: VersionChoice = choose_version,
        documents: Callable[[], Sequence[DocumentRecord]] | None = None,
    ) -> None:
        """``documents`` gives those of the catalog with the validity of today."""
        self._catalog = catalog
        self._documents = documents or catalog.documents
        self._choose = choose
        self._lock = threading.Lock()
        self._titles: tuple[int, TitleIndex] | None = None
        self._aliases: tuple[int, dict[str, tuple[DocumentRecord, ...]]] | None = None
        self._structures: OrderedDict[object, Structure] = OrderedDict()

    def resolve(
        self,
        question: str,
        flt: SearchFilter | None = None,
        context: Sequence[str] = (),
    ) -> Resolution | None:
        """Where the addresses of a question lead; None when it has none, or none that tells
        anything.

        ``context`` are the documents that the conversation is about, the latest first: “办法第八条”
        means the one of them that is a 办法. The filter's collections, kinds and documents hold;
        a rule out of force is found when it is named, as naming it asks for it.
        """
        text = question[:_LONGEST_QUESTION]
        if not may_hold_address(text):
            return None
        flt = flt or SearchFilter()
        index = self.titles()
        reading = read(text, index, lambda record: admitted(record, flt), self.aliases)
        if reading is None:
            return None
        one = Question(self, index, flt, context)
        found = [ref for asked in reading.asked for ref in one.references(asked)]
        exact = not reading.beside or is_heading(reading.beside, found)
        if not exact:
            found = [r for r in found if not r.missing or r.missing.lack is Lack.PLACE]
            if all(r.missing for r in found):
                found = []
        if not found:
            return None
        return Resolution(tuple(found), exact, one.ambiguous)

    # -- what is kept ------------------------------------------------------------------------------

    def titles(self) -> TitleIndex:
        """The titles of the catalog as it is now."""
        generation = self._catalog.generation
        with self._lock:
            if self._titles is None or self._titles[0] != generation:
                self._titles = (generation, TitleIndex(self._documents()))
            return self._titles[1]

    def aliases(self) -> dict[str, tuple[DocumentRecord, ...]]:
        """Folded names that texts give to documents: 《某某条例》（以下简称《某条例》）."""
        index = self.titles()
        generation = self._titles[0] if self._titles else 0
        with self._lock:
            if self._aliases is not None and self._aliases[0] == generation:
                return self._aliases[1]
        found: dict[str, dict[str, DocumentRecord]] = defaultdict(dict)
        for text in self._catalog.head_texts("以下简称", _HEAD_PASSAGES):
            for title, alias in _ALIAS.findall(text):
                name = fold(alias)
                if not is_generic(name):
                    for _, record in index.documents(fold(title)):
                        found[name][record.document_id] = record
        made = {name: tuple(records.values()) for name, records in found.items()}
        with self._lock:
            self._aliases = (generation, made)
        return made

    def structure(self, record: DocumentRecord) -> Structure:
        """The outline of a document, kept for the next question."""
        key = (record.document_id, record.content_hash, record.indexed_at)
        with self._lock:
            if key in self._structures:
                self._structures.move_to_end(key)
                return self._structures[key]
        made = Structure(self._catalog.outline(record.document_id))
        with self._lock:
            self._structures[key] = made
            while len(self._structures) > _STRUCTURES_KEPT:
                self._structures.popitem(last=False)
        return made

    def passages(self, record: DocumentRecord, ranges: Iterable[Span]) -> tuple[PassageRecord, ...]:
        """The passages that hold these ranges, in document order."""
        spans = sorted(ranges)
        if not spans:
            return ()
        low, high = spans[0][0], max(end for _, end in spans)
        return tuple(
            one
            for one in self._catalog.passages_between(record.document_id, low, high)
            if any(one.start < end and start < one.end for start, end in spans)
        )

    def chosen(
        self, records: Sequence[DocumentRecord], wish: VersionWish
    ) -> tuple[list[DocumentRecord], bool]:
        """The versions that are meant, and whether the library has what was wished for."""
        found = list(self._choose(records, wish))
        if found:
            return found, wish.year is None or any(is_of_year(r, wish.year) for r in found)
        return list(self._choose(records, VersionWish(question=wish.question))), False
