"""What the page fetches beside Gradio: the source pane, lists of results, comparisons, pictures."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import record
from ui.api.context import Api
from ui.api.service import Service
from ui.render.page import library_html
from ui.render.results import results_html
from ui.render.source import source_html

_MAX_OFFSET = 1 << 40
Offset = Annotated[int | None, Query(ge=0, le=_MAX_OFFSET)]
_NO_STORE = {"Cache-Control": "no-store"}


def link_routes() -> APIRouter:
    """Addresses to send to a colleague. A browser keeps what follows # through a redirect."""
    router = APIRouter(include_in_schema=False)

    @router.get("/ask")
    def ask(request: Request) -> RedirectResponse:
        return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")

    @router.get("/doc/{document_id}")
    def document(document_id: str) -> RedirectResponse:
        return RedirectResponse("/library?" + urlencode({"doc": document_id}))

    return router


def fragment_routes(api: Api) -> APIRouter:
    """HTML of the library as the caller sees it."""
    router = APIRouter(include_in_schema=False)
    read: Any = Depends(api.seen(Right.READ))

    @router.get("/source")
    def library(seen: Service = read) -> HTMLResponse:
        return HTMLResponse(library_html(seen.documents()), headers=_NO_STORE)

    @router.get("/source/{document_id}")
    def source(
        document_id: str,
        request: Request,
        start: Offset = None,
        end: Offset = None,
        around: Offset = None,
        seen: Service = read,
    ) -> HTMLResponse:
        view = seen.source(document_id, start, end, around)
        record(request, Action.READ, document_id, view.document.title)
        return HTMLResponse(source_html(view), headers=_NO_STORE)

    @router.get("/results")
    def results(
        request: Request,
        q: str,
        collection: Annotated[list[str] | None, Query()] = None,
        old: bool = False,
        as_of: date | None = None,
        seen: Service = read,
    ) -> HTMLResponse:
        record(request, Action.SEARCHED, q)
        view = seen.results(q, collection or (), old, as_of)
        return HTMLResponse(results_html(view), headers=_NO_STORE)

    @router.get("/diff/{old_id}/{new_id}")
    def diff(old_id: str, new_id: str, request: Request, seen: Service = read) -> HTMLResponse:
        page = seen.diff_html(old_id, new_id)
        record(request, Action.READ, f"{old_id} {new_id}", "对照")
        return HTMLResponse(page, headers=_NO_STORE)

    @router.get("/page/{document_id}/{number}.png")
    def page(document_id: str, number: int, request: Request, seen: Service = read) -> Response:
        document = seen.document(document_id)
        tag = f'"{document.content_hash[:32]}-{number}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        picture = seen.page_png(document_id, number)
        return Response(picture, media_type="image/png", headers=headers)

    return router
