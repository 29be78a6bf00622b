"""Vectors of the passages in Chroma, embedded in the process or a server by URL.

One Chroma collection per collection of the library. What Chroma keeps beside a vector is only
what filters need; texts stay in the catalog.

Chroma 1.5.9, measured at 20,000 vectors of 384: a plain query takes 2 ms, one with a metadata
filter 40 to 80 ms, so a filter that most passages pass is applied to a longer plain result and
only a selective one is left to Chroma. An embedded client never sees what another process wrote
since it was opened: ``reopen`` then.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from index.errors import StoreDamaged, VectorServiceError
from index.records import SearchFilter

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

#: M and the search depths are chosen for recall@50 of at least .92 on statute articles. The
#: thresholds: vectors above ``sync_threshold`` that the index file lacks are replayed by whoever
#: opens the store, which takes about 0.4 ms each, so it must stay small.
HNSW: dict[str, Any] = {
    "space": "cosine",
    "ef_construction": 100,
    "max_neighbors": 16,
    "ef_search": 160,
    "batch_size": 200,
    "sync_threshold": 2000,
}

WRITE_BATCH = 1000
"""Vectors in one call, far below Chroma's limit of 5,461, so that queries can come between."""

OVERFETCH = 3
"""A filtered query first asks for so many times k without the filter."""

Metadata = dict[str, str]


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
        self._session: _Session | None = None

    # -- writing -----------------------------------------------------------

    def upsert(
        self,
        collection: str,
        ids: Sequence[str],
        vectors: np.ndarray,
        metadatas: Sequence[Metadata],
    ) -> None:
        """Put vectors (n, d), with kind, validity and document_id each, under passage ids."""
        with self._using() as session:
            target = session.make(collection, self._fingerprint())
            for at in range(0, len(ids), WRITE_BATCH):
                part = slice(at, at + WRITE_BATCH)
                target.upsert(
                    ids=list(ids[part]),
                    embeddings=np.ascontiguousarray(vectors[part], dtype=np.float32),
                    metadatas=list(metadatas[part]),
                )

    def update_metadata(
        self, collection: str, ids: Sequence[str], metadatas: Sequence[Metadata]
    ) -> None:
        """Set the metadata of passages, keeping their vectors; unknown ids are passed over."""
        with self._using() as session:
            target = session.get(collection)
            if target is None:
                return
            for at in range(0, len(ids), WRITE_BATCH):
                part = slice(at, at + WRITE_BATCH)
                target.update(ids=list(ids[part]), metadatas=list(metadatas[part]))

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

    def query(
        self,
        vector: np.ndarray,
        k: int,
        flt: SearchFilter,
        collections: Sequence[str] | None = None,
    ) -> list[tuple[str, float]]:
        """The ``k`` nearest passages that pass the filter as (passage_id, cosine), best first.

        ``collections`` (default: those of the filter, else all) are asked one by one and merged.
        Collections made by another encoder are left out: their numbers mean nothing here.
        Equal cosines are in the order of their ids.
        """
        found: list[tuple[str, float]] = []
        with self._using() as session:
            names = collections or flt.collections or session.names()
            wanted = self._fingerprint()
            for name in names:
                target = session.get(name)
                if target is not None and session.fingerprint(target) == wanted:
                    found.extend(_nearest(target, vector, k, flt))
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return found[:k]

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

    def reopen(self) -> None:
        """See what other processes have written. Calls under way end on the old client."""
        self.close()

    def close(self) -> None:
        """Let go of the files or the connection; the next call opens anew."""
        with self._lock:
            session, self._session = self._session, None
            if session is not None:
                session.retire()

    @contextmanager
    def _using(self) -> Iterator[_Session]:
        from chromadb.errors import ChromaError, InternalError

        with self._lock:
            if self._session is None:
                self._session = _Session(self._open())
            session = self._session
            session.enter()
        try:
            yield session
        except InternalError as error:
            raise StoreDamaged("向量库", str(error)) from error
        except ChromaError as error:
            raise StoreDamaged("向量库", str(error)) from error
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
        return VectorServiceError(self._url) if self._url else StoreDamaged("向量库", str(error))

    def _open(self) -> ClientAPI:
        import chromadb
        from chromadb.config import Settings

        quiet = Settings(anonymized_telemetry=False)
        try:
            if self._url:
                parts = urlsplit(self._url if "//" in self._url else f"//{self._url}")
                return chromadb.HttpClient(
                    host=parts.hostname or "127.0.0.1",
                    port=parts.port or (443 if parts.scheme == "https" else 8000),
                    ssl=parts.scheme == "https",
                    settings=quiet,
                )
            self._folder.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(path=_unshared(self._folder), settings=quiet)
        except BaseException as error:  # a damaged file makes the Rust side panic
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            raise self._unreachable(error) from error  # type: ignore[arg-type]


class _Session:
    """An open client, its collections, and how many calls use it; guarded by the store's lock."""

    def __init__(self, client: ClientAPI) -> None:
        self._client = client
        self._known: dict[str, Collection] = {}
        self._users = 0
        self._retired = False

    def enter(self) -> None:
        self._users += 1

    def leave(self) -> None:
        self._users -= 1
        self._end()

    def retire(self) -> None:
        self._retired = True
        self._end()

    def _end(self) -> None:
        if self._retired and not self._users:
            close = getattr(self._client, "close", None)
            if close is not None:
                close()

    def names(self) -> list[str]:
        found = [(one.metadata or {}).get("name") for one in self._client.list_collections()]
        return sorted(name for name in found if isinstance(name, str))

    def get(self, name: str) -> Collection | None:
        from chromadb.errors import NotFoundError

        if name not in self._known:
            try:
                self._known[name] = self._client.get_collection(
                    safe_name(name), embedding_function=None
                )
            except NotFoundError:
                return None
        return self._known[name]

    def make(self, name: str, fingerprint: str) -> Collection:
        """The collection; one that another encoder made is emptied first."""
        found = self.get(name)
        if found is not None and self.fingerprint(found) != fingerprint:
            self.drop(name)
            found = None
        if found is None:
            found = self._known[name] = self._client.create_collection(
                safe_name(name),
                configuration={"hnsw": dict(HNSW)},  # type: ignore[arg-type]
                metadata={"name": name, "encoder": fingerprint},
                embedding_function=None,  # the default one would fetch a model
            )
        return found

    def drop(self, name: str) -> None:
        from chromadb.errors import NotFoundError

        self._known.pop(name, None)
        try:
            self._client.delete_collection(safe_name(name))
        except NotFoundError:
            return

    @staticmethod
    def fingerprint(collection: Collection) -> str:
        return str((collection.metadata or {}).get("encoder", ""))


def safe_name(collection: str) -> str:
    """A name that Chroma takes, for a collection of any name."""
    return "c-" + hashlib.sha256(collection.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _nearest(
    target: Collection, vector: np.ndarray, k: int, flt: SearchFilter
) -> list[tuple[str, float]]:
    """``k`` nearest in one collection. The filter is tried on a longer plain result first."""
    total = target.count()
    if not total or k < 1:
        return []
    where = _where(flt)
    if where is None:
        return [(one, score) for one, score, _ in _ask(target, vector, min(k, total), None)]
    if not flt.document_ids:
        depth = min(k * OVERFETCH, total)
        rows = _ask(target, vector, depth, None)
        passed = [(one, score) for one, score, data in rows if _passes(data, flt)]
        if len(passed) >= k or depth == total:
            return passed[:k]
    rows = _ask(target, vector, min(k, total), where)
    return [(one, score) for one, score, _ in rows]


def _ask(
    target: Collection, vector: np.ndarray, k: int, where: dict[str, Any] | None
) -> list[tuple[str, float, Metadata]]:
    result = target.query(
        query_embeddings=np.asarray(vector, dtype=np.float32)[None, :],
        n_results=k,
        where=where,
        include=["distances", "metadatas"],
    )
    distances = (result["distances"] or [[]])[0]
    metadatas = (result["metadatas"] or [[]])[0]
    return [
        (one, 1.0 - float(distance), data)  # type: ignore[misc]
        for one, distance, data in zip(result["ids"][0], distances, metadatas, strict=True)
    ]


def _passes(data: Metadata, flt: SearchFilter) -> bool:
    return data.get("validity") not in flt.exclude_validity and (
        not flt.kinds or data.get("kind") in flt.kinds
    )


def _where(flt: SearchFilter) -> dict[str, Any] | None:
    parts: list[dict[str, Any]] = []
    if flt.kinds:
        parts.append({"kind": {"$in": list(flt.kinds)}})
    if flt.exclude_validity:
        parts.append({"validity": {"$nin": list(flt.exclude_validity)}})
    if flt.document_ids:
        parts.append({"document_id": {"$in": list(flt.document_ids)}})
    if len(parts) > 1:
        return {"$and": parts}
    return parts[0] if parts else None


def _unshared(folder: Path) -> str:
    """A spelling of the path under which this process has no open client.

    Chroma hands every client of one path string the same open store, which would keep
    ``reopen`` from seeing anything new.
    """
    from chromadb.api.shared_system_client import SharedSystemClient

    path = str(folder.absolute())
    while path in SharedSystemClient._identifier_to_system:
        path += "/."
    return path
