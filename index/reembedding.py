"""New vectors by another encoder, made beside the old ones, which go on answering until the swap.

The new vectors are filled into a folder of their own, named after their encoder. What stops the
run costs nothing: the next one finds what is there by the hash of each text. When all are there,
the catalog's meta moves to the new folder and encoder in one transaction, which open servers
notice as they notice new documents. The old folder stays until the next run, as another process
may still be reading in it.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.indexer import WINDOW, IndexReport, text_digest
from index.library import FIRST_FOLDER
from index.notes import chunks
from index.vectors import TEXT, VectorStore

if TYPE_CHECKING:
    from index.encoder.base import Encoder
    from index.indexer import Progress
    from index.library import Library
    from index.records import PassageRecord

_SAMPLE = 24


def folder_of(encoder: Encoder) -> str:
    """The name of the folder that this encoder's vectors are made in."""
    mark = hashlib.sha256(encoder.fingerprint.encode()).hexdigest()[:8]
    return f"{FIRST_FOLDER}-{mark}"


def estimate(library: Library, encoder: Encoder) -> float:
    """Seconds that all vectors will take, by a try on some passages spread over the library."""
    total = library.catalog.passage_count()
    step = max(1, total // _SAMPLE)
    titles = library.documents()[1]
    texts = [
        one.embedding_text(titles[one.document_id].title)
        for place, one in enumerate(library.catalog.all_passages())
        if place % step == 0 and one.document_id in titles
    ]
    if not texts:
        return 0.0
    encoder.encode_passages(texts[:2])  # loading is no part of it
    began = time.monotonic()
    encoder.encode_passages(texts)
    return (time.monotonic() - began) / len(texts) * total


def fill(
    library: Library, store: VectorStore, encoder: Encoder, progress: Progress | None = None
) -> IndexReport:
    """Make ``store`` hold a vector of every passage of the catalog, and no others.

    What it holds already is kept. The caller holds the write lock.
    """
    catalog = library.catalog
    titles = {one.document_id: one.title for one in catalog.documents()}
    total, encoded, kept, deleted = catalog.passage_count(), 0, 0, 0
    began, spent = time.monotonic(), 0.0
    names = [one.name for one in catalog.collections()]
    for gone in set(store.collections()) - set(names):
        store.drop(gone)
    for name in names:
        have = dict(store.digests(name))
        for window in _windows(catalog.all_passages(name)):
            todo = [
                (one, text_digest(one, titles[one.document_id]))
                for one in window
                if have.get(one.passage_id) != text_digest(one, titles[one.document_id])
            ]
            for one in window:
                have.pop(one.passage_id, None)
            kept += len(window) - len(todo)
            todo.sort(key=lambda pair: len(pair[0].text))
            for part in chunks(todo, library.settings.encode_batch * 8):
                started = time.monotonic()
                vectors = encoder.encode_passages(
                    [one.embedding_text(titles[one.document_id]) for one, _ in part],
                    batch_size=library.settings.encode_batch,
                )
                spent += time.monotonic() - started
                ids = [one.passage_id for one, _ in part]
                notes = [{"document_id": one.document_id, TEXT: digest} for one, digest in part]
                store.upsert(name, ids, vectors, notes)
                encoded += len(part)
                if progress is not None:
                    progress(encoded + kept, total)
        store.delete(name, list(have))
        deleted += len(have)
    return IndexReport(encoded, kept, deleted, time.monotonic() - began, spent)


def drop_stale(home: Path, kept: Collection[str]) -> list[str]:
    """Remove folders of vectors other than those ``kept``; their names.

    The caller holds the write lock.
    """
    gone = []
    for folder in sorted(home.glob(f"{FIRST_FOLDER}*")):
        if folder.is_dir() and folder.name not in kept and _is_ours(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
            gone.append(folder.name)
    return gone


def _is_ours(name: str) -> bool:
    mark = name.removeprefix(FIRST_FOLDER)
    return not mark or (len(mark) == 9 and mark[0] == "-")


def _windows(passages: Iterator[PassageRecord]) -> Iterator[Sequence[PassageRecord]]:
    window: list[PassageRecord] = []
    for one in passages:
        window.append(one)
        if len(window) == WINDOW:
            yield window
            window = []
    if window:
        yield window
