"""Bringing a catalog of an earlier version of the program up to the present tables."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select, text, update

from index.tables import SCHEMA_VERSION, meta

#: What turns a version into the next one. Columns are added with a default, nothing is lost.
STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE documents ADD COLUMN statements TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE documents ADD COLUMN metadata_version INTEGER NOT NULL DEFAULT 0",
    ),
    2: (
        "ALTER TABLE documents ADD COLUMN missing_since TIMESTAMP",
        "ALTER TABLE documents ADD COLUMN place_count INTEGER NOT NULL DEFAULT 1",
        "DROP INDEX documents_by_source",
        "CREATE INDEX documents_by_source ON documents (collection, source)",
        "DELETE FROM pending WHERE op = 'meta'",  # the stores no longer keep what it was for
        # Nothing is known of the time of hashing: such a file is hashed once, not read again.
        "INSERT INTO places (collection, source, document_id, path, size, mtime_ns, ctime_ns,"
        " device, checked_ns, file_hash, content_hash)"
        " SELECT collection, source, document_id, source_path, size, mtime_ns, 0, 0, 0, '',"
        " content_hash FROM documents",
    ),
}
_VERSION = "schema_version"


def must_migrate(version: str) -> bool:
    """Whether a catalog of this version can and must be brought up to the present one."""
    return version.isdecimal() and int(version) in STEPS and int(version) < SCHEMA_VERSION


def migrate(connection: Connection) -> None:
    """Do so within the caller's writing transaction; nothing where there is nothing to do.

    Tables that the earlier version lacks have been made; this changes the others and fills them.
    Another process may have done it meanwhile: the version is read anew.
    """
    if not inspect(connection).has_table(meta.name):
        return
    where = meta.c.key == _VERSION
    found = connection.execute(select(meta.c.value).where(where)).scalar()
    while found is not None and must_migrate(found):
        for statement in STEPS[int(found)]:
            connection.execute(text(statement))
        found = str(int(found) + 1)
        connection.execute(update(meta).where(where).values(value=found))
