"""The documents that a person may see, filtered, counted, sorted and paged for the library page."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from index.records import KIND_NAMES, KINDS, VALIDITIES, DocumentRecord, SearchFilter

if TYPE_CHECKING:
    from ui.api.service import Service

PER_PAGE = 30
LONGEST_QUERY = 200
NO_ISSUER = "未注明"
SORTS = {"date": "日期（新的在前）", "title": "名称", "added": "最近入库"}
_PASSAGES = 400  # of a search in the text that are looked at
_BRACKETS = str.maketrans("〔［【[〕］】]", "(((())))", " \t\r\n\u00a0\u3000\u200b\ufeff《》〈〉")


@dataclass(frozen=True)
class ShelfQuery:
    """What a person asked the list for. Of each facet the values are alternatives; none means all.

    ``in_text``: ``words`` are looked for in the text, otherwise in title, number and issuer.
    """

    words: str = ""
    in_text: bool = False
    collections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    validities: tuple[str, ...] = ()
    sort: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(
            self.words.strip() or self.collections or self.kinds or self.issuers or self.validities
        )


@dataclass(frozen=True)
class FacetValue:
    """A value that the list can be narrowed to, and how many documents would be in it then."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list; ``parameter`` is its name in the address."""

    parameter: str
    title: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class Found:
    """Where a search in the text found its words: a range of the document's text."""

    text: str
    start: int
    end: int
    path: str


@dataclass(frozen=True)
class ShelfRow:
    """One document of the list, with the passage that was found."""

    document: DocumentRecord
    found: Found | None = None


@dataclass(frozen=True)
class ShelfView:
    """One page of the list. ``whole`` documents exist for the person, ``total`` fit the query.

    ``note`` is a Chinese line on how the words were taken, or "".
    """

    query: ShelfQuery
    rows: tuple[ShelfRow, ...]
    total: int
    whole: int
    pages: int
    facets: tuple[Facet, ...]
    note: str = ""


@dataclass(frozen=True)
class _Dimension:
    parameter: str
    title: str
    of: Callable[[DocumentRecord], str]
    chosen: frozenset[str]
    order: Callable[[str, int], object]
    name: Callable[[str], str] = field(default=lambda value: value)


def browse(service: Service, query: ShelfQuery) -> ShelfView:
    """The page of the list that ``query`` asks for, over the documents of ``service``."""
    documents = service.documents()
    found: Mapping[str, Found | None]
    found, note = _matching(service, documents, query)
    places = {document_id: place for place, document_id in enumerate(found)}
    fitting, facets = _narrowed([d for d in documents if d.document_id in found], query)
    by_relevance = query.in_text and query.words.strip() and query.sort not in SORTS
    if by_relevance:
        fitting.sort(key=lambda one: places[one.document_id])
    else:
        _sort(fitting, query.sort)
    pages = max(1, -(-len(fitting) // PER_PAGE))
    page = min(max(1, query.page), pages)
    rows = fitting[(page - 1) * PER_PAGE : page * PER_PAGE]
    return ShelfView(
        query=query,
        rows=tuple(ShelfRow(one, found[one.document_id]) for one in rows),
        total=len(fitting),
        whole=len(documents),
        pages=pages,
        facets=facets,
        note=note,
    )


def _matching(
    service: Service, documents: Sequence[DocumentRecord], query: ShelfQuery
) -> tuple[dict[str, Found | None], str]:
    """The documents that the words are in, by id, the best first."""
    words = [folded(word) for word in query.words[:LONGEST_QUERY].split()]
    words = [word for word in words if word]
    if not words or not documents:
        return {one.document_id: None for one in documents}, ""
    if query.in_text:
        return _in_text(service, query.words[:LONGEST_QUERY], words)
    return {
        one.document_id: None
        for one in documents
        if all(word in _headline(one.title, one.doc_number, one.issuer) for word in words)
    }, ""


def _in_text(
    service: Service, written: str, words: Sequence[str]
) -> tuple[dict[str, Found | None], str]:
    """By the lexical index: passages with every word as written, else those with most of them."""
    library = service.library
    library.refresh()
    selection = library.select(SearchFilter(exclude_validity=()))
    ranked = [one for one, _ in library.lexical.search(written, _PASSAGES, selection)]
    passages = library.catalog.passages_by_id(ranked)
    kept = [passages[one] for one in ranked if one in passages]
    exact = [one for one in kept if all(word in folded(one.text) for word in words)]
    note = ""
    if not exact and kept:
        note = "没有哪一段同时写着这些词，下面按相近程度列出。"
    found: dict[str, Found | None] = {}
    for one in exact or kept:
        found.setdefault(one.document_id, Found(one.text, one.start, one.end, one.path))
    return found, note


def _narrowed(
    documents: Iterable[DocumentRecord], query: ShelfQuery
) -> tuple[list[DocumentRecord], tuple[Facet, ...]]:
    """Those within every facet; and each facet's counts over what the other facets admit."""
    dimensions = _dimensions(query)
    counts: list[Counter[str]] = [Counter() for _ in dimensions]
    fitting: list[DocumentRecord] = []
    for document in documents:
        values = [one.of(document) for one in dimensions]
        failing = [
            place
            for place, (one, value) in enumerate(zip(dimensions, values, strict=True))
            if one.chosen and value not in one.chosen
        ]
        if not failing:
            fitting.append(document)
            for count, value in zip(counts, values, strict=True):
                count[value] += 1
        elif len(failing) == 1:
            counts[failing[0]][values[failing[0]]] += 1
    pairs = zip(dimensions, counts, strict=True)
    return fitting, tuple(_facet(one, count) for one, count in pairs)


def _dimensions(query: ShelfQuery) -> tuple[_Dimension, ...]:
    def listed(known: Sequence[str]) -> Callable[[str, int], object]:
        return lambda value, _: known.index(value) if value in known else len(known)

    return (
        _Dimension(
            "collection",
            "文库",
            lambda one: one.collection,
            frozenset(query.collections),
            lambda value, _: value,
        ),
        _Dimension(
            "kind",
            "类别",
            lambda one: one.kind,
            frozenset(query.kinds),
            listed(KINDS),
            lambda value: KIND_NAMES.get(value, value),
        ),
        _Dimension(
            "status",
            "状态",
            lambda one: one.validity,
            frozenset(query.validities),
            listed(VALIDITIES),
        ),
        _Dimension(
            "issuer",
            "发文机关",
            lambda one: one.issuer or NO_ISSUER,
            frozenset(query.issuers),
            lambda value, count: (value == NO_ISSUER, -count, value),
        ),
    )


def _facet(dimension: _Dimension, counts: Mapping[str, int]) -> Facet:
    """Chosen values stay in sight, also where they have nothing left."""
    values = {**dict.fromkeys(dimension.chosen, 0), **counts}
    ordered = sorted(values, key=lambda value: dimension.order(value, values[value]))  # type: ignore[arg-type, return-value]
    return Facet(
        dimension.parameter,
        dimension.title,
        tuple(
            FacetValue(one, dimension.name(one), values[one], one in dimension.chosen)
            for one in ordered
        ),
    )


def _sort(documents: list[DocumentRecord], order: str) -> None:
    documents.sort(key=lambda one: (one.title, one.document_id))
    if order == "title":
        return
    if order == "added":
        long_ago = datetime(1, 1, 1, tzinfo=UTC)
        documents.sort(key=lambda one: one.indexed_at or long_ago, reverse=True)
        return
    documents.sort(key=lambda one: one.effective or one.issued or date.min, reverse=True)


@lru_cache(maxsize=65_536)
def _headline(title: str, number: str | None, issuer: str | None) -> str:
    return "\n".join(folded(part) for part in (title, number, issuer) if part)


@lru_cache(maxsize=4_096)
def folded(text: str) -> str:
    """As words are compared: half width, lower case, without white space, brackets alike."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_BRACKETS)
