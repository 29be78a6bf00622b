"""ZIP archives, with names in GBK and passwords of the old kind."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from ingest.containers.base import DAMAGED, LINK, LOCKED_MEMBER, Entry, Workplace, decoded_name
from ingest.readers.base import ReadError

_UTF8 = 0x800
_AES = 99
_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError)
_OTHER_AES = "压缩包用 AES 加密，打不开；请解压后再放入"


class ZipContainer:
    """Reads .zip by its directory at the end."""

    def entries(self, path: Path, place: Workplace) -> Iterator[Entry]:
        """The files in the order of the directory."""
        try:
            archive = zipfile.ZipFile(path)
        except _ERRORS as error:
            raise ReadError(DAMAGED) from error
        with archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                yield Entry(
                    _name(info),
                    info.file_size,
                    partial(_opened, archive, info, place.passwords),
                    info.compress_size,
                    _refusal(info, bool(place.passwords)),
                )


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return decoded_name(info.filename.encode("cp437"))
    except UnicodeEncodeError:
        return info.filename


def _refusal(info: zipfile.ZipInfo, passwords: bool) -> str:
    if stat.S_ISLNK(info.external_attr >> 16):
        return LINK
    if info.compress_type == _AES:
        return _OTHER_AES
    return LOCKED_MEMBER if info.flag_bits & 1 and not passwords else ""


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo, passwords: list[str]) -> BinaryIO:
    if not info.flag_bits & 1:
        return cast(BinaryIO, archive.open(info))
    for password in passwords:
        for codec in ("utf-8", "gb18030"):
            try:
                file = archive.open(info, pwd=password.encode(codec, "ignore"))
            except RuntimeError:  # a byte of the header tells most wrong passwords
                continue
            try:
                with file:
                    while file.read(1 << 20):
                        pass
            except (zipfile.BadZipFile, zlib.error, EOFError):  # the others show at the checksum
                continue
            return cast(BinaryIO, archive.open(info, pwd=password.encode(codec, "ignore")))
    raise ReadError("压缩包有密码，--password-file 里的密码都打不开；请补上它的密码后重试")
