"""7z archives, by py7zr where it is installed, else by bsdtar."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from ingest.containers.base import (
    BOMB,
    DAMAGED,
    LINK,
    LOCKED_MEMBER,
    Entry,
    TooMuch,
    Workplace,
)
from ingest.readers.base import ReadError

_NEITHER = "读 7z 压缩包需要安装 py7zr（pip install luming[archives]）或 bsdtar；也可以解压后再放入"


class SevenZipContainer:
    """Reads .7z. A solid archive is unpacked whole, within the bounds, before its first file."""

    def entries(self, path: Path, place: Workplace) -> Iterator[Entry]:
        """The files in the order of the archive."""
        if find_spec("py7zr") is None:
            from ingest.containers.tar_archive import BsdtarContainer, bsdtar

            if bsdtar() is None:
                raise ReadError(_NEITHER)
            yield from BsdtarContainer().entries(path, place)
            return
        infos, files = _unpacked(path, place)
        for info in infos:
            if info.is_directory:
                continue
            file = files.get(info.filename)
            refusal = LINK if info.is_symlink or file is None else ""

            def opened(file: Path | None = file) -> BinaryIO:
                assert file is not None
                return file.open("rb")

            yield Entry(info.filename, info.uncompressed, opened, None, refusal)
            if file is not None:
                file.unlink(missing_ok=True)


def _unpacked(path: Path, place: Workplace) -> tuple[list[Any], dict[str, Path]]:
    import py7zr

    passwords: list[str | None] = [None, *place.passwords]
    for password in passwords:
        try:
            with py7zr.SevenZipFile(path, password=password) as archive:
                if archive.needs_password() and password is None:
                    continue
                infos = archive.list()
                _check(infos, path.stat().st_size, place)
                factory = _factory(place)
                wanted = [one.filename for one in infos if one.is_file and not one.is_symlink]
                archive.extract(targets=wanted, factory=factory)
                factory.close()
                return infos, factory.files
        except py7zr.exceptions.PasswordRequired:
            continue
        except ReadError:
            raise
        except Exception as error:  # a library on untrusted bytes; a wrong password looks damaged
            if password is None:
                raise ReadError(DAMAGED) from error
    raise ReadError(LOCKED_MEMBER if not place.passwords else LOCKED_MEMBER.replace(
        "请用 --password-file 给出密码", "--password-file 里的密码都不对，请补上"
    ))  # fmt: skip


def _check(infos: list[Any], packed: int, place: Workplace) -> None:
    """The bounds, by the sizes stated; the real ones are counted while writing."""
    bounds = place.bounds
    total = sum(one.uncompressed for one in infos)
    if len(infos) > bounds.max_members:
        raise TooMuch(f"压缩包里的文件超过 {bounds.max_members} 个，没有读取；请分成几个再放入")
    if total > bounds.max_unpacked_bytes - place.budget.unpacked:
        gib = bounds.max_unpacked_bytes / 1024**3
        raise TooMuch(f"压缩包解压后超过 {gib:.0f} GB，没有读取；请分成几个压缩包再放入")
    if total > bounds.ratio_from and total > packed * bounds.max_ratio:
        raise TooMuch(BOMB)


def _factory(place: Workplace) -> Any:
    """Where py7zr writes: files named by number, together no larger than the bounds."""
    from py7zr.io import Py7zIO, WriterFactory

    left = place.bounds.max_unpacked_bytes - place.budget.unpacked

    class Writer(Py7zIO):
        def __init__(self, path: Path) -> None:
            self.file = path.open("w+b")
            self.written = 0

        def write(self, s: bytes | bytearray) -> int:
            nonlocal left
            left -= len(s)
            if left < 0:
                raise TooMuch(BOMB)
            self.written += len(s)
            return self.file.write(s)

        def read(self, size: int | None = None) -> bytes:
            return self.file.read(-1 if size is None else size)

        def seek(self, offset: int, whence: int = 0) -> int:
            return self.file.seek(offset, whence)

        def flush(self) -> None:
            self.file.flush()

        def size(self) -> int:
            return self.written

        def close(self) -> None:
            self.file.close()

    class Factory(WriterFactory):
        def __init__(self) -> None:
            self.files: dict[str, Path] = {}
            self.writers: list[Writer] = []

        def create(self, filename: str) -> Py7zIO:
            path = place.folder / place.budget.next_name(".part")
            self.files[filename] = path
            self.writers.append(Writer(path))
            return self.writers[-1]

        def close(self) -> None:
            for writer in self.writers:
                writer.close()

    return Factory()
