"""REST: what people say of answers, and what the library could not answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import recorded
from ui.api.context import Api, user_of
from ui.api.models import Created, FeedbackRequest, Gaps
from ui.api.paging import Cursor, Limit, link_next, page_of
from ui.api.service import Service

Number = Annotated[int, Path(ge=1, le=1 << 31)]


def activity_routes(api: Api) -> APIRouter:
    """``/feedback`` and ``/gaps``."""
    router = APIRouter(tags=["反馈和缺口"])
    read: Any = Depends(api.seen(Right.READ))
    operate: Any = Depends(api.seen(Right.OPERATE))

    @router.post("/feedback", status_code=201, summary="说一个回答有用或有误")
    def feedback(body: FeedbackRequest, request: Request, seen: Service = read) -> Created:
        """question_id 是回答里的；有误时可写明原因和正确的出处。"""
        with recorded(request, Action.FEEDBACK, body.question_id, body.verdict):
            number = seen.feedback(
                body.question_id, body.verdict, body.reason, body.gold, user_of(request)
            )
        return Created(id=number)

    @router.get("/gaps", summary="知识缺口")
    def gaps(
        request: Request,
        response: Response,
        collection: Annotated[list[str] | None, Query(max_length=50)] = None,
        status: Annotated[list[Literal["open", "dismissed", "filled"]] | None, Query()] = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        seen: Service = operate,
    ) -> Gaps:
        """文库答不了的问题，归成组，问得最多的在前；默认只列待补充的。"""
        from ui.render.gaps import gap_object

        if collection:
            seen.library.check_collections(collection)
        found = _store(seen).listed(None, collection or (), tuple(status or ("open",)))
        page = page_of(
            found, lambda one: (-one.count, -int(one.last.timestamp()), one.gap_id), limit, cursor
        )
        link_next(request, response, page)
        rows = [gap_object(one) for one in page.rows]
        return Gaps(gaps=rows, next=page.next, total=page.total)

    @router.post("/gaps/{gap_id}/dismiss", status_code=204, summary="忽略一个缺口")
    def dismiss(gap_id: Number, request: Request, seen: Service = operate) -> None:
        """与业务无关的问题等，以后不再列出。"""
        with recorded(request, Action.FEEDBACK, f"缺口 {gap_id}", "忽略"):
            _set(seen, gap_id, "dismissed")

    @router.post("/gaps/{gap_id}/reopen", status_code=204, summary="重新列出一个缺口")
    def reopen(gap_id: Number, request: Request, seen: Service = operate) -> None:
        """忽略了的，或标为已补上的。"""
        with recorded(request, Action.FEEDBACK, f"缺口 {gap_id}", "重新列出"):
            _set(seen, gap_id, "open")

    return router


def _store(seen: Service) -> Any:
    from assistant.activity.gaps import GapStore

    return GapStore(seen.library, seen.asking.journal)


def _set(seen: Service, gap_id: int, status: str) -> None:
    """GapError also for a gap whose questions the caller may not see."""
    from assistant.activity.gaps import STATUS_NAMES, GapError

    store = _store(seen)
    if gap_id not in {one.gap_id for one in store.listed(statuses=tuple(STATUS_NAMES))}:
        raise GapError(f"没有编号为 {gap_id} 的缺口。")
    store.set_status([gap_id], status)
