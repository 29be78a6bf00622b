"""Under what an answer was made: encoder, state of the catalog, settings that change answers."""

from __future__ import annotations

import hashlib
import threading
from importlib import metadata
from typing import TYPE_CHECKING

from assistant.activity.records import Conditions
from index.synonyms import FILE_NAME as SYNONYMS

if TYPE_CHECKING:
    from index.library import Library

#: Settings whose change can change an answer, by their field.
_SETTINGS = ("encoder", "fusion", "rerank", "rerank_candidates", "llm_model")


class ConditionsReader:
    """Reads the conditions of a library; what costs a query is kept while nothing was written."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._encoder: tuple[int, str] | None = None
        self._synonyms: tuple[tuple[int, int], str] | None = None
        self._program = ""

    def read(self) -> Conditions:
        """The present conditions; raises LibraryError where the catalog cannot be read."""
        with self._lock:
            generation = self._library.documents()[0]
            return Conditions(self._fingerprint(generation), generation, self._settings())

    def _fingerprint(self, generation: int) -> str:
        from index.library import FINGERPRINT

        if self._encoder is None or self._encoder[0] != generation:
            self._encoder = (generation, self._library.catalog.get_meta(FINGERPRINT) or "")
        return self._encoder[1]

    def _settings(self) -> dict[str, str]:
        settings = self._library.settings
        found = {f"LUMING_{name.upper()}": str(getattr(settings, name) or "") for name in _SETTINGS}
        found[SYNONYMS] = self._synonyms_hash()
        found["program"] = self._version()
        return found

    def _synonyms_hash(self) -> str:
        """Of the office's synonyms; empty for those that come with the program."""
        path = self._library.settings.home / SYNONYMS
        try:
            stat = path.stat()
            state = (stat.st_mtime_ns, stat.st_size)
            if self._synonyms is None or self._synonyms[0] != state:
                digest = hashlib.blake2b(path.read_bytes()[:1_000_000], digest_size=8).hexdigest()
                self._synonyms = (state, digest)
            return self._synonyms[1]
        except OSError:
            return ""

    def _version(self) -> str:
        if not self._program:
            try:
                self._program = metadata.version("luming")
            except metadata.PackageNotFoundError:
                self._program = "?"
        return self._program
