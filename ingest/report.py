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


@dataclass(frozen=True)
class FileResult:
    """What became of one file. ``reason`` is one Chinese line, empty when there is none."""

    path: str
    status: str
    reason: str = ""
    document_id: str | None = None


@dataclass
class IngestReport:
    """All files of a run, in the order in which they were met."""

    files: list[FileResult] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # about the run, not one file
    passages: int = 0  # embedded by this run
    seconds: float = 0.0

    def count(self, status: str) -> int:
        """How many files came out as ``status``."""
        return sum(1 for one in self.files if one.status == status)

    @property
    def failed(self) -> int:
        """How many files did not go in."""
        return self.count(FAILED)

    def as_dict(self) -> dict[str, object]:
        """The object that ``luming ingest --json`` prints."""
        counts = {status: self.count(status) for status in STATUS_NAMES}
        files = [{"path": f.path, "status": f.status, "reason": f.reason} for f in self.files]
        return {**counts, "files": files, "notices": self.notices}
