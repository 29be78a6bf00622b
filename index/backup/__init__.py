"""A home in one file, made while others work on it, and put back.

A backup is a zip archive: the databases as SQLite's own online copy gives them, originals, the
office's synonyms, with ``full`` also both stores, and ``manifest.json`` with every member's
SHA-256. Without the stores they are made anew from the catalog.
"""

from index.backup.making import make_backup
from index.backup.manifest import (
    ACTIVITY,
    BackupError,
    Manifest,
    holds,
    last_backup,
    read_manifest,
)
from index.backup.restoring import Restored, restore_backup, restore_member

__all__ = [
    "ACTIVITY",
    "BackupError",
    "Manifest",
    "Restored",
    "holds",
    "last_backup",
    "make_backup",
    "read_manifest",
    "restore_backup",
    "restore_member",
]
