"""How many questions are answered at once: the rest wait a while, and too many are sent away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from index.errors import LibraryError


class TooBusy(LibraryError):
    """More is asked for than can be done; ``retry_after`` are seconds."""

    def __init__(self, what: str, retry_after: int) -> None:
        super().__init__(f"{what}，请 {retry_after} 秒后再试。")
        self.retry_after = retry_after


class Slots:
    """At most ``running`` holders at once and ``waiting`` in the queue, each for ``patience`` s.

    Waiting takes no thread, so that a queue of questions leaves every other request alone.
    """

    def __init__(self, running: int, waiting: int = 100, patience: float = 30.0) -> None:
        self._free = asyncio.Semaphore(running)
        self._most_waiting = waiting
        self._patience = patience
        self.waiting = 0
        self.held_now = 0

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """A slot for the time of the body. Raises TooBusy."""
        await self._take()
        self.held_now += 1
        try:
            yield
        finally:
            self.held_now -= 1
            self._free.release()

    async def _take(self) -> None:
        if self.waiting >= self._most_waiting:
            raise TooBusy("现在提问的人太多", 5)
        self.waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError as error:
            raise TooBusy("前面的问题还没有答完", 10) from error
        finally:
            self.waiting -= 1
