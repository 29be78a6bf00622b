"""What answering needs of a library, with small caches that a new version of a document voids."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from assistant.evidence import WordWeights
from assistant.shapes import DocumentView
from assistant.text import fold
from index.records import SUPERSEDED, DocumentRecord, Hit, SearchFilter
from index.words import cut

if TYPE_CHECKING:
    from index.library import Library

_T = TypeVar("_T")
_DOCUMENTS_KEPT = 48
_VECTORS_KEPT = 4096


class Recent:
    """A thread-safe store of the last ``size`` values made."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[object, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object, make: Callable[[], _T]) -> _T:
        """The value kept for ``key``, made when there is none."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]  # type: ignore[return-value]
        value = make()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return value

    def missing(self, keys: Sequence[object]) -> list[int]:
        """Positions of the keys not kept."""
        with self._lock:
            return [i for i, key in enumerate(keys) if key not in self._kept]


class LibraryView:
    """Read access to a library for one answerer."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._documents = Recent(_DOCUMENTS_KEPT)
        self._vectors = Recent(_VECTORS_KEPT)

    def search(self, query: str, k: int, flt: SearchFilter) -> list[Hit]:
        """The library's own search."""
        return self._library.search(query, k, flt)

    def document(self, record: DocumentRecord) -> DocumentView:
        """Text and passages of a document."""

        def read() -> DocumentView:
            catalog = self._library.catalog
            passages = sorted(catalog.passages(record.document_id), key=lambda p: p.ordinal)
            return DocumentView(record, catalog.document_text(record.document_id), tuple(passages))

        return self._documents.get((record, record.content_hash), read)

    def text(self, record: DocumentRecord) -> str:
        """A document's text."""
        return self.document(record).text

    def similar(self, query: str, texts: list[str]) -> list[float]:
        """Cosine of ``query`` to each text; the texts not seen lately are encoded in one batch."""
        encoder = self._library.encoder
        wanted = self._vectors.get(("q", query), lambda: encoder.encode_queries([query])[0])
        absent = [texts[i] for i in self._vectors.missing([("p", text) for text in texts])]
        fresh = dict(zip(absent, encoder.encode_passages(absent), strict=True)) if absent else {}

        def row(text: str) -> np.ndarray:
            if text in fresh:
                return fresh[text]
            return encoder.encode_passages([text])[0]

        def kept(text: str) -> np.ndarray:
            return self._vectors.get(("p", text), lambda: row(text))

        return [float(np.dot(wanted, kept(text))) for text in texts]

    def word_weights(self, words: Sequence[str], hits: Sequence[Hit]) -> WordWeights:
        """Weights of words by how rare they are in the library."""
        frequency = getattr(self._library, "document_frequency", None)
        if frequency is not None:
            parts = {word: cut(word) for word in words}
            counts, total = frequency({part for cuts in parts.values() for part in cuts})
            return WordWeights(
                words,
                lambda word: min((counts.get(p, 0) for p in parts[word]), default=0),
                total,
            )
        texts = [fold(f"{h.document.title}{h.passage.path}{h.passage.text}") for h in hits]
        return WordWeights(
            words, lambda word: sum(word in text for text in texts), max(len(texts), 2)
        )

    def find_document(
        self, title: str, query: str, flt: SearchFilter, wants_old: bool
    ) -> DocumentView | None:
        """The document of that title; without a title, the only one that the filter admits.

        Of several versions the one in force, or the old one where ``wants_old``.
        """
        documents = self._admitted(flt)
        if title:
            documents = [d for d in documents if same_title(title, d.title)]
        elif len(documents) != 1:
            named = [d for d in documents if named_in(d.title, query)]
            longest = max((len(bare_title(d.title)) for d in named), default=0)
            documents = [d for d in named if len(bare_title(d.title)) == longest]
        if not documents:
            return None
        wanted = bare_title(title)

        def order(record: DocumentRecord) -> tuple[bool, int, str]:
            gap = abs(len(bare_title(record.title)) - len(wanted)) if wanted else 0
            newest = str(record.effective or record.issued or "")
            return (
                is_old(record) != wants_old,
                gap,
                "".join(chr(0x7F - ord(c)) for c in newest),
            )

        return self.document(min(documents, key=order))

    def older_versions(self, record: DocumentRecord) -> list[DocumentRecord]:
        """Superseded documents of the same family and collection."""
        if not record.family:
            return []
        return [
            other
            for other in self._records()
            if other.family == record.family
            and other.collection == record.collection
            and other.document_id != record.document_id
            and other.validity in SUPERSEDED
        ]

    def _records(self) -> list[DocumentRecord]:
        """All documents, read again when the catalog has changed."""
        catalog = self._library.catalog
        return self._documents.get(("all", catalog.generation), catalog.documents)

    def _admitted(self, flt: SearchFilter) -> list[DocumentRecord]:
        return [
            record
            for record in self._records()
            if (not flt.collections or record.collection in flt.collections)
            and (not flt.kinds or record.kind in flt.kinds)
            and (not flt.document_ids or record.document_id in flt.document_ids)
            and record.validity not in flt.exclude_validity
        ]


def bare_title(title: str) -> str:
    """A folded title less what people leave out of it."""
    folded = fold(title)
    for dropped in ("中华人民共和国", "(示例)", "示例", "()"):
        folded = folded.replace(dropped, "")
    return folded


def same_title(asked: str, title: str) -> bool:
    """Whether a title is the one asked for, whole or without 中华人民共和国 and the like."""
    left, right = bare_title(asked), bare_title(title)
    return bool(left and right) and (left in right or (len(right) >= 4 and right in left))


def named_in(title: str, query: str) -> bool:
    """Whether the question names the title without book marks."""
    bare = bare_title(title)
    return len(bare) >= 4 and bare in fold(query)


def is_old(record: DocumentRecord) -> bool:
    """Whether a document is no longer in force, or a trial version."""
    return record.validity in SUPERSEDED or "试行" in record.title
