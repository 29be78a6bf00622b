"""What a run of ingesting did: one line per file, and the counts that scripts read."""

from __future__ import annotations

from dataclasses import dataclass, field

ADDED = "added"
UPDATED = "updated"
UNCHANGED = "unchanged"
REMOVED = "removed"
FAILED = "failed"
STATUS_NAMES = {
    ADDED: "新增",
    UPDATED: "更新",
    UNCHANGED: "未变",
    REMOVED: "移除",
    FAILED: "失败",
}
MISSING = "missing"
"""In a job's rows and a rehearsal only: the file is gone, what was indexed of it stays."""
ALL_NAMES = {**STATUS_NAMES, MISSING: "缺失"}


@dataclass(frozen=True)
class FileResult:
    """What became of one file. ``reason`` is one Chinese line, empty when there is none.

    ``stage`` is where it ended (``scan`` or ``read``), ``seconds`` how long reading it took.
    """

    path: str
    status: str
    reason: str = ""
    document_id: str | None = None
    stage: str = "scan"
    seconds: float = 0.0

    @property
    def worth_telling(self) -> bool:
        """Whether a person wants to see it: unchanged files without a remark are only counted."""
        return self.status != UNCHANGED or bool(self.reason)


@dataclass
class IngestReport:
    """All files of a run, in the order in which they were met."""

    files: list[FileResult] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # about the run, not one file
    missing: list[str] = field(default_factory=list)  # files not found any more
    passages: int = 0  # embedded by this run
    copied: int = 0  # passages whose vector was there already
    seconds: float = 0.0
    job_id: int | None = None

    def count(self, status: str) -> int:
        """How many files came out as ``status``."""
        return sum(1 for one in self.files if one.status == status)

    @property
    def failed(self) -> int:
        """How many files did not go in."""
        return self.count(FAILED)

    def counts(self) -> dict[str, int]:
        """Files by outcome."""
        return {status: self.count(status) for status in STATUS_NAMES}

    def as_dict(self) -> dict[str, object]:
        """The object that ``luming ingest --json`` prints."""
        files = [{"path": f.path, "status": f.status, "reason": f.reason} for f in self.files]
        return {**self.counts(), "files": files, "notices": self.notices}


def split_reason(line: str) -> tuple[str, str]:
    """What is wrong and what to do about it, of a line that says both (``……；请……``)."""
    for mark in ("；请", "，请", "。请"):
        reason, found, advice = line.partition(mark)
        if found:
            return reason, f"请{advice}"
    reason, _, advice = line.partition("；")
    return reason, advice
