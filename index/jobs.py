"""Runs of ingesting as jobs of the catalog: queued, running, done, failed or cancelled.

A home does one job at a time, in the order in which they were asked for. Every job belongs to a
process: it says by a heartbeat that it lives, and one whose process has ended without a word is
found and marked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from index.database import Database
from index.errors import LibraryError
from index.processes import Owner, is_alive, this_process
from index.rows import in_utc, to_json
from index.tables import job_files, jobs

QUEUED = "queued"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
CANCELLED = "cancelled"
STATE_NAMES = {
    QUEUED: "排队",
    RUNNING: "进行中",
    DONE: "完成",
    FAILED: "失败",
    CANCELLED: "已取消",
}
LIVE = (QUEUED, RUNNING)
KEPT_JOBS = 300
"""Older ones are forgotten, with what is said of their files."""
DIED = "运行它的进程中断了（被结束、断电或内存不足）；已完成的部分都在，再运行一次会接着做。"


class JobError(LibraryError):
    """A job can't be found, cancelled or tried again; the message says what to do."""


@dataclass(frozen=True)
class Job:
    """One run. ``request`` says what was asked for; ``counts`` are files by outcome."""

    job_id: int
    kind: str  # ingest, sync, retry or reembed
    collection: str
    request: dict[str, Any]
    state: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat_at: datetime
    owner: Owner
    stage: str = ""  # scan, read or index
    stage_at: datetime | None = None
    done: int = 0  # steps of the stage
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    passages: int = 0
    message: str = ""
    cancel: bool = False

    @property
    def live(self) -> bool:
        """Whether it waits or runs."""
        return self.state in LIVE


@dataclass(frozen=True)
class JobFile:
    """What became of one file. ``advice`` is what to do about ``reason``; both may be empty."""

    path: str
    status: str
    stage: str = ""
    seconds: float = 0.0
    reason: str = ""
    advice: str = ""


class Jobs:
    """The jobs of a library. Safe to share between threads and processes.

    Nothing here moves the catalog's generation: no answer depends on it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- reading -----------------------------------------------------------

    def get(self, job_id: int) -> Job:
        """One job; JobError for an unknown number."""
        with self._database.reading() as connection:
            row = connection.execute(select(jobs).where(jobs.c.job_id == job_id)).one_or_none()
        if row is None:
            raise JobError(
                f"没有第 {job_id} 号任务。", "可运行 luming jobs 查看", "请检查任务编号"
            )
        return _job(row)

    def recent(self, limit: int = 20) -> list[Job]:
        """The latest jobs, newest first. Those whose process has ended are marked before."""
        self.mark_dead()
        query = select(jobs).order_by(jobs.c.job_id.desc()).limit(limit)
        with self._database.reading() as connection:
            return [_job(row) for row in connection.execute(query)]

    def live(self) -> list[Job]:
        """Those that run or wait, in their order."""
        query = select(jobs).where(jobs.c.state.in_(LIVE)).order_by(jobs.c.job_id)
        with self._database.reading() as connection:
            return [_job(row) for row in connection.execute(query)]

    def files(self, job_id: int, status: str | None = None) -> list[JobFile]:
        """What became of a job's files, in the order of the run; only those of ``status``."""
        query = select(job_files).where(job_files.c.job_id == job_id)
        if status is not None:
            query = query.where(job_files.c.status == status)
        with self._database.reading() as connection:
            return [
                JobFile(row.path, row.status, row.stage, row.seconds, row.reason, row.advice)
                for row in connection.execute(query.order_by(job_files.c.position))
            ]

    # -- the queue ---------------------------------------------------------

    def add(self, kind: str, collection: str, request: dict[str, Any]) -> Job:
        """A job of this process at the end of the queue; what is very old is forgotten."""
        now, owner = datetime.now(UTC), this_process()
        values = {
            "kind": kind,
            "collection": collection,
            "request": to_json(request),
            "state": QUEUED,
            "created_at": now,
            "heartbeat_at": now,
            "host": owner.host,
            "pid": owner.pid,
            "pid_mark": owner.mark,
        }
        with self._database.writing(counted=False) as connection:
            connection.execute(jobs.insert(), values)
            job_id = connection.execute(select(func.max(jobs.c.job_id))).scalar_one()
            old = jobs.c.job_id <= job_id - KEPT_JOBS
            connection.execute(delete(jobs).where(old & jobs.c.state.not_in(LIVE)))
        return self.get(job_id)

    def ahead(self, job_id: int) -> list[Job]:
        """The living jobs that come before this one; dead ones are marked, and out of the way."""
        self.mark_dead()
        return [one for one in self.live() if one.job_id < job_id]

    def start(self, job_id: int) -> bool:
        """Let a waiting job run; False when it has been cancelled. The write lock must be held.

        Whoever holds it is alone: any other job said to run is dead.
        """
        now = datetime.now(UTC)
        with self._database.writing(counted=False) as connection:
            others = (jobs.c.state == RUNNING) & (jobs.c.job_id != job_id)
            _finish(connection, others, FAILED, DIED)
            where = (jobs.c.job_id == job_id) & (jobs.c.state == QUEUED)
            values = {"state": RUNNING, "started_at": now, "heartbeat_at": now}
            return connection.execute(update(jobs).where(where).values(**values)).rowcount > 0

    def mark_dead(self) -> list[int]:
        """Mark living jobs whose process has ended as failed; their numbers."""
        dead = [one for one in self.live() if not is_alive(one.owner, one.heartbeat_at)]
        if dead:
            ids = [one.job_id for one in dead]
            with self._database.writing(counted=False) as connection:
                where = jobs.c.job_id.in_(ids) & jobs.c.state.in_(LIVE)
                _finish(connection, where, FAILED, DIED)
        return [one.job_id for one in dead]

    # -- a running job's own words -------------------------------------------

    def beat(self, job_id: int, **values: Any) -> bool:
        """Say that the job lives, with its progress; whether it has been asked to stop."""
        if "counts" in values:
            values["counts"] = to_json(values["counts"])
        with self._database.writing(counted=False) as connection:
            statement = update(jobs).where(jobs.c.job_id == job_id)
            connection.execute(statement.values(heartbeat_at=datetime.now(UTC), **values))
            query = select(jobs.c.cancel).where(jobs.c.job_id == job_id)
            return bool(connection.execute(query).scalar())

    def add_files(self, job_id: int, first: int, files: Sequence[JobFile]) -> None:
        """Note what became of files, numbered from ``first``."""
        if not files:
            return
        rows = [
            {"job_id": job_id, "position": first + place, **vars(one)}
            for place, one in enumerate(files)
        ]
        with self._database.writing(counted=False) as connection:
            connection.execute(job_files.insert(), rows)

    def finish(self, job_id: int, state: str, message: str = "", **values: Any) -> None:
        """End a job that is queued or running; one that has ended stays as it is."""
        if "counts" in values:
            values["counts"] = to_json(values["counts"])
        with self._database.writing(counted=False) as connection:
            where = (jobs.c.job_id == job_id) & jobs.c.state.in_(LIVE)
            _finish(connection, where, state, message, **values)

    def cancel(self, job_id: int) -> Job:
        """Ask a job to stop. One that waits is cancelled at once, one that runs stops soon.

        Raises JobError for a job that has ended.
        """
        self.mark_dead()
        job = self.get(job_id)
        if not job.live:
            raise JobError(f"第 {job_id} 号任务已经结束（{STATE_NAMES[job.state]}），不用取消。")
        with self._database.writing(counted=False) as connection:
            where = jobs.c.job_id == job_id
            connection.execute(update(jobs).where(where).values(cancel=1))
            _finish(connection, where & (jobs.c.state == QUEUED), CANCELLED, "开始之前已取消。")
        return self.get(job_id)


def _finish(connection: Connection, where: Any, state: str, message: str, **values: Any) -> None:
    connection.execute(
        update(jobs)
        .where(where)
        .values(state=state, message=message, finished_at=datetime.now(UTC), **values)
    )


def _job(row: Any) -> Job:
    created, beat = in_utc(row.created_at), in_utc(row.heartbeat_at)
    assert created is not None and beat is not None
    return Job(
        job_id=row.job_id,
        kind=row.kind,
        collection=row.collection,
        request=json.loads(row.request),
        state=row.state,
        created_at=created,
        started_at=in_utc(row.started_at),
        finished_at=in_utc(row.finished_at),
        heartbeat_at=beat,
        owner=Owner(row.host, row.pid, row.pid_mark),
        stage=row.stage,
        stage_at=in_utc(row.stage_at),
        done=row.done,
        total=row.total,
        counts=json.loads(row.counts),
        passages=row.passages,
        message=row.message,
        cancel=bool(row.cancel),
    )
