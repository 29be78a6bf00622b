"""Routes of the page 核验."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from assistant.verification import DraftError
from index.records import SearchFilter
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import record
from ui.api.context import Api
from ui.api.problems import problem
from ui.api.service import Service
from ui.api.verify import TooLarge, read_request
from ui.commands.common import UsageError, day
from ui.render.verify_page import checked_html, form_html
from ui.verifying import MAX_BYTES

_NO_STORE = {"Cache-Control": "no-store"}


def verify_page_routes(api: Api) -> APIRouter:
    """``/verify/panel`` and ``/verify/check``."""
    router = APIRouter(include_in_schema=False)
    read: Any = Depends(api.seen(Right.READ))

    @router.get("/verify/panel")
    def panel(seen: Service = read) -> HTMLResponse:
        names = [name for name, _ in seen.collections()]
        return HTMLResponse(form_html(names, MAX_BYTES // 1024 // 1024), headers=_NO_STORE)

    @router.post("/verify/check")
    async def check(request: Request, seen: Service = read) -> Response:
        try:
            draft, collections, as_of = await read_request(request)
            verifier = await run_in_threadpool(api.verifier, seen)
            chosen = SearchFilter(collections=tuple(one for one in collections if one))
            report = await run_in_threadpool(
                verifier.verify, draft.text, chosen, day("as_of", as_of or None)
            )
        except TooLarge as error:
            return problem(413, str(error))
        except (DraftError, UsageError) as error:
            return problem(422, str(error))
        record(request, Action.VERIFIED, draft.name)
        return HTMLResponse(checked_html(report, draft.name), headers=_NO_STORE)

    return router
