"""REST: jobs of ingesting, what became of each file, cancelling, and progress as it happens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from index.errors import LibraryError
from index.job_view import JobView, job_view, view
from index.jobs import KEPT_JOBS, LIVE, JobError
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import recorded
from ui.api.context import Api
from ui.api.errors import UnknownJob
from ui.api.job_models import Cancelled, Job, JobFileRow, JobFiles, Jobs
from ui.api.paging import Cursor, Limit, link_next, page_of
from ui.api.service import Service
from ui.api.streams import HEARTBEAT, HEARTBEAT_SECONDS, MEDIA_TYPE, event, streaming

_POLL = 1.0  # seconds; a job writes its progress about once a second
Number = Annotated[int, Path(ge=1, le=1 << 31, description="任务编号")]
State = Literal["queued", "running", "done", "failed", "cancelled"]
Outcome = Literal["added", "updated", "unchanged", "removed", "failed", "missing"]


def job_routes(api: Api) -> APIRouter:
    """``/jobs`` and what is below it."""
    router = APIRouter(tags=["任务"])
    operate: Any = Depends(api.seen(Right.OPERATE))

    @router.get("/jobs", summary="任务列表")
    def jobs(
        request: Request,
        response: Response,
        state: State | None = None,
        collection: Annotated[str | None, Query(max_length=200)] = None,
        limit: Limit = 50,
        cursor: Cursor = None,
        seen: Service = operate,
    ) -> Jobs:
        """最近的入库任务，新的在前。"""
        catalog = seen.library.catalog
        living = catalog.jobs.live()
        rows = [
            one
            for one in catalog.jobs.recent(KEPT_JOBS)
            if state in (None, one.state) and collection in (None, one.collection)
        ]
        page = page_of(rows, lambda one: (-one.job_id,), limit, cursor)
        link_next(request, response, page)
        shown = [Job.of(view(one, living)) for one in page.rows]
        return Jobs(jobs=shown, next=page.next, total=page.total)

    @router.get("/jobs/{job_id}", summary="一个任务")
    def job(job_id: Number, seen: Service = operate) -> Job:
        """任务的状态和进度。"""
        return Job.of(_found(seen, job_id))

    @router.get("/jobs/{job_id}/files", summary="任务里每个文件的结果")
    def files(
        job_id: Number,
        request: Request,
        response: Response,
        status: Outcome | None = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        seen: Service = operate,
    ) -> JobFiles:
        """按处理顺序；没有变化的文件只计数，不在其中。"""
        _found(seen, job_id)
        rows = list(enumerate(seen.library.catalog.jobs.files(job_id, status)))
        page = page_of(rows, lambda one: (one[0],), limit, cursor)
        link_next(request, response, page)
        shown = [JobFileRow.of(one) for _, one in page.rows]
        return JobFiles(files=shown, next=page.next, total=page.total)

    _acts(router, api, operate)
    return router


def _acts(router: APIRouter, api: Api, operate: Any) -> None:
    @router.post("/jobs/{job_id}/cancel", summary="取消任务")
    def cancel(job_id: Number, request: Request, seen: Service = operate) -> Cancelled:
        """排队的马上取消，进行中的很快停下；已完成的部分保留。"""
        collection = _found(seen, job_id).collection
        with recorded(request, Action.INGESTED, collection, f"取消第 {job_id} 号任务"):
            stopped = seen.library.catalog.jobs.cancel(job_id)
        return Cancelled(job_id=job_id, state=stopped.state, stopping=stopped.live)

    @router.post("/jobs/{job_id}/retry", status_code=202, summary="重试失败的文件")
    def retry(job_id: Number, request: Request, response: Response, seen: Service = operate) -> Job:
        """只重试这个任务里失败的文件，作为新任务。"""
        from ingest.syncing import retry_request

        collection = _found(seen, job_id).collection
        whole = api.service.library
        with recorded(request, Action.INGESTED, collection, f"重试第 {job_id} 号任务"):
            begun = api.uploads.begin(retry_request(whole, whole.catalog.jobs.get(job_id)))
        response.headers["Location"] = f"/api/v1/jobs/{begun.job_id}"
        return Job.of(_found(seen, begun.job_id))

    @router.get(
        "/jobs/{job_id}/events",
        summary="任务进度，边做边送",
        response_class=StreamingResponse,
        responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
    )
    async def events(job_id: Number, seen: Service = operate) -> StreamingResponse:
        """事件：progress（有变化时）、done（任务结束）、error；内容同“一个任务”。"""
        first = await run_in_threadpool(_found, seen, job_id)
        return streaming(_events(seen, first))


def _found(seen: Service, job_id: int) -> JobView:
    """The job; UnknownJob also for one that the caller may not see."""
    try:
        return job_view(seen.library.catalog, job_id)
    except JobError as error:
        raise UnknownJob(job_id) from error


async def _events(seen: Service, shown: JobView) -> AsyncIterator[bytes]:
    last, told = "", time.monotonic()
    try:
        while True:
            data = Job.of(shown).model_dump(mode="json")
            moves = str({**data, "elapsed": 0, "rate": 0, "seconds_left": 0})
            if shown.state not in LIVE:
                yield event("done", data)
                return
            if moves != last:
                yield event("progress", data)
                last, told = moves, time.monotonic()
            elif time.monotonic() - told > HEARTBEAT_SECONDS:
                yield HEARTBEAT
                told = time.monotonic()
            await asyncio.sleep(_POLL)
            shown = await run_in_threadpool(_found, seen, shown.job_id)
    except LibraryError as error:
        from ui.api.problems import UNUSABLE, status_of

        status = status_of(error)
        detail = error.without_command if status < 500 else UNUSABLE
        yield event("error", {"status": status, "detail": detail})
