"""All routes of the server but Gradio's, each put together from one module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request, Response

from ui.access.model import Right
from ui.api.activity import activity_routes
from ui.api.admin import admin_routes
from ui.api.asking import asking_routes
from ui.api.bounding import BoundedBodies
from ui.api.chat import chat_routes
from ui.api.context import Api
from ui.api.documents import document_routes
from ui.api.fragments import fragment_routes, link_routes
from ui.api.health import health_routes
from ui.api.intake import intake_routes
from ui.api.jobs import job_routes
from ui.api.models import Health
from ui.api.people import people_routes
from ui.api.room import room_routes
from ui.api.schema import METHODS, methods_at, schema_routes
from ui.api.sending import upload_routes
from ui.api.service import Service
from ui.api.shelf import shelf_routes
from ui.api.study import study_routes
from ui.api.study_page import study_page_routes
from ui.api.study_rooms import study_room_routes
from ui.api.verify import verify_routes
from ui.api.verify_page import verify_page_routes

if TYPE_CHECKING:
    from fastapi import FastAPI

V1 = "/api/v1"


def add_routes(app: FastAPI, service: Service) -> Api:
    """Put all routes on ``app``. What answers questions or reads files runs in a thread."""
    from ui.mcp.http import add_mcp

    api = Api(service)
    app.add_middleware(
        BoundedBodies,
        below=(f"{V1}/", "/v1/", "/study/", "/room/"),
        but=(f"{V1}/verify", f"{V1}/uploads"),
    )
    app.include_router(health_routes(api))
    app.include_router(verify_routes(api), prefix=V1)
    app.include_router(upload_routes(api), prefix=V1)
    for routes in (
        _health(api),
        asking_routes(api),
        document_routes(api),
        job_routes(api),
        activity_routes(api),
        study_routes(api),
        schema_routes(app),
        people_routes(api),
    ):
        app.include_router(routes, prefix=V1)
    app.include_router(chat_routes(api), prefix="/v1")
    for prefix in (V1, "/v1", "/healthz", "/readyz", "/metrics"):
        app.include_router(_unknown(), prefix=prefix)
    api.mcp = add_mcp(app, api)
    app.include_router(fragment_routes(api))
    app.include_router(shelf_routes(api))
    app.include_router(verify_page_routes(api))
    app.include_router(intake_routes(api))
    app.include_router(study_page_routes(api))
    app.include_router(study_room_routes(api))
    app.include_router(room_routes(api))
    app.include_router(admin_routes(api))
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

    @router.api_route("", methods=list(METHODS))
    @router.api_route("/{rest:path}", methods=list(METHODS))
    def unknown(request: Request) -> Response:
        from ui.api.problems import problem

        allowed = methods_at(request.app, request.url.path)
        if allowed:
            detail = f"这个地址只支持 {'、'.join(allowed)}，请对照接口说明。"
            return problem(405, detail, {"Allow": ", ".join(allowed)})
        return problem(404, "没有这个接口，请检查地址。")

    return router
