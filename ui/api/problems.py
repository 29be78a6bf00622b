"""Errors of the REST routes as ``application/problem+json`` (RFC 9457), in Chinese."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assistant.activity.feedback import FeedbackError, UnknownAsking
from assistant.activity.gaps import GapError
from assistant.study.errors import StudyError
from assistant.study.keeping import SessionChanged, UnknownSession
from assistant.study.rooms import NotPlaying, UnknownRoom
from index.errors import (
    CatalogError,
    DiskUnusable,
    EmptyLibrary,
    EncoderMismatch,
    EncoderUnavailable,
    LibraryBusy,
    LibraryError,
    StoreDamaged,
    UnknownCollection,
    UnknownDocument,
    VectorServiceError,
)
from index.jobs import JobError
from index.sources import SourceError, UnknownSource
from ingest.names import IngestError
from ui.access.errors import AccessError, Throttled
from ui.access.model import Forbidden
from ui.api.errors import NoOriginal, UnknownJob, UnknownModel
from ui.api.paging import CursorError
from ui.api.service import UnknownPage
from ui.api.slots import TooBusy
from ui.downloads import DownloadGone
from ui.handouts.base import HandoutError
from ui.room_guard import TooManyCodes
from ui.study_desk import SessionHidden
from ui.study_drafts import DraftGone, DraftsBusy
from ui.uploads.errors import KeyInUse, KeyReused, QuotaSpent, UploadError, UploadTooLarge

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.responses import Response

log = logging.getLogger("luming.server")
MEDIA_TYPE = "application/problem+json"
UNEXPECTED = "服务器处理时出错，请稍后重试；如反复出现，请联系管理员查看日志。"

TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方式",
    409: "暂时不能处理",
    413: "内容太大",
    415: "不支持这种内容",
    422: "参数不对",
    429: "请求太多",
    500: "服务器出错",
    503: "暂时不可用",
}

#: What a foreseen error is to HTTP. The first that fits counts; its line goes to the client.
_STATUS: tuple[tuple[type[LibraryError], int], ...] = (
    (Forbidden, 403),
    (UnknownCollection, 404),
    (UnknownDocument, 404),
    (UnknownPage, 404),
    (UnknownAsking, 404),
    (UnknownJob, 404),
    (UnknownModel, 404),
    (NoOriginal, 404),
    (DownloadGone, 404),
    (GapError, 404),
    (UploadTooLarge, 413),
    (KeyReused, 422),
    (KeyInUse, 409),
    (QuotaSpent, 429),
    (UploadError, 422),
    (CursorError, 422),
    (FeedbackError, 422),
    (UnknownSession, 404),
    (UnknownRoom, 404),
    (NotPlaying, 409),
    (TooManyCodes, 429),
    (DraftGone, 404),
    (SessionHidden, 403),
    (SessionChanged, 409),
    (DraftsBusy, 429),
    (StudyError, 422),
    (HandoutError, 422),
    (IngestError, 422),
    (TooBusy, 503),
    (LibraryBusy, 409),
    (EmptyLibrary, 409),
    (JobError, 409),
)
#: Errors of the machine: their line may name folders, so it goes to the log only.
_OF_THE_MACHINE = (
    CatalogError, DiskUnusable, EncoderMismatch, EncoderUnavailable, SourceError, StoreDamaged,
    VectorServiceError,
)  # fmt: skip
UNUSABLE = "资料库暂时不能用，请稍后再试；如一直这样，请联系管理员运行 luming doctor 检查。"


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """One problem document; ``more`` are further members of it."""
    from fastapi.responses import Response

    body = {"type": "about:blank", "title": TITLES.get(status, "请求未完成"), "status": status}
    text = json.dumps({**body, "detail": detail, **more}, ensure_ascii=False)
    content = text.encode("utf-8", "backslashreplace")
    return Response(content, status, dict(headers or {}), media_type=MEDIA_TYPE)


def status_of(error: LibraryError) -> int:
    """The HTTP status of a library's error."""
    if isinstance(error, AccessError):
        return error.status
    if isinstance(error, UnknownSource):
        return 404
    if isinstance(error, _OF_THE_MACHINE):
        return 503
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem_of(error: LibraryError, /, **more: Any) -> Response:
    """The problem document of a library's error; one of the machine is logged instead of told."""
    status = status_of(error)
    detail = error.without_command
    headers: dict[str, str] = {}
    if status in (500, 503) and not isinstance(error, TooBusy):
        log.error("资料库出错：%s", error, exc_info=error)
        detail = UNUSABLE
    if isinstance(error, TooBusy | QuotaSpent):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Throttled):
        headers["Retry-After"] = str(error.seconds)
    return problem(status, detail, headers, **more)


def _more(request: Request, status: int, detail: str) -> dict[str, Any]:
    """Clients of the OpenAI interface look for the line in a member of that name."""
    if not request.url.path.startswith("/v1/"):
        return {}
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": detail, "type": kind, "param": None, "code": None}}


def add_handlers(app: FastAPI) -> None:
    """Turn every error of ``app``'s own routes into a problem document."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    from assistant.question import QuestionError

    @app.exception_handler(QuestionError)
    async def question(request: Request, error: QuestionError) -> Response:
        return problem(422, str(error), **_more(request, 422, str(error)))

    @app.exception_handler(LibraryError)
    async def library(request: Request, error: LibraryError) -> Response:
        return problem_of(error, **_more(request, status_of(error), error.without_command))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        names = {str(part) for one in error.errors() for part in one.get("loc", ())[1:2]}
        listed = "、".join(sorted(name[:40] for name in names)[:5]) or "请求正文"
        detail = f"参数不对：{listed}。请对照接口说明检查后重试。"
        return problem(422, detail, **_more(request, 422, detail))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        status = error.status_code
        detail = _DETAILS.get(status, TITLES.get(status, "请求未完成") + "。")
        return problem(status, detail, error.headers, **_more(request, status, detail))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        log.error("请求处理失败：%s", error, exc_info=error)
        return problem(500, UNEXPECTED, **_more(request, 500, UNEXPECTED))


_DETAILS = {
    400: "请求读不懂，请对照接口说明检查正文和参数。",
    404: "没有找到，请检查地址。",
    405: "这个地址不支持这种请求方式，请对照接口说明。",
    413: "请求内容太大，请拆小后再发。",
}
