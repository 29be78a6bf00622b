"""What a backup says of itself."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import LibraryError, shorten
from index.synonyms import FILE_NAME as SYNONYMS
from index.tables import SCHEMA_VERSION

FORMAT = 1
"""Of the archive."""
MANIFEST = "manifest.json"
CATALOG = "catalog.db"
ACTIVITY = "activity.db"
ACCESS = "access.db"
"""People and rights, with hashes of passwords: only for the eyes of whoever runs LuMing."""
LAST = "last-backup.json"
"""File of the home that says where its last backup is."""
ORIGINALS = "originals"
STORES = ("vectors", "lexical")
BLOCK = 1 << 20
"""Bytes read at once."""
_MOST_MEMBERS = 2_000_000
_MOST_MANIFEST = 512 << 20  # bytes


class BackupError(LibraryError):
    """A backup can't be made, or can't be used; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``files`` are (SHA-256, bytes) by name; ``settings`` are told to the
    person who restores, who sets them again where they are not the defaults."""

    format: int
    program: str
    created: str  # local time, ISO
    schema: int
    full: bool
    documents: int
    passages: int
    encoder: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # originals that the home lacks
    files: dict[str, tuple[str, int]] = field(default_factory=dict)


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself; BackupError for one that this program can't use."""
    with open_archive(path) as archive:
        return manifest_of(archive)


def open_archive(path: Path) -> zipfile.ZipFile:
    """The archive; BackupError where it is none."""
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise BackupError(f"找不到备份文件 {path}。") from error
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{path} 不是备份文件，或已损坏，请换一份备份。") from error


def manifest_of(archive: zipfile.ZipFile) -> Manifest:
    """Its manifest; BackupError unless this program can use it and it tells of every member."""
    try:
        if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
            raise ValueError(MANIFEST)
        found = Manifest(**json.loads(archive.read(MANIFEST)))
        files = {name: (str(one[0]), int(one[1])) for name, one in found.files.items()}
        made_by, schema = int(found.format), int(found.schema)
    except (KeyError, ValueError, TypeError, AttributeError, OSError, zipfile.BadZipFile) as error:
        raise BackupError("备份里没有可用的清单，它不是 luming backup 做的，或已损坏。") from error
    if made_by > FORMAT or schema > SCHEMA_VERSION:
        raise BackupError(
            f"这份备份是更新的程序（{shorten(str(found.program), 20)}）做的，请先升级程序再恢复。"
        )
    names = [one.filename for one in archive.infolist() if one.filename != MANIFEST]
    if sorted(names) != sorted(files) or len(names) > _MOST_MEMBERS or CATALOG not in files:
        raise BackupError("备份里的文件与清单对不上，请换一份备份。")
    if any(not _allowed(name) for name in names):
        raise BackupError("备份里有不该有的文件名，没有恢复。")
    return Manifest(**{**vars(found), "files": files})


def _allowed(name: str) -> bool:
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        return False
    if len(parts) == 1:
        return name in (CATALOG, ACTIVITY, ACCESS, SYNONYMS)
    return parts[0] in (ORIGINALS, *STORES)


def last_backup(home: Path) -> Path | None:
    """The last backup that was made of a home, where it is still there."""
    try:
        path = Path(json.loads((home / LAST).read_text(encoding="utf-8"))["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return path if path.is_file() else None


def holds(path: Path, member: str) -> bool:
    """Whether a backup can be used and has this member."""
    try:
        return member in read_manifest(path).files
    except BackupError:
        return False
