"""What a run has to do: for every file found, and every known one that was not.

Made before anything is read, from sizes, times and hashes alone, so that it can be shown
(``luming sync --dry-run``) and a run knows how much is before it. Rules:

- A file whose size and times are as they were when it was last hashed is as before.
- A document stays with the files that still have its content. When all of them have changed,
  the first takes it along, so that an identity survives editing.
- A new file with the content of a document is a further place of it, or, where one of the
  document's files is gone, that file moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.records import Place
from ingest.scan import Scan
from ingest.sources import SourceFile

KEEP = "keep"  # as before
PLACE = "place"  # a file of a document that is known: moved there, or a copy
READ = "read"
FAIL = "fail"


@dataclass(frozen=True)
class Step:
    """What becomes of one file. ``name`` is its name in the catalog, as shown."""

    name: str
    action: str
    status: str
    reason: str = ""
    file: SourceFile | None = None
    place: Place | None = None  # as it shall be; None for FAIL
    before: Place | None = None
    entry: Mapping[str, object] = field(default_factory=dict)
    moved_from: str | None = None  # the name that the file had
    reads: str | None = None  # PLACE: the content hash of a document that this run reads
    remembered: bool = False  # FAIL: told from an earlier run


@dataclass
class Plan:
    """The steps in the order of the files; ``gone``: known files not found, or no longer wanted."""

    collection: str
    scans: tuple[Scan, ...]
    steps: list[Step] = field(default_factory=list)
    gone: list[Place] = field(default_factory=list)
    unwanted: list[Place] = field(default_factory=list)  # there, but left out by patterns
    notices: list[str] = field(default_factory=list)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do and nothing to tell."""
        waiting = any(one.missing_since is None for one in self.gone)
        return not waiting and all(_is_idle(one) for one in self.steps)


def _is_idle(step: Step) -> bool:
    known = step.place is not None and step.place.missing_since is None
    return step.remembered or (step.action == KEEP and known)


def content_hash(file_hash: str, entry: Mapping[str, object]) -> str:
    """Hash of the bytes; a manifest entry that changed makes the document new as well."""
    if not entry:
        return file_hash
    stated = repr(sorted((key, str(value)) for key, value in entry.items()))
    return hashlib.sha256(f"{file_hash}\0{stated}".encode()).hexdigest()
