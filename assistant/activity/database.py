"""The activity database: how it is opened, read and written, and its errors in Chinese."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, select
from sqlalchemy.exc import DBAPIError, OperationalError

from assistant.activity.migrations import VERSION, migrate, must_migrate
from assistant.activity.tables import SCHEMA_VERSION, meta, metadata
from index.errors import LibraryBusy, LibraryError, shorten

log = logging.getLogger("luming.activity")
FILE = "activity.db"
BUSY_SECONDS = 5.0
"""How long a statement waits for another connection's write before LibraryBusy."""

_T = TypeVar("_T")


class ActivityError(LibraryError):
    """The activity database cannot be opened, read or written."""


class ActivityDatabase:
    """Connections to ``activity.db`` of one home, opened when first used.

    Safe to share between threads, and with other processes. Reading transactions see one state
    of the database; writing ones are exclusive from their start. Raises :class:`ActivityError`
    or :class:`index.errors.LibraryBusy` with a line for the user.
    """

    def __init__(self, home: Path, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = Path(home) / FILE
        self._busy_seconds = busy_seconds
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
                engine = _engine(self.path, self._busy_seconds)
                try:
                    _prepare(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine


class Quietly:
    """Runs writes that must never make an answer fail: what goes wrong is logged, once."""

    def __init__(self) -> None:
        self._warned = False

    def __call__(self, work: Callable[[], _T]) -> _T | None:
        """What ``work`` returns, or None where the database cannot be used."""
        try:
            return work()
        except LibraryError as error:
            if not self._warned:
                log.warning("%s 提问照常，只是没有记录。", error)
            self._warned = True
        return None


def _prepare(engine: Engine) -> None:
    """Make or migrate what the file lacks; a file that lacks nothing is only read."""
    with engine.connect() as connection:
        present = set(engine.dialect.get_table_names(connection))
        if meta.name in present:
            query = select(meta.c.value).where(meta.c.key == VERSION)
            found = connection.execute(query).scalar()
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
        raise ActivityError(_unusable(reason)) from error
    except DBAPIError as error:
        raise ActivityError(_unusable(str(error.orig))) from error
    except UnicodeEncodeError as error:
        raise ActivityError("文字里有不完整的字符，没有存下。") from error


def _engine(path: Path, busy_seconds: float) -> Engine:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ActivityError(f"建不了数据目录 {path.parent}：{error.strerror}。") from error
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": busy_seconds})

    def tune(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not start transactions; begin does
        for pragma in (
            f"busy_timeout={int(busy_seconds * 1000)}",
            "journal_mode=WAL",
            "synchronous=NORMAL",  # with WAL: a power cut may lose the last commits, no more
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
        raise ActivityError(
            f"提问记录的版本是 {shorten(found)}，这个程序使用版本 {SCHEMA_VERSION}，"
            f"请使用与它相配的程序版本，或把数据目录里的 {FILE} 移走。"
        )


def _unusable(reason: str) -> str:
    return (
        f"提问记录（{FILE}）打不开或读写失败（{shorten(reason, 120)}），"
        "请检查数据目录的权限和磁盘空间；如果文件已损坏，请恢复备份，或把它移走。"
    )
