"""Places of documents, refused files, remembered folders, jobs and sketches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Make the tables; a document's file becomes its first place."""
    op.add_column("documents", sa.Column("missing_since", sa.DateTime(timezone=True)))
    op.add_column(
        "documents", sa.Column("place_count", sa.Integer, nullable=False, server_default="1")
    )
    op.drop_index("documents_by_source", "documents")
    op.create_index("documents_by_source", "documents", ["collection", "source"])
    _make_places()
    _make_jobs()
    op.create_table(
        "sketches",
        _document(primary_key=True),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
    )
    op.execute("DELETE FROM pending WHERE op = 'meta'")  # the stores no longer keep what it told
    # Nothing is known of the time of hashing: such a file is hashed once, not read again.
    op.execute(
        "INSERT INTO places (collection, source, document_id, path, size, mtime_ns, ctime_ns,"
        " device, checked_ns, file_hash, content_hash)"
        " SELECT collection, source, document_id, source_path, size, mtime_ns, 0, 0, 0, '',"
        " content_hash FROM documents"
    )


def _make_places() -> None:
    op.create_table(
        "places",
        sa.Column("collection", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        _document(),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("ctime_ns", sa.BigInteger, nullable=False),
        sa.Column("device", sa.BigInteger, nullable=False),
        sa.Column("checked_ns", sa.BigInteger, nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True)),
    )
    op.create_index("places_by_document", "places", ["document_id"])
    op.create_table(
        "refusals",
        sa.Column("collection", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("ctime_ns", sa.BigInteger, nullable=False),
        sa.Column("program", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "sources",
        sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("include", sa.Text, nullable=False),
        sa.Column("exclude", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("collection", "path"),
    )


def _make_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("pid_mark", sa.Text, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False, server_default=""),
        sa.Column("stage_at", sa.DateTime(timezone=True)),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("total", sa.Integer, nullable=False, server_default="0"),
        sa.Column("counts", sa.Text, nullable=False, server_default="{}"),
        sa.Column("passages", sa.Integer, nullable=False, server_default="0"),
        sa.Column("message", sa.Text, nullable=False, server_default=""),
        sa.Column("cancel", sa.Integer, nullable=False, server_default="0"),
        sqlite_autoincrement=True,
    )
    key = sa.ForeignKey("jobs.job_id", ondelete="CASCADE")
    op.create_table(
        "job_files",
        sa.Column("job_id", sa.Integer, key, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("advice", sa.Text, nullable=False),
    )


def _document(*, primary_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey("documents.document_id", ondelete="CASCADE")
    return sa.Column("document_id", sa.Text, key, primary_key=primary_key, nullable=False)
