"""One library: catalog, vectors, lexical index and encoder of one home, kept in step."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from index.bulk import bulk
from index.catalog import Catalog
from index.changes import DocumentWrite, PassageChanges
from index.errors import (
    EmptyLibrary,
    EncoderMismatch,
    EncoderUnavailable,
    UnknownCollection,
)
from index.lock import WriteLock
from index.records import DocumentRecord, Hit, SearchFilter
from index.selection import Selection
from index.settings import Settings

if TYPE_CHECKING:
    from index.address import Resolution
    from index.encoder.base import Encoder
    from index.finder import Finder, SearchResult
    from index.indexer import IndexReport, Progress
    from index.lexical import LexicalIndex
    from index.vectors import VectorStore
    from index.versions.view import Versions

FINGERPRINT = "encoder_fingerprint"
ENCODER_NAME = "encoder_name"
FOLDER, FIRST_FOLDER = "vectors_folder", "vectors"
"""Key of the catalog's meta for the folder in the home that holds the vectors, and its first value."""
REBUILD = "rebuild_stores"
"""Set while the stores must be emptied before the outbox is drained."""


class Library:
    """The door to one home. Parts are opened when first used; listing needs the catalog only.

    Reading is safe from any thread and while another process writes: what that process has
    committed is seen by the next search. Writing takes the home's write lock (LibraryBusy when
    another process has it; ``lock_wait`` seconds are waited first).
    """

    def __init__(
        self, settings: Settings, *, encoder: Encoder | None = None, lock_wait: float = 0.0
    ) -> None:
        """``encoder`` replaces the one that the settings name."""
        self.settings = settings
        self._given = encoder
        self._write_lock = WriteLock(settings.home / "write.lock", lock_wait)
        self._opening = threading.RLock()
        self._catalog: Catalog | None = None
        self._encoder: Encoder | None = encoder
        self._newer: Encoder | None = None
        self._vectors: VectorStore | None = None
        self._lexical: LexicalIndex | None = None
        self._finder: Finder | None = None
        self._seen: int | None = None
        self._documents: tuple[object, dict[str, DocumentRecord]] = (None, {})
        self._versions: tuple[int, Versions] | None = None

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every file. The library may be used again and opens anew."""
        with self._opening:
            for part in (self._vectors, self._lexical, self._catalog):
                if part is not None:
                    part.close()
            self._vectors = self._lexical = self._catalog = self._seen = self._finder = None
            self._versions = None

    @property
    def visible(self) -> tuple[str, ...] | None:
        """The collections that exist in this view of the library; None: all."""
        return None

    def within(self, names: Iterable[str]) -> Library:
        """The library as someone sees it who may see the collections ``names`` only."""
        from index.visible import VisibleLibrary

        return VisibleLibrary(self, names)

    # -- parts -------------------------------------------------------------

    @property
    def catalog(self) -> Catalog:
        """The truth: documents, passages, outlines."""
        with self._opening:
            if self._catalog is None:
                self._catalog = Catalog(self.settings.catalog_url)
            return self._catalog

    @property
    def encoder(self) -> Encoder:
        """The encoder that answers, loaded on first use: that of the settings.

        Where the vectors are still another's that can be loaded, it is that one; see ``newer``.
        """
        with self._opening:
            if self._encoder is None:
                self._encoder = self._load_encoder()
            return self._encoder

    @property
    def newer(self) -> Encoder | None:
        """The encoder of the settings where the vectors are still another's: see ``reembed``."""
        self.encoder  # noqa: B018 - loading it finds out
        return self._newer

    @property
    def encoder_loaded(self) -> bool:
        """Whether a search would find the encoder ready. Never waits."""
        return self._encoder is not None

    def _load_encoder(self) -> Encoder:
        from index.encoder import EncoderError

        self._newer = None
        stored = self.catalog.get_meta(FINGERPRINT)
        try:
            wanted = self._encoder_named(self.settings.encoder)
            if not stored or wanted.fingerprint == stored:
                return wanted
        except EncoderError as error:
            raise EncoderUnavailable(str(error)) from error
        old = self._encoder_of(stored)
        if old is None:
            return wanted
        self._newer = wanted
        return old

    def _encoder_named(self, name: str) -> Encoder:
        from index.encoder import load_encoder

        return load_encoder(name, self.settings.models_dir, allow_hub=self.settings.allow_hub)

    def _encoder_of(self, fingerprint: str) -> Encoder | None:
        """The encoder that made the vectors, if it can still be had."""
        from index.encoder import EncoderError
        from index.encoder.build import WHEEL_MODEL

        kept = self.catalog.get_meta(ENCODER_NAME) or ""
        # Earlier programs kept the name in the settings, which then meant the wheel's model.
        name = WHEEL_MODEL if fingerprint.startswith(f"{WHEEL_MODEL}-") else kept
        try:
            found = self._encoder_named(name) if name else None
            return found if found is not None and found.fingerprint == fingerprint else None
        except EncoderError:
            return None

    @property
    def vectors_dir(self) -> Path:
        """Folder of the embedded Chroma that the catalog names."""
        return self.settings.home / (self.catalog.get_meta(FOLDER) or FIRST_FOLDER)

    @property
    def vectors(self) -> VectorStore:
        """The vectors, of this encoder only."""
        with self._opening:
            if self._vectors is None:
                from index.vectors import VectorStore

                self._vectors = VectorStore(
                    self.vectors_dir,
                    lambda: self.encoder.fingerprint,
                    self.settings.chroma_url,
                )
            return self._vectors

    @property
    def lexical(self) -> LexicalIndex:
        """The lexical index."""
        with self._opening:
            if self._lexical is None:
                from index.lexical import LexicalIndex

                self._lexical = LexicalIndex(self.settings.lexical_dir)
            return self._lexical

    @property
    def versions(self) -> Versions:
        """Which documents are versions of one regulation, and what holds on a day.

        Worked out anew when the catalog has changed.
        """
        from index.versions.view import Versions

        generation = self.catalog.generation
        with self._opening:
            if self._versions is None or self._versions[0] != generation:
                self._versions = (generation, Versions(self.catalog.facts()))
            return self._versions[1]

    # -- searching ---------------------------------------------------------

    @bulk()
    def documents(self) -> tuple[int, dict[str, DocumentRecord]]:
        """The catalog's generation and its documents by id, with the validity of today.

        Read again when the catalog or the day has changed.
        """
        generation, today = self.catalog.generation, date.today()
        if self._documents[0] != (generation, today):
            statuses = self.versions.statuses(today)
            records = {
                one.document_id: _with_validity(one, statuses[one.document_id].validity)
                for one in self.catalog.documents()
                if one.document_id in statuses
            }
            self._documents = ((generation, today), records)
        return generation, self._documents[1]

    @property
    def finder(self) -> Finder:
        """The search over this library; raises EncoderMismatch where it could not search."""
        self.refresh()  # first: another process may have moved the vectors to another encoder
        self.check_encoder()
        with self._opening:
            if self._finder is None:
                from index.finder import Finder

                self._finder = Finder(self)
            return self._finder

    @property
    def stores_seen(self) -> int:
        """The generation of the stores that searches see; what is kept of an older one is void."""
        return self._seen or 0

    def select(self, flt: SearchFilter | None = None) -> Selection:
        """The documents that a filter admits; raises EmptyLibrary and UnknownCollection."""
        flt = flt or SearchFilter()
        self.check_collections(flt.collections)
        return self.finder.select(flt)

    def search(
        self, query: str, k: int = 10, flt: SearchFilter | None = None, rerank: bool = True
    ) -> list[Hit]:
        """The hits of ``find``."""
        return self.find(query, k, flt, rerank=rerank).hits

    def find(
        self,
        query: str,
        k: int = 10,
        flt: SearchFilter | None = None,
        context: Sequence[str] = (),
        rerank: bool = True,
    ) -> SearchResult:
        """The best ``k`` passages by address, words and meaning, and notes on them.

        Rules out of force are found only if asked for. ``context`` are the documents that the
        conversation is about; without ``rerank`` it is quicker. Raises EmptyLibrary,
        UnknownCollection (lists the known ones), EncoderMismatch, and StoreDamaged with the command
        that repairs.
        """
        flt = flt or SearchFilter()
        self.check_collections(flt.collections)
        return self.finder.find(query, k, flt, context, rerank)

    def stages(
        self, query: str, depth: int, flt: SearchFilter | None = None
    ) -> dict[str, list[str]]:
        """Passage ids by stage of the search, best first; see ``Finder.stages``."""
        return self.finder.stages(query, depth, flt or SearchFilter())

    def resolve_address(
        self, question: str, flt: SearchFilter | None = None, context: Sequence[str] = ()
    ) -> Resolution | None:
        """Where 《某某办法》第五条 and the like in a question lead, None without such."""
        return self.finder.resolve(question, flt or SearchFilter(), context)

    def document_frequency(self, words: Iterable[str]) -> tuple[dict[str, int], int]:
        """How many passages hold each word (as ``index.words.cut`` gives it), and how many are.

        Removed passages may be counted until tantivy has merged them away.
        """
        self.refresh()
        return self.lexical.document_frequency(words)

    def check_collections(self, names: Sequence[str] = ()) -> list[str]:
        """Names of all collections; raises EmptyLibrary, or UnknownCollection for ``names``."""
        known = [one.name for one in self.catalog.collections()]
        if not known:
            raise EmptyLibrary
        for name in names:
            if name not in known:
                raise UnknownCollection(name, known)
        return known

    def warm_up(self) -> None:
        """Load everything that a search needs, so that the first one is as fast as the next."""
        self.encoder.encode_queries(["你好"])
        self.refresh()
        if self.documents()[1]:
            self.search("你好", 1)
            self.finder.warm_up()

    def refresh(self) -> None:
        """See what other processes have put into the stores since they were opened."""
        with self._opening:
            now = self.catalog.stores_generation
            if self._seen is not None and now != self._seen:
                self._follow_encoder()
                if self._vectors is not None:
                    self._vectors.reopen(self.vectors_dir)
                if self._lexical is not None:
                    self._lexical.reload()
            self._seen = now

    def _follow_encoder(self) -> None:
        """Let go of an encoder whose vectors another process has replaced."""
        if self._given is None and self._encoder is not None:
            stored = self.catalog.get_meta(FINGERPRINT)
            if stored and stored != self._encoder.fingerprint:
                self._encoder = None

    # -- writing -----------------------------------------------------------

    @contextmanager
    def writing(self, wait: float | None = None) -> Iterator[None]:
        """Hold the write lock, for a run of several writes; may be nested."""
        self.acquire(wait)
        try:
            yield
        finally:
            self.release()

    def acquire(self, wait: float | None = None) -> None:
        """Take the write lock, for who cannot hold it by a ``with``; LibraryBusy as there."""
        self._write_lock.acquire(wait)

    def release(self) -> None:
        """Give back what one ``acquire`` took, from the thread that took it."""
        self._write_lock.release()

    def write_documents(self, writes: Sequence[DocumentWrite]) -> list[PassageChanges]:
        """Put documents into the catalog, all or none; ``index_pending`` makes them found."""
        with self.writing():
            return self.catalog.replace_documents(writes)

    def remove_documents(self, ids: Sequence[str]) -> int:
        """Remove documents from the catalog and the stores; how many passages went."""
        with self.writing():
            removed = self.catalog.remove_documents(ids)
            self.index_pending()
            return len(removed)

    def index_pending(self, progress: Progress | None = None) -> IndexReport:
        """Bring the stores up to the catalog, also after a run that was cut off.

        Raises EncoderMismatch before anything is written.
        """
        from index.indexer import Indexer, IndexReport

        with self.writing():
            if not self.catalog.pending_count() and not self.catalog.get_meta(REBUILD):
                return IndexReport()
            if self.catalog.must_encode():
                self.ensure_encoder()
            self.refresh()
            self._drop_stale()
            if self.catalog.get_meta(REBUILD):
                self._empty_stores()
                self.catalog.set_meta({REBUILD: ""})
            indexer = Indexer(
                self.catalog,
                self.vectors,
                self.lexical,
                lambda: self.encoder,
                self.settings.encode_batch,
            )
            try:
                return indexer.run(progress)
            finally:
                self.lexical.release()
                self._seen = self.catalog.stores_generation  # our own writes need no reopening

    def _drop_stale(self) -> None:
        """Remove vectors that nothing reads any more; new ones under way are kept."""
        from index.reembedding import drop_stale, folder_of

        kept = {self.vectors_dir.name}
        if self._newer is not None:
            kept.add(folder_of(self._newer))
        drop_stale(self.settings.home, kept)

    def _empty_stores(self) -> None:
        self.lexical.clear()
        self.vectors.reset()

    # -- encoder -----------------------------------------------------------

    def check_encoder(self) -> None:
        """Raise EncoderMismatch when the vectors are another encoder's."""
        stored = self.catalog.get_meta(FINGERPRINT)
        if stored and stored != self.encoder.fingerprint:
            raise EncoderMismatch(
                self.catalog.get_meta(ENCODER_NAME) or stored[:12], self.encoder.name
            )

    def ensure_encoder(self) -> None:
        """As ``check_encoder``; a library without vectors takes on the present encoder."""
        self.check_encoder()
        if not self.catalog.get_meta(FINGERPRINT):
            self.catalog.set_meta(self.encoder_meta())

    def encoder_meta(self) -> dict[str, str]:
        """What the catalog keeps of the present encoder."""
        return _meta_of(self.encoder)

    def reembed(self, progress: Progress | None = None) -> IndexReport:
        """Make all vectors with the encoder of the settings, beside the old ones, then swap.

        The old ones answer until then; cut off, the next call goes on. In a Chroma server, where
        there is no beside, the old ones are emptied first.
        """
        from index.indexer import IndexReport
        from index.reembedding import fill, folder_of
        from index.vectors import VectorStore

        if self.settings.chroma_url:
            return self._rebuild(self.newer or self.encoder, progress)
        with self.writing():
            encoder = self.newer or self.encoder
            if self.catalog.get_meta(FINGERPRINT) == encoder.fingerprint:
                return IndexReport()
            name = folder_of(encoder)
            store = VectorStore(self.settings.home / name, lambda: encoder.fingerprint)
            try:
                report = fill(self, store, encoder, progress)
            finally:
                store.close()
            self.catalog.set_meta({**_meta_of(encoder), FOLDER: name}, stores=True)
            self._encoder, self._newer = encoder, None
            self.refresh()
            self.index_pending()
            return report

    def rebuild(self, progress: Progress | None = None) -> IndexReport:
        """Make the vectors and the lexical index anew from the catalog, damaged or not.

        They are emptied first, so two encoders are never mixed; cut off, the next
        ``index_pending`` goes on. With the encoder of the settings.
        """
        return self._rebuild(self.newer or self.encoder, progress)

    def _rebuild(self, encoder: Encoder, progress: Progress | None) -> IndexReport:
        with self.writing():
            self._encoder, self._newer = encoder, None
            self.catalog.requeue({**_meta_of(encoder), REBUILD: "1"})
            return self.index_pending(progress)


def _meta_of(encoder: Encoder) -> dict[str, str]:
    return {FINGERPRINT: encoder.fingerprint, ENCODER_NAME: encoder.name}


def _with_validity(one: DocumentRecord, validity: str) -> DocumentRecord:
    return one if one.validity == validity else replace(one, validity=validity)
