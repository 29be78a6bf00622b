"""Tables of the catalog, for SQLite and PostgreSQL alike."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 3

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
    # What follows is worked out from ``places``, see index.places.
    Column("missing_since", DateTime(timezone=True)),
    Column("place_count", Integer, nullable=False, server_default="1"),
    Index("documents_by_source", "collection", "source"),
    Index("documents_by_family", "family"),
)

#: Where the files of a document lie: one row a file, so that the same bytes in three folders are
#: one document with three places. ``documents.source`` is the name of the first of them.
places = Table(
    "places",
    metadata,
    Column("collection", Text, primary_key=True),
    Column("source", Text, primary_key=True),  # path below the root, POSIX
    Column(
        "document_id",
        Text,
        ForeignKey("documents.document_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("path", Text, nullable=False),  # absolute
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("device", BigInteger, nullable=False),
    Column("checked_ns", BigInteger, nullable=False),  # when the bytes were last hashed
    Column("file_hash", String(64), nullable=False),  # of the bytes
    Column("content_hash", String(64), nullable=False),  # and of what the manifest states
    Column("missing_since", DateTime(timezone=True)),
    Index("places_by_document", "document_id"),
)

#: Files that could not be read, so that they are not tried again while they are as they were.
refusals = Table(
    "refusals",
    metadata,
    Column("collection", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("program", String(64), nullable=False),  # version and settings that refused it
    Column("reason", Text, nullable=False),
)

#: Folders that a collection is kept in step with.
sources = Table(
    "sources",
    metadata,
    Column("source_id", Integer, primary_key=True, autoincrement=True),
    Column("collection", Text, nullable=False),
    Column("path", Text, nullable=False),  # absolute
    Column("prefix", Text, nullable=False),  # in front of its files' names, "" for the first
    Column("include", Text, nullable=False),  # JSON [pattern, ...]
    Column("exclude", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("synced_at", DateTime(timezone=True)),
    UniqueConstraint("collection", "path"),
)

#: Runs of ingesting; see index.jobs.
jobs = Table(
    "jobs",
    metadata,
    Column("job_id", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("collection", Text, nullable=False),
    Column("request", Text, nullable=False),  # JSON, what to do
    Column("state", String(16), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("heartbeat_at", DateTime(timezone=True), nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("pid_mark", Text, nullable=False),  # tells a process from a later one of its number
    Column("stage", String(16), nullable=False, server_default=""),
    Column("stage_at", DateTime(timezone=True)),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("counts", Text, nullable=False, server_default="{}"),  # JSON {status: files}
    Column("passages", Integer, nullable=False, server_default="0"),
    Column("message", Text, nullable=False, server_default=""),
    Column("cancel", Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

#: What became of each file of a job; files that were as before are only counted.
job_files = Table(
    "job_files",
    metadata,
    Column("job_id", Integer, ForeignKey("jobs.job_id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("advice", Text, nullable=False),
)

#: MinHash sketches of the documents' texts, made when near copies are first asked for.
sketches = Table(
    "sketches",
    metadata,
    Column(
        "document_id",
        Text,
        ForeignKey("documents.document_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("content_hash", String(64), nullable=False),
    Column("sketch", LargeBinary, nullable=False),
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
