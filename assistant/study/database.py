"""The study database: how it is opened, read and written, and its errors in Chinese."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from assistant.study.tables import SCHEMA_VERSION, meta, metadata
from index.errors import LibraryBusy, LibraryError, shorten

FILE = "study.db"
BUSY_SECONDS = 5.0
STEPS: dict[int, tuple[str, ...]] = {}
"""What turns a version of the schema into the next one."""
_VERSION = "schema_version"


class StudyStoreError(LibraryError):
    """The study database cannot be opened, read or written."""


class StudyDatabase:
    """Connections to ``study.db`` of one home, opened when first used.

    Safe to share between threads and with other processes. Raises StudyStoreError or LibraryBusy.
    """

    def __init__(self, home: Path) -> None:
        self.path = Path(home) / FILE
        self._opening = threading.Lock()
        self._engine: Engine | None = None

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

    def close(self) -> None:
        """Close every pooled connection; the next use opens anew."""
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def _opened(self) -> Engine:
        with self._opening:
            if self._engine is None:
                engine = _engine(self.path)
                try:
                    with engine.execution_options(luming_write=True).begin() as connection:
                        _prepare(connection)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine


def _prepare(connection: Connection) -> None:
    """Make the tables, or bring those of an earlier version up to the present."""
    metadata.create_all(connection, tables=[meta])
    where = meta.c.key == _VERSION
    found = connection.execute(select(meta.c.value).where(where)).scalar()
    if found is None:
        connection.execute(meta.insert(), {"key": _VERSION, "value": str(SCHEMA_VERSION)})
        found = str(SCHEMA_VERSION)
    while found.isdecimal() and int(found) < SCHEMA_VERSION and int(found) in STEPS:
        for statement in STEPS[int(found)]:
            connection.execute(text(statement))
        found = str(int(found) + 1)
        connection.execute(update(meta).where(where).values(value=found))
    if found != str(SCHEMA_VERSION):
        raise StudyStoreError(
            f"备课记录的版本是 {shorten(found)}，这个程序使用版本 {SCHEMA_VERSION}，"
            f"请使用与它相配的程序版本，或把数据目录里的 {FILE} 移走。"
        )
    metadata.create_all(connection)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig)
        if "locked" in reason or "busy" in reason:
            raise LibraryBusy from error
        raise StudyStoreError(_unusable(reason)) from error
    except DBAPIError as error:
        raise StudyStoreError(_unusable(str(error.orig))) from error
    except UnicodeEncodeError as error:
        raise StudyStoreError("文字里有不完整的字符，没有存下。") from error


def _engine(path: Path) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyStoreError(f"建不了数据目录 {path.parent}：{error.strerror}。") from error
    url = URL.create("sqlite", database=str(path))
    # Phones ask all at once: a connection more than the pool holds is opened, none waits long.
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, max_overflow=40)

    def tune(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not start transactions; begin does
        for pragma in (
            f"busy_timeout={int(BUSY_SECONDS * 1000)}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("luming_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    event.listen(engine, "connect", tune)
    event.listen(engine, "begin", begin)
    return engine


def _unusable(reason: str) -> str:
    return (
        f"备课记录（{FILE}）打不开或读写失败（{shorten(reason, 120)}），"
        "请检查数据目录的权限和磁盘空间；如果文件已损坏，请恢复备份，或把它移走。"
    )
