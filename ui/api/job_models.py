"""What the routes about uploads and jobs give."""

from __future__ import annotations

from pydantic import BaseModel, Field

from index.job_view import JobView
from index.jobs import JobFile
from ui.api.models import Given


class Job(Given):
    """A run of ingesting. Rates and times are of the stage under way."""

    job_id: int
    kind: str
    kind_name: str
    collection: str
    state: str = Field(description="queued、running、done、failed、cancelled")
    state_name: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    elapsed: float
    stage: str
    stage_name: str
    done: int
    total: int
    unit: str
    rate: float | None
    seconds_left: int | None
    counts: dict[str, int]
    passages: int
    message: str
    ahead: int
    stopping: bool

    @classmethod
    def of(cls, view: JobView) -> Job:
        """What may be told of a job: not the folders that it went through."""
        shown = {key: value for key, value in view.as_dict().items() if key != "what"}
        return cls.model_validate(shown)


class Jobs(BaseModel):
    """One page of jobs, the newest first."""

    jobs: list[Job]
    next: str | None
    total: int


class JobFileRow(Given):
    """What became of one file, and what to do about it."""

    path: str
    status: str
    stage: str
    seconds: float
    reason: str
    advice: str

    @classmethod
    def of(cls, file: JobFile) -> JobFileRow:
        """The row."""
        return cls.model_validate(file)


class JobFiles(BaseModel):
    """One page of a job's files; unchanged ones are only counted in the job."""

    files: list[JobFileRow]
    next: str | None
    total: int


class Cancelled(BaseModel):
    """A job that was asked to stop; ``stopping``: it still works on its last file."""

    job_id: int
    state: str
    stopping: bool


class UploadedFile(BaseModel):
    """One file of an upload. ``reason`` says why it was not taken, "" where it was."""

    given: str = Field(description="上传时的文件名")
    name: str = Field(description="保存为")
    size: int
    taken: bool
    reason: str


class Uploaded(BaseModel):
    """What became of an upload's files at the door; the job takes in those that were taken."""

    collection: str
    job_id: int
    files: list[UploadedFile]
