"""A home in one file, made while others work on it, and put back.

A backup is a zip archive: the databases as SQLite's own online copy gives them, originals, the
office's synonyms, with ``full`` also both stores, and ``manifest.json`` with every member's
SHA-256. Without the stores they are made anew from the catalog.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, nullcontext, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import IO

from index.errors import LibraryError, shorten
from index.lexical import VERSION as LEXICAL_VERSION
from index.library import Library
from index.settings import Settings
from index.synonyms import FILE_NAME as SYNONYMS
from index.tables import SCHEMA_VERSION

FORMAT = 1
"""Of the archive."""
MANIFEST = "manifest.json"
CATALOG = "catalog.db"
ACTIVITY = "activity.db"
LAST = "last-backup.json"
"""File of the home that says where its last backup is."""
ORIGINALS = "originals"
STORES = ("vectors", "lexical")
WAIT_SECONDS = 600.0
"""How long a full backup waits for a run under way."""
_BLOCK = 1 << 20
_MOST_MEMBERS = 2_000_000
_MOST_MANIFEST = 512 << 20  # bytes
_NAMED_SETTINGS = ("encoder", "rerank", "fusion", "chroma_url", "max_file_mb", "log_questions")


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


# -- making --------------------------------------------------------------------


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
        query = "SELECT DISTINCT content_hash FROM documents WHERE format = 'pdf'"
        wanted = [f"{row[0]}.pdf" for row in copy.execute(query)]
    files: dict[str, tuple[str, int]] = {}
    missing: list[str] = []
    with partial.open("wb") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            files[CATALOG] = _add(archive, CATALOG, catalog)
            if (home / ACTIVITY).exists():
                copy_database(home / ACTIVITY, work / ACTIVITY)
                files[ACTIVITY] = _add(archive, ACTIVITY, work / ACTIVITY)
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
        while block := source.read(_BLOCK):
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


# -- looking -------------------------------------------------------------------


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself; BackupError for one that this program can't use."""
    with _opened(path) as archive:
        return _manifest(archive)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise BackupError(f"找不到备份文件 {path}。") from error
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupError(f"{path} 不是备份文件，或已损坏，请换一份备份。") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
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
        return name in (CATALOG, ACTIVITY, SYNONYMS)
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


# -- putting back ----------------------------------------------------------------


def restore_member(path: Path, member: str, target: Path) -> Manifest:
    """Write one checked member of a backup to ``target``."""
    with _opened(path) as archive:
        manifest = _manifest(archive)
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
            while left >= 0 and (block := source.read(_BLOCK)):
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
    with _opened(path) as archive:
        manifest = _manifest(archive)
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
