"""Routes that feed the library page: the list of documents, and one document, as HTML fragments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from ui.access.model import Right
from ui.access.viewing import principal_of
from ui.anchors import LONGEST, Anchored, find_anchor
from ui.api.context import Api
from ui.api.originals import may_have_original
from ui.api.service import Service
from ui.browsing import ShelfQuery, browse
from ui.neighbours import referred
from ui.render.document import DocumentView, document_html
from ui.render.shelf import shelf_html

_MAX_OFFSET = 1 << 40
_NO_STORE = {"Cache-Control": "no-store"}
_Offset = Annotated[int | None, Query(ge=0, le=_MAX_OFFSET)]
_Names = Annotated[list[str] | None, Query(max_length=100)]


def shelf_routes(api: Api) -> APIRouter:
    """``/shelf`` and ``/document/{id}``."""
    router = APIRouter(include_in_schema=False)
    read: Any = Depends(api.seen(Right.READ))

    @router.get("/shelf")
    def shelf(
        request: Request,
        q: Annotated[str, Query(max_length=1000)] = "",
        where: Annotated[str, Query(alias="in", max_length=10)] = "",
        collection: _Names = None,
        kind: _Names = None,
        status: _Names = None,
        issuer: _Names = None,
        sort: Annotated[str, Query(max_length=10)] = "",
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        seen: Service = read,
    ) -> HTMLResponse:
        query = ShelfQuery(
            words=q,
            in_text=where == "text",
            collections=tuple(collection or ()),
            kinds=tuple(kind or ()),
            validities=tuple(status or ()),
            issuers=tuple(issuer or ()),
            sort=sort,
            page=page,
        )
        view = browse(seen, query)
        return HTMLResponse(shelf_html(view, intake_address(request)), headers=_NO_STORE)

    @router.get("/document/{document_id}")
    def document(
        document_id: str,
        at: Annotated[str, Query(max_length=4 * LONGEST)] = "",
        around: _Offset = None,
        seen: Service = read,
    ) -> HTMLResponse:
        view = _document_view(seen, document_id, at, around)
        return HTMLResponse(document_html(view), headers=_NO_STORE)

    return router


def intake_address(request: Any) -> str | None:
    """Where files are put in, for who may do that; None for others."""
    from ui.pages.site import pages

    principal = principal_of(request)
    return next(
        (
            f"/{page.path}"
            for page in pages()
            if page.right is Right.OPERATE and principal.may(page.right)
        ),
        None,
    )


def _document_view(service: Service, document_id: str, at: str, around: int | None) -> DocumentView:
    record = service.document(document_id)
    outline = service.library.catalog.outline(document_id)
    place = find_anchor(at, record, outline) if at else Anchored()
    source = service.source(document_id, place.start, place.end, around)
    message = place.message
    if place.around is not None and around is None:
        source = replace(source, around=place.around)
    if place.start is not None and source.start is None:
        message = "链接里的位置在这份文件里找不到，文件可能已经更新。"
    status = service.library.versions.status(document_id, date.today())
    return DocumentView(
        source=source,
        reason=status.reason,
        warning=status.warning,
        neighbours=referred(source.text, record, service.documents()),
        download=may_have_original(service, record),
        message=message,
        page=place.page,
    )
