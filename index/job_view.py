"""A job as a person looks at it: how far, how fast, how long still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.jobs import LIVE, QUEUED, STATE_NAMES, Job

if TYPE_CHECKING:
    from index.catalog import Catalog

KIND_NAMES = {"ingest": "入库", "sync": "同步", "retry": "重试", "reembed": "换模型"}
STAGE_NAMES = {"scan": "检查文件", "read": "读取文件", "ocr": "识别扫描页", "index": "建立索引"}
STAGE_UNITS = {"scan": "份", "read": "份", "ocr": "页", "index": "段"}
_SETTLED = 2.0  # seconds of a stage before a rate is told


@dataclass(frozen=True)
class JobView:
    """What a list or a page of jobs shows. Rates and times are of the stage under way."""

    job_id: int
    kind: str
    kind_name: str
    collection: str
    what: str  # the folders and files, for a person
    state: str
    state_name: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    elapsed: float  # seconds of running
    stage: str
    stage_name: str
    done: int
    total: int
    unit: str
    rate: float | None  # steps a second
    seconds_left: float | None
    counts: dict[str, int]
    passages: int
    message: str
    ahead: int  # living jobs in front of one that waits
    stopping: bool  # it has been asked to stop

    @property
    def fraction(self) -> float:
        """How much of the stage is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The object that ``luming jobs --json`` prints for a job."""
        times = {
            name: when.isoformat(timespec="seconds") if when else None
            for name, when in (
                ("created_at", self.created_at),
                ("started_at", self.started_at),
                ("finished_at", self.finished_at),
            )
        }
        rounded = {
            "elapsed": round(self.elapsed, 1),
            "rate": None if self.rate is None else round(self.rate, 2),
            "seconds_left": None if self.seconds_left is None else round(self.seconds_left),
        }
        return {**vars(self), **times, **rounded}


def view(job: Job, living: Sequence[Job] = (), now: datetime | None = None) -> JobView:
    """The view of a job at ``now``; ``living`` are the jobs that run or wait."""
    now = now or datetime.now(UTC)
    end = job.finished_at or now
    elapsed = max(0.0, (end - job.started_at).total_seconds()) if job.started_at else 0.0
    rate = left = None
    if job.state in LIVE and job.stage_at is not None:
        spent = (now - job.stage_at).total_seconds()
        if spent >= _SETTLED and job.done:
            rate = job.done / spent
            left = max(0.0, (job.total - job.done) / rate)
    waits = [one for one in living if one.job_id < job.job_id] if job.state == QUEUED else []
    return JobView(
        job_id=job.job_id,
        kind=job.kind,
        kind_name=KIND_NAMES.get(job.kind, job.kind),
        collection=job.collection,
        what=str(job.request.get("what", "")),
        state=job.state,
        state_name=STATE_NAMES.get(job.state, job.state),
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        elapsed=elapsed,
        stage=job.stage,
        stage_name=STAGE_NAMES.get(job.stage, job.stage),
        done=job.done,
        total=job.total,
        unit=STAGE_UNITS.get(job.stage, ""),
        rate=rate,
        seconds_left=left,
        counts=dict(job.counts),
        passages=job.passages,
        message=job.message,
        ahead=len(waits),
        stopping=job.cancel and job.state in LIVE,
    )


def recent_views(catalog: Catalog, limit: int = 20) -> list[JobView]:
    """The latest jobs, newest first; what a page asks for again and again."""
    found = catalog.jobs.recent(limit)
    living = catalog.jobs.live()
    return [view(one, living) for one in found]


def job_view(catalog: Catalog, job_id: int) -> JobView:
    """One job; JobError for an unknown number."""
    catalog.jobs.mark_dead()
    return view(catalog.jobs.get(job_id), catalog.jobs.live())
