"""The OpenAPI 3.1 description of the interface, and a page of it without any script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from ui.api.problems import MEDIA_TYPE, TITLES

if TYPE_CHECKING:
    from fastapi import FastAPI

PATH = "/openapi.json"
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "给人看的一句中文，说明怎么办"},
    },
}
_ABOUT = (
    "鹿鸣的程序接口。出错时返回 application/problem+json；列表用 limit 和 cursor 分页，"
    "下一页的地址也在 Link 里。没有账户的单机使用不用令牌，否则用 Authorization: Bearer lm_…。"
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_FOR_PROGRAMS = ("/api/v1/", "/v1/", "/healthz", "/readyz", "/metrics")
_PUBLIC = ("/healthz", "/readyz")


def schema_routes(app: FastAPI) -> APIRouter:
    """``/openapi.json`` and ``/docs``: the same for everybody, nothing of the library in them."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH)
    def openapi() -> dict[str, Any]:
        return schema_of(app)

    @router.get("/docs")
    def docs() -> Response:
        from ui.render.reference import reference_page

        return HTMLResponse(reference_page(schema_of(app)))

    return router


def schema_of(app: FastAPI) -> dict[str, Any]:
    """The description of every route that is for programs; made once."""
    from fastapi.openapi.utils import get_openapi

    if app.openapi_schema is None:
        made = get_openapi(
            title="鹿鸣 LuMing",
            version=_version(),
            openapi_version="3.1.0",
            description=_ABOUT,
            routes=app.routes,
        )
        paths = made["paths"]
        made["paths"] = {one: paths[one] for one in paths if one.startswith(_FOR_PROGRAMS)}
        _complete(made)
        app.openapi_schema = made
    return app.openapi_schema


def _complete(made: dict[str, Any]) -> None:
    """Problems instead of FastAPI's own form of errors; how to log in."""
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _PROBLEM
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operation in operations(made):
        answers = operation.setdefault("responses", {})
        answers.pop("422", None)
        answers["default"] = {
            "description": "出错：" + "、".join(TITLES.values()),
            "content": content,
        }
        operation["security"] = [] if path in _PUBLIC else [{"bearer": []}, {}]


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation with its path."""
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            yield path, operation


def methods_at(app: FastAPI, path: str) -> list[str]:
    """What the routes at an address take, none where there is no route."""
    found = {
        method.upper()
        for template, methods in schema_of(app)["paths"].items()
        if re.fullmatch(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(template)), path)
        for method in methods
    }
    return sorted(found)


def _version() -> str:
    try:
        return metadata.version("luming")
    except metadata.PackageNotFoundError:
        return "0"
