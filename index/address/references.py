"""From a read question's addresses to documents and places: one reference each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.address import messages, wording
from index.address.model import Lack, Missing, Reference
from index.address.names import fold, noun_of
from index.address.parse import Address
from index.address.reading import Asked, Title
from index.address.structure import Found, NotThere
from index.address.titles import TitleIndex
from index.address.versions import VersionWish
from index.records import DocumentRecord, PassageRecord, SearchFilter

if TYPE_CHECKING:
    from index.address.resolver import AddressResolver

MOST_ALIKE = 4
"""Documents that fit equally are shown up to this many; of more, the question must say which."""
_ARTICLE_TITLE = re.compile(r"[【〔\[][^】〕\]]{1,40}[】〕\]]")


def admitted(record: DocumentRecord, flt: SearchFilter) -> bool:
    """The filter without validity, which naming a document overrides."""
    return (
        (not flt.collections or record.collection in flt.collections)
        and (not flt.kinds or record.kind in flt.kinds)
        and (not flt.document_ids or record.document_id in flt.document_ids)
    )


def is_heading(beside: str, found: Sequence[Reference]) -> bool:
    """Whether the other words of a question are but the heading of what it names: 第三章监督,
    第一百三十三条之一危险驾驶罪."""
    passages = [one for ref in found for one in ref.passages[:1]]
    if not passages or any(ref.missing for ref in found):
        return False
    titled = (_ARTICLE_TITLE.search(one.text[:80]) for one in passages)
    headings = [one.path for one in passages] + [match[0] for match in titled if match]
    return any(beside in wording.beyond_wording(heading) for heading in headings)


class Question:
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
        titles = tuple(self._index.similar(name, lambda record: admitted(record, self._flt)))
        message = messages.no_document(title.written, titles)
        missing = Missing(Lack.DOCUMENT, message, titles=titles)
        nearest = self._index.nearest(name)
        meant = [r for _, r in self._index.documents(nearest or "") if admitted(r, self._flt)]
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
        known = {r.document_id: r for r in every if admitted(r, self._flt)}
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
