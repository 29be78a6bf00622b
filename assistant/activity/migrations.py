"""Bringing an activity database of an earlier version of the program up to the present tables."""

from __future__ import annotations

from sqlalchemy import Connection, select, text, update

from assistant.activity.tables import SCHEMA_VERSION, meta

#: What turns a version into the next one. Nothing is lost. New tables need no step.
STEPS: dict[int, tuple[str, ...]] = {}
VERSION = "schema_version"


def must_migrate(version: str) -> bool:
    """Whether a database of this version can and must be brought up to the present one."""
    return version.isdecimal() and int(version) in STEPS and int(version) < SCHEMA_VERSION


def migrate(connection: Connection) -> None:
    """Do so within the caller's writing transaction; nothing where there is nothing to do.

    Another process may have done it meanwhile: the version is read anew.
    """
    where = meta.c.key == VERSION
    found = connection.execute(select(meta.c.value).where(where)).scalar()
    while found is not None and must_migrate(found):
        for statement in STEPS[int(found)]:
            connection.execute(text(statement))
        found = str(int(found) + 1)
        connection.execute(update(meta).where(where).values(value=found))
