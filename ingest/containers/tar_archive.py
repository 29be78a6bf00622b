"""TAR archives, plain or compressed; single compressed files; and what bsdtar turns into TAR."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import shutil
import subprocess
import tarfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from ingest.containers.base import DAMAGED, LINK, LOCKED_MEMBER, Entry, Workplace, decoded_name
from ingest.readers.base import ReadError

_ERRORS = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)
_OPENERS: dict[str, Callable[..., Any]] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
_NO_RAR = "读 RAR 压缩包需要 bsdtar（libarchive），本机没有安装；请安装，或解压后再放入"


class TarContainer:
    """Reads .tar, .tar.gz, .tar.bz2, .tar.xz, and .gz, .bz2, .xz of one file, as a stream."""

    def __init__(self, compression: str = "") -> None:
        self._compression = compression

    def entries(self, path: Path, place: Workplace) -> Iterator[Entry]:
        """The files in the order of the archive."""
        if not self._compression:
            with path.open("rb") as file:
                yield from _tar_entries(file)
            return
        opener = _OPENERS[self._compression]
        packed = path.stat().st_size
        try:
            with opener(path, "rb") as file:
                head = file.read(512)
        except _ERRORS as error:
            raise ReadError(DAMAGED) from error
        with opener(path, "rb") as file:
            source = cast(BinaryIO, file)
            if head[257:262] == b"ustar":
                yield from _tar_entries(source, packed)
            else:
                yield Entry(_inner_name(path, place), 0, lambda: source, packed)


def _inner_name(path: Path, place: Workplace) -> str:
    """The name of the one file in a .gz: that of the .gz without its last suffix."""
    name = place.name or path.name
    stem = name.rsplit("/", 1)[-1]
    return stem.rpartition(".")[0] or stem


def _tar_entries(file: IO[bytes], packed: int | None = None) -> Iterator[Entry]:
    try:
        with tarfile.open(
            fileobj=file, mode="r|", encoding="utf-8", errors="surrogateescape"
        ) as tar:
            for info in tar:
                if info.isdir():
                    continue
                raw = info.name.encode("utf-8", "surrogateescape")
                refusal = "" if info.isreg() else LINK
                yield Entry(
                    decoded_name(raw), info.size, partial(_opened, tar, info), None, refusal
                )
                tar.members = []  # type: ignore[attr-defined]  # a stream never goes back
    except _ERRORS as error:
        raise ReadError(DAMAGED) from error


def _opened(tar: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    file = tar.extractfile(info)
    if file is None:
        raise ReadError(LINK)
    return cast(BinaryIO, file)


class BsdtarContainer:
    """Reads .rar (and .7z without py7zr) through ``bsdtar``, which turns it into a TAR stream."""

    def entries(self, path: Path, place: Workplace) -> Iterator[Entry]:
        """The files in the order of the archive."""
        program = bsdtar()
        if program is None:
            raise ReadError(_NO_RAR)
        log = place.folder / "bsdtar.log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [program, "-c", "-f", "-", "--format=pax", f"@{path.absolute()}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                env={**os.environ, "LC_ALL": "C.UTF-8"},  # names are told in its encoding
            )  # fmt: skip
        assert process.stdout is not None
        try:
            yield from _tar_entries(process.stdout)
            process.stdout.read(1 << 20)
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
            process.wait()
        said = log.read_bytes()[:4096].lower()
        if b"passphrase" in said or b"encrypt" in said:
            raise ReadError(LOCKED_MEMBER)
        if process.returncode not in (0, -9) or b"bsdtar:" in said:
            raise ReadError(DAMAGED)


def bsdtar() -> str | None:
    """The program's path, None where it isn't installed. (Windows and macOS call it ``tar``.)"""
    if found := shutil.which("bsdtar"):
        return found
    other = shutil.which("tar")
    if other is None:
        return None
    try:
        said = subprocess.run([other, "--version"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return other if b"bsdtar" in said.stdout else None
