"""The database of people and rights: how it is opened, read and written."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError, OperationalError

from index.errors import LibraryBusy, shorten
from ui.access.errors import AccessStoreError
from ui.access.tables import SCHEMA_VERSION, VERSION, meta, metadata, migrate, must_migrate

FILE = "access.db"
BUSY_SECONDS = 5.0
Clock = Callable[[], datetime]


class AccessDatabase:
    """Connections to ``access.db`` of one home, opened when first used; the file is of mode 600.

    Safe to share between threads and with other processes. Writing transactions are exclusive
    from their start. Raises AccessStoreError or :class:`index.errors.LibraryBusy`.
    """

    def __init__(self, home: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = Path(home) / FILE
        self._busy_seconds = busy_seconds
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._watching = threading.Lock()
        self._watcher: sqlite3.Connection | None = None

    def exists(self) -> bool:
        """Whether anything was ever kept; nothing is made."""
        return self._engine is not None or self.path.exists()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a reading transaction."""
        with _translated(), self._opened().connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a writing transaction, committed at the end, undone on an error."""
        with (
            _translated(),
            self._opened().execution_options(luming_write=True).begin() as connection,
        ):
            yield connection

    def version(self) -> int:
        """A number that changes when any connection, also of another process, has written."""
        self._opened()
        with self._watching:
            try:
                if self._watcher is None:
                    self._watcher = sqlite3.connect(
                        self.path, timeout=self._busy_seconds, check_same_thread=False
                    )
                return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error as error:
                raise AccessStoreError(_unusable(str(error))) from error

    def close(self) -> None:
        """Close every pooled connection; the next use opens anew."""
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None
        with self._watching:
            if self._watcher is not None:
                self._watcher.close()
            self._watcher = None

    def _opened(self) -> Engine:
        with self._opening:
            if self._engine is None:
                engine = _engine(self.path, self._busy_seconds)
                try:
                    _prepare(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine


def _prepare(engine: Engine) -> None:
    """Make or migrate what the file lacks."""
    with engine.connect() as connection:
        present = set(engine.dialect.get_table_names(connection))
        if meta.name in present:
            found = connection.execute(select(meta.c.value).where(meta.c.key == VERSION)).scalar()
            if found is not None and not must_migrate(found):
                _check_version(found)
                if present >= set(metadata.tables):
                    return
    with engine.execution_options(luming_write=True).begin() as connection:
        metadata.create_all(connection, tables=[meta])
        migrate(connection)
        metadata.create_all(connection)
        if connection.execute(select(meta.c.key).where(meta.c.key == VERSION)).first() is None:
            connection.execute(meta.insert(), {"key": VERSION, "value": str(SCHEMA_VERSION)})


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig)
        if "locked" in reason or "busy" in reason:
            raise LibraryBusy from error
        raise AccessStoreError(_unusable(reason)) from error
    except DBAPIError as error:
        raise AccessStoreError(_unusable(str(error.orig))) from error


def _engine(path: Path, busy_seconds: float) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made here and not by SQLite, whose journals take its mode over.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise AccessStoreError(_unusable(error.strerror or str(error))) from error
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": busy_seconds}, hide_parameters=True)

    def tune(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not start transactions; begin does
        for pragma in (
            f"busy_timeout={int(busy_seconds * 1000)}",
            "journal_mode=WAL",
            "synchronous=FULL",  # a revoked session stays revoked after a power cut
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("luming_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    event.listen(engine, "connect", tune)
    event.listen(engine, "begin", begin)
    return engine


def _check_version(found: str) -> None:
    if found != str(SCHEMA_VERSION):
        raise AccessStoreError(
            f"用户与权限库的版本是 {shorten(found)}，这个程序使用版本 {SCHEMA_VERSION}，"
            "请使用与它相配的程序版本。"
        )


def _unusable(reason: str) -> str:
    return (
        f"用户与权限库（{FILE}）打不开或读写失败（{shorten(reason, 120)}），"
        "请检查数据目录的权限和磁盘空间；如果文件已损坏，请恢复备份。"
    )
