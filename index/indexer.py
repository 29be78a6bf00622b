"""Bringing the vectors and the lexical index up to the catalog.

The catalog's outbox says what to do. A window of it is read, sorted by length so that batches
waste little padding, encoded in this thread, and written by a second one meanwhile (onnxruntime
runs outside the interpreter's lock, and so do Chroma and tantivy). A passage whose very words the
store holds a vector of, under whatever id, gets a copy of it. Notes are cleared only when
both stores have committed their window: whatever stops the process, the next run does the rest,
and doing a note twice leaves the same.
"""

from __future__ import annotations

import hashlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from index.lexical import LexicalDocument, LexicalIndex
from index.notes import chunks
from index.outbox import Outbox, PendingPassage
from index.records import PassageRecord
from index.vectors import TEXT, Metadata, VectorStore

if TYPE_CHECKING:
    from index.encoder.base import Encoder

WINDOW = 4096
"""Notes read at once."""
QUEUE = 4
"""Encoded batches that may wait for the writing thread; bounds the memory."""

Progress = Callable[[int, int], None]
"""Called with passages done and passages in all."""


@dataclass(frozen=True)
class IndexReport:
    """What a run did, in passages and seconds."""

    encoded: int = 0
    copied: int = 0  # the store had a vector of the same words
    deleted: int = 0
    seconds: float = 0.0
    encode_seconds: float = 0.0


@dataclass(frozen=True)
class _Text:
    """A passage to be indexed, what the encoder reads of it, and that text's hash."""

    work: PendingPassage
    text: str
    digest: str


@dataclass
class _Batch:
    """Work of one kind for the writing thread; ``clear`` are the notes that it completes."""

    deletes: list[PendingPassage] = field(default_factory=list)
    upserts: list[_Text] = field(default_factory=list)
    vectors: np.ndarray | None = None  # of the upserts, row by row
    clear: list[int] = field(default_factory=list)


class Indexer:
    """Drains the outbox of one library into its stores."""

    def __init__(
        self,
        catalog: Outbox,
        vectors: VectorStore,
        lexical: LexicalIndex,
        encoder: Callable[[], Encoder],
        batch_size: int,
    ) -> None:
        """``encoder`` is called only when there is something to encode."""
        self._catalog = catalog
        self._vectors = vectors
        self._lexical = lexical
        self._encoder = encoder
        self._batch_size = batch_size

    def run(self, progress: Progress | None = None) -> IndexReport:
        """Do everything that is pending; errors of either thread are raised here."""
        total = self._catalog.pending_count()
        counts = _Counts(total, progress)
        if not total:
            return counts.report()
        writer = _Writer(self._write)
        try:
            after = 0
            while window := self._catalog.pending(after, WINDOW):
                after = window[-1].seq
                self._window(window, writer, counts)
        except BaseException:
            writer.stop()
            raise
        writer.finish()
        return counts.report()

    def _window(self, window: list[PendingPassage], writer: _Writer, counts: _Counts) -> None:
        texts = [_text(one) for one in window if one.op == "upsert" and one.passage is not None]
        deletes = [one for one in window if one.passage is None]
        known = self._vectors.vectors_of_texts({one.digest for one in texts})  # before deleting
        writer.put(_Batch(deletes=deletes))
        counts.add(deleted=len(deletes))
        copies = [one for one in texts if one.digest in known]
        step = self._batch_size * 8
        for part in chunks(copies, step):
            writer.put(_Batch(upserts=part, vectors=np.stack([known[one.digest] for one in part])))
            counts.add(copied=len(part))
        new: dict[str, list[_Text]] = {}
        for one in texts:
            if one.digest not in known:
                new.setdefault(one.digest, []).append(one)
        groups = sorted(new.values(), key=_length)
        for block in chunks(groups, step):
            self._encode(block, writer, counts)
        writer.put(_Batch(clear=[one.seq for one in window]))

    def _encode(self, groups: list[list[_Text]], writer: _Writer, counts: _Counts) -> None:
        """Encode the first of every group of equal texts; all of the group get its vector."""
        started = time.monotonic()
        vectors = self._encoder().encode_passages(
            [group[0].text for group in groups], batch_size=self._batch_size
        )
        counts.encode_seconds += time.monotonic() - started
        rows = [row for row, group in enumerate(groups) for _ in group]
        upserts = [one for group in groups for one in group]
        writer.put(_Batch(upserts=upserts, vectors=vectors[rows]))
        counts.add(encoded=len(groups), copied=len(upserts) - len(groups))

    def _write(self, batch: _Batch) -> None:
        for collection, part in _by_collection(batch.deletes).items():
            self._vectors.delete(collection, [one.passage_id for one in part])
        if batch.deletes:
            self._lexical.delete(one.passage_id for one in batch.deletes)
        if batch.vectors is not None:
            rows = {one.work.passage_id: row for row, one in enumerate(batch.upserts)}
            texts = {one.work.passage_id: one for one in batch.upserts}
            for collection, part in _by_collection([one.work for one in batch.upserts]).items():
                ids = [one.passage_id for one in part]
                vectors = batch.vectors[[rows[one] for one in ids]]
                self._vectors.upsert(
                    collection, ids, vectors, [_metadata(texts[one]) for one in ids]
                )
            self._lexical.add(_lexical(one.work) for one in batch.upserts)
        if batch.clear:
            self._lexical.commit()
            self._catalog.clear_pending(batch.clear)


class _Counts:
    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total = total
        self._progress = progress
        self._started = time.monotonic()
        self._done = {"encoded": 0, "copied": 0, "deleted": 0}
        self.encode_seconds = 0.0

    def add(self, **counts: int) -> None:
        for name, count in counts.items():
            self._done[name] += count
        if self._progress is not None:
            done = sum(self._done.values())
            self._progress(done, max(done, self._total))

    def report(self) -> IndexReport:
        return IndexReport(
            **self._done,
            seconds=time.monotonic() - self._started,
            encode_seconds=self.encode_seconds,
        )


class _Writer:
    """A thread that does batches in their order; its first error ends it and is raised in ours."""

    def __init__(self, work: Callable[[_Batch], None]) -> None:
        self._work = work
        self._queue: queue.Queue[_Batch | None] = queue.Queue(maxsize=QUEUE)
        self._error: BaseException | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._loop, name="luming-writer", daemon=True)
        self._thread.start()

    def put(self, batch: _Batch) -> None:
        """Hand over a batch, waiting while the queue is full."""
        if self._error is None:
            self._queue.put(batch)
        if self._error is not None:
            raise self._error

    def finish(self) -> None:
        """Wait for everything; raise what went wrong."""
        self._queue.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """End after the batch under way; what is left stays pending."""
        self._stopped = True
        self._queue.put(None)
        self._thread.join()

    def _loop(self) -> None:
        while (batch := self._queue.get()) is not None:
            if self._error is None and not self._stopped:
                try:
                    self._work(batch)
                except BaseException as error:
                    self._error = error


def _text(one: PendingPassage) -> _Text:
    assert one.passage is not None
    text = one.passage.embedding_text(one.title)
    return _Text(one, text, _digest(text))


def text_digest(passage: PassageRecord, title: str) -> str:
    """The hash that the vector of a passage has with it: of the very words that were encoded."""
    return _digest(passage.embedding_text(title))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _length(group: list[_Text]) -> tuple[int, int]:
    return len(group[0].text), group[0].work.seq


def _metadata(one: _Text) -> Metadata:
    return {"document_id": one.work.document_id, TEXT: one.digest}


def _lexical(one: PendingPassage) -> LexicalDocument:
    assert one.passage is not None
    return LexicalDocument(
        passage_id=one.passage_id,
        document_id=one.document_id,
        collection=one.collection,
        title=one.title,
        path=one.passage.path.replace("/", " "),
        text=f"{one.passage.context}\n{one.passage.text}".strip(),
    )


def _by_collection(work: Sequence[PendingPassage]) -> dict[str, list[PendingPassage]]:
    groups: dict[str, list[PendingPassage]] = {}
    for one in work:
        groups.setdefault(one.collection, []).append(one)
    return groups
