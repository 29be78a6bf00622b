"""The other end of ``ingest.workers``: a process that reads one file after another.

It is a program of its own, not a fork: nothing that the parent has loaded or locked comes with
it, and a parent without a ``__main__`` guard is no trouble.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any

from ingest.pages import minding

_PARENT_CHECK_SECONDS = 2.0
_TELL_SECONDS = 0.5
_RESERVED_MB = 4096  # addresses that libraries reserve without using them


def serve(descriptor: int, work: str, memory_mb: int) -> None:
    """Answer tasks from the socket until the parent closes it. ``work`` is ``module:function``.

    A task comes with the seconds of processor time that it may use; that, and a look at the
    parent, end a process that was left alone. Pages that are done are told as they come, and
    each gives the task its seconds anew.
    """
    _limit_memory(memory_mb)
    threading.Thread(target=_follow_parent, args=(os.getppid(),), daemon=True).start()
    module, name = work.split(":")
    function = getattr(import_module(module), name)
    connection = Connection(descriptor)
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            task, seconds = connection.recv()
            _limit_time(seconds)
            with minding(_Pages(connection, seconds)):
                answer = _answer(function, task)
            connection.send(answer)


class _Pages:
    """Tells the parent of pages, not more often than it looks."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds
        self._told = 0.0

    def __call__(self, number: int, count: int) -> None:
        now = time.monotonic()
        if now - self._told >= _TELL_SECONDS:
            self._told = now
            _limit_time(self._seconds)
            self._connection.send((None, (number, count)))


def _answer(function: Any, task: Any) -> tuple[bool, Any]:
    """(True, result), or (False, the error in words) for what the function did not foresee."""
    try:
        return True, function(task)
    except Exception as error:
        return False, f"{type(error).__name__}: {error}"[:300]


def _limit_memory(memory_mb: int) -> None:
    """A last resort: the parent watches what is really used and ends the process before."""
    import resource

    limit = (2 * memory_mb + _RESERVED_MB) * 1024 * 1024
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _limit_time(seconds: float) -> None:
    import resource

    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    with suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, hard))


def _follow_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(1)
