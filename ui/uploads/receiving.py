"""An upload's files, from the request's body to a folder of its own: bounded while it is read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.readers import ReadError
from ui.uploads.errors import UploadError, UploadTooLarge
from ui.uploads.names import distinct, safe_name, unwanted

if TYPE_CHECKING:
    from starlette.datastructures import FormData, Headers

INCOMING = ".incoming"
"""Folder of uploads that are not complete; emptied of what a killed server left there."""
_FIELDS = 8
_FIELD_BYTES = 4096
_OVERHEAD = 64 * 1024  # of a request around its files
_STALE_SECONDS = 24 * 3600
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Of one upload: bytes in all, number of files, bytes of one file."""

    total: int
    files: int
    one: int


@dataclass(frozen=True)
class Received:
    """One file of an upload. ``reason`` is "" where it is taken, else one Chinese line."""

    given: str  # the name that the client gave, fit to be shown
    name: str  # the name that it is kept under
    size: int
    digest: str  # SHA-256
    reason: str = ""

    @property
    def taken(self) -> bool:
        """Whether it goes on."""
        return not self.reason


async def read_form(headers: Headers, stream: AsyncIterator[bytes], limits: Limits) -> FormData:
    """The form of a request; its files lie in temporary files. The caller closes it.

    Raises UploadTooLarge before more than the limit was read, UploadError for what is no form.
    """
    from starlette.exceptions import HTTPException
    from starlette.formparsers import MultiPartException, MultiPartParser

    most = limits.total + _OVERHEAD
    stated = headers.get("content-length", "")
    if stated.isdecimal() and len(stated) < 20 and int(stated) > most:
        raise _too_large(limits)

    async def bounded() -> AsyncIterator[bytes]:
        read = 0
        async for part in stream:
            read += len(part)
            if read > most:
                raise _too_large(limits)
            yield part

    parser = MultiPartParser(
        headers,
        bounded(),  # type: ignore[arg-type]  # any asynchronous iterator will do
        max_files=limits.files,
        max_fields=_FIELDS,
        max_part_size=_FIELD_BYTES,
    )
    try:
        return await parser.parse()
    except UploadError:
        raise
    except MultiPartException as error:
        if "Too many files" in error.message:
            raise UploadTooLarge(f"一次最多传 {limits.files} 个文件，请分几次传。") from error
        raise UploadError(_NO_FORM) from error
    except (HTTPException, KeyError, ValueError, AttributeError) as error:
        raise UploadError(_NO_FORM) from error


_NO_FORM = "请求正文不是上传文件的表单，请用 multipart/form-data，每个文件一个 files 字段。"


def _too_large(limits: Limits) -> UploadTooLarge:
    return UploadTooLarge(f"一次最多传 {limits.total // 1024 // 1024} MB，请分几次传。")


def receive(form: FormData, folder: Path, limits: Limits) -> list[Received]:
    """Write the form's files into ``folder`` (made anew) under safe names, each looked at.

    Raises UploadError where there is no file at all.
    """
    uploads = [one for one in form.getlist("files") if not isinstance(one, str)]
    if not uploads:
        raise UploadError("没有收到文件：每个文件要放在名为 files 的字段里。")
    folder.mkdir(parents=True)
    taken: set[str] = set()
    found = []
    for one in uploads:
        received = _one(one, folder, taken, limits)
        if received.taken:
            taken.add(received.name.casefold())
        found.append(received)
    return found


def _one(upload: Any, folder: Path, taken: set[str], limits: Limits) -> Received:
    given = str(upload.filename or "")
    safe = safe_name(given)
    shown = safe or "（没有文件名）"
    size = int(upload.size or 0)
    reason = unwanted(safe)
    if not reason and size > limits.one:
        reason = f"超过 {limits.one // 1024 // 1024} MB 的上限；请拆小后再传"
    if not reason and not size:
        reason = "文件是空的（0 字节）；请换上有内容的文件再传"
    name = safe if reason else distinct(safe, taken)
    digest = hashlib.sha256()
    path = None if reason else folder / name
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(path.open("xb")) if path else None
        upload.file.seek(0)
        while chunk := upload.file.read(_CHUNK):
            digest.update(chunk)
            if out:
                out.write(chunk)
        if out:
            out.flush()
            os.fsync(out.fileno())  # an upload that was answered survives a power cut
    if path and (reason := _refusal(path)):
        path.unlink()
    return Received(shown, name, size, digest.hexdigest(), reason)


def _refusal(path: Path) -> str:
    """Why a file's content cannot be taken in, "" where it can: the name decides nothing."""
    from ingest.containers import container_kind
    from ingest.readers.passwords import LOCKED
    from ingest.readers.sniff import sniff

    try:
        if container_kind(path) is None:
            sniff(path)
    except ReadError as error:
        if str(error) == LOCKED:  # its password can be given when it is read
            return ""
        return str(error).replace("再放入", "再传").rstrip("。")
    return ""


def incoming(root: Path) -> Path:
    """A folder for one upload under way, not made yet; what a killed server left is removed."""
    base = root / INCOMING
    if base.is_dir():
        for one in base.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - one.stat().st_mtime > _STALE_SECONDS:
                    shutil.rmtree(one, ignore_errors=True)
    return base / secrets.token_hex(8)


def fingerprint(collection: str, files: Sequence[Received]) -> str:
    """What an upload is: its collection, and names and bytes of its files."""
    whole = repr((collection, [(one.given, one.digest) for one in files]))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
