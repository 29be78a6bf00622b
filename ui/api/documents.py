"""REST: documents, their outlines, texts, passages, versions, and what changed between two."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from index.originals import kept_original
from index.records import DocumentRecord
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import record
from ui.api.context import Api
from ui.api.downloads import attachment
from ui.api.errors import NoOriginal
from ui.api.models import (
    Document,
    Documents,
    Outline,
    Passage,
    Passages,
    Section,
    TextRange,
    Versions,
    WholeDocument,
)
from ui.api.originals import download_name
from ui.api.paging import Cursor, Limit, link_next, page_of
from ui.api.service import Service

MOST_CHARACTERS = 100_000
Position = Annotated[int, Query(ge=0, le=1 << 40)]
_CHUNK = 1 << 20
Kind = Annotated[
    Literal["policy", "measure", "study", "case", "other"] | None, Query(description="类别")
]
Part = Annotated[str | None, Query(max_length=200)]


def document_routes(api: Api) -> APIRouter:
    """``/documents`` and what is below it."""
    router = APIRouter(tags=["文件"])
    read: Any = Depends(api.seen(Right.READ))

    _list(router, read)
    _parts(router, read)
    _versions(router, read)
    return router


def _list(router: APIRouter, read: Any) -> None:
    @router.get("/documents", summary="文件列表")
    def documents(
        request: Request,
        response: Response,
        collection: Part = None,
        kind: Kind = None,
        validity: Annotated[str | None, Query(max_length=20, description="例如 现行")] = None,
        issuer: Annotated[str | None, Query(max_length=200, description="机关名称的一部分")] = None,
        title: Annotated[str | None, Query(max_length=200, description="标题的一部分")] = None,
        issued_from: date | None = None,
        issued_to: date | None = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        seen: Service = read,
    ) -> Documents:
        """按文库、类别、效力、机关、标题和成文日期筛选；按文库和标题排。"""

        def wanted(one: DocumentRecord) -> bool:
            return (
                kind in (None, one.kind)
                and validity in (None, one.validity)
                and (issuer is None or issuer in (one.issuer or ""))
                and (title is None or title in one.title)
                and (issued_from is None or (one.issued is not None and one.issued >= issued_from))
                and (issued_to is None or (one.issued is not None and one.issued <= issued_to))
            )

        rows = [one for one in seen.documents(collection) if wanted(one)]
        page = page_of(rows, lambda r: (r.collection, r.title, r.document_id), limit, cursor)
        link_next(request, response, page)
        shown = [Document.of(one) for one in page.rows]
        return Documents(documents=shown, total=page.total, next=page.next)


def _parts(router: APIRouter, read: Any) -> None:
    @router.get("/documents/{document_id}", summary="一份文件")
    def document(
        document_id: str,
        request: Request,
        text: Annotated[bool, Query(description="是否连同全文")] = True,
        seen: Service = read,
    ) -> WholeDocument:
        """文件的说明、目录和全文；引文的 start、end 是全文里的位置。"""
        found = seen.document(document_id)
        record(request, Action.READ, document_id, found.title)
        catalog = seen.library.catalog
        return WholeDocument(
            **Document.of(found).model_dump(),
            outline=[Section.of(one) for one in catalog.outline(document_id)],
            text=catalog.document_text(document_id) if text else None,
        )

    @router.get("/documents/{document_id}/outline", summary="目录")
    def outline(document_id: str, seen: Service = read) -> Outline:
        """编、章、节、条、款、项，或各级标题。"""
        seen.document(document_id)
        found = [Section.of(one) for one in seen.library.catalog.outline(document_id)]
        return Outline(document_id=document_id, outline=found)

    @router.get("/documents/{document_id}/text", summary="一段原文")
    def text(
        document_id: str,
        request: Request,
        start: Position = 0,
        end: Annotated[int | None, Query(ge=0, le=1 << 40)] = None,
        seen: Service = read,
    ) -> TextRange:
        """全文从 start 到 end 的部分，一次最多十万字；next 是下一段的起点。"""
        record(request, Action.READ, document_id, seen.document(document_id).title)
        whole = seen.library.catalog.document_text(document_id)
        first = min(start, len(whole))
        last = min(len(whole) if end is None else max(first, end), len(whole))
        stop = min(last, first + MOST_CHARACTERS)
        return TextRange(
            document_id=document_id,
            start=first,
            end=stop,
            total=len(whole),
            text=whole[first:stop],
            next=stop if stop < last else None,
        )

    @router.get("/documents/{document_id}/passages", summary="段落")
    def passages(
        document_id: str,
        request: Request,
        response: Response,
        limit: Limit = 100,
        cursor: Cursor = None,
        seen: Service = read,
    ) -> Passages:
        """检索和引用用的段落，按原文顺序。"""
        record(request, Action.READ, document_id, seen.document(document_id).title)
        rows = seen.library.catalog.passages(document_id)
        page = page_of(rows, lambda one: (one.ordinal,), limit, cursor)
        link_next(request, response, page)
        shown = [Passage.of(one) for one in page.rows]
        return Passages(passages=shown, total=page.total, next=page.next)


def _versions(router: APIRouter, read: Any) -> None:
    @router.get("/documents/{document_id}/versions", summary="各个版本")
    def versions(document_id: str, seen: Service = read) -> Versions:
        """同一部规定的各个版本，旧的在前，这一份也在其中。"""
        found = seen.versions(document_id) or [seen.document(document_id)]
        return Versions(versions=[Document.of(one) for one in found])

    @router.get("/documents/{old_id}/diff/{new_id}", summary="两个版本对照")
    def diff(old_id: str, new_id: str, request: Request, seen: Service = read) -> dict[str, Any]:
        """逐条对照：新增、删去、改动、换了条号的条文，与 luming diff --json 相同。"""
        titles = [seen.document(one).title for one in (old_id, new_id)]
        record(request, Action.READ, f"{old_id} {new_id}", "对照 " + "、".join(titles))
        return diff_json(seen, old_id, new_id)

    @router.get(
        "/documents/{document_id}/original",
        summary="下载原文件",
        response_class=StreamingResponse,
        responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}},
    )
    def original(document_id: str, request: Request, seen: Service = read) -> StreamingResponse:
        """入库时读的那个文件；已移动或改动的不给。"""
        found = seen.document(document_id)
        record(request, Action.EXPORTED, document_id, found.title)
        file, size = open_original(seen, found)
        headers = {
            "Content-Length": str(size),
            "Content-Disposition": attachment(download_name(found)),
            "Cache-Control": "private, no-store",
        }
        return StreamingResponse(_chunks(file), 200, headers, "application/octet-stream")


def diff_json(seen: Service, old_id: str, new_id: str) -> dict[str, Any]:
    """Two documents article by article; UnknownDocument, LibraryError."""
    from ui.commands.diff import diff_object
    from ui.comparing import compare_documents, side_of

    today = date.today()
    old, new = (
        side_of(seen.library, seen.document(one).document_id, today) for one in (old_id, new_id)
    )
    return diff_object(old, new, compare_documents(seen.library, old_id, new_id))


def open_original(seen: Service, record: DocumentRecord) -> tuple[IO[bytes], int]:
    """The very file that a document was read from, open, and its size. Raises NoOriginal.

    What is open was hashed: no other bytes are handed out, whatever becomes of the path.
    """
    library = seen.library
    places = library.catalog.places.of_documents([record.document_id])
    for one in places.get(record.document_id, ()):
        kept = kept_original(seen.settings.originals_dir, record.format, one.content_hash)
        if kept is not None:
            file = kept.open("rb")
            return file, os.fstat(file.fileno()).st_size
        if one.path and (found := _unchanged(Path(one.path), one.size, one.file_hash)):
            return found, one.size
    raise NoOriginal(record.title)


def _unchanged(path: Path, size: int, digest: str) -> IO[bytes] | None:
    from ingest.readers import ReadError
    from ingest.readers.files import open_regular

    try:
        file = os.fdopen(open_regular(path), "rb")
    except (ReadError, OSError, ValueError):
        return None
    try:
        if (
            os.fstat(file.fileno()).st_size == size
            and hashlib.file_digest(file, "sha256").hexdigest() == digest
        ):
            file.seek(0)
            return file
    except OSError:
        pass
    file.close()
    return None


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
