"""Hybrid search: words and vectors, fused by reciprocal rank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.fusion import reciprocal_rank_fusion
from index.lexical import LexicalIndex
from index.records import DocumentRecord, Hit, SearchFilter
from index.vectors import VectorStore

if TYPE_CHECKING:
    from index.encoder.base import Encoder

MAX_QUESTION = 2_000
"""Characters that the encoder is given; it reads at most 512 tokens anyway."""


@dataclass(frozen=True)
class SearchOptions:
    """How the two sides are asked and put together."""

    depth: int = 60  # passages from each side, at least
    rrf_k: float = 60.0
    lexical_weight: float = 1.0
    dense_weight: float = 1.0


class HybridSearch:
    """Answers a query from both stores with records of the catalog."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        lexical: LexicalIndex,
        encoder: Callable[[], Encoder],
        options: SearchOptions | None = None,
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._lexical = lexical
        self._encoder = encoder
        self._options = options or SearchOptions()

    def search(self, query: str, k: int = 10, flt: SearchFilter | None = None) -> list[Hit]:
        """The best ``k`` passages that pass the filter, best first; [] for a blank query.

        The same library and query give the same order.
        """
        question = query.encode("utf-8", "replace").decode().strip()  # no lone surrogates
        if not question or k < 1:
            return []
        flt = flt or SearchFilter()
        depth = max(self._options.depth, 2 * k)
        lexical = self._lexical.search(question, depth, flt)
        vector = self._encoder().encode_queries([question[:MAX_QUESTION]])[0]
        dense = self._vectors.query(vector, depth, flt, flt.collections or None)
        return self._hits(lexical, dense, k, flt)

    def _hits(
        self,
        lexical: Sequence[tuple[str, float]],
        dense: Sequence[tuple[str, float]],
        k: int,
        flt: SearchFilter,
    ) -> list[Hit]:
        options = self._options
        fused = reciprocal_rank_fusion(
            [[one for one, _ in lexical], [one for one, _ in dense]],
            options.rrf_k,
            (options.lexical_weight, options.dense_weight),
        )
        sides = _places(lexical), _places(dense)
        hits: list[Hit] = []
        for at in range(0, len(fused), k):  # a store may name passages that are gone: go on then
            part = fused[at : at + k]
            passages = self._catalog.passages_by_id(one for one, _ in part)
            documents = self._catalog.documents_by_id(one.document_id for one in passages.values())
            for passage_id, score in part:
                passage = passages.get(passage_id)
                document = documents.get(passage.document_id) if passage else None
                if passage is None or document is None or not _passes(document, flt):
                    continue
                (lexical_rank, lexical_score), (dense_rank, dense_score) = (
                    side.get(passage_id, (None, None)) for side in sides
                )
                hits.append(
                    Hit(
                        passage=passage,
                        document=document,
                        score=score,
                        lexical_rank=lexical_rank,
                        dense_rank=dense_rank,
                        lexical_score=lexical_score,
                        dense_score=dense_score,
                    )
                )
            if len(hits) >= k:
                break
        return hits[:k]


def _passes(document: DocumentRecord, flt: SearchFilter) -> bool:
    """The filter once more on the catalog's own record: a store may be a step behind it."""
    return (
        document.validity not in flt.exclude_validity
        and (not flt.collections or document.collection in flt.collections)
        and (not flt.kinds or document.kind in flt.kinds)
        and (not flt.document_ids or document.document_id in flt.document_ids)
    )


def _places(
    found: Sequence[tuple[str, float]],
) -> dict[str, tuple[int | None, float | None]]:
    return {one: (rank, score) for rank, (one, score) in enumerate(found, start=1)}
