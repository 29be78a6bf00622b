"""Words of the passages in tantivy, ranked by BM25.

The text is cut by ``index.words`` before it goes in; tantivy only splits at blanks. Queries are
put together from terms, never parsed, so that nothing a user types is query syntax.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import LibraryBusy, StoreDamaged, store_error
from index.selection import Selection
from index.words import bigrams, cut, distinct

if TYPE_CHECKING:
    import tantivy

VERSION = "2"
"""Of the fields and of how words are cut; an index of another version must be rebuilt."""

MAX_QUERY_WORDS = 200
MAX_QUERY_CHARS = 20_000
HEAP_BYTES = 64_000_000
WORDS = "words"
"""The cut field: title, path, context and text together. Measured on three sets against fields
of their own with weights: a question that names a document and an article is answered first in
36 % of cases, not 2 %, and lay questions are not worse. Words of a title then weigh what they
weigh in the whole library, and count once.
"""
BIGRAMS = "bigrams"
"""Every two neighbouring characters of the text: finds what was cut into words in another way."""
BIGRAM_WEIGHT = 0.5
RAW_FIELDS = ("passage_id", "document_id", "collection")


@dataclass(frozen=True)
class LexicalScore:
    """BM25 of a passage by its words and by its characters' bigrams; 0 where none is common."""

    words: float = 0.0
    bigrams: float = 0.0

    @property
    def total(self) -> float:
        """What lexical results are ordered by."""
        return self.words + BIGRAM_WEIGHT * self.bigrams


@dataclass(frozen=True)
class LexicalDocument:
    """One passage as it goes in, uncut."""

    passage_id: str
    document_id: str
    collection: str
    title: str
    path: str
    text: str  # with its context, if any


class LexicalIndex:
    """One tantivy index in a folder; one writer at a time, any number of readers.

    Changes are seen by searches after ``commit`` (in this process) or ``reload`` (after another
    process's commit). Raises StoreDamaged when the index cannot be read, LibraryBusy when
    another process writes to it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None

    # -- writing -----------------------------------------------------------

    def add(self, documents: Iterable[LexicalDocument]) -> None:
        """Put passages in the place of those of their ids."""
        import tantivy

        writer = self._writing()
        for document in documents:
            writer.delete_documents_by_term("passage_id", document.passage_id)
            values: dict[str, Any] = {name: getattr(document, name) for name in RAW_FIELDS}
            whole = "\n".join((document.title, document.path, document.text))
            values[WORDS] = " ".join(cut(whole))
            values[BIGRAMS] = " ".join(bigrams(document.text))
            writer.add_document(tantivy.Document(**values))

    def delete(self, passage_ids: Iterable[str]) -> None:
        """Remove passages; unknown ids are passed over."""
        self._delete("passage_id", passage_ids)

    def delete_documents(self, document_ids: Iterable[str]) -> None:
        """Remove every passage of documents."""
        self._delete("document_id", document_ids)

    def delete_collection(self, collection: str) -> None:
        """Remove every passage of a collection."""
        self._delete("collection", [collection])

    def _delete(self, field: str, values: Iterable[str]) -> None:
        writer = self._writing()
        for value in values:
            writer.delete_documents_by_term(field, value)

    def commit(self) -> None:
        """Make the changes durable and visible to searches here."""
        if self._writer is not None:
            self._writer.commit()
            self.reload()

    def release(self) -> None:
        """Let another process write; changes since the last commit are lost."""
        with self._lock:
            writer, self._writer = self._writer, None
        if writer is not None:
            writer.wait_merging_threads()

    def clear(self) -> None:
        """Remove everything, also an index that cannot be read."""
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def close(self) -> None:
        """Let go of the files and the writer; changes since the last commit are lost."""
        with self._lock:
            self._writer = None
            self._index = None

    # -- reading -----------------------------------------------------------

    def search(
        self,
        query: str,
        k: int,
        selection: Selection | None = None,
        expansions: Mapping[str, float] | None = None,
    ) -> list[tuple[str, float]]:
        """The best ``k`` passages of the selection as (passage_id, BM25), best first.

        Any text is a query; of its words the first 200 different ones count. ``expansions`` are
        further words with their weights (1 for a word of the query). Equal scores are in the
        order of their ids.
        """
        query = query[:MAX_QUERY_CHARS]
        words = dict(expansions or {})
        words.update(dict.fromkeys(distinct(cut(query), MAX_QUERY_WORDS), 1.0))
        pairs = dict.fromkeys(distinct(bigrams(query), MAX_QUERY_WORDS), BIGRAM_WEIGHT)
        return self._found({WORDS: words, BIGRAMS: pairs}, k, _restrictions(selection))

    def scores(
        self, query: str, passage_ids: Sequence[str], expansions: Mapping[str, float] | None = None
    ) -> dict[str, LexicalScore]:
        """The scores of certain passages; those with nothing in common with the query are left out."""
        query = query[:MAX_QUERY_CHARS]
        words = dict(expansions or {})
        words.update(dict.fromkeys(distinct(cut(query), MAX_QUERY_WORDS), 1.0))
        pairs = dict.fromkeys(distinct(bigrams(query), MAX_QUERY_WORDS), 1.0)
        among = [("passage_id", list(passage_ids), True)]
        by_word = dict(self._found({WORDS: words}, len(passage_ids), among))
        by_pair = dict(self._found({BIGRAMS: pairs}, len(passage_ids), among))
        return {
            one: LexicalScore(by_word.get(one, 0.0), by_pair.get(one, 0.0))
            for one in (*by_word, *by_pair)
        }

    def _found(
        self,
        terms: Mapping[str, Mapping[str, float]],
        k: int,
        restrictions: Sequence[tuple[str, list[str], bool]],
    ) -> list[tuple[str, float]]:
        index = self._reading()
        if index is None or k < 1 or not any(terms.values()):
            return []
        searcher = index.searcher()
        try:
            question = _question(index.schema, terms, restrictions)
            hits = searcher.search(question, limit=k + 20, count=False).hits
            found = [
                (str(searcher.doc(address).get_first("passage_id")), round(float(score), 5))
                for score, address in hits
            ]
        except (ValueError, OSError) as error:
            raise store_error("全文索引", str(error), self._folder) from error
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return found[:k]

    def document_frequency(self, words: Iterable[str]) -> tuple[dict[str, int], int]:
        """How many passages hold each word (as ``cut`` gives it), and how many there are."""
        index = self._reading()
        if index is None:
            return {}, 0
        searcher = index.searcher()
        counts = {word: int(searcher.doc_freq(WORDS, word)) for word in words}
        return counts, int(searcher.num_docs)

    def document_frequency_in(
        self, words: Iterable[str], collections: Sequence[str]
    ) -> tuple[dict[str, int], int]:
        """As ``document_frequency``, of the passages of some collections."""
        from tantivy import Occur, Query

        index = self._reading()
        if index is None:
            return {}, 0
        searcher, schema = index.searcher(), index.schema
        among = Query.term_set_query(schema, "collection", list(collections))

        def count(query: Query) -> int:
            found = searcher.search(query, limit=1, count=True)
            return int(getattr(found, "count", None) or 0)  # missing in tantivy's type hints

        counts = {
            word: count(
                Query.boolean_query(
                    [
                        (Occur.Must, Query.term_query(schema, WORDS, word)),
                        (Occur.Must, among),
                    ]
                )
            )
            for word in words
        }
        return counts, count(among)

    def ids(self) -> list[str]:
        """The passage ids in the index, in no order; one that is in it twice comes twice."""
        from tantivy import Query

        index = self._reading()
        if index is None:
            return []
        try:
            searcher = index.searcher()
            found = searcher.search(Query.all_query(), limit=max(1, searcher.num_docs)).hits
            return [str(searcher.doc(one).get_first("passage_id")) for _, one in found]
        except (ValueError, OSError) as error:
            raise store_error("全文索引", str(error), self._folder) from error

    def count(self) -> int:
        """Passages in the index."""
        index = self._reading()
        return 0 if index is None else int(index.searcher().num_docs)

    def reload(self) -> None:
        """See what has been committed, by this process or another."""
        with self._lock:
            if self._index is None:
                return
            if not (self._folder / "meta.json").exists():
                self._index = None
                return
            try:
                self._index.reload()
            except (ValueError, OSError) as error:
                raise store_error("全文索引", str(error), self._folder) from error

    # -- opening -----------------------------------------------------------

    def _reading(self) -> tantivy.Index | None:
        with self._lock:
            if self._index is None and (self._folder / "meta.json").exists():
                self._index = self._open()
            return self._index

    def _writing(self) -> tantivy.IndexWriter:
        with self._lock:
            if self._index is None:
                self._index = self._open()
            if self._writer is None:
                try:
                    self._writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)
                except ValueError as error:
                    if "lock" in str(error).lower():
                        raise LibraryBusy from error
                    raise store_error("全文索引", str(error), self._folder) from error
            return self._writer

    def _open(self) -> tantivy.Index:
        import tantivy

        note = self._folder / "luming.version"
        try:
            if (self._folder / "meta.json").exists():
                if not note.exists() or note.read_text(encoding="ascii") != VERSION:
                    raise StoreDamaged("全文索引")
                index = tantivy.Index.open(str(self._folder))
            else:
                self._folder.mkdir(parents=True, exist_ok=True)
                note.write_text(VERSION, encoding="ascii")
                index = tantivy.Index(_schema(), path=str(self._folder))
            index.config_reader(reload_policy="manual")
        except (ValueError, OSError) as error:
            raise store_error("全文索引", str(error), self._folder) from error
        index.register_tokenizer("blanks", _blanks())
        return index


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in RAW_FIELDS:
        stored = name == "passage_id"
        builder.add_text_field(name, stored=stored, tokenizer_name="raw", index_option="basic")
    for name in (WORDS, BIGRAMS):
        builder.add_text_field(name, tokenizer_name="blanks", index_option="freq")
    return builder.build()


def _blanks() -> tantivy.TextAnalyzer:
    import tantivy

    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


def _restrictions(selection: Selection | None) -> list[tuple[str, list[str], bool]]:
    """(field, values, whether they are wanted or unwanted) of a selection, the shorter way."""
    if selection is None:
        return []
    parts: list[tuple[str, list[str], bool]] = [("collection", list(selection.collections), True)]
    if selection.whole:
        return parts
    if len(selection.allowed) <= len(selection.excluded):
        return [*parts, ("document_id", sorted(selection.allowed), True)]
    return [*parts, ("document_id", sorted(selection.excluded), False)]


def _question(
    schema: tantivy.Schema,
    terms: Mapping[str, Mapping[str, float]],
    restrictions: Sequence[tuple[str, list[str], bool]],
) -> tantivy.Query:
    """Any of the terms of the fields, by weight, under restrictions that do not score."""
    from tantivy import Occur, Query

    def term(field: str, word: str, weight: float) -> tantivy.Query:
        query = Query.term_query(schema, field, word, "freq")
        return query if weight == 1 else Query.boost_query(query, weight)

    wanted = Query.boolean_query(
        [
            (Occur.Should, term(field, word, weight))
            for field, words in terms.items()
            for word, weight in words.items()
        ]
    )
    parts = [(Occur.Must, wanted)]
    for name, values, inside in restrictions:
        among = Query.term_set_query(schema, name, values)
        if inside:
            parts.append((Occur.Must, Query.const_score_query(among, 0.0)))
        else:
            parts.append((Occur.MustNot, among))
    return Query.boolean_query(parts)
