"""Whether the server lives, whether it can answer, and its figures."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter, Depends, Response

from index.errors import LibraryError
from ui.access.model import Right
from ui.api.context import Api
from ui.api.metrics import CONTENT_TYPE
from ui.api.models import Alive, Check, Ready
from ui.api.service import Service

log = logging.getLogger("luming.server")
_NO_STORE = {"Cache-Control": "no-store"}


def health_routes(api: Api) -> APIRouter:
    """``/healthz``, ``/readyz`` and ``/metrics``.

    The first two are open to everybody and say nothing of the library's content. The figures are
    for administrators: behind a proxy every request comes from the same address, so no address
    is a reason to tell them.
    """
    router = APIRouter(tags=["运行状态"])
    administer: Any = Depends(api.seen(Right.ADMINISTER))

    @router.get("/healthz", summary="进程是否活着")
    async def healthz() -> Alive:  # needs no thread, however many are taken
        """能回答就是活着。"""
        return Alive(status="ok")

    @router.get(
        "/readyz",
        summary="能不能回答问题",
        responses={503: {"model": Ready, "description": "还不能"}},
    )
    def readyz(response: Response) -> Ready:
        """资料库能读、向量模型已加载时为 200，否则 503 并说明原因。"""
        checks = readiness(api)
        ready = all(one.ok for one in checks)
        response.status_code = 200 if ready else 503
        response.headers.update(_NO_STORE)
        return Ready(status="ready" if ready else "not_ready", checks=checks)

    @router.get("/metrics", summary="Prometheus 指标", response_class=Response)
    def metrics(_: Service = administer) -> Response:
        """请求数和延迟、提问数、任务数、文件数等；只有管理员（或有“管理”权限的令牌）可以读取。"""
        text = api.metrics.text(api.slots.held_now, api.slots.waiting)
        return Response(text, headers={"Content-Type": CONTENT_TYPE, **_NO_STORE})

    return router


def readiness(api: Api) -> list[Check]:
    """The checks, in order. Why one fails is in the log: the page is open to everybody."""
    found: list[Check] = []

    def check(name: str, good: str, bad: str, work: Any) -> None:
        try:
            ok = bool(work())
        except LibraryError as error:
            log.warning("%s：%s", bad, error)
            ok = False
        found.append(Check(name=name, ok=ok, detail=good if ok else bad))

    check("library", "资料库可读", "资料库读不了，请联系管理员", lambda: _readable(api))
    check("encoder", "向量模型已加载", "向量模型还没有加载好", lambda: _encodes(api))
    return found


def _readable(api: Api) -> bool:
    catalog = api.service.library.catalog
    return catalog.generation >= 0 and catalog.collections() is not None


def _encodes(api: Api) -> bool:
    """A library with nothing in it needs no encoder yet."""
    library = api.service.library
    return library.encoder_loaded or not library.catalog.collections()
