"""A run as a job: its turn in the queue, its heartbeat and progress, and being asked to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.errors import LibraryBusy, LibraryError
from index.jobs import CANCELLED, DONE, FAILED, QUEUED, Job, JobFile, Jobs

if TYPE_CHECKING:
    from index.library import Library

BEAT_SECONDS = 5.0
_TICK = 1.0
_POLL = 0.2

OnWait = Callable[[str], None]
"""Called with a Chinese line when a run has to wait."""


class JobStopped(LibraryError):
    """The job was cancelled, by a command or on the page."""

    def __init__(self, job_id: int) -> None:
        super().__init__(f"第 {job_id} 号任务已取消；已完成的部分都已保存，再次运行会接着做。")


class Tracker:
    """Writes a running job's progress about once a second, from a thread of its own.

    What the run says here costs it nothing; what the catalog says (stop!) it learns by
    ``check``.
    """

    def __init__(self, jobs: Jobs, job_id: int) -> None:
        self.job_id = job_id
        self._jobs = jobs
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._values: dict[str, Any] = {}
        self._written = 0
        self._thread = threading.Thread(target=self._loop, name="luming-heartbeat", daemon=True)

    def __enter__(self) -> Tracker:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def stage(self, name: str, done: int, total: int) -> None:
        """How far the stage is. Raises JobStopped when the job has been asked to stop."""
        with self._lock:
            if self._values.get("stage") != name:
                self._values.update(stage=name, stage_at=datetime.now(UTC))
            self._values.update(done=done, total=total)
        self.check()

    def counts(self, counts: dict[str, int], passages: int) -> None:
        """What has become of how many files so far."""
        with self._lock:
            self._values.update(counts=counts, passages=passages)

    def files(self, files: list[JobFile]) -> None:
        """What has become of files that are done with."""
        self._jobs.add_files(self.job_id, self._written, files)
        self._written += len(files)

    def check(self) -> None:
        """Raises JobStopped when the job has been asked to stop."""
        if self._stop.is_set():
            raise JobStopped(self.job_id)

    def values(self) -> dict[str, Any]:
        """The progress as last said."""
        with self._lock:
            return dict(self._values)

    def _loop(self) -> None:
        last = 0.0
        written: dict[str, Any] = {}
        while not self._ended.wait(_TICK):
            values = self.values()
            if values == written and time.monotonic() - last < BEAT_SECONDS:
                values = {}
            try:
                if self._jobs.beat(self.job_id, **values):
                    self._stop.set()
            except LibraryError:
                continue  # the run itself will meet what is wrong
            written = self.values() if values else written
            last = time.monotonic()


@contextmanager
def tracked(
    library: Library, job: Job, wait: float | None = None, on_wait: OnWait | None = None
) -> Iterator[Tracker]:
    """The body of a job, holding the home's write lock, once it is the job's turn.

    ``wait``: seconds to wait for it (None: as long as it takes), then LibraryBusy. However the
    body ends, so does the job in the catalog.
    """
    tracker = Tracker(library.catalog.jobs, job.job_id)
    # The inner end is written while the lock is held: who gets the lock next takes a job that is
    # still said to run for dead. The outer one is for a job that never got its turn.
    with (
        _ended(library.catalog.jobs, tracker),
        _turn(library, job, wait, on_wait),
        _ended(library.catalog.jobs, tracker),
        tracker,
    ):
        yield tracker


@contextmanager
def _ended(jobs: Jobs, tracker: Tracker) -> Iterator[None]:
    """However the body ends, so does the job; one that has ended stays as it is."""
    state, line = DONE, ""
    try:
        yield
    except JobStopped as error:
        state, line = CANCELLED, str(error)
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        state, line = CANCELLED, "被中断；已完成的部分都已保存，再次运行会接着做。"
        raise
    except BaseException as error:
        state, line = FAILED, _line(error)
        raise
    finally:
        jobs.finish(tracker.job_id, state, line, **tracker.values())


def _line(error: BaseException) -> str:
    if isinstance(error, LibraryError):
        return str(error)
    return f"程序出错（{type(error).__name__}）；请再试一次，仍不行请联系维护人员。"


@contextmanager
def _turn(library: Library, job: Job, wait: float | None, on_wait: OnWait | None) -> Iterator[None]:
    jobs = library.catalog.jobs
    end = None if wait is None else time.monotonic() + wait
    told, beaten = "", time.monotonic()
    while True:
        ahead = jobs.ahead(job.job_id)
        busy: LibraryBusy | None = None
        if not any(one.state == QUEUED for one in ahead):
            try:
                library.acquire(0.0)
                break
            except LibraryBusy as error:
                busy = error
        line = _waiting(ahead, job.job_id)
        if on_wait is not None and line != told:
            on_wait(line)
            told = line
        if end is not None and time.monotonic() >= end:
            raise busy or LibraryBusy()
        if jobs.get(job.job_id).state != QUEUED:
            raise JobStopped(job.job_id)
        if time.monotonic() - beaten > BEAT_SECONDS:
            jobs.beat(job.job_id)
            beaten = time.monotonic()
        time.sleep(_POLL)
    try:
        if not jobs.start(job.job_id):
            raise JobStopped(job.job_id)
        yield
    finally:
        library.release()


def _waiting(ahead: list[Job], job_id: int) -> str:
    if not ahead:
        return f"另一个 LuMing 命令正在写入这个资料库，本任务（第 {job_id} 号）排队等候…"
    first = ahead[0]
    return (
        f"前面还有 {len(ahead)} 个任务（第 {first.job_id} 号{'排队' if first.state == QUEUED else '正在进行'}），"
        f"本任务（第 {job_id} 号）排队等候…"
    )
