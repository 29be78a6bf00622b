"""REST: health, ask, search, documents; and the two routes that feed the source pane."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from assistant.answer import Answer
from index.records import DocumentRecord, Hit
from ui.api.originals import original_routes
from ui.api.service import MAX_HITS
from ui.api.shelf import shelf_routes
from ui.api.verify import verify_routes
from ui.render.page import library_html
from ui.render.results import results_html
from ui.render.source import source_html

if TYPE_CHECKING:
    from ui.api.service import Service

_MAX_OFFSET = 1 << 40
Offset = Annotated[int | None, Query(ge=0, le=_MAX_OFFSET)]


_FIELDS = (
    "document_id",
    "collection",
    "source",
    "title",
    "kind",
    "format",
    "issuer",
    "doc_number",
    "validity",
    "page_count",
    "passage_count",
    "article_count",
)


class AskRequest(BaseModel):
    """A question. ``collections`` empty means all; the answerer bounds the question's length."""

    question: str
    collections: list[str] = Field(default_factory=list, max_length=50)
    include_superseded: bool = False
    as_of: date | None = None


class FeedbackRequest(BaseModel):
    """What a person says of an answer; ``question_id`` is the answer's."""

    question_id: str
    verdict: Literal["useful", "wrong", "有用", "有误"]
    reason: str = ""
    gold: str = ""


def document_json(document: DocumentRecord) -> dict[str, Any]:
    """What a client may know of a document: nothing of the server's own paths."""
    data: dict[str, Any] = {name: getattr(document, name) for name in _FIELDS}
    for name in ("issued", "effective", "repealed"):
        value: date | None = getattr(document, name)
        data[name] = value.isoformat() if value else None
    return data


def hit_json(hit: Hit) -> dict[str, Any]:
    """One result of a search."""
    passage = hit.passage
    return {
        "passage_id": passage.passage_id,
        "document_id": passage.document_id,
        "title": hit.document.title,
        "path": passage.path,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "score": hit.score,
        "validity": hit.document.validity,
    }


def add_routes(app: FastAPI, service: Service) -> None:
    """Put all routes on ``app``. They are plain functions, so each runs in a thread."""
    app.include_router(verify_routes(service), prefix="/api/v1")  # before the catch-all
    app.include_router(original_routes(service), prefix="/api/v1")
    app.include_router(_api(service), prefix="/api/v1")
    app.include_router(_source(service))
    app.include_router(shelf_routes(service))
    app.include_router(_links())


def _links() -> APIRouter:
    """Addresses to send to a colleague. A browser keeps what follows # through a redirect."""
    router = APIRouter()

    @router.get("/ask")
    def ask(request: Request) -> RedirectResponse:
        return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")

    @router.get("/doc/{document_id}")
    def document(document_id: str) -> RedirectResponse:
        return RedirectResponse("/library?" + urlencode({"doc": document_id}))

    return router


def _api(service: Service) -> APIRouter:
    router = APIRouter()

    @router.get("/health")
    def health() -> dict[str, Any]:
        found = service.collections()
        return {"status": "ok", "collections": len(found), "documents": sum(n for _, n in found)}

    @router.post("/ask")
    def ask(request: AskRequest) -> Answer:
        return service.ask(
            request.question,
            request.collections,
            request.include_superseded,
            request.as_of,
            channel="api",
        )

    @router.post("/feedback", status_code=201)
    def feedback(request: FeedbackRequest) -> dict[str, Any]:
        number = service.feedback(
            request.question_id, request.verdict, request.reason, request.gold
        )
        return {"id": number}

    @router.get("/search")
    def search(
        q: str,
        collection: Annotated[list[str] | None, Query()] = None,
        k: Annotated[int, Query(ge=1, le=MAX_HITS)] = 10,
        include_superseded: bool = False,
        as_of: date | None = None,
    ) -> dict[str, Any]:
        view = service.results(q, collection or (), include_superseded, as_of, k)
        return {"q": q, "hits": [hit_json(hit) for hit in view.hits], "notes": view.notes}

    @router.get("/documents")
    def documents(collection: str | None = None) -> dict[str, Any]:
        return {"documents": [document_json(d) for d in service.documents(collection)]}

    @router.get("/documents/{document_id}")
    def document(document_id: str) -> dict[str, Any]:
        view = service.source(document_id, None, None)
        outline = [
            {"kind": s.kind, "label": s.label, "title": s.title, "start": s.start, "end": s.end}
            for s in view.outline
        ]
        return {**document_json(view.document), "outline": outline, "text": view.text}

    @router.api_route(
        "/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    def unknown(rest: str) -> Response:
        from ui.api.problems import problem

        return problem(404, "没有这个接口，请检查地址。")

    return router


def _source(service: Service) -> APIRouter:
    router = APIRouter()

    @router.get("/source")
    def library() -> HTMLResponse:
        return HTMLResponse(
            library_html(service.documents()), headers={"Cache-Control": "no-store"}
        )

    @router.get("/source/{document_id}")
    def source(
        document_id: str, start: Offset = None, end: Offset = None, around: Offset = None
    ) -> HTMLResponse:
        return HTMLResponse(
            source_html(service.source(document_id, start, end, around)),
            headers={"Cache-Control": "no-store"},
        )

    @router.get("/results")
    def results(
        q: str,
        collection: Annotated[list[str] | None, Query()] = None,
        old: bool = False,
        as_of: date | None = None,
    ) -> HTMLResponse:
        view = service.results(q, collection or (), old, as_of)
        return HTMLResponse(results_html(view), headers={"Cache-Control": "no-store"})

    @router.get("/diff/{old_id}/{new_id}")
    def diff(old_id: str, new_id: str) -> HTMLResponse:
        page = service.diff_html(old_id, new_id)
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    @router.get("/page/{document_id}/{number}.png")
    def page(document_id: str, number: int, request: Request) -> Response:
        document = service.document(document_id)
        tag = f'"{document.content_hash[:32]}-{number}"'
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        picture = service.page_png(document_id, number)
        return Response(picture, media_type="image/png", headers=headers)

    return router
