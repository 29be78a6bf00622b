"""Reading in processes of their own: a file that hangs, crashes or swells costs itself only.

A thread hands out tasks, takes results and watches time and memory; the caller takes the results
when it likes. No more is read ahead than ``AHEAD`` results a process, whatever the caller is
busy with, so that memory stays bounded.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import LibraryError
from ingest.reading import ReadOutcome, ReadTask, read_file

if TYPE_CHECKING:
    from index.settings import Settings

READ = "ingest.reading:read_file"
AHEAD = 4
"""Results and tasks under way, a process."""
LONGEST_SECONDS = 3600
"""For one file, however it gets on."""
SECONDS_PER_MB = 20
_TASKS = 400
"""Tasks after which a process is replaced: libraries leak."""
_TICK = 0.25
_TELL = 1.0
_MOST = 4
_STARTS = 6
"""Times that a process is tried to be started: a short lack of memory or processes passes."""
_START_PAUSE = 0.1
"""Seconds before the second try; each pause is twice the one before."""
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[4]);"
    "from ingest.worker import serve; serve(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))"
)


@dataclass(frozen=True)
class PagesDone:
    """How far the files are that are read page by page (recognition), all of them together."""

    done: int
    total: int


@dataclass(frozen=True)
class WorkerLimits:
    """How many processes, and what one file may cost."""

    workers: int = 2
    seconds: float = 120.0
    memory_mb: int = 1536

    @classmethod
    def of(cls, settings: Settings) -> WorkerLimits:
        """What the settings say."""
        workers = settings.workers
        if workers is None:
            workers = max(1, min(_MOST, os.cpu_count() or 1))
        return cls(workers, settings.read_seconds, settings.read_mb)

    def seconds_for(self, size: int) -> float:
        """How long a file of ``size`` bytes may take, or from one recognised page to the next."""
        return min(self.seconds + SECONDS_PER_MB * size / 1024 / 1024, LONGEST_SECONDS)


def read_all(
    tasks: Iterable[tuple[int, ReadTask]], limits: WorkerLimits, work: str = READ
) -> Generator[tuple[int, ReadOutcome | PagesDone], None, None]:
    """What becomes of each task, with its number, in the order in which they are done; between
    them, with the number -1, how far recognition is.

    With no workers the caller reads by itself, without limits. Leaving the iterator early ends
    the processes.
    """
    if limits.workers == 0:
        for number, task in tasks:
            yield number, read_file(task)
        return
    pool = _Pool(tasks, limits, work)
    try:
        yield from pool.results()
    finally:
        pool.stop()


class _Pool:
    """The processes, and the thread that minds them."""

    def __init__(
        self, tasks: Iterable[tuple[int, ReadTask]], limits: WorkerLimits, work: str
    ) -> None:
        self._tasks = iter(tasks)
        self._limits = limits
        self._work = work
        self._results: queue.Queue[tuple[int, ReadOutcome] | BaseException | None] = queue.Queue()
        self._workers: list[_Worker] = []
        self._stopped = threading.Event()
        self._failed_starts = 0
        self._not_before = 0.0
        self._thread = threading.Thread(target=self._loop, name="luming-readers", daemon=True)
        self._thread.start()

    def results(self) -> Iterator[tuple[int, ReadOutcome | PagesDone]]:
        told = PagesDone(0, 0)
        while True:
            try:
                found = self._results.get(timeout=_TELL)
            except queue.Empty:
                pages = self._pages()
                if pages.total and pages != told:
                    told = pages
                    yield -1, pages
                continue
            if found is None:
                return
            if isinstance(found, BaseException):
                raise found
            yield found

    def _pages(self) -> PagesDone:
        pages = [one.pages for one in list(self._workers)]
        return PagesDone(sum(done for done, _ in pages), sum(total for _, total in pages))

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _loop(self) -> None:
        try:
            self._mind()
            self._results.put(None)
        except BaseException as error:
            self._results.put(error)
        finally:
            for worker in self._workers:
                worker.end()

    def _mind(self) -> None:
        more = True
        while not self._stopped.is_set():
            while more and (worker := self._idle()) is not None:
                task = next(self._tasks, None)
                more = task is not None
                if task is not None:
                    worker.give(*task, self._limits.seconds_for(task[1].size))
            busy = [one for one in self._workers if one.busy]
            if not busy and not more:
                return
            if not busy:  # too many results wait for the caller, or no process could be started
                self._stopped.wait(_TICK / 10)
                continue
            for ready in wait([one.connection for one in busy], timeout=_TICK):
                self._take(next(one for one in busy if one.connection is ready))
            for worker in busy:
                if worker.busy and (reason := worker.beyond(self._limits)):
                    self._give_up(worker, reason)

    def _idle(self) -> _Worker | None:
        """A process that may be given a task now; None when all are busy or enough is ahead."""
        under_way = sum(one.busy for one in self._workers) + self._results.qsize()
        if under_way >= AHEAD * self._limits.workers:
            return None
        for worker in self._workers:
            if not worker.busy:
                if worker.tasks < _TASKS:
                    return worker
                self._workers.remove(worker)
                worker.end()
                break
        if len(self._workers) >= self._limits.workers or time.monotonic() < self._not_before:
            return None
        try:
            self._workers.append(_Worker(self._work, self._limits.memory_mb))
        except OSError as error:
            self._not_started(error)
            return None
        self._failed_starts = 0
        return self._workers[-1]

    def _not_started(self, error: OSError) -> None:
        """The system is short of something just now: those that run go on, and it is tried again
        a little later. Raises LibraryError when none runs and none could be started for long.
        """
        self._failed_starts += 1
        if not self._workers and self._failed_starts >= _STARTS:
            raise LibraryError(
                f"启动不了读取文件的进程（{error.strerror}）；请关闭一些程序后再运行一次，"
                "或把 LUMING_WORKERS 设为 1。"
            ) from error
        pause = _START_PAUSE * 2 ** min(self._failed_starts - 1, _STARTS)
        self._not_before = time.monotonic() + pause

    def _take(self, worker: _Worker) -> None:
        try:
            answer = worker.answer()
        except (EOFError, OSError):
            self._give_up(worker, worker.fate())
        else:
            if answer is not None:
                self._results.put(answer)

    def _give_up(self, worker: _Worker, reason: str) -> None:
        self._workers.remove(worker)
        number, seconds = worker.number, worker.spent()
        worker.end()
        self._results.put((number, ReadOutcome(None, reason, seconds, lasting=True)))


class _Worker:
    """One process and the task that it has."""

    def __init__(self, work: str, memory_mb: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable, "-c", _START, str(theirs.fileno()), work, str(memory_mb),
                    json.dumps([one or os.getcwd() for one in sys.path]),
                ],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # what a library prints is no result
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us; helpers that it starts end with it
            )  # fmt: skip
        self.connection = Connection(ours.detach())
        self.tasks = 0
        self.busy = False
        self.number = -1
        self.pages = (0, 0)  # done and in all, of a file that is read page by page
        self._started = 0.0
        self._since = 0.0  # when it was last heard of
        self._seconds = 0.0

    def give(self, number: int, task: Any, seconds: float) -> None:
        self.number, self._seconds, self.busy = number, seconds, True
        self.tasks += 1
        self._started = self._since = time.monotonic()
        with suppress(OSError):  # it has died: noticed by who takes the answer
            self.connection.send((task, seconds * 2 * (os.cpu_count() or 1)))

    def answer(self) -> tuple[int, ReadOutcome] | None:
        """None for news of a page. Raises EOFError or OSError when the process has died."""
        good, value = self.connection.recv()
        if good is None:
            self.pages, self._since = value, time.monotonic()
            return None
        self.busy, self.pages = False, (0, 0)
        if good:
            return self.number, value
        line = f"读取程序出错（{value}）；请打开文件另存一份再放入，仍不行请联系维护人员"
        return self.number, ReadOutcome(None, line, self.spent(), lasting=True)

    def spent(self) -> float:
        return time.monotonic() - self._started

    def beyond(self, limits: WorkerLimits) -> str:
        """Why the task must be given up, in words; empty while all is well."""
        spent = self.spent()
        if spent < _TICK:
            return ""
        if self.pages[0] and spent > LONGEST_SECONDS:
            return (
                f"识别到第 {self.pages[0]} 页（共 {self.pages[1]} 页）已满一小时，先停下；"
                "请再运行一次 luming ingest，会接着已识别的页做，或把文件拆成几份"
            )
        if time.monotonic() - self._since > self._seconds:
            return (
                f"读取超过 {self._seconds:.0f} 秒还没有完成，已停止；"
                "请检查文件能否正常打开，大文件可拆分，或调大 LUMING_READ_SECONDS"
            )
        if _resident_mb(self._process.pid) > limits.memory_mb:
            return (
                f"读取要用的内存超过 {limits.memory_mb} MB，已停止；"
                "请拆分文件，或调大 LUMING_READ_MB"
            )
        return ""

    def fate(self) -> str:
        """How a process that has died ended, in words."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        how = f"信号 {-code}" if code < 0 else f"退出码 {code}"
        return (
            f"读取程序意外中止（{how}），文件可能已损坏；"
            "请用 Word、WPS 或浏览器打开后另存一份再放入"
        )

    def end(self) -> None:
        """End the process, and whatever it has started."""
        self.connection.close()
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)


def _resident_mb(pid: int) -> float:
    """Resident memory of a process in MB; 0 where the system doesn't tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024
