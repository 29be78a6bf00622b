"""Files with a password: the passwords that an operator gives, and copies without protection.

Passwords are read from a file, tried in its order, kept out of ``repr`` and messages, and never
written anywhere.
"""

from __future__ import annotations

import fnmatch
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.readers.base import ReadLimits

LOCKED = (
    "文件有密码保护，打不开；请把密码写进一个文本文件（每行一个），"
    "用 --password-file 给出后重试，或去掉密码另存一份再放入"
)
WRONG = "文件有密码保护，--password-file 里的密码都打不开；请补上它的密码后重试"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_BYTES = 1024 * 1024
_MAX_TRIED = 200
# Excel itself opens files locked with this one without asking ([MS-OFFCRYPTO] 2.3.5).
_EXCEL_DEFAULT = "VelvetSweatshop"


@dataclass(frozen=True)
class Passwords:
    """Passwords in the order in which they are tried, each for the file names that fit its pattern."""

    entries: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def of(self, name: str) -> list[str]:
        """The passwords for a file of this name or relative path."""
        base = name.replace("\\", "/").rsplit("/", 1)[-1]
        return [
            password
            for pattern, password in self.entries
            if fnmatch.fnmatchcase(base, pattern) or fnmatch.fnmatchcase(name, pattern)
        ][:_MAX_TRIED]

    def for_file(self, name: str) -> Passwords:
        """Those for a file of this name, whatever the copy that is opened is called."""
        return Passwords(tuple(("*", password) for password in self.of(name)))


def read_passwords(path: Path) -> Passwords:
    """A password file: one password a line, or ``pattern<TAB>password``; empty lines don't count.

    UTF-8 or GB18030. Raises :class:`ReadError` where it can't be read.
    """
    from ingest.readers.base import ReadError
    from ingest.readers.decode import decode
    from ingest.readers.files import load_head

    data = load_head(path, _MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ReadError("密码文件超过 1 MB，不像是密码文件；请每行写一个密码")
    if not data.strip():
        raise ReadError("密码文件是空的；请每行写一个密码")
    entries = []
    for line in decode(data).text.splitlines():
        pattern, tab, password = line.partition("\t")
        if tab and password.strip():
            entries.append((pattern.strip() or "*", password.strip("\r\n")))
        elif line.strip():
            entries.append(("*", line.strip("\r\n\t")))
    return Passwords(tuple(entries))


@contextmanager
def unlocked(path: Path, limits: ReadLimits) -> Iterator[Path]:
    """The file itself, or for an Office file with a password a plain copy that goes at the end.

    Raises :class:`ReadError` when no password opens it. PDFs are unlocked where they are opened.
    """
    from ingest.readers.files import load, load_head

    if load_head(path, 8) != _OLE or not _is_locked(path):
        yield path
        return
    plain = _decrypted(load(path, limits), limits.passwords.of(str(path)))
    handle, copy = tempfile.mkstemp(prefix="luming-", suffix=path.suffix[:16])
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(plain)
        yield Path(copy)
    finally:
        os.unlink(copy)


def _is_locked(path: Path) -> bool:
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            if ole.exists("EncryptedPackage"):
                return True
            if ole.exists("WordDocument"):
                head = ole.openstream("WordDocument").read(12)
                return len(head) == 12 and bool(head[11] & 1)
            for name in ("Workbook", "Book"):
                if ole.exists(name):
                    return _has_filepass(ole.openstream(name).read(4096))
            if ole.exists("Current User"):
                return ole.openstream("Current User").read(16)[12:16] == b"\xdf\xc4\xd1\xf3"
    except Exception:  # a library on untrusted bytes; the reader will say what is wrong
        return False
    return False


def _has_filepass(stream: bytes) -> bool:
    """Whether a FILEPASS record (2Fh) follows the first BOF of a workbook stream."""
    at = 0
    for _ in range(20):
        if at + 4 > len(stream):
            return False
        code = stream[at] | stream[at + 1] << 8
        if code == 0x2F:
            return True
        at += 4 + (stream[at + 2] | stream[at + 3] << 8)
    return False


def _decrypted(data: bytes, tried: list[str]) -> bytes:
    import io

    import msoffcrypto

    from ingest.readers.base import ReadError

    for password in [*tried, _EXCEL_DEFAULT]:
        try:
            file = msoffcrypto.OfficeFile(io.BytesIO(data))
            out = io.BytesIO()
            file.load_key(password=password)
            file.decrypt(out)
        except Exception:  # wrong password, or a scheme or damage that the library can't say apart
            continue
        if out.getvalue():
            return out.getvalue()
    raise ReadError(WRONG if tried else LOCKED)
