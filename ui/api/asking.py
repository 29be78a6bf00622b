"""REST: ask, with or without steps on the way, and search."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from assistant.answer import Answer
from assistant.streaming import Listener
from index.errors import LibraryError
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import record
from ui.api.context import Api, user_of
from ui.api.models import AskRequest, Collection, Collections, SearchHit, SearchResults
from ui.api.service import MAX_HITS, Service
from ui.api.streams import HEARTBEAT, MEDIA_TYPE, Done, event, steps, streaming

CHANNEL = "api"
Words = Annotated[list[str] | None, Query(max_length=50)]


def asking_routes(api: Api) -> APIRouter:
    """``/ask``, ``/ask/stream``, ``/search`` and ``/collections``."""
    router = APIRouter(tags=["问答和检索"])
    read: Any = Depends(api.seen(Right.READ))
    slot: Any = Depends(api.slot)

    @router.post("/ask", summary="提问", dependencies=[slot])
    def ask(body: AskRequest, request: Request, seen: Service = read) -> Answer:
        """回答一个问题，每句话都带引文；文库里没有依据就不作答（abstained）。"""
        record(request, Action.ASKED, body.question)
        answer = asked(seen, body, user_of(request))
        api.metrics.answered(CHANNEL, answer)
        return answer

    @router.post(
        "/ask/stream",
        summary="提问，边答边送",
        dependencies=[slot],
        response_class=StreamingResponse,
        responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
    )
    async def ask_stream(
        body: AskRequest, request: Request, seen: Service = read
    ) -> StreamingResponse:
        """事件：progress（进展）、partial（已核对的部分）、answer（最后的回答）、error。

        断开连接就停止回答。
        """
        from starlette.concurrency import run_in_threadpool

        await run_in_threadpool(checked, seen, body)  # what cannot be asked is no stream
        await run_in_threadpool(record, request, Action.ASKED, body.question)
        user = user_of(request)

        def work(listen: Listener) -> Answer:
            return asked(seen, body, user, listen)

        return streaming(_events(api, work))

    @router.get("/search", summary="检索")
    def search(
        request: Request,
        q: str,
        collection: Words = None,
        k: Annotated[int, Query(ge=1, le=MAX_HITS, description="几段")] = 10,
        include_superseded: bool = False,
        as_of: date | None = None,
        seen: Service = read,
    ) -> SearchResults:
        """按词语和意思找段落，最相关的在前。"""
        record(request, Action.SEARCHED, q)
        view = seen.results(q, collection or (), include_superseded, as_of, k)
        hits = [SearchHit.of(hit) for hit in view.hits]
        return SearchResults(q=view.query, hits=hits, notes=list(view.notes))

    @router.get("/collections", summary="文库")
    def collections(seen: Service = read) -> Collections:
        """您可以查看的文库。"""
        rows = [Collection(name=name, documents=count) for name, count in seen.collections()]
        return Collections(collections=rows)

    return router


def asked(seen: Service, body: AskRequest, user: str, listen: Listener | None = None) -> Answer:
    """The answer to a request."""
    return seen.ask(
        body.question,
        body.collections,
        body.include_superseded,
        body.as_of,
        channel=CHANNEL,
        user=user,
        listen=listen,
    )


def checked(seen: Service, body: AskRequest) -> None:
    """Raise what the question or its collections would raise, before anything is answered."""
    from assistant.question import understand

    understand(body.question)
    seen.library.check_collections(body.collections)


async def _events(api: Api, work: Any) -> AsyncIterator[bytes]:
    from assistant.question import QuestionError
    from ui.api.problems import UNEXPECTED, UNUSABLE, log, status_of

    try:
        async with aclosing(steps(work)) as found:
            async for step in found:
                if step is None:
                    yield HEARTBEAT
                elif isinstance(step, Done):
                    api.metrics.answered(CHANNEL, step.result)
                    yield event("answer", step.result.model_dump(mode="json"))
                elif step.answer is None:
                    yield event("progress", {"progress": step.progress})
                else:
                    partial = step.answer.model_dump(mode="json")
                    yield event("partial", {"progress": step.progress, "answer": partial})
    except QuestionError as error:
        yield event("error", {"status": 422, "detail": str(error)})
    except LibraryError as error:
        status = status_of(error)
        detail = error.without_command if status < 500 else UNUSABLE
        log.warning("回答问题时出错：%s", error)
        yield event("error", {"status": status, "detail": detail})
    except Exception as error:
        log.error("回答问题时出错：%s", error, exc_info=error)
        yield event("error", {"status": 500, "detail": UNEXPECTED})
