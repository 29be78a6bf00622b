"""The whole way of a query: filter, address, both searches, fusion, reranking, folding."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from index.address import AddressResolver, Resolution
from index.dense import DenseSearch
from index.encoder.cpu import usable_cpus
from index.encoder.query_adapter import adapter_for
from index.folding import fold
from index.ranking.factory import make_ranker
from index.records import (
    VALIDITY_CURRENT,
    VALIDITY_UNKNOWN,
    DocumentRecord,
    Hit,
    SearchFilter,
)
from index.rerank.factory import make_rerank_stage
from index.rerank.stage import RerankOutcome, RerankStage
from index.search import FOLDED_FROM, HybridSearch, Stores
from index.selection import Selection, Selector
from index.synonyms import FILE_NAME, Synonyms, read_synonyms
from index.versions.asked import asked_version, choose

if TYPE_CHECKING:
    from index.library import Library

BY_ADDRESS = "按条号直接找到"
NAMED = "问题里点名的条文"
MOST_NAMED = 5
"""Passages that an address may put in front of a question that asks for more than its wording."""

TRIES = 2
"""How often a search is made when the catalog was written to meanwhile."""


@dataclass(frozen=True)
class SearchResult:
    """What a search gives: hits, best first, and what to tell the asker beside them."""

    hits: list[Hit]
    notes: tuple[str, ...] = ()  # Chinese: no such article, a misspelt title, an old version
    resolution: Resolution | None = None
    rerank: RerankOutcome = field(default_factory=RerankOutcome)


class Finder:
    """Searches one library; keeps what is worth keeping between queries. Thread-safe."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._selector = Selector(self._documents, self._validity)
        self._resolver = AddressResolver(library.catalog, documents=lambda: self._documents()[1])
        self._rerank = make_rerank_stage(library.settings, library.encoder)
        self._ranker = make_ranker(library.settings.fusion)
        self.dense = DenseSearch(library.vectors)
        self._synonyms: tuple[int, Synonyms] | None = None
        self._doubtful: tuple[object, frozenset[str]] = (None, frozenset())
        self._searching = 0

    # -- parts ---------------------------------------------------------------

    def select(self, flt: SearchFilter) -> Selection:
        """The documents that a filter admits."""
        return self._selector.select(flt)

    def resolve(
        self, question: str, flt: SearchFilter, context: Sequence[str] = ()
    ) -> Resolution | None:
        """Where the addresses of a question lead; see ``AddressResolver.resolve``."""
        return self._resolver.resolve(question, flt, context)

    def synonyms(self) -> Synonyms:
        """Those of the home, read again when the file has changed; LibraryError where unusable."""
        path = self._library.settings.home / FILE_NAME
        stamp = path.stat().st_mtime_ns if path.is_file() else 0
        with self._lock:
            if self._synonyms is None or self._synonyms[0] != stamp:
                self._synonyms = (stamp, read_synonyms(self._library.settings.home))
            return self._synonyms[1]

    def hybrid(self) -> HybridSearch:
        """The search over what the stores hold now."""
        library = self._library
        stores = Stores(
            library.catalog,
            library.vectors,
            self.dense,
            library.lexical,
            library.documents()[1],
            self.doubtful(),
            library.stores_seen,
        )
        return HybridSearch(
            stores,
            lambda: library.encoder,
            self._ranker,
            adapter_for(library.encoder.name),
            self.synonyms(),
        )

    def doubtful(self) -> frozenset[str]:
        """Documents of unknown validity while another version of the same rule is in force."""
        documents = self._library.documents()[1]
        with self._lock:
            if self._doubtful[0] is not documents:
                current = {
                    one.family for one in documents.values() if one.validity == VALIDITY_CURRENT
                }
                self._doubtful = (
                    documents,
                    frozenset(
                        name
                        for name, one in documents.items()
                        if one.family and one.validity == VALIDITY_UNKNOWN and one.family in current
                    ),
                )
            return self._doubtful[1]

    def replace_reranker(self, stage: RerankStage) -> None:
        """Use another reranker from now on, as one made in code."""
        self._rerank = stage

    def warm_up(self) -> None:
        """Load the reranker, if there is one."""
        if self._rerank.candidates:
            self._rerank.warm_up()

    # -- searching -----------------------------------------------------------

    def find(
        self,
        query: str,
        k: int,
        flt: SearchFilter,
        context: Sequence[str] = (),
        rerank: bool = True,
    ) -> SearchResult:
        """The best ``k`` different passages, those of an address first.

        ``context`` are the documents that the conversation is about, the latest first. Without
        ``rerank``, and while more searches are under way than there are processors, the fused
        order stays, whatever the settings say. What is found is of one state of the catalog, also
        while another process writes.
        """
        if not query.strip() or k < 1:
            return SearchResult([])
        with self._counted() as under_way:
            rerank = rerank and under_way <= usable_cpus()
            for _ in range(TRIES):
                generation = self._library.documents()[0]
                result = self._find(query, k, flt, context, rerank)
                if self._library.catalog.generation == generation:
                    return result
            return replace(result, hits=self._of_one_state(result.hits, flt))

    @contextmanager
    def _counted(self) -> Iterator[int]:
        """How many searches are under way, this one among them."""
        with self._lock:
            self._searching += 1
            under_way = self._searching
        try:
            yield under_way
        finally:
            with self._lock:
                self._searching -= 1

    def _of_one_state(self, hits: Sequence[Hit], flt: SearchFilter) -> list[Hit]:
        """The hits as they stand in the catalog at one moment; those that are gone are left out."""
        folded = [one.passage.passage_id for hit in hits for one in hit.folded]
        rows = self._library.catalog.passages_with_documents([*_ids(hits), *folded])
        day = flt.as_of or date.today()

        def renewed(hit: Hit) -> Hit | None:
            row = rows.get(hit.passage.passage_id)
            if row is None:
                return None
            passage, document = row
            validity = self._validity(document, day)
            among = tuple(filter(None, map(renewed, hit.folded)))
            return replace(
                hit, passage=passage, document=replace(document, validity=validity), folded=among
            )

        return list(filter(None, map(renewed, hits)))

    def _find(
        self, query: str, k: int, flt: SearchFilter, context: Sequence[str], rerank: bool
    ) -> SearchResult:
        flt, notes = self._of_asked_version(query, flt)
        if flt.as_of and flt.as_of > date.today():
            notes = (
                *notes,
                f"{flt.as_of:%Y-%m-%d} 还没有到，效力按现有文件推定，届时可能已有变化。",
            )
        resolution = self._resolver.resolve(query, flt, context)
        ranked = self.hybrid().ranked(query, FOLDED_FROM * max(k, 10), self.select(flt))
        reranked, outcome = ranked, RerankOutcome()
        if rerank:
            reranked, outcome = self._reranked(query, ranked, resolution)
        hits = self._on_day(fold(_addressed(resolution, reranked), k)[:k], flt)
        if resolution:
            notes = (*notes, *resolution.messages, *resolution.notes)
        return SearchResult(hits, notes, resolution, outcome)

    def _reranked(
        self, query: str, ranked: list[Hit], resolution: Resolution | None
    ) -> tuple[list[Hit], RerankOutcome]:
        """The reranker's order; the fused one where an address says which passages come first."""
        if resolution is not None and resolution.exact and resolution.passages:
            return ranked, RerankOutcome()
        return self._rerank.rerank(query, ranked)

    def stages(
        self, query: str, depth: int, flt: SearchFilter, hybrid: HybridSearch | None = None
    ) -> dict[str, list[str]]:
        """Passage ids by stage, best first: ``lexical``, ``dense``, ``fused``, ``reranked``.

        ``fused`` and ``reranked`` are what a search would show, addresses and folding included;
        ``reranked`` is there only where the settings name a reranker. ``hybrid`` replaces the
        library's own search, for evaluation.
        """
        flt, _ = self._of_asked_version(query, flt)
        selection = self.select(flt)
        hybrid = hybrid or self.hybrid()
        found = hybrid.sides(query, depth, selection)
        resolution = self._resolver.resolve(query, flt)
        ranked = hybrid.ranked(query, FOLDED_FROM * depth, selection)
        found["fused"] = _ids(fold(_addressed(resolution, ranked), depth)[:depth])
        if self._rerank.candidates:
            reranked, _ = self._reranked(query, ranked, resolution)
            found["reranked"] = _ids(fold(_addressed(resolution, reranked), depth)[:depth])
        return found

    # -- versions ------------------------------------------------------------

    def _of_asked_version(
        self, query: str, flt: SearchFilter
    ) -> tuple[SearchFilter, tuple[str, ...]]:
        """The filter with the versions that the question asks for in today's place.

        Only where the filter itself would leave old versions out.
        """
        asked = asked_version(query) if flt.exclude_validity and flt.as_of is None else None
        if asked is None:
            return flt, ()
        if asked.as_of is not None:
            return replace(flt, as_of=asked.as_of), (
                f"按 {asked.as_of:%Y-%m-%d} 当时有效的规定查找。",
            )
        today = date.today()
        wanted = set(self.select(flt).allowed)
        every = self.select(replace(flt, exclude_validity=()))
        swapped = False
        for chain in self._library.versions.chains:
            if len(chain.versions) < 2:
                continue
            chosen = choose(chain, asked, today)
            if chosen is not None and chosen in every and chosen not in wanted:
                wanted -= {one.document_id for one in chain.versions}
                wanted.add(chosen)
                swapped = True
        if not swapped:
            return flt, ()
        return replace(flt, exclude_validity=(), document_ids=tuple(sorted(wanted))), ()

    def _validity(self, record: DocumentRecord, day: date) -> str:
        if day == date.today():
            return record.validity  # the library's documents have that of today
        return self._library.versions.status(record.document_id, day).validity

    def _on_day(self, hits: list[Hit], flt: SearchFilter) -> list[Hit]:
        """Hits whose documents show the validity of the day that was asked for."""
        day = flt.as_of
        if day is None:
            return hits
        return [
            replace(hit, document=replace(hit.document, validity=self._validity(hit.document, day)))
            for hit in hits
        ]

    def _documents(self) -> tuple[int, Sequence[DocumentRecord]]:
        generation, documents = self._library.documents()
        return generation, list(documents.values())


def _addressed(resolution: Resolution | None, ranked: Sequence[Hit]) -> list[Hit]:
    """The passages that an address names before all others."""
    if resolution is None or not resolution.passages:
        return list(ranked)
    passages = resolution.passages if resolution.exact else resolution.passages[:MOST_NAMED]
    documents = resolution.documents
    rule = BY_ADDRESS if resolution.exact else NAMED
    best = ranked[0].score if ranked else 0.0
    known = {hit.passage.passage_id: hit for hit in ranked}
    named = []
    for place, passage in enumerate(passages):
        hit = known.get(passage.passage_id) or Hit(passage, documents[passage.document_id], 0.0)
        named.append(replace(hit, score=best + 1.0 + (len(passages) - place) * 1e-6, rule=rule))
    ids = {hit.passage.passage_id for hit in named}
    return [*named, *(hit for hit in ranked if hit.passage.passage_id not in ids)]


def _ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.passage_id for hit in hits]
