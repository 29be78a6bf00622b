"""What a run allows a file to be, and the mark of the program that refused one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from importlib import metadata
from typing import TYPE_CHECKING

from index.errors import LibraryError
from ingest.ocr import CACHE_NAME
from ingest.ocr import installed as ocr_installed
from ingest.readers import ReadError, ReadLimits
from ingest.readers.passwords import Passwords, read_passwords

if TYPE_CHECKING:
    from index.settings import Settings


def read_limits(settings: Settings, given: Sequence[str] = ()) -> ReadLimits:
    """What one file may be, by the settings. The passwords ``given`` are tried before theirs."""
    passwords = Passwords()
    if settings.password_file is not None:
        try:
            passwords = read_passwords(settings.password_file)
        except ReadError as error:
            raise LibraryError(f"密码文件读不了：{error}。") from error
    if given:
        passwords = Passwords((*(("*", one) for one in given), *passwords.entries))
    return ReadLimits(
        max_bytes=settings.max_file_mb * 1024 * 1024,
        passwords=passwords,
        readers=tuple((name.lower(), one) for name, one in settings.readers.items()),
        ocr_pages=settings.ocr_pages,
        ocr_cache=settings.home / CACHE_NAME,
    )


def program(settings: Settings) -> str:
    """Which program with which limits refuses a file; another one tries it again."""
    from ingest.metadata import METADATA_VERSION

    limits = f"{settings.max_file_mb}-{settings.read_seconds}-{settings.read_mb}"
    if settings.ocr_pages and ocr_installed():
        limits += f"-ocr{settings.ocr_pages}"
    if settings.password_file is not None or settings.readers:
        limits += f"-{_given(settings)}"
    try:
        version = metadata.version("luming")
    except metadata.PackageNotFoundError:
        version = ""
    return f"{version}/{METADATA_VERSION}/{limits}"[:64]


def _given(settings: Settings) -> str:
    """A mark that changes with the passwords and readers that the operator gives."""
    digest = hashlib.sha256(repr(sorted(settings.readers.items())).encode())
    if settings.password_file is not None:
        with suppress(OSError):
            digest.update(settings.password_file.read_bytes())
    return digest.hexdigest()[:8]
