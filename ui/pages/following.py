"""Work that tells of its steps, followed as an iterator: what a page needs to show them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.streaming import AnswerStep, Listener

Result = TypeVar("Result")


@dataclass(frozen=True)
class Done(Generic[Result]):
    """The work's result."""

    result: Result


class _Left(Exception):
    """Nobody looks any more."""


def followed(work: Callable[[Listener], Result]) -> Iterator[AnswerStep | Done[Result]]:
    """The steps of ``work`` as they come, its result last; raises what it raises.

    The work runs in a thread of its own. Closing the iterator ends it at its next step.
    """
    events: queue.SimpleQueue[AnswerStep | Done[Result] | BaseException] = queue.SimpleQueue()
    left = threading.Event()

    def listen(step: AnswerStep) -> None:
        if left.is_set():
            raise _Left
        events.put(step)

    def run() -> None:
        try:
            events.put(Done(work(listen)))
        except BaseException as error:
            events.put(error)

    threading.Thread(target=run, name="luming-answer", daemon=True).start()
    try:
        while True:
            event = events.get()
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, Done):
                return
    finally:
        left.set()
