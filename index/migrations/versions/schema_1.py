"""The first released schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make its tables."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    _make_documents()
    op.create_table(
        "passages",
        sa.Column("passage_id", sa.Text, primary_key=True),
        _document(),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("article", sa.Text),
        sa.Column("page", sa.Integer),
        sa.Column("boxes", sa.Text, nullable=False),
        sa.Column("text_hash", sa.String(32), nullable=False),
    )
    op.create_index("passages_by_document", "passages", ["document_id", "ordinal"])
    op.create_table(
        "pending",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("passage_id", sa.Text, nullable=False, unique=True),
        sa.Column("document_id", sa.Text, nullable=False),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("op", sa.String(8), nullable=False),
        sqlite_autoincrement=True,
    )


def _make_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("document_id", sa.Text, primary_key=True),
        sa.Column("collection", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("format", sa.String(16), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("source_path", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text),
        sa.Column("doc_number", sa.Text),
        sa.Column("family", sa.Text, nullable=False),
        sa.Column("issued", sa.Date),
        sa.Column("effective", sa.Date),
        sa.Column("repealed", sa.Date),
        sa.Column("validity", sa.String(16), nullable=False),
        sa.Column("page_count", sa.Integer),
        sa.Column("page_sizes", sa.Text, nullable=False),
        sa.Column("passage_count", sa.Integer, nullable=False),
        sa.Column("article_count", sa.Integer, nullable=False),
        sa.Column("warnings", sa.Text, nullable=False),
        sa.Column("indexed_at", sa.DateTime(timezone=True)),
    )
    op.create_index("documents_by_source", "documents", ["collection", "source"], unique=True)
    op.create_index("documents_by_family", "documents", ["family"])
    op.create_table(
        "contents",
        _document(primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("outline", sa.Text, nullable=False),
    )


def _document(*, primary_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey("documents.document_id", ondelete="CASCADE")
    return sa.Column("document_id", sa.Text, key, primary_key=primary_key, nullable=False)
