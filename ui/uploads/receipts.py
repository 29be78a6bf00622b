"""What was answered to uploads with an idempotency key, and who sent how much: ``uploads.db``.

A client that does not know whether its upload arrived sends it again under the same key and gets
the answer of the first time (draft-ietf-httpapi-idempotency-key-header). Kept for a day.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import LibraryError
from index.processes import Owner, is_alive, this_process
from ui.uploads.errors import KeyInUse, KeyReused

FILE = "uploads.db"
KEPT_SECONDS = 24 * 3600
_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS receipts (
    person TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, at REAL NOT NULL,
    owner TEXT NOT NULL, answer TEXT, PRIMARY KEY (person, key)
);
CREATE TABLE IF NOT EXISTS sent (person TEXT NOT NULL, at REAL NOT NULL, bytes INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sent_by_person ON sent (person, at);
"""


class ReceiptsError(LibraryError):
    """The file cannot be opened or written."""


class Receipts:
    """Answers by person and key. Safe to share between threads, and with other processes."""

    def __init__(self, home: Path) -> None:
        self._path = Path(home) / FILE
        self._lock = threading.Lock()
        self._ready = False
        owner = this_process()
        self._owner = json.dumps([owner.host, owner.pid, owner.mark])

    def begin(self, person: str, key: str, fingerprint: str) -> dict[str, Any] | None:
        """The answer that was given under this key, or None: then the caller does the work and
        calls ``finish`` or ``drop``. Raises KeyReused and KeyInUse."""
        now = time.time()
        with self._writing() as database:
            database.execute("DELETE FROM receipts WHERE at < ?", (now - KEPT_SECONDS,))
            row = database.execute(
                "SELECT fingerprint, owner, answer, at FROM receipts WHERE person = ? AND key = ?",
                (person, key),
            ).fetchone()
            if row is not None and row[0] != fingerprint:
                raise KeyReused
            if row is not None and row[2] is not None:
                return dict(json.loads(row[2]))
            if row is not None and _lives(row[1], row[3]):
                raise KeyInUse
            # One that was begun by a process that has ended was cut off: it is done again.
            database.execute(
                "INSERT OR REPLACE INTO receipts VALUES (?, ?, ?, ?, ?, NULL)",
                (person, key, fingerprint, now, self._owner),
            )
        return None

    def finish(self, person: str, key: str, answer: dict[str, Any]) -> None:
        """Keep the answer."""
        text = json.dumps(answer, ensure_ascii=True)
        with self._writing() as database:
            database.execute(
                "UPDATE receipts SET answer = ? WHERE person = ? AND key = ?", (text, person, key)
            )

    def drop(self, person: str, key: str) -> None:
        """Forget a key whose request failed, so that it may be tried again."""
        with self._writing() as database:
            database.execute(
                "DELETE FROM receipts WHERE person = ? AND key = ? AND answer IS NULL",
                (person, key),
            )

    # -- how much was sent -----------------------------------------------------

    def sent(self, person: str) -> tuple[int, float]:
        """Bytes that a person sent within a day, and the seconds until the oldest are forgotten."""
        since = time.time() - KEPT_SECONDS
        with self._writing() as database:
            database.execute("DELETE FROM sent WHERE at < ?", (since,))
            total, first = database.execute(
                "SELECT COALESCE(SUM(bytes), 0), MIN(at) FROM sent WHERE person = ?", (person,)
            ).fetchone()
        return int(total), max(0.0, (first or since) - since)

    def add(self, person: str, count: int) -> None:
        """Note bytes that a person sent."""
        with self._writing() as database:
            database.execute("INSERT INTO sent VALUES (?, ?, ?)", (person, time.time(), count))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A writing transaction, committed at the end, undone on an error."""
        try:
            with self._lock:
                database = self._opened()
                try:
                    database.execute("BEGIN IMMEDIATE")
                    yield database
                    database.execute("COMMIT")
                except BaseException:
                    if database.in_transaction:
                        database.execute("ROLLBACK")
                    raise
                finally:
                    database.close()
        except (sqlite3.Error, OSError) as error:
            raise ReceiptsError(f"上传记录 {FILE} 读写不了：{error}，请联系管理员。") from error

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        if not self._ready:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                database.close()
                raise ReceiptsError(
                    f"上传记录 {FILE} 由较新的程序写成，请更新程序，或删去这个文件（只失去一天内的记录）。"
                )
            database.executescript(_TABLES)
            database.execute(f"PRAGMA user_version = {_VERSION}")
            self._ready = True
        return database


def _lives(owner: str, at: float) -> bool:
    host, pid, mark = json.loads(owner)
    return is_alive(Owner(host, pid, mark), datetime.fromtimestamp(at, UTC))
