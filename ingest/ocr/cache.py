"""Lines found in pictures, kept so that the same picture is not recognised twice.

A cache: it may be deleted at any time, and is no part of a backup. Whatever is wrong with the
file costs time only.
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from contextlib import suppress
from pathlib import Path

from ingest.ocr.base import TextLine
from ingest.ocr.picture import PictureText

SCHEMA = 1
MAX_BYTES = 256 * 1024 * 1024
_MANY = 64  # pages between looks at the size
_MOST_PACKED = 8 * 1024 * 1024
_TABLE = (
    "CREATE TABLE IF NOT EXISTS pages "
    "(key TEXT PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, lines BLOB NOT NULL)"
)


class PageCache:
    """Found lines by a key that says picture and engine. Several processes may share it."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._put = 0
        self._database: sqlite3.Connection | None = None

    def get(self, key: str) -> PictureText | None:
        """What was found before, None where nothing was or it can't be read."""
        try:
            database = self._opened()
            row = database.execute("SELECT lines FROM pages WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            with suppress(sqlite3.Error), database:
                database.execute("UPDATE pages SET used = ? WHERE key = ?", (_now(), key))
            return _unpacked(row[0])
        except (sqlite3.Error, OSError):
            self._give_up()
        except (ValueError, TypeError, KeyError, zlib.error):
            pass
        return None

    def put(self, key: str, text: PictureText) -> None:
        """Keep what was found."""
        packed = _packed(text)
        if len(packed) > _MOST_PACKED:
            return
        try:
            database = self._opened()
            with database:
                database.execute(
                    "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?)",
                    (key, _now(), len(packed), packed),
                )
            self._put += 1
            if self._put % _MANY == 1:
                self._bound(database)
        except (sqlite3.Error, OSError):
            self._give_up()

    def close(self) -> None:
        """Release the file."""
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._database = self._connected()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise  # busy, full or read-only: the file itself may be good
                self._path.unlink(missing_ok=True)
                self._database = self._connected()
        return self._database

    def _connected(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=5.0)
        try:
            database.execute("PRAGMA journal_mode = TRUNCATE")
            database.execute("PRAGMA synchronous = OFF")  # nothing here is worth a wait
            if database.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
                with database:
                    database.execute("DROP TABLE IF EXISTS pages")
                    database.execute(_TABLE)
                    database.execute(f"PRAGMA user_version = {SCHEMA}")
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _bound(self, database: sqlite3.Connection) -> None:
        """Let go of what was not used for longest, down to nine tenths of what is allowed."""
        total = database.execute("SELECT coalesce(sum(size), 0) FROM pages").fetchone()[0]
        if total <= self._max_bytes:
            return
        gone = []
        for key, size in database.execute("SELECT key, size FROM pages ORDER BY used"):
            if total <= 0.9 * self._max_bytes:
                break
            gone.append((key,))
            total -= size
        with database:
            database.executemany("DELETE FROM pages WHERE key = ?", gone)
        database.execute("VACUUM")

    def _give_up(self) -> None:
        self.close()


def _now() -> int:
    return int(time.time())


def _packed(text: PictureText) -> bytes:
    lines = [
        [
            one.text,
            [round(value, 1) for point in one.corners for value in point],
            [round(place, 5) for place in one.places],
            round(one.confidence, 4),
        ]
        for one in text.lines
    ]
    return zlib.compress(json.dumps([text.turn, lines], ensure_ascii=False).encode())


def _unpacked(packed: bytes) -> PictureText:
    loose = zlib.decompressobj().decompress(packed, 16 * _MOST_PACKED)
    turn, rows = json.loads(loose)
    lines = []
    for text, corners, places, confidence in rows:
        if len(places) != len(text):
            raise ValueError("damaged line")
        ax, ay, bx, by, cx, cy, dx, dy = (float(one) for one in corners)
        points = ((ax, ay), (bx, by), (cx, cy), (dx, dy))
        lines.append(TextLine(text, points, tuple(map(float, places)), float(confidence)))
    return PictureText(tuple(lines), int(turn))
