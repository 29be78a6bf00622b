"""The version of the catalog's tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress

from index.doctor.base import Examined, Finding
from index.errors import shorten
from index.schema import LEGACY_KEY, must_upgrade, versions
from index.tables import SCHEMA_VERSION, metadata


class SchemaCheck:
    """A version that this program knows. An older one is brought up by opening it."""

    title = "目录库版本"
    needs_catalog = False

    def find(self, home: Examined) -> list[Finding]:
        """A newer one can't be used; an unknown one can, if its tables are the present ones."""
        path = home.catalog_file
        if path is None or not path.exists():
            return []
        try:
            version, fits = self._look(home)
        except sqlite3.Error:
            return []  # the check of the file says what is wrong
        if version == str(SCHEMA_VERSION) or must_upgrade(version):
            return []
        if version is not None and version.isdecimal() and int(version) > SCHEMA_VERSION:
            return [
                Finding(
                    "schema-newer",
                    f"目录库的版本是 {version}，这个程序只认得到版本 {SCHEMA_VERSION}。",
                    "请升级程序，或用 luming restore 恢复升级前的备份。",
                )
            ]
        name = "没有写明" if version is None else f"写的是“{shorten(version, 20)}”"
        fix = (
            f"各表与版本 {SCHEMA_VERSION} 相符，修复时改写为 {SCHEMA_VERSION}。"
            if fits
            else "各表也与这个程序不符，请用 luming restore 恢复备份。"
        )
        return [Finding("schema-unknown", f"目录库的版本{name}，无法辨认。", fix, fits)]

    def _look(self, home: Examined) -> tuple[str | None, bool]:
        assert home.catalog_file is not None
        where = f"{home.catalog_file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(where, uri=True, timeout=10)) as connection:
            found = {}
            for table in metadata.sorted_tables:
                rows = connection.execute(f'PRAGMA table_info("{table.name}")').fetchall()
                found[table.name] = {row[1] for row in rows}
            if not any(found.values()):
                return str(SCHEMA_VERSION), True  # an empty file: the first opening fills it
            fits = all({c.name for c in t.columns} == found[t.name] for t in metadata.sorted_tables)
            return _version(connection), fits

    def repair(self, home: Examined, findings: Sequence[Finding]) -> list[str]:
        """Write the present version."""
        assert home.catalog_file is not None
        home.reopen()
        with closing(sqlite3.connect(home.catalog_file, timeout=30)) as connection:
            name = versions.name
            connection.execute(f"CREATE TABLE IF NOT EXISTS {name} (version_num VARCHAR(32))")
            connection.execute(f"DELETE FROM {name}")
            connection.execute(f"INSERT INTO {name} VALUES (?)", (str(SCHEMA_VERSION),))
            connection.commit()
        return [f"目录库的版本已改写为 {SCHEMA_VERSION}。"]


def _version(connection: sqlite3.Connection) -> str | None:
    """As ``index.schema.version_of``, of a file that is only read."""
    for query in (
        f"SELECT version_num FROM {versions.name}",
        f"SELECT value FROM meta WHERE key = '{LEGACY_KEY}'",
    ):
        with suppress(sqlite3.OperationalError):  # no such table
            row = connection.execute(query).fetchone()
            return None if row is None else str(row[0])
    return None
