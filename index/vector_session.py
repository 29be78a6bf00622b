"""An open Chroma client and its collections."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

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


def open_client(folder: Path, url: str | None) -> ClientAPI:
    """The client of a server, or of the embedded store in a folder that is made if need be."""
    import chromadb
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    if url:
        parts = urlsplit(url if "//" in url else f"//{url}")
        return chromadb.HttpClient(
            host=parts.hostname or "127.0.0.1",
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            settings=quiet,
        )
    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(path=_unshared(folder), settings=quiet)


class Session:
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
