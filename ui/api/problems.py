"""Errors of the REST routes as ``application/problem+json`` (RFC 9457), in Chinese."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.activity.feedback import FeedbackError, UnknownAsking
from index.errors import (
    EmptyLibrary,
    LibraryBusy,
    LibraryError,
    UnknownCollection,
    UnknownDocument,
)
from ui.api.originals import OriginalGone
from ui.api.service import UnknownPage
from ui.downloads import DownloadGone

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.responses import JSONResponse

log = logging.getLogger("luming.server")

_TITLES = {
    400: "请求有误",
    404: "没有找到",
    405: "不支持这种请求方式",
    409: "暂时不能处理",
    413: "内容太大",
    422: "参数不对",
    500: "服务器出错",
}


def problem(status: int, detail: str) -> JSONResponse:
    """One problem document."""
    from fastapi.responses import JSONResponse

    body = {"type": "about:blank", "title": _TITLES.get(status, "请求未完成"), "status": status}
    return JSONResponse(
        {**body, "detail": detail}, status_code=status, media_type="application/problem+json"
    )


def status_of(error: LibraryError) -> int:
    """The HTTP status of a library's error."""
    if isinstance(
        error,
        UnknownCollection
        | UnknownDocument
        | UnknownPage
        | UnknownAsking
        | OriginalGone
        | DownloadGone,
    ):
        return 404
    if isinstance(error, FeedbackError):
        return 422
    if isinstance(error, LibraryBusy | EmptyLibrary):
        return 409
    return 500


def add_handlers(app: FastAPI) -> None:
    """Turn every error of ``app``'s own routes into a problem document."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    from assistant.question import QuestionError

    @app.exception_handler(QuestionError)
    async def question(_: Request, error: QuestionError) -> JSONResponse:
        return problem(422, str(error))

    @app.exception_handler(LibraryError)
    async def library(_: Request, error: LibraryError) -> JSONResponse:
        return problem(status_of(error), str(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        names = {str(part) for one in error.errors() for part in one.get("loc", ())[1:2]}
        listed = "、".join(sorted(name[:40] for name in names)[:5]) or "请求正文"
        return problem(422, f"参数不对：{listed}。请对照接口说明检查后重试。")

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, _TITLES.get(error.status_code, "请求未完成") + "。")

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        log.error("请求处理失败：%s", error, exc_info=error)
        return problem(500, "服务器处理时出错，请稍后重试；如反复出现，请联系管理员查看日志。")
