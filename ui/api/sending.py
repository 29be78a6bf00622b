"""REST: uploads."""

from __future__ import annotations

import contextlib
import math
import re
import shutil
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from index.errors import UnknownCollection
from ingest.names import check_collection
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import principal_of, record
from ui.api.context import Api, name_of
from ui.api.job_models import Uploaded, UploadedFile
from ui.api.service import Service
from ui.uploads.errors import QuotaSpent, UploadError
from ui.uploads.receiving import Received, fingerprint, incoming, read_form, receive
from ui.uploads.starting import limits_of

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                        }
                    },
                }
            }
        },
    }
}
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="同一个键和同样的内容重发，得到第一次的结果；24 小时内有效",
    ),
]


def upload_routes(api: Api) -> APIRouter:
    """``POST /uploads``."""
    router = APIRouter(tags=["入库"])
    operate: Any = Depends(api.seen(Right.OPERATE))

    @router.post("/uploads", status_code=202, summary="上传文件", openapi_extra=_FORM)
    async def upload(
        request: Request,
        response: Response,
        collection: Annotated[str, Query(max_length=200, description="放入哪个文库，没有则新建")],
        key: Key = None,
        seen: Service = operate,
    ) -> Uploaded:
        """把一个或多个文件放入文库，作为任务在后台收录；同名文件取代原来的。

        每个文件按内容判断能不能收，不能收的说明原因，不影响其他文件。
        """
        person = principal_of(request)
        name = check_collection(collection)
        if not person.sees(name):
            # It does not exist for this person, whether it does for others or not.
            raise UnknownCollection(name, [one for one, _ in seen.collections()])
        if key is not None and not _KEY.fullmatch(key):
            raise UploadError("Idempotency-Key 只能用 1 到 200 个可见的英文字符。")
        settings = seen.settings
        who = name_of(person)
        limits = limits_of(settings)
        await run_in_threadpool(_check_quota, api, who, settings.upload_day_mb)
        form = await read_form(request.headers, request.stream(), limits)
        folder = incoming(api.uploads.root)
        try:
            files = await run_in_threadpool(receive, form, folder, limits)
            names = "、".join(one.name for one in files if one.taken)
            await run_in_threadpool(record, request, Action.UPLOADED, name, names)
            done = await run_in_threadpool(_take, api, who, name, key, files, folder)
        finally:
            await form.close()
            with contextlib.suppress(OSError):
                shutil.rmtree(folder, ignore_errors=True)
        response.headers["Location"] = f"/api/v1/jobs/{done.job_id}"
        return done

    return router


def _take(
    api: Api, who: str, collection: str, key: str | None, files: list[Received], folder: Any
) -> Uploaded:
    """Keep the files and begin the job, once for each idempotency key."""
    receipts = api.uploads.receipts
    if key is not None:
        earlier = receipts.begin(who, key, fingerprint(collection, files))
        if earlier is not None:
            return Uploaded.model_validate(earlier)
    try:
        _check_quota(api, who, api.service.settings.upload_day_mb)
        if not any(one.taken for one in files):
            listed = "；".join(f"{one.given}：{one.reason}" for one in files[:5])
            raise UploadError(f"没有能收的文件。{listed}")
        api.uploads.keep(collection, folder, files)
        receipts.add(who, sum(one.size for one in files))
        job = api.uploads.start(collection)
        shown = [
            UploadedFile(
                given=one.given, name=one.name, size=one.size, taken=one.taken, reason=one.reason
            )
            for one in files
        ]
        done = Uploaded(collection=collection, job_id=job.job_id, files=shown)
    except BaseException:
        if key is not None:
            receipts.drop(who, key)
        raise
    if key is not None:
        receipts.finish(who, key, done.model_dump(mode="json"))
    return done


def _check_quota(api: Api, who: str, limit_mb: int) -> None:
    sent, seconds = api.uploads.receipts.sent(who)
    if sent >= limit_mb * 1024 * 1024:
        raise QuotaSpent(limit_mb, max(1, math.ceil(seconds)))
