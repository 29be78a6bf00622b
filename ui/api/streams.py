"""Server-sent events of work that tells of its steps."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from assistant.streaming import AnswerStep, Listener

if TYPE_CHECKING:
    from fastapi.responses import StreamingResponse

HEARTBEAT_SECONDS = 10.0
"""Of silence after which a comment is sent, so that no proxy takes the connection for dead."""
HEARTBEAT = b": \xe2\x80\xa6\n\n"
MEDIA_TYPE = "text/event-stream"


class Left(Exception):
    """Nobody listens any more: raised into the work at its next step."""


class Done:
    """The work's result."""

    def __init__(self, result: Any) -> None:
        self.result = result


def event(name: str, data: dict[str, Any]) -> bytes:
    """One event; its data is JSON on one line, so nothing in it can end the event."""
    text = json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return b"event: " + name.encode("ascii") + b"\ndata: " + text + b"\n\n"


async def steps(
    work: Callable[[Listener], Any],
) -> AsyncGenerator[AnswerStep | Done | None, None]:
    """The steps of ``work`` as they come, its result last; None where nothing was said for long.

    The work runs in a thread of its own; what it raises is raised here. Closing the iterator ends
    the work at its next step.
    """
    loop = asyncio.get_running_loop()
    events: asyncio.Queue[AnswerStep | Done | BaseException] = asyncio.Queue()
    left = threading.Event()

    def put(one: AnswerStep | Done | BaseException) -> None:
        if not left.is_set():
            with suppress(RuntimeError):  # the server has ended meanwhile
                loop.call_soon_threadsafe(events.put_nowait, one)

    def listen(step: AnswerStep) -> None:
        if left.is_set():
            raise Left
        put(step)

    def run() -> None:
        try:
            put(Done(work(listen)))
        except BaseException as error:
            put(error)

    threading.Thread(target=run, name="luming-api-answer", daemon=True).start()
    try:
        while True:
            try:
                one = await asyncio.wait_for(events.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield None
                continue
            if isinstance(one, BaseException):
                raise one
            yield one
            if isinstance(one, Done):
                return
    finally:
        left.set()


def streaming(content: AsyncIterator[bytes]) -> StreamingResponse:
    """The response that sends these bytes as they come; a proxy is told to hold none back."""
    from fastapi.responses import StreamingResponse

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(content, media_type=MEDIA_TYPE, headers=headers)
