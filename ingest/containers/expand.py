"""A container to its members, those of containers inside it as well."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from ingest.containers.base import (
    BOMB,
    DAMAGED,
    MARK,
    UNSAFE,
    Budget,
    Container,
    ContainerLimits,
    Entry,
    Member,
    MemberProblem,
    TooMuch,
    Workplace,
    safe_name,
)
from ingest.readers.base import ReadError, ReadLimits
from ingest.readers.files import load_head, too_large

_CHUNK = 1 << 20
_MAGIC = (
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
)
_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_EMPTY = "压缩包里没有文件；请打开确认后重新放入"
_DEEP = "压缩包套了 {} 层以上，没有再往里读；请解压后再放入"


def container_kind(path: Path) -> str | None:
    """``zip``, ``tar``, ``gzip``, ``bzip2``, ``xz``, ``7z``, ``rar`` or ``eml`` by the content, None
    for what is no container. Raises :class:`ReadError` where the file can't be read."""
    head = load_head(path, 512)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return "tar"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        from ingest.readers.sniff import is_archive

        return "zip" if is_archive(path) else None
    if head[:1].isalpha() and b":" in head:
        from ingest.readers.sniff import sniff

        try:
            return "eml" if sniff(path) == "eml" else None
        except ReadError:
            return None
    return None


def _container(kind: str) -> Container:
    """The reader of a container format; raises :class:`ValueError` for another name."""
    if kind == "zip":
        from ingest.containers.zip_archive import ZipContainer

        return ZipContainer()
    if kind in ("tar", "gzip", "bzip2", "xz"):
        from ingest.containers.tar_archive import TarContainer

        return TarContainer("" if kind == "tar" else kind)
    if kind == "7z":
        from ingest.containers.sevenzip import SevenZipContainer

        return SevenZipContainer()
    if kind == "rar":
        from ingest.containers.tar_archive import BsdtarContainer

        return BsdtarContainer()
    if kind == "eml":
        from ingest.containers.mail import MailContainer

        return MailContainer()
    raise ValueError(f"no container {kind!r}")


def expand(
    path: Path,
    name: str,
    folder: Path,
    read: ReadLimits | None = None,
    bounds: ContainerLimits | None = None,
) -> Iterator[Member | MemberProblem]:
    """The files in the container at ``path``, unpacked into ``folder`` one after the other.

    ``name`` is the container's name in the library, for passwords and the name of a ``.gz``'s
    file. Each member may be read and deleted before the next one is asked for. Raises nothing
    for whatever the container holds; a full disk raises :class:`OSError`.
    """
    limits = bounds or ContainerLimits()
    walk = _Walk(folder, read or ReadLimits(), limits)
    yield from walk.members(path, name, "", 1)


class _Walk:
    def __init__(self, folder: Path, read: ReadLimits, bounds: ContainerLimits) -> None:
        self.folder = folder
        self.read = read
        self.bounds = bounds
        self.budget = Budget(bounds)

    def members(
        self, path: Path, name: str, inside: str, depth: int
    ) -> Iterator[Member | MemberProblem]:
        """Members of one container; ``inside`` is its name within the outermost one."""
        kind = container_kind(path)
        if kind is None:
            return
        place = Workplace(
            self.folder, self.read, self.bounds, self.read.passwords.of(name), self.budget, name
        )
        prefix = f"{inside}{MARK}" if inside else ""
        count = 0
        seen: set[str] = set()
        try:
            for entry in _container(kind).entries(path, place):
                clean = safe_name(entry.name)
                if clean is not None and _is_rubbish(clean):
                    continue
                self.budget.take_member()
                count += 1
                if clean is None or clean in seen:
                    shown = "".join(c if c.isprintable() else "?" for c in entry.name)[:200]
                    why = UNSAFE if clean is None else "压缩包里有同名文件，只读了第一个"
                    yield MemberProblem(f"{prefix}{shown}", why)
                    continue
                seen.add(clean)
                yield from self._member(entry, name, f"{prefix}{clean}", depth)
        except ReadError as error:
            yield MemberProblem(inside, str(error))
            return
        if not count and kind != "eml":
            yield MemberProblem(inside, _EMPTY)

    def _member(
        self, entry: Entry, container: str, inside: str, depth: int
    ) -> Iterator[Member | MemberProblem]:
        try:
            if entry.refusal:
                raise ReadError(entry.refusal)
            path, size = self._unpack(entry, inside)
        except TooMuch:
            raise
        except ReadError as error:
            yield MemberProblem(inside, str(error))
            return
        try:
            kind = container_kind(path)
        except ReadError as error:
            yield MemberProblem(inside, str(error))
            path.unlink(missing_ok=True)
            return
        if kind is None or kind == "eml":
            yield Member(inside, path, size)
        if kind is not None:
            if depth >= self.bounds.max_depth:
                if kind != "eml":
                    yield MemberProblem(inside, _DEEP.format(self.bounds.max_depth))
            elif path.exists():
                yield from self.members(path, f"{container}{MARK}{inside}", inside, depth + 1)
        if kind not in (None, "eml"):
            path.unlink(missing_ok=True)

    def _unpack(self, entry: Entry, inside: str) -> tuple[Path, int]:
        if entry.size > self.read.max_bytes:
            raise too_large(entry.size, self.read)
        target = self.folder / self.budget.next_name(PurePosixPath(inside).suffix)
        written = 0
        try:
            with entry.open() as source, target.open("xb") as out:
                while chunk := source.read(_CHUNK):
                    written += len(chunk)
                    self.budget.take_bytes(len(chunk))
                    if written > self.read.max_bytes:
                        raise too_large(written, self.read)
                    dense = entry.packed is not None and written > self.bounds.ratio_from
                    if dense and written > max(entry.packed or 0, 1) * self.bounds.max_ratio:
                        raise ReadError(BOMB)
                    out.write(chunk)
        except ReadError:
            target.unlink(missing_ok=True)
            raise
        except _ERRORS as error:
            target.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno is not None:
                raise  # of the disk, not of the archive
            raise ReadError(DAMAGED) from error
        return target, written


def _is_rubbish(name: str) -> bool:
    """What packing programs and systems leave behind, as in a folder."""
    from ingest.sources import is_rubbish

    parts = name.split("/")
    return "__MACOSX" in parts or any(is_rubbish(part) for part in parts)


__all__ = ["container_kind", "expand"]
