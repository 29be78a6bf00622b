"""The catalog's database: how it is opened, read and written, and its errors in Chinese."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from index.counters import Counters
from index.errors import CatalogError, LibraryBusy, shorten
from index.schema import must_upgrade, prepare, version_of
from index.tables import SCHEMA_VERSION, counters

BUSY_SECONDS = 30
"""How long a statement waits for another connection's write before LibraryBusy."""


class Database:
    """Connections to one catalog. Safe to share between threads.

    Reading transactions see one state of the database; writing ones are exclusive from their
    start, so that what they read cannot change before they write.
    """

    def __init__(self, url: str) -> None:
        """Open (and on first use make) the database; CatalogError when that is impossible."""
        self._engine = _engine(url)
        self._counters = Counters(_file(self._engine))
        self._writer = self._engine.execution_options(luming_write=True)
        with self._translated():
            self._prepare()

    def _prepare(self) -> None:
        with self._engine.connect() as connection:
            found = version_of(connection)
        if found is None or must_upgrade(found):
            with self._writer.begin() as connection:
                prepare(connection)
        else:
            _check_version(found)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a reading transaction."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, stores: bool = False, counted: bool = True) -> Iterator[Connection]:
        """A connection in a writing transaction, committed at the end, undone on an error.

        The commit moves the ``generation`` counter, and with ``stores`` also the counter of
        what the vectors and the lexical index hold. ``counted=False`` is for what no search or
        answer depends on (progress of a job, a file's time): no counter moves.
        """
        with self._translated(), self._writer.begin() as connection:
            yield connection
            if not counted:
                return
            names = ("generation", "stores") if stores else ("generation",)
            connection.execute(
                update(counters)
                .where(counters.c.name.in_(names))
                .values(value=counters.c.value + 1)
            )

    def counter(self, name: str) -> int:
        """The present value of a counter; another process's commits are seen."""

        def read() -> int:
            with self.reading() as connection:
                query = select(counters.c.value).where(counters.c.name == name)
                return int(connection.execute(query).scalar_one())

        return self._counters.value(name, read)

    def close(self) -> None:
        """Close every pooled connection."""
        self._counters.close()
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            reason = str(error.orig)
            if "locked" in reason or "busy" in reason:
                raise LibraryBusy from error
            raise CatalogError(_unusable(reason)) from error
        except DBAPIError as error:
            raise CatalogError(_unusable(str(error.orig))) from error
        except UnicodeEncodeError as error:
            raise CatalogError("文本里有不完整的字符，无法存入目录库，请检查文件编码。") from error


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(url, parsed.database)
        engine = create_engine(url, pool_pre_ping=True)
        engine.dialect.import_dbapi()
        return engine
    except (NoSuchModuleError, ImportError) as error:
        raise CatalogError(
            f"缺少目录库的数据库驱动（{shorten(str(error), 80)}），"
            "请先安装驱动，或改用默认的 SQLite。"
        ) from error
    except ArgumentError as error:
        raise CatalogError("目录库地址 LUMING_DATABASE_URL 写法不对，请检查。") from error


def _file(engine: Engine) -> Path | None:
    """The file of a SQLite database."""
    name = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
    return Path(name) if name and name != ":memory:" else None


def _sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogError(f"建不了数据目录 {Path(path).parent}：{error.strerror}。") from error
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _tune)
    event.listen(engine, "begin", _begin)
    return engine


def _tune(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not start transactions; _begin does
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",  # with WAL: a power cut may lose the last commits, never corrupt
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "cache_size=-32768",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("luming_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _check_version(found: str) -> None:
    if found != str(SCHEMA_VERSION):
        raise CatalogError(
            f"目录库的版本是 {shorten(found)}，这个程序使用版本 {SCHEMA_VERSION}，"
            "请使用与资料库相配的程序版本，或换一个数据目录（LUMING_HOME）重新导入。"
        )


def _unusable(reason: str) -> str:
    return (
        f"目录库打不开或读写失败（{shorten(reason, 120)}），请检查数据目录的权限和磁盘空间；"
        "如果文件已损坏，请恢复备份，或换一个数据目录（LUMING_HOME）重新导入。"
    )
