"""Which version a catalog's tables are, and bringing an earlier one up to the present one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select

from index.tables import SCHEMA_VERSION, counters, meta, metadata

MIGRATIONS = Path(__file__).with_name("migrations")

#: As alembic makes it: one row, the revision.
versions = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
#: Where programs before alembic kept it in ``meta``.
LEGACY_KEY = "schema_version"


def version_of(connection: Connection) -> str | None:
    """The version that is written down, None where none is or there are no tables."""
    has_table = connection.dialect.has_table
    if has_table(connection, versions.name):
        return connection.execute(select(versions.c.version_num)).scalar()
    if has_table(connection, meta.name):
        where = meta.c.key == LEGACY_KEY
        return connection.execute(select(meta.c.value).where(where)).scalar()
    return None


def must_upgrade(version: str | None) -> bool:
    """Whether a catalog of this version can and must be brought up to the present one."""
    return (version or "").isdecimal() and 1 <= int(version or "") < SCHEMA_VERSION


def prepare(connection: Connection) -> None:
    """Make the tables or bring them up, within the caller's writing transaction.

    Another process may have done it meanwhile: the version is read anew. Tables without a version
    stay as they are: the doctor says what is wrong with them.
    """
    version = version_of(connection)
    if must_upgrade(version):
        upgrade(connection, str(version))
    elif version is None and not connection.dialect.has_table(connection, meta.name):
        metadata.create_all(connection)
        write_version(connection, str(SCHEMA_VERSION))
        starting = [{"name": "generation", "value": 0}, {"name": "stores", "value": 0}]
        connection.execute(insert(counters), starting)


def write_version(connection: Connection, version: str) -> None:
    """Write the version down, in place of what stood there."""
    versions.create(connection, checkfirst=True)
    connection.execute(versions.delete())
    connection.execute(insert(versions), {"version_num": version})
    connection.execute(meta.delete().where(meta.c.key == LEGACY_KEY))


def upgrade(connection: Connection, version: str) -> None:
    """Run alembic's revisions after ``version`` (``base``: all) within the caller's transaction."""
    from alembic.migration import MigrationContext  # a tenth of a second, and hardly ever needed
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    revisions = ScriptDirectory(str(MIGRATIONS)).iterate_revisions("head", version)
    with Operations.context(MigrationContext.configure(connection)):
        for revision in reversed(list(revisions)):
            revision.module.upgrade()
            write_version(connection, revision.revision)
