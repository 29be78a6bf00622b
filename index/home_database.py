"""A SQLite file of its own in the home: how it is opened, brought up to date, read and written.

Each store describes its file by a :class:`Layout`. The catalog has a database of its own kind
(``index.database``), which may also be a server's.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    MetaData,
    Table,
    create_engine,
    event,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, OperationalError

from index.errors import LibraryBusy, LibraryError, shorten

BUSY_SECONDS = 5.0
"""How long a statement waits for another connection's write before LibraryBusy."""
VERSION = "schema_version"
"""Under which key ``meta`` keeps the version of the tables."""


@dataclass(frozen=True)
class Layout:
    """What one file is.

    ``meta`` is a table of ``metadata`` with ``key`` and ``value``; ``version`` that of the tables,
    ``steps`` the statements that turn a version into the next one (new tables need none). ``error``
    is raised with a Chinese line that calls the file ``called``; ``remedy`` ends the line about a
    damaged one. ``private``: of mode 600 from the first byte on.
    """

    file: str
    called: str
    metadata: MetaData
    meta: Table
    version: int
    error: type[LibraryError]
    steps: Mapping[int, Sequence[str]] = field(default_factory=dict)
    remedy: str = "请恢复备份，或把它移走"
    private: bool = False
    pragmas: tuple[str, ...] = ("synchronous=NORMAL",)  # a power cut may lose the last commits
    options: Mapping[str, Any] = field(default_factory=dict)  # of create_engine

    def unusable(self, reason: str) -> LibraryError:
        """The error of a file that can't be opened, read or written."""
        return self.error(
            f"{self.called}（{self.file}）打不开或读写失败（{shorten(reason, 120)}），"
            f"请检查数据目录的权限和磁盘空间；如果文件已损坏，{self.remedy}。"
        )

    def must_migrate(self, version: str) -> bool:
        """Whether a file of this version can and must be brought up to the present one."""
        known = version.isdecimal() and int(version) in self.steps
        return known and int(version) < self.version

    def check_version(self, found: str) -> None:
        """Raise the error for a file of another version of the program."""
        if found != str(self.version):
            raise self.error(
                f"{self.called}的版本是 {shorten(found)}，这个程序使用版本 {self.version}，"
                "请使用与它相配的程序版本"
                + ("。" if self.private else f"，或把数据目录里的 {self.file} 移走。")
            )


class HomeDatabase:
    """Connections to one file of one home, opened when first used.

    Safe to share between threads, and with other processes. Reading transactions see one state;
    writing ones are exclusive from their start. Raises the layout's error, or LibraryBusy.
    """

    def __init__(self, home: Path, layout: Layout, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = Path(home) / layout.file
        self._layout = layout
        self._busy_seconds = busy_seconds
        self._opening = threading.Lock()
        self._engine: Engine | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a reading transaction."""
        with self._translated(), self._opened().connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a writing transaction, committed at the end, undone on an error."""
        with (
            self._translated(),
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
                engine = self._connected()
                try:
                    self._prepare(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine

    def _connected(self) -> Engine:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._layout.private:
                # Made here and not by SQLite, whose journals take its mode over.
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
                self.path.chmod(0o600)
        except OSError as error:
            raise self._layout.unusable(error.strerror or str(error)) from error
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            connect_args={"timeout": self._busy_seconds},
            **self._layout.options,
        )
        event.listen(engine, "connect", self._tune)
        event.listen(engine, "begin", _begin)
        return engine

    def _tune(self, connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not start transactions; _begin does
        busy = f"busy_timeout={int(self._busy_seconds * 1000)}"
        for pragma in (busy, "journal_mode=WAL", *self._layout.pragmas):
            connection.execute(f"PRAGMA {pragma}")

    def _prepare(self, engine: Engine) -> None:
        """Make or migrate what the file lacks; a file that lacks nothing is only read."""
        layout = self._layout
        tables, meta = layout.metadata, layout.meta
        version = select(meta.c.value).where(meta.c.key == VERSION)
        with engine.connect() as connection:
            present = set(engine.dialect.get_table_names(connection))
            if meta.name in present:
                found = connection.execute(version).scalar()
                if found is not None and not layout.must_migrate(found):
                    layout.check_version(found)
                    if present >= set(tables.tables):
                        return
        with engine.execution_options(luming_write=True).begin() as connection:
            tables.create_all(connection, tables=[meta])
            # Another process may have done it meanwhile: the version is read anew.
            found = connection.execute(version).scalar()
            while found is not None and layout.must_migrate(found):
                for statement in layout.steps[int(found)]:
                    connection.execute(text(statement))
                found = str(int(found) + 1)
                where = meta.c.key == VERSION
                connection.execute(update(meta).where(where).values(value=found))
            if found is not None:
                layout.check_version(found)
            tables.create_all(connection)
            if found is None:
                row = {"key": VERSION, "value": str(layout.version)}
                connection.execute(meta.insert(), row)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            reason = str(error.orig)
            if "locked" in reason or "busy" in reason:
                raise LibraryBusy from error
            raise self._layout.unusable(reason) from error
        except DBAPIError as error:
            raise self._layout.unusable(str(error.orig)) from error
        except UnicodeEncodeError as error:
            raise self._layout.error("文字里有不完整的字符，没有存下。") from error


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("luming_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
