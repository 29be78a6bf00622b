"""All routes of the server but Gradio's, each put together from one module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Response

from ui.access.model import Right
from ui.api.activity import activity_routes
from ui.api.asking import asking_routes
from ui.api.chat import chat_routes
from ui.api.context import BODY_BYTES, Api
from ui.api.documents import document_routes
from ui.api.fragments import fragment_routes, link_routes
from ui.api.health import health_routes
from ui.api.jobs import job_routes
from ui.api.models import Health
from ui.api.observing import Observed
from ui.api.schema import schema_routes
from ui.api.sending import upload_routes
from ui.api.service import Service
from ui.api.verify import verify_routes

if TYPE_CHECKING:
    from fastapi import FastAPI

V1 = "/api/v1"


def add_routes(app: FastAPI, service: Service) -> Api:
    """Put all routes on ``app``. What answers questions or reads files runs in a thread."""
    api = Api(service)
    app.add_middleware(Observed, metrics=api.metrics)
    app.include_router(health_routes(api), max_body_size=BODY_BYTES)
    # These two bound their bodies themselves, while they read them.
    app.include_router(verify_routes(api), prefix=V1)
    app.include_router(upload_routes(api), prefix=V1)
    for routes in (
        _health(api),
        asking_routes(api),
        document_routes(api),
        job_routes(api),
        activity_routes(api),
        schema_routes(app),
    ):
        app.include_router(routes, prefix=V1, max_body_size=BODY_BYTES)
    app.include_router(chat_routes(api), prefix="/v1", max_body_size=BODY_BYTES)
    for prefix in (V1, "/v1"):
        app.include_router(_unknown(), prefix=prefix)
    app.include_router(fragment_routes(api))
    app.include_router(link_routes())
    return api


def _health(api: Api) -> APIRouter:
    router = APIRouter(tags=["运行状态"])
    read: Any = Depends(api.seen(Right.READ))

    @router.get("/health", summary="资料库概况")
    def health(seen: Service = read) -> Health:
        """您可以查看的文库数和文件数。"""
        found = seen.collections()
        return Health(status="ok", collections=len(found), documents=sum(n for _, n in found))

    return router


def _unknown() -> APIRouter:
    """What is no route: said as a problem, not left to Gradio's page."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def unknown(rest: str) -> Response:
        from ui.api.problems import problem

        return problem(404, "没有这个接口，请检查地址。")

    return router
