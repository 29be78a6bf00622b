"""The file that a document was read from, to be downloaded: the copy kept, or the unchanged source."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from index.errors import LibraryError
from index.records import DocumentRecord, Place
from ui.access.viewing import service_for
from ui.api.downloads import attachment, file_name
from ui.render.text import named

if TYPE_CHECKING:
    from ui.api.service import Service

_HASH = re.compile(r"[0-9a-f]{64}")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")
_ENDINGS = {"md": ".md", "html": ".html", "txt": ".txt", "docx": ".docx", "pdf": ".pdf"}


class OriginalGone(LibraryError):
    """The file was moved or changed since it was read, and no copy was kept."""


def original_file(service: Service, document: DocumentRecord) -> Path:
    """The file's path. Raises OriginalGone: other bytes than were read are never handed out."""
    for path, place in _candidates(service, document):
        if place is None or _unchanged(path, place.file_hash):
            return path
    raise OriginalGone(
        f"{named(document.title)}的原文件已移动或改动，无法下载；文本仍可查看。"
        "请联系管理员重新入库。"
    )


def may_have_original(service: Service, document: DocumentRecord) -> bool:
    """A cheap look: False means that there is certainly nothing to download."""
    return next(_candidates(service, document), None) is not None


def _candidates(service: Service, document: DocumentRecord) -> Iterator[tuple[Path, Place | None]]:
    """The kept copy, and the files of the document that are as large as they were."""
    kept = service.settings.originals_dir / f"{document.content_hash}.pdf"
    if document.format == "pdf" and _HASH.fullmatch(document.content_hash) and kept.is_file():
        yield kept, None
    places = service.library.catalog.places.of_documents([document.document_id])
    for place in places.get(document.document_id, ()):
        with contextlib.suppress(OSError):
            path = Path(place.path)
            if place.path and path.is_file() and path.stat().st_size == place.size:
                yield path, place


def _unchanged(path: Path, file_hash: str) -> bool:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file_hash
    except OSError:
        return False


def download_name(document: DocumentRecord) -> str:
    """The title with the file's ending, without what a file system does not take."""
    source = Path(document.source.replace("\\", "/")).suffix.lower()
    ending = source if _ENDING.fullmatch(source) else _ENDINGS.get(document.format, "")
    return file_name(document.title, ending)


def original_routes(service: Service) -> APIRouter:
    """``/documents/{id}/original``; to be put below ``/api/v1``."""
    router = APIRouter()

    @router.get("/documents/{document_id}/original")
    def original(document_id: str, request: Request) -> FileResponse:
        seen = service_for(service, request)
        document = seen.document(document_id)
        path = original_file(seen, document)
        return FileResponse(
            path,
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": attachment(download_name(document)),
                "Cache-Control": "private, no-store",
            },
        )

    return router
