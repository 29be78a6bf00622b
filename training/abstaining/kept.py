"""A library whose searches and vectors are kept on disk, so that features can be measured again
in seconds when only their definition has changed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.records import Hit, PassageRecord, SearchFilter

if TYPE_CHECKING:
    from index.library import Library

_SCHEMA = 1
_SCORES = ("score", "lexical_rank", "dense_rank", "lexical_score", "dense_score")


class Kept:
    """Values by key in one SQLite file; a file of another schema is begun anew."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path)
        if self._database.execute("pragma user_version").fetchone()[0] != _SCHEMA:
            self._database.execute("drop table if exists kept")
            self._database.execute(f"pragma user_version = {_SCHEMA}")
        self._database.execute("create table if not exists kept (key text primary key, value blob)")

    def get(self, key: str) -> bytes | None:
        """The value of a key, None where there is none."""
        row = self._database.execute("select value from kept where key = ?", (key,)).fetchone()
        return row[0] if row else None

    def put(self, values: dict[str, bytes]) -> None:
        """Keep values."""
        with self._database:
            self._database.executemany("insert or replace into kept values (?, ?)", values.items())

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


class KeptLibrary:
    """Stands in for a ``Library`` where an answerer reads one; all else is the library's own.

    What is kept belongs to the library's generation and encoder; a change of either voids it.
    """

    def __init__(self, library: Library, kept: Kept) -> None:
        self._library = library
        self._kept = kept
        generation = f"{library.catalog.generation} {library.settings.home.name}"
        self._stamp = f"{generation} {library.encoder.fingerprint}"
        self.encoder = KeptEncoder(library.encoder, kept)
        self._passages = lru_cache(maxsize=4096)(self._read_passages)
        self._documents = library.documents()[1]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def _read_passages(self, document_id: str) -> dict[str, PassageRecord]:
        return {p.passage_id: p for p in self._library.catalog.passages(document_id)}

    def search(self, query: str, k: int = 10, flt: SearchFilter | None = None) -> list[Hit]:
        """The library's search, from disk where it was made before."""
        asked = json.dumps(
            [self._stamp, query, k, asdict(flt or SearchFilter())], default=str, ensure_ascii=False
        )
        key = "s" + hashlib.sha256(asked.encode()).hexdigest()
        stored = self._kept.get(key)
        if stored is None:
            hits = self._library.search(query, k, flt)
            rows = [
                [h.document.document_id, h.passage.passage_id, *(getattr(h, s) for s in _SCORES)]
                for h in hits
            ]
            stored = json.dumps(rows, ensure_ascii=False).encode()
            self._kept.put({key: stored})
        return [
            Hit(self._passages(row[0])[row[1]], self._documents[row[0]], *row[2:])
            for row in json.loads(stored)
        ]


class KeptEncoder:
    """An encoder whose vectors are kept in half precision, by the text."""

    def __init__(self, encoder: Any, kept: Kept) -> None:
        self._encoder = encoder
        self._kept = kept

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, d), each of length 1."""
        return self._encode("q", texts, self._encoder.encode_queries)

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, d), each of length 1."""
        return self._encode("p", texts, self._encoder.encode_passages)

    def _encode(self, side: str, texts: Sequence[str], encode: Any) -> np.ndarray:
        keys = [
            side + hashlib.sha256(f"{self._encoder.fingerprint}{text}".encode()).hexdigest()
            for text in texts
        ]
        found = {key: self._kept.get(key) for key in keys}
        absent = {key: text for key, text in zip(keys, texts, strict=True) if found[key] is None}
        if absent:
            fresh = np.asarray(encode(list(absent.values())), np.float16)
            made = {key: row.tobytes() for key, row in zip(absent, fresh, strict=True)}
            self._kept.put(made)
            found |= made
        rows = [np.frombuffer(found[key] or b"", np.float16) for key in keys]
        return np.asarray(rows, np.float32)
