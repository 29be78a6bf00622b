"""From a question to the very articles that it names: titles, versions, outline, passages."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.address import messages, wording
from index.address.model import Lack, Missing, Reference, Resolution
from index.address.names import fold, is_generic, noun_of
from index.address.parse import Address, Span, may_hold_address
from index.address.reading import Asked, Title, read
from index.address.structure import Found, NotThere, Structure
from index.address.titles import TitleIndex
from index.address.versions import VersionChoice, VersionWish, choose_version, is_of_year
from index.records import DocumentRecord, PassageRecord, SearchFilter

if TYPE_CHECKING:
    from index.catalog import Catalog

MOST_ALIKE = 4
"""Documents that fit equally are shown up to this many; of more, the question must say which."""
_STRUCTURES_KEPT = 64
_LONGEST_QUESTION = 4_000
_ALIAS = re.compile(
    r"《([^《》]{2,80})》\s?[（(]以下简称[:：]?\s?[《“\"]?([^《》“”\"（）()，。]{2,20})[》”\"]?[）)]"
)
_HEAD_PASSAGES = 6
_ARTICLE_TITLE = re.compile(r"[【〔\[][^】〕\]]{1,40}[】〕\]]")


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
        reading = read(text, index, lambda record: _admitted(record, flt), self.aliases)
        if reading is None:
            return None
        one = _Question(self, index, flt, context)
        found = [ref for asked in reading.asked for ref in one.references(asked)]
        exact = not reading.beside or _is_heading(reading.beside, found)
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


def _admitted(record: DocumentRecord, flt: SearchFilter) -> bool:
    """The filter without validity, which naming a document overrides."""
    return (
        (not flt.collections or record.collection in flt.collections)
        and (not flt.kinds or record.kind in flt.kinds)
        and (not flt.document_ids or record.document_id in flt.document_ids)
    )


def _is_heading(beside: str, found: Sequence[Reference]) -> bool:
    """Whether the other words of a question are but the heading of what it names: 第三章监督,
    第一百三十三条之一危险驾驶罪."""
    passages = [one for ref in found for one in ref.passages[:1]]
    if not passages or any(ref.missing for ref in found):
        return False
    titled = (_ARTICLE_TITLE.search(one.text[:80]) for one in passages)
    headings = [one.path for one in passages] + [match[0] for match in titled if match]
    return any(beside in wording.beyond_wording(heading) for heading in headings)


class _Question:
    """The documents and places of one question's addresses."""

    def __init__(
        self,
        resolver: AddressResolver,
        index: TitleIndex,
        flt: SearchFilter,
        context: Sequence[str],
    ) -> None:
        self._resolver = resolver
        self._index = index
        self._flt = flt
        self._context = context
        self.ambiguous = False

    def references(self, asked: Asked) -> list[Reference]:
        """One reference an address and document; several documents only where all fit equally."""
        title = asked.title
        label = asked.group.addresses[0].label
        if title is not None and not title.general and not title.documents:
            return self._unknown(asked, title)
        records, notes, near = self._documents(title)
        if not records or len(records) > MOST_ALIKE:
            titles = tuple(dict.fromkeys(r.title for r in records or near))
            written = title.written if title is not None else ""
            message = messages.unclear(written, label, titles)
            return [Reference(label, missing=Missing(Lack.UNCLEAR, message, titles=titles))]
        found: list[Reference] = []
        for address in asked.group.addresses:
            found += self._places(address, records, notes)
        return found

    def _unknown(self, asked: Asked, title: Title) -> list[Reference]:
        """The library has none of that title; what may have been meant comes along."""
        name = fold(title.written)
        titles = tuple(self._index.similar(name, lambda record: _admitted(record, self._flt)))
        message = messages.no_document(title.written, titles)
        missing = Missing(Lack.DOCUMENT, message, titles=titles)
        nearest = self._index.nearest(name)
        meant = [r for _, r in self._index.documents(nearest or "") if _admitted(r, self._flt)]
        if not meant:
            return [Reference(asked.group.addresses[0].label, missing=missing)]
        records, _ = self._resolver.chosen(meant, title.wish)
        return [
            replace(self._place(address, records[0], ()), missing=missing)
            for address in asked.group.addresses
        ]

    # -- which document ----------------------------------------------------------------------------

    def _documents(
        self, title: Title | None
    ) -> tuple[list[DocumentRecord], tuple[str, ...], list[DocumentRecord]]:
        """(documents that fit equally, notes, documents to choose from where it is unclear)."""
        if title is None or title.general:
            return self._from_context(fold(title.written) if title else "")
        chains: dict[str, list[DocumentRecord]] = defaultdict(list)
        for record in title.documents:
            chains[self._index.stem_of(record)].append(record)
        records: list[DocumentRecord] = []
        notes = [title.note] if title.note else []
        for versions in chains.values():
            chosen, as_wished = self._resolver.chosen(versions, title.wish)
            records += chosen
            if not as_wished and chosen:
                notes.append(_other_version(chosen[0], title.wish))
        return _distinct(records), tuple(notes), []

    def _from_context(
        self, general: str
    ) -> tuple[list[DocumentRecord], tuple[str, ...], list[DocumentRecord]]:
        """办法第八条, 本条例第三条, 第八条: what is being talked about, else the only one there is."""
        noun = noun_of(general)
        every = self._index.ending_in(noun)
        known = {r.document_id: r for r in every if _admitted(r, self._flt)}
        for one in self._context:
            if one in known:
                return [known[one]], (), []
        fitting = [r for r in known.values() if r.article_count]
        exactly = [r for r in fitting if self._index.stem_of(r).endswith(general)]
        fitting = exactly or fitting
        chains: dict[str, list[DocumentRecord]] = defaultdict(list)
        for record in fitting:
            chains[self._index.stem_of(record)].append(record)
        if len(chains) != 1:
            one_each = [
                self._resolver.chosen(some, VersionWish())[0][0] for some in chains.values()
            ]
            return [], (), one_each if noun else []
        return self._resolver.chosen(fitting, VersionWish())[0], (), []

    # -- which place -------------------------------------------------------------------------------

    def _places(
        self, address: Address, records: Sequence[DocumentRecord], notes: tuple[str, ...]
    ) -> list[Reference]:
        all_found = [self._place(address, record, notes) for record in records]
        there = [one for one in all_found if not one.missing] or all_found[:1]
        distinct: dict[tuple[str, ...], Reference] = {}
        for one in there:  # one text kept twice is one answer
            key = tuple("".join(p.text.split()) for p in one.passages) or (one.label,)
            distinct.setdefault(key, one)
        references = list(distinct.values())
        if len(references) > 1:
            self.ambiguous = True
            titles = [r.document.title for r in references if r.document is not None]
            first = references[0]
            references[0] = replace(first, notes=(*first.notes, messages.alike(titles)))
        return references

    def _place(self, address: Address, record: DocumentRecord, notes: tuple[str, ...]) -> Reference:
        found = self._resolver.structure(record).find(address)
        if isinstance(found, NotThere):
            message = messages.not_there(record.title, found)
            missing = Missing(Lack.PLACE, message, found.count, found.last)
            return Reference(address.label, record, missing=missing, notes=notes)
        passages = self._resolver.passages(record, found.ranges)
        self.ambiguous |= found.repeated
        more = _notes_on(address, record, found, passages)
        return Reference(address.label, record, passages, found.ranges, None, (*notes, *more))


def _notes_on(
    address: Address, record: DocumentRecord, found: Found, passages: Sequence[PassageRecord]
) -> list[str]:
    notes = []
    if found.total > len(found.ranges):
        notes.append(messages.first_of(address.label, len(found.ranges), found.total))
    if found.short_of:
        notes.append(messages.short_of(record.title, found.short_of))
    if found.elsewhere and passages:
        notes.append(messages.elsewhere(address.last.label, passages[0].path.replace("/", " ")))
    if found.repeated:
        notes.append(messages.repeated(record.title, address.label, len(found.ranges)))
    return notes


def _other_version(record: DocumentRecord, wish: VersionWish) -> str:
    wanted = f"{wish.year} 年" if wish.year else ("试行" if wish.trial else "修订前")
    return messages.no_such_version(
        record.title, wanted, f"{messages.named(record.title)}（{record.validity}）"
    )


def _distinct(records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """Without second copies of one file."""
    found: dict[str, DocumentRecord] = {}
    for record in records:
        found.setdefault(record.content_hash or record.document_id, record)
    return list(found.values())
