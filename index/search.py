"""Hybrid search: words and vectors find candidates, a ranker orders them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from index.catalog import Catalog
from index.dense import DenseSearch
from index.lexical import BIGRAM_WEIGHT, LexicalIndex
from index.ranking.base import Asked, Candidate, Ranker
from index.records import DocumentRecord, Hit
from index.selection import Selection
from index.synonyms import Synonyms
from index.vectors import VectorStore
from index.words import cut, distinct

if TYPE_CHECKING:
    from index.encoder.base import Encoder
    from index.encoder.query_adapter import QueryAdapter

First = TypeVar("First")
Second = TypeVar("Second")

MAX_QUESTION = 2_000
"""Characters that the encoder is given; it reads at most 512 tokens anyway."""
DEPTH = 60
"""Candidates from each side, at least."""
PART = "part:"
"""Prefix, in ``Hit.extra``, of what the fused score is the sum of."""
FOLDED_FROM = 3
"""How many times k ranked passages are looked at for k different ones."""


@dataclass(frozen=True)
class Stores:
    """What is searched."""

    catalog: Catalog
    vectors: VectorStore
    dense: DenseSearch
    lexical: LexicalIndex
    documents: Mapping[str, DocumentRecord]
    doubtful: frozenset[str]  # documents of unknown validity with another version in force
    generation: int  # of the stores


@dataclass(frozen=True)
class _Found:
    """Both lists (passage_id, score), best first, and the two vectors of the question."""

    lexical: list[tuple[str, float]]
    dense: list[tuple[str, float]]
    vector: np.ndarray
    adapted: np.ndarray
    expansions: dict[str, float]


class HybridSearch:
    """Answers a query from both stores with records of the catalog."""

    def __init__(
        self,
        stores: Stores,
        encoder: Callable[[], Encoder],
        ranker: Ranker,
        adapter: QueryAdapter | None = None,
        synonyms: Synonyms | None = None,
    ) -> None:
        self._stores = stores
        self._encoder = encoder
        self._ranker = ranker
        self._adapter = adapter
        self._synonyms = synonyms or Synonyms({})

    def with_adapter(self, adapter: QueryAdapter | None) -> HybridSearch:
        """The same search with another map of questions: for training and evaluation."""
        return HybridSearch(self._stores, self._encoder, self._ranker, adapter, self._synonyms)

    def ranked(self, query: str, k: int, selection: Selection) -> list[Hit]:
        """The best ``k`` passages of the selection, best first; [] for a blank query.

        The same library and query give the same order, and a smaller ``k`` its beginning: what is
        found beyond ``DEPTH`` on either side stands behind what is found above.
        """
        question = clean(query)
        if not question or k < 1 or not selection.allowed:
            return []
        asked = self.asked(question)
        ordered = self._ordered(asked, self.candidates(question, DEPTH, selection))
        if len(ordered) < k and k > DEPTH:
            above = {hit.passage.passage_id for hit in ordered}
            deeper = self._ordered(asked, self.candidates(question, k, selection))
            ordered += [hit for hit in deeper if hit.passage.passage_id not in above]
        return ordered[:k]

    def _ordered(self, asked: Asked, candidates: Sequence[Candidate]) -> list[Hit]:
        """The candidates of a question as hits, best first."""
        if not candidates:
            return []
        parts = self._ranker.scores(asked, candidates)
        scores = parts.sum(axis=1)
        order = sorted(
            range(len(candidates)),
            key=lambda i: (-round(float(scores[i]), 6), candidates[i].passage.passage_id),
        )
        names = [f"{PART}{name}" for name in self._ranker.parts]
        return [
            _hit(
                candidates[i], float(scores[i]), dict(zip(names, map(float, parts[i]), strict=True))
            )
            for i in order
        ]

    def sides(self, query: str, depth: int, selection: Selection) -> dict[str, list[str]]:
        """Passage ids that each side alone finds (``lexical``, ``dense``), best first."""
        question = clean(query)
        if not question or not selection.allowed:
            return {"lexical": [], "dense": []}
        found = self._find(question, depth, selection)
        return {
            "lexical": [one for one, _ in found.lexical],
            "dense": [one for one, _ in found.dense],
        }

    def candidates(self, question: str, depth: int, selection: Selection) -> list[Candidate]:
        """What either side found, with the scores of both sides for each."""
        found = self._find(question, depth, selection)
        plain: Sequence[tuple[str, float]] = ()
        if self._adapter:  # without a map the same search again
            plain = self._stores.dense.search(
                found.vector, depth // 2, selection, self._stores.generation
            )
        ids = list(dict.fromkeys(one for one, _ in (*found.lexical, *found.dense, *plain)))
        passages = self._stores.catalog.passages_by_id(ids)
        known = {
            one: self._stores.documents[passages[one].document_id]
            for one in ids  # a store may name passages that are gone
            if one in passages
            and passages[one].document_id in selection
            and passages[one].document_id in self._stores.documents
        }
        scores, vectors = together(
            lambda: self._stores.lexical.scores(question, list(known), found.expansions),
            lambda: self._vectors(known),
        )
        lexical = {one: rank for rank, (one, _) in enumerate(found.lexical, start=1)}
        dense = {one: rank for rank, (one, _) in enumerate(found.dense, start=1)}
        candidates = []
        for one, document in known.items():
            score, vector = scores.get(one), vectors.get(one)
            candidates.append(
                Candidate(
                    passage=passages[one],
                    document=document,
                    lexical_rank=lexical.get(one),
                    dense_rank=dense.get(one),
                    words=score.words if score else 0.0,
                    bigrams=score.bigrams if score else 0.0,
                    dense=float(vector @ found.vector) if vector is not None else 0.0,
                    adapted=float(vector @ found.adapted) if vector is not None else 0.0,
                    doubtful=document.document_id in self._stores.doubtful,
                )
            )
        return candidates

    def _find(self, question: str, depth: int, selection: Selection) -> _Found:
        words = distinct(cut(question), 200)
        expansions = self._synonyms.expansions(words)

        def by_meaning() -> tuple[list[tuple[str, float]], np.ndarray, np.ndarray]:
            vector = self._encoder().encode_queries([question[:MAX_QUESTION]])[0]
            adapted = self._adapter(vector) if self._adapter else vector
            found = self._stores.dense.search(adapted, depth, selection, self._stores.generation)
            return found, vector, adapted

        lexical, (dense, vector, adapted) = together(
            lambda: self._stores.lexical.search(question, depth, selection, expansions),
            by_meaning,
        )
        return _Found(lexical, dense, vector, adapted, expansions)

    def _vectors(self, known: Mapping[str, DocumentRecord]) -> dict[str, np.ndarray]:
        groups: dict[str, list[str]] = {}
        for one, document in known.items():
            groups.setdefault(document.collection, []).append(one)
        found: dict[str, np.ndarray] = {}
        for name, ids in groups.items():
            found.update(self._stores.vectors.vectors_of(name, ids))
        return found

    def asked(self, question: str) -> Asked:
        """The question with the weights of its words in this library."""
        words = distinct(cut(question), 200)
        counts, total = self._stores.lexical.document_frequency(words)
        idf = {
            word: math.log(1 + (total - min(count, total) + 0.5) / (count + 0.5))
            for word, count in counts.items()
        }
        return Asked(question, idf)


def together(beside: Callable[[], First], here: Callable[[], Second]) -> tuple[First, Second]:
    """What two functions give, the first run in a thread beside the second.

    Both sides spend their time outside Python. An error of either is raised here, after both.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="search") as pool:
        first = pool.submit(beside)
        second = here()
        return first.result(), second


def clean(query: str) -> str:
    """A query without lone surrogates and outer blanks."""
    return query.encode("utf-8", "replace").decode().strip()


def _hit(candidate: Candidate, score: float, parts: dict[str, float]) -> Hit:
    return Hit(
        passage=candidate.passage,
        document=candidate.document,
        score=score,
        lexical_rank=candidate.lexical_rank,
        dense_rank=candidate.dense_rank,
        lexical_score=candidate.words + BIGRAM_WEIGHT * candidate.bigrams,
        dense_score=candidate.dense,
        extra={
            "words": candidate.words,
            "bigrams": candidate.bigrams,
            "adapted": candidate.adapted,
            **parts,
        },
    )
