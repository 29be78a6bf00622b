"""What answering needs of a library, with small caches that a new version of a document voids."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from assistant.evidence import WordWeights
from assistant.shapes.view import DocumentView
from assistant.text import bare_title, fold
from index.address.titles import TitleIndex
from index.encoder.base import on_e5_scale
from index.records import SUPERSEDED, DocumentRecord, Hit, SearchFilter
from index.words import cut

if TYPE_CHECKING:
    from index.address import Resolution
    from index.library import Library

_T = TypeVar("_T")
_CHARACTERS_KEPT = 4_000_000
"""Of documents with their passages: some 50 MB, or the statutes of a whole country."""
_VECTORS_KEPT = 4096
_NAMED_KEPT = 64
_SHORTEST = 6  # characters of a title's ending that name it
_RULE_NOUN = re.compile("办法|规定|条例|规程|准则|细则|规则|制度|意见|方案|指引|手册|材料|通知")


class Recent:
    """A thread-safe store of the last values made, of ``size`` together.

    ``weigh`` says how much one counts; the newest is kept whatever its size.
    """

    def __init__(self, size: int, weigh: Callable[[Any], int] = lambda _: 1) -> None:
        self._size = size
        self._weigh = weigh
        self._held = 0
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
            if key not in self._kept:
                self._held += self._weigh(value)
            self._kept[key] = value
            while self._held > self._size and len(self._kept) > 1:
                self._held -= self._weigh(self._kept.popitem(last=False)[1])
        return value

    def missing(self, keys: Sequence[object]) -> list[int]:
        """Positions of the keys not kept."""
        with self._lock:
            return [i for i, key in enumerate(keys) if key not in self._kept]


class LibraryView:
    """Read access to a library for one answerer."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._documents = Recent(_CHARACTERS_KEPT, lambda view: len(view.text) + 500)
        self._vectors = Recent(_VECTORS_KEPT)
        self._titles = Recent(1)
        self._named = Recent(_NAMED_KEPT)

    def search(self, query: str, k: int, flt: SearchFilter, rerank: bool = True) -> list[Hit]:
        """The library's own search."""
        return self._library.search(query, k, flt, rerank)

    def document(self, record: DocumentRecord) -> DocumentView:
        """Text and passages of a document."""

        def read() -> DocumentView:
            catalog = self._library.catalog
            passages = sorted(catalog.passages(record.document_id), key=lambda p: p.ordinal)
            outline = tuple(catalog.outline(record.document_id))
            text = catalog.document_text(record.document_id)
            return DocumentView(record, text, tuple(passages), outline)

        return self._documents.get((record, record.content_hash), read)

    def text(self, record: DocumentRecord) -> str:
        """A document's text."""
        return self.document(record).text

    def similar(self, query: str, texts: list[str]) -> list[float]:
        """Cosine of ``query`` to each text, on the scale of ``on_e5_scale``.

        The texts not seen lately are encoded in one batch.
        """
        encoder = self._library.encoder
        of = encoder.fingerprint  # vectors of two encoders must never be compared
        wanted = self._vectors.get((of, "q", query), lambda: encoder.encode_queries([query])[0])
        keys = [(of, "p", text) for text in texts]
        absent = [texts[i] for i in self._vectors.missing(keys)]
        fresh = dict(zip(absent, encoder.encode_passages(absent), strict=True)) if absent else {}

        def row(text: str) -> np.ndarray:
            if text in fresh:
                return fresh[text]
            return encoder.encode_passages([text])[0]

        def kept(text: str) -> np.ndarray:
            return self._vectors.get((of, "p", text), lambda: row(text))

        return [on_e5_scale(encoder, float(np.dot(wanted, kept(text)))) for text in texts]

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

    def named_documents(self, question: str) -> tuple[DocumentRecord, ...]:
        """The documents whose titles or short names a question has, with or without 《》."""
        generation, _ = self._library.documents()
        return self._named.get((generation, question), lambda: self._named_in(question, generation))

    def _named_in(self, question: str, generation: int) -> tuple[DocumentRecord, ...]:
        known = self._library.documents()[1]
        index = self._titles.get(generation, lambda: TitleIndex(list(known.values())))
        found: dict[str, DocumentRecord] = {}
        for mention in index.mentions(question):
            for _, record in index.documents(mention.name):
                found.setdefault(record.document_id, record)
        if not found:
            found = {one.document_id: one for one in _by_ending(question, known.values())}
        return tuple(found.values())

    def resolve_address(
        self, question: str, flt: SearchFilter, context: Sequence[str] = ()
    ) -> Resolution | None:
        """Where the articles lead that a question names; ``context`` as in ``Library.find``."""
        return self._library.resolve_address(question, flt, context)

    def family(self, record: DocumentRecord) -> list[DocumentRecord]:
        """All versions of a rule that the library has, the oldest first."""
        chain = self._library.versions.chain_of(record.document_id)
        known = self._library.documents()[1]
        return [known[one.document_id] for one in chain.versions] if chain else []

    def older_versions(self, record: DocumentRecord) -> list[DocumentRecord]:
        """Superseded versions of the same rule."""
        return [
            other
            for other in self.family(record)
            if other.document_id != record.document_id and other.validity in SUPERSEDED
        ]

    def nothing(self, flt: SearchFilter) -> str:
        """What to tell where a search found no passage at all; one Chinese line."""
        if self._library.catalog.documents():
            return (
                "限定的范围里没有可查的内容：文件可能都已失效或尚未施行，"
                "可以放宽文库、日期等条件，或者选择包含旧版本后再问。"
            )
        return "文库里还没有可查的内容，请先把文件导入文库。"

    def same_rule(self, left: DocumentRecord, right: DocumentRecord) -> bool:
        """Whether two documents are versions of one regulation."""
        chain = self._library.versions.chain_of(left.document_id)
        return chain is not None and any(
            one.document_id == right.document_id for one in chain.versions
        )

    def edition(self, record: DocumentRecord) -> date | None:
        """The day on which a document's text was made or last revised; None for unknown."""
        version = self._library.versions.version(record.document_id)
        return (version.edition if version else None) or record.issued or record.effective


def _by_ending(question: str, records: Iterable[DocumentRecord]) -> list[DocumentRecord]:
    """The documents whose titles end as a name in the question does: 国内公务接待管理规定 for
    党政机关国内公务接待管理规定. The longest ending decides; it must be most of the title."""
    asked = fold(question)
    stops = [match.end() for match in _RULE_NOUN.finditer(asked)]
    best, found = _SHORTEST, list[DocumentRecord]()
    for record in records if stops else ():
        title = bare_title(record.title)
        length = max(_common_ending(asked[:stop], title) for stop in stops)
        if length < best or 2 * length < len(title):
            continue
        found = [record] if length > best else [*found, record]
        best = length
    return found


def _common_ending(left: str, right: str) -> int:
    length = 0
    for a, b in zip(reversed(left), reversed(right), strict=False):
        if a != b:
            break
        length += 1
    return length


def same_title(asked: str, title: str) -> bool:
    """Whether a title is the one asked for, whole or without 中华人民共和国 and the like."""
    left, right = bare_title(asked), bare_title(title)
    return bool(left and right) and (left in right or (len(right) >= 4 and right in left))


def is_old(record: DocumentRecord) -> bool:
    """Whether a document is no longer in force, or a trial version."""
    return record.validity in SUPERSEDED or "试行" in record.title
