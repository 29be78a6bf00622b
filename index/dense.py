"""Nearest passages of a vector among selected documents.

Chroma searches a graph of all vectors. Few selected documents are hard for it: with 1 % of
26 thousand passages selected its own filter takes 70 ms where a product over their vectors takes
3, and the graph's recall falls (``python -m bench.filters``). So there are three ways, by how much
is selected: the graph as it is, a longer list of it cut down to the selection, and an exact
product over the selection's vectors, which are kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.selection import Selection
from index.vectors import VectorStore

EXACT_PASSAGES = 50_000
"""Selections up to this size are searched exactly: at most 77 MB of vectors, 6 ms a query."""
OVERFETCH = 2.0
"""How much longer than k / share the graph's list is, as the selection is not spread evenly."""
DEEPEST = 1_000
"""Longest list asked of the graph: 27 ms."""
IN_ONE_FILTER = 5_000
"""Documents that one of Chroma's filters may name, well below SQLite's limit on values."""
_KEPT_ROWS = 100_000


@dataclass(frozen=True)
class _Matrix:
    ids: Sequence[str]
    vectors: np.ndarray  # float32 (n, d)


class DenseSearch:
    """Searches one vector store; keeps the vectors of the last small selections."""

    def __init__(self, store: VectorStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, str, frozenset[str]], _Matrix] = OrderedDict()

    def search(
        self, vector: np.ndarray, k: int, selection: Selection, generation: int = 0
    ) -> list[tuple[str, float]]:
        """The ``k`` nearest passages of the selection as (passage_id, cosine), best first.

        ``generation`` is that of the stores: what is kept of an older one is not used. Equal
        cosines are in the order of their ids.
        """
        found: list[tuple[str, float]] = []
        for name in selection.collections:
            found.extend(self._collection(name, vector, k, selection, generation))
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return found[:k]

    def _collection(
        self, name: str, vector: np.ndarray, k: int, selection: Selection, generation: int
    ) -> list[tuple[str, float]]:
        if selection.whole:
            return [(one, cosine) for one, cosine, _ in self._store.nearest(name, vector, k)]
        if not selection.allowed or k < 1:
            return []
        depth = int(k / max(selection.share, 1e-9) * OVERFETCH)
        if depth <= DEEPEST:
            near = self._store.nearest(name, vector, depth)
            passed = [(one, cosine) for one, cosine, doc in near if doc in selection]
            if len(passed) >= k or len(near) < depth:
                return passed[:k]
        if selection.passages <= EXACT_PASSAGES:
            return self._exact(name, vector, k, selection, generation)
        documents = sorted(selection.allowed)
        return [
            (one, cosine)
            for at in range(0, len(documents), IN_ONE_FILTER)
            for one, cosine, _ in self._store.nearest(
                name, vector, k, documents[at : at + IN_ONE_FILTER]
            )
        ]

    def _exact(
        self, name: str, vector: np.ndarray, k: int, selection: Selection, generation: int
    ) -> list[tuple[str, float]]:
        matrix = self._matrix(name, selection.allowed, generation)
        if not len(matrix.ids):
            return []
        cosines = matrix.vectors @ np.asarray(vector, np.float32)
        best = np.argsort(-cosines, kind="stable")[:k]
        return [(matrix.ids[i], float(cosines[i])) for i in best]

    def _matrix(self, name: str, documents: frozenset[str], generation: int) -> _Matrix:
        key = (generation, name, documents)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        ids, vectors = self._store.vectors_of_documents(name, sorted(documents))
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        made = _Matrix(ids, vectors / np.maximum(norms, 1e-12))
        with self._lock:
            self._kept[key] = made
            while sum(len(one.ids) for one in self._kept.values()) > _KEPT_ROWS:
                self._kept.popitem(last=False)
        return made
