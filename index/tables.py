"""Tables of the catalog, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA_VERSION = 2

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

#: Whole numbers that only grow: ``generation`` and ``stores``.
counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("document_id", Text, primary_key=True),
    Column("collection", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("format", String(16), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("source_path", Text, nullable=False),
    Column("issuer", Text),
    Column("doc_number", Text),
    Column("family", Text, nullable=False),
    Column("issued", Date),
    Column("effective", Date),
    Column("repealed", Date),
    Column("validity", String(16), nullable=False),
    Column("statements", Text, nullable=False, server_default="{}"),  # see index.versions
    Column("metadata_version", Integer, nullable=False, server_default="0"),
    Column("page_count", Integer),
    Column("page_sizes", Text, nullable=False),  # JSON [[width, height], ...]
    Column("passage_count", Integer, nullable=False),
    Column("article_count", Integer, nullable=False),
    Column("warnings", Text, nullable=False),  # JSON [text, ...]
    Column("indexed_at", DateTime(timezone=True)),
    Index("documents_by_source", "collection", "source", unique=True),
    Index("documents_by_family", "family"),
)

#: The large columns of a document, apart so that listing documents does not read them.
contents = Table(
    "contents",
    metadata,
    Column(
        "document_id",
        Text,
        ForeignKey("documents.document_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("text", Text, nullable=False),
    Column("outline", Text, nullable=False),  # JSON [[kind, label, title, start, end, level], ...]
)

passages = Table(
    "passages",
    metadata,
    Column("passage_id", Text, primary_key=True),
    Column(
        "document_id",
        Text,
        ForeignKey("documents.document_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("ordinal", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("context", Text, nullable=False),
    Column("article", Text),
    Column("page", Integer),
    Column("boxes", Text, nullable=False),  # JSON [[page, x0, y0, x1, y1], ...]
    Column("text_hash", String(32), nullable=False),  # of the embedding text
    Index("passages_by_document", "document_id", "ordinal"),
)

#: Work that the catalog has committed and the vectors and the lexical index have not yet.
#: No foreign key: the row of a removed passage outlives the passage.
pending = Table(
    "pending",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("passage_id", Text, nullable=False, unique=True),
    Column("document_id", Text, nullable=False),
    Column("collection", Text, nullable=False),
    Column("op", String(8), nullable=False),
    sqlite_autoincrement=True,  # a number is never used twice, so clearing by number is safe
)
