"""Checking a backup and putting it back."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from index.backup.manifest import (
    ACCESS,
    BLOCK,
    CATALOG,
    LAST,
    BackupError,
    Manifest,
    manifest_of,
    open_archive,
)
from index.lexical import VERSION as LEXICAL_VERSION
from index.library import Library
from index.settings import Settings


def restore_member(path: Path, member: str, target: Path) -> Manifest:
    """Write one checked member of a backup to ``target``."""
    with open_archive(path) as archive:
        manifest = manifest_of(archive)
        if member not in manifest.files:
            raise BackupError(f"备份里没有 {member}。")
        _extract(archive, manifest, member, target)
    return manifest


def _extract(archive: zipfile.ZipFile, manifest: Manifest, name: str, target: Path) -> None:
    """Write a member; BackupError unless it is byte for byte what the manifest says."""
    wanted, size = manifest.files[name]
    digest, left = hashlib.sha256(), size
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("wb") as out:
            while left >= 0 and (block := source.read(BLOCK)):
                digest.update(block)
                left -= len(block)
                out.write(block)
            _to_disk(out)
    except OSError as error:
        why = error.strerror or str(error)
        raise BackupError(f"恢复时写不了 {target}（{why}），请检查磁盘空间和权限。") from error
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise BackupError(f"备份里的 {name} 已损坏，请换一份备份。") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise BackupError(f"备份里的 {name} 已损坏，请换一份备份。") from error
        raise
    if left or digest.hexdigest() != wanted:
        raise BackupError(f"备份里的 {name} 与清单的校验值不符，请换一份备份。")


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


@dataclass(frozen=True)
class Restored:
    """A restored home. ``kept`` is where the earlier home now lies, None where there was none."""

    manifest: Manifest
    kept: Path | None


def restore_backup(library: Library, path: Path, *, force: bool = False) -> Restored:
    """Put a backup in the place of the library's home.

    Everything is unpacked and checked in a folder beside the home; only then are the two folders
    swapped. A home that holds something is replaced with ``force`` only, and kept beside the new
    one. Models stay. Raises BackupError, and LibraryBusy while a run is under way.
    """
    settings = library.settings
    if settings.database_url:
        raise BackupError("目录库不在数据目录里（设置了 LUMING_DATABASE_URL），不能用 restore。")
    home = settings.home.resolve()  # of a link, what it leads to is replaced
    used = home.exists() and any(one.name not in ("models", "write.lock") for one in _inside(home))
    if used and not force:
        raise BackupError(
            f"数据目录 {home} 里已有内容；确认要换成备份的，请加 --force（原有内容会留在旁边）。"
        )
    if home.is_mount():
        raise BackupError(
            f"数据目录 {home} 是挂载点，不能整个替换；请把 LUMING_HOME 设为它里面的一个文件夹。"
        )
    with open_archive(path) as archive:
        manifest = manifest_of(archive)
        try:
            home.parent.mkdir(parents=True, exist_ok=True)
            work = Path(tempfile.mkdtemp(prefix=f".{home.name}-restore-", dir=home.parent))
        except OSError as error:
            raise BackupError(
                f"{home.parent} 不能写入（{error.strerror}），请检查权限。"
            ) from error
        try:
            for name in manifest.files:
                _extract(archive, manifest, name, work / name)
            _prepare(work, settings, manifest)
            with library.writing() if home.exists() else nullcontext():
                kept = _swap(home, work)
        finally:
            library.close()
            shutil.rmtree(work, ignore_errors=True)
    return Restored(manifest, kept)


def _inside(home: Path) -> list[Path]:
    return list(home.iterdir()) if home.is_dir() else []


def _prepare(work: Path, settings: Settings, manifest: Manifest) -> None:
    """The unpacked home made ready: its catalog whole, and noted what its stores must follow."""
    from index.library import REBUILD

    with closing(sqlite3.connect(work / CATALOG)) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise BackupError("备份里的目录库不完整，请换一份备份。")
    if (work / ACCESS).exists():
        (work / ACCESS).chmod(0o600)
    with Library(settings.model_copy(update={"home": work})) as fresh:
        if not manifest.full or not _lexical_fits(work):
            fresh.catalog.requeue({REBUILD: "1"})
        fresh.catalog.jobs.mark_dead()


def _lexical_fits(work: Path) -> bool:
    note = work / "lexical" / "luming.version"
    return not (work / "lexical").exists() or (
        note.is_file() and note.read_text(encoding="ascii") == LEXICAL_VERSION
    )


def _swap(home: Path, work: Path) -> Path | None:
    """The new folder in the place of the old one, by two renames; where the old one went."""
    os.chmod(work, home.stat().st_mode & 0o777 if home.exists() else 0o755)
    if not home.exists():
        os.replace(work, home)
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    kept = home.with_name(f"{home.name}.before-restore-{stamp}")
    try:
        os.rename(home, kept)
        try:
            os.rename(work, home)
        except OSError:
            os.rename(kept, home)
            raise
    except OSError as error:
        raise BackupError(f"换不了数据目录（{error.strerror}），原有内容没有动。") from error
    for name in ("models", LAST):
        if (kept / name).exists() and not (home / name).exists():
            os.replace(kept / name, home / name)
    return kept
