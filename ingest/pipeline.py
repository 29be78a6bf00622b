"""The batch: files → plan → blocks → outline → passages → catalog, then the stores catch up.

A file that can't be read costs itself only: it becomes a line in the report, what was indexed of
it before stays, and the batch goes on. Every run is a job of the catalog.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.sources import Source
from ingest.names import IngestError, check_collection, document_id, shown
from ingest.report import IngestReport
from ingest.run import Run
from ingest.scan import Folder
from ingest.sources import Patterns
from ingest.tracking import OnWait, tracked

if TYPE_CHECKING:
    from index.jobs import Job
    from index.library import Library

__all__ = ["IngestError", "Request", "check_collection", "document_id", "ingest_paths", "perform"]

Progress = Callable[[str, int, int], None]
"""Called with the stage (``scan``, ``read`` or ``index``), steps done and steps in all."""


@dataclass(frozen=True)
class Request:
    """One run over one collection.

    ``prune``: what is gone leaves the library, instead of being marked. ``only``: the names of
    the files to be taken, None for all. ``patient``: files that were changed a moment ago are
    waited for, and files that could not be read are not tried again while they are as they were.
    ``passwords`` are for this run only, and kept nowhere.
    """

    collection: str
    folders: tuple[Folder, ...]
    kind: str = "ingest"
    prune: bool = False
    only: frozenset[str] | None = None
    patient: bool = False
    passwords: tuple[str, ...] = field(default=(), repr=False)

    def as_dict(self) -> dict[str, object]:
        """What the job keeps of it."""
        return {
            "what": "、".join(shown(str(one.path)) for one in self.folders)[:500],
            "paths": [shown(str(one.path)) for one in self.folders],
            "prune": self.prune,
        }


def ingest_paths(
    library: Library,
    paths: Sequence[Path],
    collection: str,
    progress: Progress | None = None,
    wait: float | None = None,
    *,
    prune: bool = False,
    on_wait: OnWait | None = None,
) -> IngestReport:
    """Put files and folders into ``collection``; only what changed is read and embedded.

    Waits for its turn when another run is under way, at most ``wait`` seconds (None: as long as
    it takes); ``on_wait`` gets a line about it. Known files of the folders that are gone are
    marked missing, or with ``prune`` removed.

    Raises IngestError for a bad collection name, LibraryBusy when it did not get its turn,
    JobStopped when the job was cancelled, and LibraryError when the home can't be written. Bad
    files raise nothing.
    """
    request = request_of(library, paths, collection, prune=prune)
    return perform(library, request, progress, wait, on_wait=on_wait)


def request_of(library: Library, paths: Sequence[Path], collection: str, **more: Any) -> Request:
    """The request for paths given by hand; IngestError for a bad name of a collection."""
    name = check_collection(collection)
    remembered = library.catalog.sources.all(name)
    return Request(name, tuple(_folder(Path(one), remembered) for one in paths), **more)


def perform(
    library: Library,
    request: Request,
    progress: Progress | None = None,
    wait: float | None = None,
    *,
    on_wait: OnWait | None = None,
    job: Job | None = None,
) -> IngestReport:
    """Do what a request asks for, as a job; see ``ingest_paths``. ``job``: one that was added
    to the queue before, by this process."""
    job = job or library.catalog.jobs.add(request.kind, request.collection, request.as_dict())
    with tracked(library, job, wait, on_wait) as tracker:
        started = time.monotonic()
        run = Run(library, request, tracker, progress or (lambda *_: None))
        report = run.work()
        report.seconds = time.monotonic() - started
        report.job_id = job.job_id
        return report


def source_folder(source: Source) -> Folder:
    """A remembered folder, as a run takes it."""
    patterns = Patterns(source.include, source.exclude)
    return Folder(Path(source.path), source.prefix, patterns, source.source_id)


def _folder(path: Path, remembered: Sequence[Source]) -> Folder:
    """A path given by hand; inside a remembered folder its files have their names from there."""
    whole = Path(os.path.abspath(path))
    for source in remembered:
        if str(whole) == source.path:
            return source_folder(source)
        root = Path(source.path)
        if whole.is_relative_to(root):
            above = whole if whole.is_dir() else whole.parent
            below = above.relative_to(root).as_posix()
            inner = "" if below == "." else f"{below}/"
            return Folder(whole, source.prefix + inner, manifest_root=root, manifest_prefix=inner)
    return Folder(whole)
