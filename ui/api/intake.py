"""Routes of the page 入库, for who may operate, over the collections that they see."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse

from index.job_view import job_view, recent_views
from ui.access.audit import Action
from ui.access.model import Forbidden, Right
from ui.access.viewing import principal_of, record, recorded
from ui.api.context import Api
from ui.api.service import Service
from ui.render.gaps import facts_of
from ui.render.intake import (
    TABS,
    documents_html,
    duplicates_html,
    gaps_tab_html,
    job_html,
    jobs_html,
    sources_html,
    upload_html,
)
from ui.render.panels import tabs_html
from ui.uploads.errors import UploadError

_NO_STORE = {"Cache-Control": "no-store"}
_LISTED = 200  # documents
_JOBS = 30
Number = Annotated[int, InPath(ge=1, le=1 << 31)]
Text = Annotated[str, Form(max_length=1000)]


def _html(text: str, say: str = "") -> HTMLResponse:
    """A fragment, and a line that the page shows for a moment."""
    told = {"X-Luming-Say": quote(say)} if say else {}
    return HTMLResponse(text, headers={**_NO_STORE, **told})


def intake_routes(api: Api) -> APIRouter:
    """``/intake/…``."""
    router = APIRouter(prefix="/intake", include_in_schema=False)
    for add in (_panel, _jobs, _sources, _documents, _gaps):
        add(router, api, Depends(api.seen(Right.OPERATE)))
    return router


def _panel(router: APIRouter, api: Api, operate: Any) -> None:
    @router.get("/panel")
    def panel(tab: str = "jobs", seen: Service = operate) -> HTMLResponse:
        current = tab if tab in dict(TABS) else "jobs"
        return _html(tabs_html(TABS, current, "/intake/tab"))

    @router.get("/tab/jobs")
    def jobs_tab(request: Request, seen: Service = operate) -> HTMLResponse:
        settings = api.service.settings
        names = [name for name, _ in seen.collections()]
        person = principal_of(request)
        if person.collections is not None:
            names = sorted({*names, *person.collections})
        whole = person.collections is None
        form = upload_html(names, whole, settings.upload_mb, settings.upload_files)
        return _html(form)

    @router.get("/tab/duplicates")
    def duplicates_tab(seen: Service = operate) -> HTMLResponse:
        from index.duplicates import copies, near_copies

        return _html(duplicates_html(copies(seen.library), near_copies(seen.library)))


def _jobs(router: APIRouter, api: Api, operate: Any) -> None:
    def listed(seen: Service) -> str:
        return jobs_html(recent_views(seen.library.catalog, _JOBS))

    @router.get("/jobs")
    def jobs(seen: Service = operate) -> HTMLResponse:
        return _html(listed(seen))

    @router.get("/jobs/{number}")
    def job(
        number: Number, status: Annotated[str, Query(max_length=20)] = "", seen: Service = operate
    ) -> HTMLResponse:
        catalog = seen.library.catalog
        return _html(job_html(job_view(catalog, number), catalog.jobs.files(number), status))

    @router.post("/jobs/{number}/cancel")
    def cancel(request: Request, number: Number, seen: Service = operate) -> HTMLResponse:
        with recorded(request, Action.INGESTED, f"第 {number} 号任务", "取消"):
            seen.library.catalog.jobs.cancel(number)
        return _html(listed(seen), "已取消，已完成的部分保留。")

    @router.post("/jobs/{number}/retry")
    def retry(
        request: Request, number: Number, password: Text = "", seen: Service = operate
    ) -> HTMLResponse:
        from ingest.syncing import retry_request

        job = seen.library.catalog.jobs.get(number)  # of those that the person sees
        wanted = retry_request(api.service.library, job, [password] if password else [])
        with recorded(request, Action.INGESTED, f"第 {number} 号任务", "重试失败的文件"):
            begun = api.uploads.begin(wanted)
        return _html(listed(seen), f"已开始第 {begun.job_id} 号任务。")


def _sources(router: APIRouter, api: Api, operate: Any) -> None:
    def listed(request: Request, seen: Service) -> str:
        names = [name for name, _ in seen.collections()]
        whole = principal_of(request).collections is None
        return sources_html(seen.library.catalog.sources.all(), names, whole)

    def whole_only(request: Request) -> None:
        """Folders of the server may hold anything: only who sees everything names them."""
        if principal_of(request).collections is not None:
            raise Forbidden(Right.OPERATE)

    @router.get("/tab/sources")
    def tab(request: Request, seen: Service = operate) -> HTMLResponse:
        return _html(listed(request, seen))

    @router.post("/sources")
    def add(
        request: Request, path: Text, collection: Text, seen: Service = operate
    ) -> HTMLResponse:
        from ingest.syncing import add_source, requests

        whole_only(request)
        if not os.path.isabs(path.strip()):
            raise UploadError("请写服务器上文件夹的完整路径，例如 /data/制度文件。")
        with recorded(request, Action.INGESTED, path.strip(), f"登记到“{collection}”"):
            source = add_source(seen.library, Path(path.strip()), collection)
            api.uploads.begin(requests(seen.library, source.collection)[0])
        return _html(listed(request, seen), "已登记，正在同步；进度见“上传与任务”。")

    @router.post("/sources/{number}/sync")
    def sync(request: Request, number: Number, seen: Service = operate) -> HTMLResponse:
        from ingest.syncing import requests

        source = seen.library.catalog.sources.find(str(number))
        with recorded(request, Action.INGESTED, source.path, "同步"):
            job = api.uploads.begin(requests(api.service.library, source.collection)[0])
        return _html(listed(request, seen), f"第 {job.job_id} 号任务已开始。")

    @router.post("/sources/{number}/remove")
    def remove(request: Request, number: Number, seen: Service = operate) -> HTMLResponse:
        whole_only(request)
        source = seen.library.catalog.sources.find(str(number))
        with recorded(request, Action.INGESTED, source.path, "不再同步"):
            seen.library.catalog.sources.remove(source.source_id)
        return _html(listed(request, seen), "已不再同步，已收录的文件保留。")


def _documents(router: APIRouter, api: Api, operate: Any) -> None:
    def listed(seen: Service, words: str) -> str:
        found = seen.documents()
        if words:
            found = [one for one in found if words in one.title or words in one.source]
        ordered = sorted(found, key=lambda one: (one.collection, one.title, one.document_id))
        return documents_html(ordered[:_LISTED], words, len(ordered))

    @router.get("/tab/documents")
    def tab(q: Annotated[str, Query(max_length=200)] = "", seen: Service = operate) -> HTMLResponse:
        return _html(listed(seen, q.strip()))

    @router.post("/documents/remove")
    def remove(
        request: Request,
        id: Annotated[list[str], Form(max_length=_LISTED)] = [],  # noqa: B006
        seen: Service = operate,
    ) -> HTMLResponse:
        if not id:
            raise UploadError("还没有选择文件，请先勾选要移除的文件。")
        records = [seen.document(one) for one in id]  # UnknownDocument for what is not seen
        uploaded = _uploads_of(api, [one.document_id for one in records])
        for one in records:
            record(request, Action.DELETED, one.title, one.collection)
        api.service.library.remove_documents([one.document_id for one in records])
        for path in uploaded:  # else the next run would put it in again
            with suppress(OSError):
                path.unlink()
        return _html(listed(seen, ""), f"已移除 {len(records)} 份文件。")


def _uploads_of(api: Api, ids: list[str]) -> list[Path]:
    """The uploaded files that documents were read from."""
    root = Path(os.path.abspath(api.uploads.root))
    found = api.service.library.catalog.places.of_documents(ids)
    paths = (Path(one.path) for places in found.values() for one in places if one.path)
    return [one for one in paths if one.is_relative_to(root)]


def _gaps(router: APIRouter, api: Api, operate: Any) -> None:
    def listed(seen: Service) -> str:
        from assistant.activity.gaps import GapStore

        found = GapStore(seen.library, seen.asking.journal).listed()[:_LISTED]
        return gaps_tab_html(found, [facts_of(one) for one in found])

    @router.get("/tab/gaps")
    def tab(seen: Service = operate) -> HTMLResponse:
        return _html(listed(seen))

    def mark(number: int, status: str, seen: Service) -> None:
        from assistant.activity.gaps import GapStore

        GapStore(seen.library, seen.asking.journal).set_status([number], status)

    @router.post("/gaps/{number}/dismiss")
    def dismiss(number: Number, seen: Service = operate) -> HTMLResponse:
        from assistant.activity.gaps import DISMISSED

        mark(number, DISMISSED, seen)
        return _html(listed(seen), "已忽略。")

    @router.post("/gaps/{number}/fill")
    def fill(number: Number, seen: Service = operate) -> HTMLResponse:
        from assistant.activity.gaps import FILLED

        mark(number, FILLED, seen)
        return _html(listed(seen), "已标为补上。")
