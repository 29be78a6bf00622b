"""Tables of ``access.db`` in the home: people, sessions, tokens, failed logins, audit log.

Secrets are kept as hashes only. Changed columns need a step in :data:`STEPS`.
"""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
)

from assistant.activity.tables import UtcDateTime

SCHEMA_VERSION = 1
#: What turns a version into the next one. New tables need no step.
STEPS: dict[int, tuple[str, ...]] = {}
PRUNED_TO = "audit_pruned_to"
"""Key of ``meta``: the highest id of the audit log that retention has taken out."""
PRUNED_HASH = "audit_pruned_hash"
"""Key of ``meta``: the hash of that row, on which the chain goes on."""

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),  # folded, see people.folded_name
    Column("display", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("collections", Text),  # JSON list; NULL: all
    Column("password", Text, nullable=False),  # argon2; "" where another system vouches
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime),
    Column("subject", Text, nullable=False, server_default=""),  # issuer and sub of OpenID Connect
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String(16), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("secret", String(64), nullable=False, unique=True),  # SHA-256
    Column("opened", UtcDateTime, nullable=False),
    Column("seen", UtcDateTime, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Index("sessions_by_user", "user"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_id", String(16), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("label", Text, nullable=False),
    Column("secret", String(64), nullable=False, unique=True),  # SHA-256
    Column("rights", Text, nullable=False),  # JSON list
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
    Column("last_used", UtcDateTime),
    Index("tokens_by_user", "user"),
)

#: Failed logins, by "name:" and its hash, "address:…".
attempts = Table(
    "attempts",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),  # nobody is let in before
    Index("attempts_by_time", "last"),
)

#: Logins by OpenID Connect that wait for the provider's answer.
pending_logins = Table(
    "pending_logins",
    metadata,
    Column("state", String(64), primary_key=True),  # SHA-256
    Column("browser", String(64), nullable=False),  # SHA-256 of its cookie
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("next", Text, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("user", String(64), nullable=False),
    Column("session", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("audit_by_time", "at"),
    Index("audit_by_user", "user", "at"),
    sqlite_autoincrement=True,
)

# Rows are only ever added. Retention writes first how far it goes, and with which hash.
for _statement in (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN OLD.id >"
    f" CAST(COALESCE((SELECT value FROM meta WHERE key = '{PRUNED_TO}'), '0') AS INTEGER)"
    " BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END",
    # Without this INSERT OR REPLACE would take a row's place.
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit"
    " WHEN NEW.id IS NOT NULL AND EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)"
    " BEGIN SELECT RAISE(ABORT, 'audit log is append-only'); END",
):
    event.listen(audit, "after_create", DDL(_statement.replace("%", "%%")))
