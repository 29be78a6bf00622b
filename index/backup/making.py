"""Writing a backup."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from pathlib import Path

from index.backup.manifest import (
    ACCESS,
    ACTIVITY,
    BLOCK,
    CATALOG,
    FORMAT,
    LAST,
    MANIFEST,
    ORIGINALS,
    STORES,
    BackupError,
    Manifest,
)
from index.errors import shorten
from index.library import Library
from index.originals import original_name
from index.settings import Settings
from index.synonyms import FILE_NAME as SYNONYMS
from index.tables import SCHEMA_VERSION

WAIT_SECONDS = 600.0
"""How long a full backup waits for a run under way."""
_NAMED_SETTINGS = ("encoder", "rerank", "fusion", "chroma_url", "max_file_mb", "log_questions")


def make_backup(library: Library, target: Path, *, full: bool = False) -> Manifest:
    """Write a backup of the library's home to ``target``, in the place of an earlier one.

    Others may read and write meanwhile; the copy is of one moment. A ``full`` one waits for a
    run under way, and keeps others waiting. Raises BackupError, LibraryBusy.
    """
    settings = library.settings
    if settings.database_url:
        raise BackupError(
            "目录库不在数据目录里（设置了 LUMING_DATABASE_URL），请用该数据库自己的备份工具。"
        )
    if full and settings.chroma_url:
        raise BackupError("向量在单独的 Chroma 服务里，不能用 --full；请去掉 --full。")
    if not (settings.home / CATALOG).exists():
        raise BackupError(f"数据目录 {settings.home} 里还没有资料库，没有可备份的。")
    library.catalog.pending_count()  # opens it, and brings it up to the present tables
    target = target.absolute()
    if target.is_dir():
        raise BackupError(f"{target} 是文件夹，请给出备份文件的名字，例如 {target / '备份.zip'}。")
    if target.is_relative_to(settings.home.absolute() / ORIGINALS):
        raise BackupError("备份文件不能放在数据目录的 originals 里，请换一个位置。")
    held = library.writing(WAIT_SECONDS) if full else nullcontext()
    partial = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with held, tempfile.TemporaryDirectory(dir=target.parent, prefix=".luming-") as work:
                manifest = _write(library, partial, Path(work), full)
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, sqlite3.Error, zipfile.BadZipFile) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BackupError(f"备份没有做成（{shorten(why, 120)}），请检查磁盘空间和权限。") from error
    note = {"file": str(target), "created": manifest.created}
    with suppress(OSError):  # a home that can't be written can be backed up all the same
        (settings.home / LAST).write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
    return manifest


def _write(library: Library, partial: Path, work: Path, full: bool) -> Manifest:
    home = library.settings.home
    catalog = work / CATALOG
    copy_database(home / CATALOG, catalog)
    with closing(sqlite3.connect(catalog)) as copy:
        documents = copy.execute("SELECT count(*) FROM documents").fetchone()[0]
        passages = copy.execute("SELECT count(*) FROM passages").fetchone()[0]
        query = "SELECT value FROM meta WHERE key = 'encoder_name'"
        encoder = (copy.execute(query).fetchone() or ("",))[0]
        query = "SELECT DISTINCT format, content_hash FROM documents"
        wanted = [name for row in copy.execute(query) if (name := original_name(*row))]
    files: dict[str, tuple[str, int]] = {}
    missing: list[str] = []
    with partial.open("wb") as stream:
        if (home / ACCESS).exists():
            partial.chmod(0o600)
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            files[CATALOG] = _add(archive, CATALOG, catalog)
            for name in (ACTIVITY, ACCESS):
                if (home / name).exists():
                    copy_database(home / name, work / name)
                    files[name] = _add(archive, name, work / name)
            if (home / SYNONYMS).is_file():
                files[SYNONYMS] = _add(archive, SYNONYMS, home / SYNONYMS)
            for name in wanted:
                try:
                    files[f"{ORIGINALS}/{name}"] = _add(
                        archive, f"{ORIGINALS}/{name}", home / ORIGINALS / name, packed=False
                    )
                except FileNotFoundError:
                    missing.append(name)
            for name, path in _stores(home, work) if full else ():
                files[name] = _add(archive, name, path)
            manifest = Manifest(
                FORMAT,
                _program(),
                datetime.now().astimezone().isoformat(timespec="seconds"),
                SCHEMA_VERSION,
                full,
                documents,
                passages,
                encoder,
                _told(library.settings),
                missing,
                files,
            )
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False))
        stream.flush()
        os.fsync(stream.fileno())
    return manifest


def _stores(home: Path, work: Path) -> Iterator[tuple[str, Path]]:
    """The files of both stores; nobody writes them now. Chroma's own database is copied whole."""
    for store in STORES:
        for path in sorted((home / store).rglob("*")):
            name = path.relative_to(home).as_posix()
            if not path.is_file() or path.name.endswith((".lock", "-wal", "-shm")):
                continue
            if path.suffix == ".sqlite3":
                copy_database(path, work / path.name)
                path = work / path.name
            yield name, path


def copy_database(source: Path, target: Path) -> None:
    """SQLite's online copy: one moment of a database that others may be writing."""
    with (
        closing(sqlite3.connect(source, timeout=30)) as one,
        closing(sqlite3.connect(target)) as other,
    ):
        one.backup(other)
        other.execute("PRAGMA journal_mode=DELETE")  # one file, no journal beside it


def _add(archive: zipfile.ZipFile, name: str, path: Path, packed: bool = True) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
    return digest.hexdigest(), size


def _program() -> str:
    try:
        return metadata.version("luming")
    except metadata.PackageNotFoundError:
        return ""


def _told(settings: Settings) -> dict[str, str]:
    """Settings that a restored home needs again; nothing secret is among them."""
    return {name: str(getattr(settings, name)) for name in _NAMED_SETTINGS}
