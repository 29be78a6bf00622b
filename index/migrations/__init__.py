"""How the catalog's tables came to be what they are: alembic's revisions, one file each.

A change of ``index.tables`` comes with ``versions/schema_N.py`` and ``SCHEMA_VERSION = N``; a test
compares what the revisions make of nothing with ``index.tables``. ``index.schema`` runs them when
a catalog of an earlier program is opened. There is no way down: the backup before is it.
"""
