"""Vectors of the passages in Chroma, embedded in the process or a server by URL.

One Chroma collection per collection of the library. What Chroma keeps beside a vector is only
what filters need, and a hash of what it was made from; texts stay in the catalog.

An embedded client never sees what another process wrote since it was opened: ``reopen`` then.
Searching under a filter is ``index.dense``.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from index.errors import VectorServiceError, store_error
from index.notes import chunks
from index.vector_session import Session, open_client

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection as ChromaCollection

TEXT_BATCH = 500
"""Hashes in one look-up."""

WRITE_BATCH = 1000
"""Vectors in one call, far below Chroma's limit of 5,461, so that queries can come between."""

DOCUMENT_BATCH = 200
"""Values in one filter; Chroma's SQL grows with them."""

TEXT = "text"
"""Key of the metadata that holds the hash of the very words that a vector was made from."""

Metadata = dict[str, str]
Found = TypeVar("Found")

_BEHIND = ("hnsw segment reader", "Error finding id")
"""What Chroma says where its client is behind another process's."""
_PAUSES = (0.0, 0.3)
"""Seconds before the second and the third attempt: the other process may be writing the file."""


class VectorStore:
    """Upserts, deletes and nearest neighbours. Safe to share between threads.

    Raises StoreDamaged when the embedded store cannot be read, VectorServiceError when the
    server cannot be reached.
    """

    def __init__(
        self, folder: Path, fingerprint: Callable[[], str], url: str | None = None
    ) -> None:
        """``fingerprint`` gives the encoder's: collections of another one are never queried."""
        self._folder = folder
        self._fingerprint = fingerprint
        self._url = url
        self._lock = threading.RLock()
        self._session: Session | None = None

    # -- writing -----------------------------------------------------------

    def upsert(
        self,
        collection: str,
        ids: Sequence[str],
        vectors: np.ndarray,
        metadatas: Sequence[Metadata],
    ) -> None:
        """Put vectors (n, d), with ``document_id`` and ``TEXT`` each, under passage ids."""
        with self._using() as session:
            target = session.make(collection, self._fingerprint())
            for at in range(0, len(ids), WRITE_BATCH):
                part = slice(at, at + WRITE_BATCH)
                target.upsert(
                    ids=list(ids[part]),
                    embeddings=np.ascontiguousarray(vectors[part], dtype=np.float32),
                    metadatas=list(metadatas[part]),
                )

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        """Remove passages; unknown ids are passed over."""
        with self._using() as session:
            target = session.get(collection)
            if target is None:
                return
            for at in range(0, len(ids), WRITE_BATCH):
                target.delete(ids=list(ids[at : at + WRITE_BATCH]))

    def drop(self, collection: str) -> None:
        """Remove a collection with all its vectors; none of this name: nothing."""
        with self._using() as session:
            session.drop(collection)

    def drop_all(self) -> None:
        """Remove every collection."""
        with self._using() as session:
            for name in session.names():
                session.drop(name)

    def reset(self) -> None:
        """Remove everything, also an embedded store that cannot be read.

        The caller holds the write lock.
        """
        if self._url:
            self.drop_all()
            return
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    # -- reading -----------------------------------------------------------

    def nearest(
        self,
        collection: str,
        vector: np.ndarray,
        k: int,
        documents: Sequence[str] | None = None,
    ) -> list[tuple[str, float, str]]:
        """The ``k`` nearest passages as (passage_id, cosine, document_id), best first.

        ``documents`` (None: all) is Chroma's own filter. A collection made by another encoder
        gives nothing: its numbers mean nothing here. Equal cosines are in the order of their ids.
        """

        def search(session: Session) -> list[tuple[str, float, str]]:
            target = self._comparable(session, collection)
            if target is None or k < 1:
                return []
            result = target.query(
                query_embeddings=np.asarray(vector, dtype=np.float32)[None, :],
                n_results=k,  # of fewer, all come back
                where=_of_documents(documents),
                include=["distances", "metadatas"],
            )
            rows = zip(
                result["ids"][0],
                (result["distances"] or [[]])[0],
                (result["metadatas"] or [[]])[0],
                strict=True,
            )
            return [(one, 1.0 - float(gap), str(data["document_id"])) for one, gap, data in rows]

        return sorted(self._read(search), key=lambda row: (-row[1], row[0]))

    def vectors_of_documents(
        self, collection: str, documents: Sequence[str]
    ) -> tuple[list[str], np.ndarray]:
        """Passage ids of documents and their vectors float32 (n, d), in the order of the ids."""

        def collect(session: Session) -> tuple[list[str], list[np.ndarray]]:
            ids: list[str] = []
            parts: list[np.ndarray] = []
            target = self._comparable(session, collection)
            for at in range(0, len(documents) if target is not None else 0, DOCUMENT_BATCH):
                batch = documents[at : at + DOCUMENT_BATCH]
                page = target.get(where=_of_documents(batch), include=["embeddings"])  # type: ignore[union-attr]
                if page["ids"]:
                    ids.extend(page["ids"])
                    parts.append(np.asarray(page["embeddings"], np.float32))
            return ids, parts

        ids, parts = self._read(collect)
        if not ids:
            return [], np.zeros((0, 0), np.float32)
        order = sorted(range(len(ids)), key=ids.__getitem__)
        return [ids[i] for i in order], np.concatenate(parts)[order]

    def vectors_of(self, collection: str, ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Vectors float32 (d) of those passages that the collection has."""

        def collect(session: Session) -> dict[str, np.ndarray]:
            target = self._comparable(session, collection)
            if target is None or not ids:
                return {}
            page = target.get(ids=list(ids), include=["embeddings"])
            vectors = np.asarray(page["embeddings"], np.float32)
            return dict(zip(page["ids"], vectors, strict=True))

        return self._read(collect)

    def vectors_of_texts(self, hashes: Collection[str]) -> dict[str, np.ndarray]:
        """Vectors float32 (d) that this encoder made of texts with these hashes, wherever."""
        wanted = dict.fromkeys(hashes)
        found: dict[str, np.ndarray] = {}
        with self._using() as session:
            for name in session.names() if wanted else []:
                target = self._comparable(session, name)
                if target is None or not target.count():
                    continue
                for block in chunks((one for one in wanted if one not in found), TEXT_BATCH):
                    page = target.get(
                        where={TEXT: {"$in": block}},  # type: ignore[dict-item]
                        include=["embeddings", "metadatas"],
                    )
                    vectors = np.asarray(page["embeddings"], np.float32)
                    for row, data in zip(vectors, page["metadatas"] or [], strict=True):
                        found.setdefault(str(data[TEXT]), row)
        return found

    def _comparable(self, session: Session, collection: str) -> ChromaCollection | None:
        """The collection, if there is one and this encoder made it."""
        target = session.get(collection)
        if target is None or session.fingerprint(target) != self._fingerprint():
            return None
        return target

    def ids(self, collection: str) -> Iterator[str]:
        """The passage ids of a collection, in no order."""
        with self._using() as session:
            target = session.get(collection)
            offset = 0
            while target is not None:
                page = target.get(limit=5000, offset=offset, include=[])["ids"]
                yield from page
                offset += len(page)
                if len(page) < 5000:
                    return

    def digests(self, collection: str) -> Iterator[tuple[str, str]]:
        """Passage ids of a collection and the hash of the words that each vector was made from."""
        with self._using() as session:
            target = session.get(collection)
            offset = 0
            while target is not None:
                page = target.get(limit=5000, offset=offset, include=["metadatas"])
                for one, data in zip(page["ids"], page["metadatas"] or [], strict=True):
                    yield one, str((data or {}).get(TEXT, ""))
                offset += len(page["ids"])
                if len(page["ids"]) < 5000:
                    return

    def probe(self, collection: str) -> int | None:
        """Numbers of a vector, after a search that makes Chroma read its files; None when empty."""
        with self._using() as session:
            target = session.get(collection)
            page = target.get(limit=1, include=["embeddings"]) if target is not None else None
            if target is None or page is None or not page["ids"]:
                return None
            vectors = np.asarray(page["embeddings"], np.float32)
            target.query(query_embeddings=vectors, n_results=1, include=[])
            return int(vectors.shape[1])

    def count(self, collection: str | None = None) -> int:
        """Vectors in one collection, or in all."""
        with self._using() as session:
            names = session.names() if collection is None else [collection]
            targets = [session.get(name) for name in names]
            return sum(target.count() for target in targets if target is not None)

    def collections(self) -> list[str]:
        """Names of the collections, as in the library."""
        with self._using() as session:
            return session.names()

    # -- the client --------------------------------------------------------

    def reopen(self, folder: Path | None = None) -> None:
        """See what other processes have written, if need be in another ``folder``.

        Calls under way end on the old client.
        """
        with self._lock:
            self._folder = folder or self._folder
            self.close()

    def close(self) -> None:
        """Let go of the files or the connection; the next call opens anew."""
        with self._lock:
            session, self._session = self._session, None
            if session is not None:
                session.retire()

    def _read(self, reader: Callable[[Session], Found]) -> Found:
        """What ``reader`` finds. A client that is behind another process is opened anew for it.

        Between two states of the stores an embedded client may know of a passage, by the database
        that it shares, whose vector it cannot have, which is an error of Chroma's.
        """
        from chromadb.errors import ChromaError

        for pause in _PAUSES:
            with self._using() as session:
                try:
                    return reader(session)
                except ChromaError as error:
                    if self._url or not any(sign in str(error) for sign in _BEHIND):
                        raise
            with self._lock:
                if self._session is session:
                    self.close()
            time.sleep(pause)
        with self._using() as session:
            return reader(session)

    @contextmanager
    def _using(self) -> Iterator[Session]:
        from chromadb.errors import ChromaError

        with self._lock:
            if self._session is None:
                self._session = Session(self._open())
            session = self._session
            session.enter()
        try:
            yield session
        except ChromaError as error:
            raise store_error("向量库", str(error), self._folder) from error
        except OSError as error:
            raise self._unreachable(error) from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] in ("httpx", "httpcore"):
                raise self._unreachable(error) from error
            raise
        finally:
            with self._lock:
                session.leave()

    def _unreachable(self, error: Exception) -> Exception:
        return (
            VectorServiceError(self._url)
            if self._url
            else store_error("向量库", str(error), self._folder)
        )

    def _open(self) -> ClientAPI:
        try:
            return open_client(self._folder, self._url)
        except BaseException as error:  # a damaged file makes the Rust side panic
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            raise self._unreachable(error) from error  # type: ignore[arg-type]


def _of_documents(documents: Sequence[str] | None) -> dict[str, Any] | None:
    if documents is None:
        return None
    return {"document_id": {"$in": list(documents)}}
