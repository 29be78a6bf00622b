"""REST: a draft's references checked, from JSON or an uploaded file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from assistant.verification import DraftError
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import record
from ui.api.context import Api
from ui.api.problems import problem
from ui.api.service import Service

if TYPE_CHECKING:
    from starlette.datastructures import UploadFile

    from assistant.verification import Report
    from ui.verifying import DraftFile

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OVERHEAD = 64 * 1024  # of a request around its draft
_MOST_COLLECTIONS = 50
Format = Annotated[Literal["json", "html", "docx"], Query()]


class TooLarge(ValueError):
    """The request's body is above the limit."""


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {
                        "text": {"type": "string", "description": "文稿"},
                        "collections": {"type": "array", "items": {"type": "string"}},
                        "as_of": {"type": "string", "description": "按哪一天核对，例如 2024-01-01"},
                    },
                }
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "text": {"type": "string"},
                        "collections": {"type": "array", "items": {"type": "string"}},
                        "as_of": {"type": "string"},
                    },
                }
            },
        },
    }
}


def verify_routes(api: Api) -> APIRouter:
    """``POST /verify``.

    The body is JSON ``{"text": …, "collections": […], "as_of": "2024-01-01"}``, or a form with
    ``file`` (.docx .md .txt .html .pdf) or ``text``, ``collections`` and ``as_of``. ``format``
    says what comes back: json (default), html or docx (the draft with comments).
    """
    router = APIRouter(tags=["核验"])
    read: Any = Depends(api.seen(Right.READ))

    @router.post("/verify", summary="核验文稿引用的规定", openapi_extra=_BODY)
    async def verify(
        request: Request, format: Format = "json", every: bool = False, seen: Service = read
    ) -> Response:
        """文稿里引用的每一条规定：是否存在、是否现行、引文是否一致。format 为 docx 时得到带批注的文件。"""
        try:
            draft, collections, as_of = await read_request(request)
        except TooLarge as error:
            return problem(413, str(error))
        except DraftError as error:
            return problem(422, str(error))
        told = f"{len(draft.text)} 字"
        await run_in_threadpool(record, request, Action.VERIFIED, draft.name, told)
        async with api.slots.held():
            verifier = await run_in_threadpool(api.verifier, seen)
            return await run_in_threadpool(
                _checked, verifier, draft, collections, as_of, format, every
            )

    return router


def _checked(
    verifier: Any, draft: DraftFile, collections: list[str], as_of: str, format: str, every: bool
) -> Response:
    from fastapi.responses import HTMLResponse, JSONResponse

    from index.records import SearchFilter
    from ui.commands.common import UsageError, day
    from ui.verifying import report_object

    try:
        report = verifier.verify(
            draft.text, SearchFilter(collections=tuple(collections)), day("as_of", as_of or None)
        )
    except (DraftError, UsageError) as error:
        return problem(422, str(error))
    headers = {"Cache-Control": "no-store"}
    if format == "html":
        from ui.render.verification import verification_page

        return HTMLResponse(verification_page(report, draft.name), headers=headers)
    if format == "docx":
        return _word(report, draft, every, headers)
    return JSONResponse(report_object(report, draft.name), headers=headers)


def _word(report: Report, draft: DraftFile, every: bool, headers: dict[str, str]) -> Response:
    from ui.render.verification_word import annotated_docx, new_docx

    given = draft.data
    data = annotated_docx(given, report, every=every) if given else new_docx(report, every=every)
    name = quote(draft.name.rsplit(".", 1)[0] + "（核对）.docx")
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return Response(data, media_type=_WORD, headers=headers)


async def read_request(request: Request) -> tuple[DraftFile, list[str], str]:
    """The draft, the collections and the day of a request. Raises TooLarge and DraftError."""
    import json

    from ui.verifying import MAX_BYTES, read_pasted, read_upload

    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _bounded(request, MAX_BYTES + _OVERHEAD)
    if kind == "multipart/form-data":
        fields, upload = await _form(request, body)
        collections = [one for one in fields.getlist("collections") if one]
        if upload is not None and upload.filename:
            data = await upload.read()
            if len(data) > MAX_BYTES:
                raise TooLarge(_too_large())
            draft = await run_in_threadpool(read_upload, data, upload.filename or "文稿")
        else:
            draft = read_pasted(str(fields.get("text") or "").encode("utf-8", "replace"))
        return draft, _names(collections), str(fields.get("as_of") or "")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DraftError(
            '请求正文不是 JSON，请写成 {"text": "文稿"}，或用表单上传文件。'
        ) from error
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise DraftError('请求里没有文稿，请写成 {"text": "文稿"}，或用表单上传文件。')
    as_of = given.get("as_of") or ""
    if not isinstance(as_of, str):
        raise DraftError('as_of 要写成 "2024-01-01" 这样的文字。')
    draft = read_pasted(given["text"].encode("utf-8", "replace"))
    return draft, _names(given.get("collections") or []), as_of


def _names(given: Any) -> list[str]:
    if (
        not isinstance(given, list)
        or len(given) > _MOST_COLLECTIONS
        or not all(isinstance(one, str) for one in given)
    ):
        raise DraftError(f"collections 是文库名的列表，最多 {_MOST_COLLECTIONS} 个。")
    return given


def _too_large() -> str:
    from ui.verifying import MAX_BYTES

    return f"文稿超过 {MAX_BYTES // 1024 // 1024} MB，请拆开再核对。"


async def _bounded(request: Request, limit: int) -> bytes:
    """The body, read no further than the limit."""
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > limit:
        raise TooLarge(_too_large())
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise TooLarge(_too_large())
        parts.append(part)
    return b"".join(parts)


async def _form(request: Request, body: bytes) -> tuple[Any, UploadFile | None]:
    """The fields of a form and its file; the body was read already, so it is given again."""
    from starlette.exceptions import HTTPException
    from starlette.formparsers import MultiPartException, MultiPartParser

    async def again() -> Any:
        yield body

    try:
        form = await MultiPartParser(
            request.headers, again(), max_files=1, max_fields=60, max_part_size=len(body) + 1
        ).parse()
    except (MultiPartException, HTTPException, KeyError, ValueError) as error:
        raise DraftError("上传的表单读不了，请重新选择一份文件再试。") from error
    upload = form.get("file")
    return form, (upload if upload is not None and not isinstance(upload, str) else None)
