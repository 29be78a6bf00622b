"""``/v1``: as OpenAI's chat completions, so that existing chat clients can ask the library.

Follows https://platform.openai.com/docs/api-reference/chat, with a member ``citations`` beside.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from assistant.answer import Answer
from assistant.question import QuestionError
from assistant.streaming import Listener
from index.errors import LibraryError
from index.records import NOT_IN_FORCE, SearchFilter
from ui.access.audit import Action
from ui.access.model import Right
from ui.access.viewing import record
from ui.api.chat_models import ChatRequest, Model, Models
from ui.api.chat_past import ChatPast
from ui.api.context import Api, user_of
from ui.api.errors import UnknownModel
from ui.api.service import Service
from ui.api.streams import HEARTBEAT, MEDIA_TYPE, Done, steps, streaming

MODEL = "luming"
CHANNEL = "chat"
_IN = "luming:"  # and the name of a collection: that collection only


def chat_routes(api: Api) -> APIRouter:
    """``/chat/completions`` and ``/models``; to be put below ``/v1``."""
    router = APIRouter(tags=["OpenAI 兼容"])
    read: Any = Depends(api.seen(Right.READ))
    slot: Any = Depends(api.slot)
    pasts = ChatPast()

    @router.get("/models", summary="模型列表")
    def models(seen: Service = read) -> Models:
        """luming 在全部文库里找；luming:文库名 只在那个文库里找。"""
        names = [MODEL, *(_IN + name for name, _ in seen.collections())]
        return Models(data=[Model(id=name) for name in names])

    @router.post(
        "/chat/completions",
        summary="对话",
        dependencies=[slot],
        response_class=JSONResponse,
        responses={
            200: {
                "content": {
                    "application/json": {"schema": {"type": "object"}},
                    MEDIA_TYPE: {"schema": {"type": "string"}},
                }
            }
        },
    )
    async def completions(body: ChatRequest, request: Request, seen: Service = read) -> Response:
        """最后一条消息是问题，此前的提问用来理解它；回答里的 [1] 对应 citations。"""
        from starlette.concurrency import run_in_threadpool

        from assistant.question import understand

        questions = _questions(body)
        understand(questions[-1])  # what cannot be asked is no stream
        flt = await run_in_threadpool(_filter, seen, body)
        await run_in_threadpool(record, request, Action.ASKED, questions[-1])
        user = user_of(request)

        def work(listen: Listener | None = None) -> Answer:
            started = time.perf_counter()

            def finished(answer: Answer) -> Answer:
                done = seen.asking.finished(answer, flt, CHANNEL, user, started)
                api.metrics.answered(CHANNEL, done)
                return done

            return pasts.ask(seen, user, questions, flt, finished, listen).answer

        reply = _Reply.new(body, questions)
        if body.stream:
            return streaming(_stream(work, reply))
        return JSONResponse(reply.whole(await run_in_threadpool(work)))

    return router


def _questions(body: ChatRequest) -> list[str]:
    """What the person asked, in order. Raises QuestionError where the last word is not theirs."""
    asked = [one for one in body.messages if one.role in ("user", "assistant")]
    if not asked or asked[-1].role != "user":
        raise QuestionError("最后一条消息要是用户的提问（role 为 user）。")
    found = [one.text for one in asked if one.role == "user"]
    return [one for one in found[:-1] if one.strip()] + [found[-1]]


def _filter(seen: Service, body: ChatRequest) -> SearchFilter:
    """Where to look. Raises UnknownModel, UnknownCollection and EmptyLibrary."""
    wanted = list(body.collections)
    if body.model.startswith(_IN):
        name = body.model[len(_IN) :]
        if name not in {one for one, _ in seen.collections()}:
            raise UnknownModel(body.model)
        wanted = [name]
    elif body.model != MODEL:
        raise UnknownModel(body.model)
    seen.library.check_collections(wanted)
    exclude = () if body.include_superseded else NOT_IN_FORCE
    return SearchFilter(collections=tuple(wanted), exclude_validity=exclude, as_of=body.as_of)


@dataclass(frozen=True)
class _Reply:
    """What the parts of one reply have in common."""

    number: str
    created: int
    model: str
    asked: int  # characters
    with_usage: bool

    @classmethod
    def new(cls, body: ChatRequest, questions: Sequence[str]) -> _Reply:
        """The frame of the reply to a request."""
        return cls(
            f"chatcmpl-{secrets.token_hex(12)}",
            int(time.time()),
            body.model,
            sum(len(one) for one in questions),
            bool(body.stream_options and body.stream_options.include_usage),
        )

    def _frame(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self.number,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": choices,
        }

    def usage(self, content: str) -> dict[str, int]:
        """Characters stand for tokens: nothing here is paid by either."""
        said = len(content)
        return {
            "prompt_tokens": self.asked,
            "completion_tokens": said,
            "total_tokens": self.asked + said,
        }

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The reply in one piece."""
        from ui.render.answer_markdown import answer_markdown

        content = answer_markdown(answer)
        message = {"role": "assistant", "content": content, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        frame = self._frame("chat.completion", [choice])
        return {**frame, "usage": self.usage(content), **_extension(answer)}

    def chunk(
        self, delta: dict[str, Any], finish: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """One piece of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return {**self._frame("chat.completion.chunk", [choice]), **more}

    def usage_chunk(self, content: str) -> dict[str, Any]:
        """The last piece, where the client asked for it."""
        return {**self._frame("chat.completion.chunk", []), "usage": self.usage(content)}


def _extension(answer: Answer) -> dict[str, Any]:
    """What the reply says beyond OpenAI's: the passages behind the numbers."""
    return {
        "citations": [one.model_dump(mode="json") for one in answer.citations],
        "luming": {
            "abstained": answer.abstained,
            "confidence": answer.confidence,
            "question_id": answer.question_id,
            "related": [one.model_dump(mode="json") for one in answer.related],
            "suggestions": list(answer.suggestions),
        },
    }


async def _stream(work: Any, reply: _Reply) -> AsyncIterator[bytes]:
    """The answer in blocks once it is final: what was sent cannot be taken back, so nothing is
    sent that a later check might drop. Comments keep the connection open until then."""
    from ui.api.problems import UNEXPECTED, UNUSABLE, log, status_of
    from ui.render.answer_markdown import answer_blocks

    try:
        yield _data(reply.chunk({"role": "assistant", "content": ""}))
        async with aclosing(steps(work)) as found:
            async for step in found:
                if not isinstance(step, Done):
                    yield HEARTBEAT
                    continue
                said = ""
                for block in answer_blocks(step.result):
                    piece = f"\n\n{block}" if said else block
                    said += piece
                    yield _data(reply.chunk({"content": piece}))
                yield _data(reply.chunk({}, "stop", **_extension(step.result)))
                if reply.with_usage:
                    yield _data(reply.usage_chunk(said))
        yield b"data: [DONE]\n\n"
    except QuestionError as error:
        yield _error(str(error))
    except LibraryError as error:
        log.warning("回答问题时出错：%s", error)
        yield _error(error.without_command if status_of(error) < 500 else UNUSABLE)
    except Exception as error:
        log.error("回答问题时出错：%s", error, exc_info=error)
        yield _error(UNEXPECTED)


def _error(detail: str) -> bytes:
    return _data({"error": {"message": detail, "type": "server_error", "code": None}})


def _data(value: dict[str, Any]) -> bytes:
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return b"data: " + text + b"\n\n"
