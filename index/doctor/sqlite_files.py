"""Looking into SQLite files without LuMing's own tables, and mending what can be mended."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

_TOLD = 20  # lines of the integrity check
_SIDES = ("-wal", "-shm")


def problems(path: Path) -> list[str]:
    """What SQLite finds wrong with a file, [] for a whole one. The file is only read."""
    try:
        with closing(_reading(path)) as connection:
            rows = connection.execute(f"PRAGMA integrity_check({_TOLD})").fetchall()
    except sqlite3.Error as error:
        return [str(error)]
    return [str(row[0]) for row in rows if row[0] != "ok"]


def locked_or_refused(lines: list[str]) -> bool:
    """Whether the lines tell of no damage, but of a file that can't be opened here and now."""
    signs = ("locked", "unable to open", "readonly", "permission", "disk is full")
    return any(sign in line for line in lines for sign in signs)


def reindex(path: Path) -> list[str]:
    """Make the indexes of a file anew; what is still wrong. Tables are not touched."""
    try:
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.execute("REINDEX")
            connection.commit()
    except sqlite3.Error:
        pass  # the tables themselves are damaged: the check says so
    return problems(path)


def broken_links(path: Path) -> list[tuple[str, int]]:
    """Rows that point at rows that are not there, as (table, row number)."""
    with closing(_reading(path)) as connection:
        rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    return [(str(row[0]), int(row[1])) for row in rows if row[1] is not None]


def delete_rows(path: Path, rows: list[tuple[str, int]]) -> None:
    """Delete rows by table and number; nothing that hangs on them goes along."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        for table, number in rows:
            name = table.replace('"', '""')
            connection.execute(f'DELETE FROM "{name}" WHERE rowid = ?', (number,))
        connection.commit()


def move_aside(path: Path) -> Path:
    """Rename a file, with its journal, so that it is kept and no longer used; its new name."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.name}.damaged-{stamp}")
    for count in range(1, 1000):
        if not target.exists():
            break
        target = path.with_name(f"{path.name}.damaged-{stamp}-{count}")
    for side in ("", *_SIDES):
        one = path.with_name(path.name + side)
        if one.exists():
            os.replace(one, target.with_name(target.name + side))
    return target


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
