"""The library's documents, opened for checking: names, numbers, articles; kept while they are used."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.verification.doc_numbers import NUMBER
from assistant.verification.findings import Place
from assistant.verification.wording import Folded, fold, pairs
from index.address import AddressResolver, VersionWish
from index.address.names import fold as fold_name
from index.address.parse import Span
from index.address.reading import Title, title_named
from index.address.structure import Structure
from index.records import DocumentRecord, SearchFilter
from index.versions.compare.articles import Article, read_articles

if TYPE_CHECKING:
    from index.library import Library

_DOCUMENTS_KEPT = 48
_NAMES_KEPT = 20_000
#: Names that are no exact title are looked for among misspelt and shortened ones so many times a
#: draft: it takes milliseconds in a large library, and a draft may hold thousands.
_GUESSES = 400


@dataclass(frozen=True)
class Unit:
    """An article (of prose: a part under one heading) ready to be compared."""

    article: Article
    text: str

    @cached_property
    def folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Pairs of neighbouring characters of the folded text."""
        return pairs(self.folded.text)


class OpenDocument:
    """One document: its text, outline and units. Immutable."""

    def __init__(self, record: DocumentRecord, text: str, outline: Sequence) -> None:
        self.record = record
        self.text = text
        self.structure = Structure(outline)
        self.articles = read_articles(text, outline)
        self.outline = outline

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The articles with their text as it stands, number included."""
        return tuple(Unit(one, self.text[one.start : one.end]) for one in self.articles)

    @cached_property
    def whole(self) -> Unit:
        """The document as one unit."""
        return Unit(Article("", "", "", 0, len(self.text)), self.text)

    def label_at(self, start: int, end: int) -> str:
        """第五条第二款第（三）项: the smallest counted part that holds a range."""
        label = ""
        article: Span | None = None
        kinds = ("article", "paragraph", "item", "subitem")
        for one in self.outline:
            if one.kind in kinds and one.start <= start and end <= one.end:
                if one.kind == "article":
                    label, article = one.label, (one.start, one.end)
                elif article and article[0] <= one.start and one.end <= article[1]:
                    label += _step(one.label)
        return label or self.unit_label(start)

    def unit_label(self, start: int) -> str:
        """The label of the unit that a place lies in."""
        unit = self.unit_at(start)
        return unit.article.label if unit else ""

    def unit_at(self, start: int) -> Unit | None:
        """The unit that a place lies in."""
        starts = [one.article.start for one in self.units]
        place = bisect_right(starts, start) - 1
        if place < 0 or self.units[place].article.end <= start:
            return None
        return self.units[place]

    def place(self, label: str = "", start: int = 0, end: int = 0) -> Place:
        """A range of the document under a name; without a range the document as a whole."""
        unit = self.unit_at(start) if end else None
        return Place(
            self.record.document_id,
            self.record.title,
            self.record.validity,
            label,
            unit.article.path if unit else "",
            start,
            end,
            self.text[start:end],
        )


def _step(label: str) -> str:
    return f"第{label}项" if label.startswith(("（", "(")) else label


class Shelf:
    """Read access to a library for checking drafts on one day. Needs no encoder."""

    def __init__(self, library: Library, as_of: date, flt: SearchFilter | None = None) -> None:
        self.as_of = as_of
        self.versions = library.versions
        statuses = self.versions.statuses(as_of)
        flt = flt or SearchFilter()
        self.records = {
            key: replace(one, validity=statuses[key].validity)
            for key, one in library.documents()[1].items()
            if key in statuses and (not flt.collections or one.collection in flt.collections)
        }
        self._catalog = library.catalog
        self.resolver = AddressResolver(
            library.catalog, documents=lambda: list(self.records.values())
        )
        self.titles = self.resolver.titles()
        self._open: OrderedDict[str, OpenDocument] = OrderedDict()
        self._named: dict[str, Title | None] = {}
        self._guesses = _GUESSES

    def begin(self) -> None:
        """A new draft: as many unknown names may be looked for again."""
        self._guesses = _GUESSES

    # -- names -----------------------------------------------------------------------------------

    def title(self, written: str, *, guess: bool = True) -> Title | None:
        """The title that a name is; with ``guess`` also misspelt or shortened. None: unknown."""
        name = fold_name(written)
        if name in self._named:
            return self._named[name]
        exact = bool(self.titles.documents(name))
        if not exact and (not guess or self._guesses <= 0):
            return None
        self._guesses -= not exact
        found = title_named(written, self.titles, lambda _: True, self.resolver.aliases)
        if len(self._named) < _NAMES_KEPT:
            self._named[name] = found
        return found

    def similar(self, written: str) -> tuple[str, ...]:
        """Titles that an unknown name may have meant."""
        if self._guesses <= 0:
            return ()
        self._guesses -= 1
        return tuple(self.titles.similar(fold_name(written), lambda _: True))

    def chosen(
        self, documents: Sequence[DocumentRecord], wish: VersionWish
    ) -> list[DocumentRecord]:
        """Of each regulation among these the version that is meant; copies of one file once."""
        chains: dict[str, list[DocumentRecord]] = defaultdict(list)
        for one in documents:
            chains[self.titles.stem_of(one)].append(one)
        found: dict[str, DocumentRecord] = {}
        for some in chains.values():
            for one in self.resolver.chosen(some, wish)[0]:
                found.setdefault(one.content_hash or one.document_id, one)
        return list(found.values())

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], list[tuple[str, DocumentRecord]]]:
        known: dict[tuple[str, str], list[tuple[str, DocumentRecord]]] = defaultdict(list)
        for one in self.records.values():
            match = NUMBER.search(one.doc_number or "")
            if match:
                known[_number_key(match)].append((match["body"], one))
        return known

    def numbered(self, match: re.Match[str]) -> list[DocumentRecord]:
        """The documents of a 文号; words before the body's short name may hang on it."""
        body = match["body"]
        return [
            record
            for known, record in self._numbers.get(_number_key(match), ())
            if body.endswith(known) or known.endswith(body)
        ]

    # -- documents -------------------------------------------------------------------------------

    def open(self, record: DocumentRecord) -> OpenDocument:
        """A document, read once."""
        key = record.document_id
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        made = OpenDocument(record, self._catalog.document_text(key), self._catalog.outline(key))
        self._open[key] = made
        if len(self._open) > _DOCUMENTS_KEPT:
            self._open.popitem(last=False)
        return made

    def others(self, record: DocumentRecord) -> list[DocumentRecord]:
        """The other versions of a document's regulation, newest first."""
        chain = self.versions.chain_of(record.document_id)
        ids = [one.document_id for one in reversed(chain.versions)] if chain else []
        ids += [one.document_id for one in self.titles.chain(record)]
        return [
            self.records[one]
            for one in dict.fromkeys(ids)
            if one in self.records and one != record.document_id
        ]

    def today(self, record: DocumentRecord) -> DocumentRecord | None:
        """The document that holds today in this one's place: a new version, or what repealed it."""
        current = self.versions.current(record.document_id, self.as_of)
        version = self.versions.version(record.document_id)
        if current is None and version and version.repealed_by:
            by = version.repealed_by.by_id
            current = self.versions.current(by, self.as_of) or by
        if current == record.document_id:
            return None
        return self.records.get(current or "")


def _number_key(match: re.Match[str]) -> tuple[str, str]:
    year, number = (unicodedata.normalize("NFKC", match[key]) for key in ("year", "n"))
    return year, number.lstrip("0")
