"""Watching the remembered folders: what changes there is in the library soon after.

The system tells of changes on local disks. Changes that other machines make on a network share
it does not tell, therefore everything is looked through every so often as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.errors import LibraryError
from ingest.pipeline import Request, perform
from ingest.planning import make_plan
from ingest.report import IngestReport
from ingest.sources import is_rubbish
from ingest.syncing import requests

if TYPE_CHECKING:
    from watchfiles import Change

    from index.library import Library
    from ingest.tracking import OnWait

DEBOUNCE_MS = 1500
"""Changes that follow one another so closely are taken together."""
EVERY_SECONDS = 300.0
_TICK_MS = 1000

T = TypeVar("T")
Told = Callable[[str, IngestReport | LibraryError], None]
"""Called with a collection and what a run on it did, or why it could not."""


def watch(
    library: Library,
    told: Told,
    stop: threading.Event,
    collection: str | None = None,
    *,
    prune: bool = False,
    every: float = EVERY_SECONDS,
    on_wait: OnWait | None = None,
) -> None:
    """Bring the folders up to date now, after every change, and every ``every`` seconds.

    Returns when ``stop`` is set. A run that fails is told and the watch goes on. Folders that
    are remembered or come back while it watches are watched from the next full look on. Raises
    SourceError where no folder is remembered at the start.
    """
    requests(library, collection)
    while not stop.is_set():
        wanted = _guarded(lambda: requests(library, collection, prune=prune), told) or []
        for names in _changes(wanted, stop, every):
            for request in wanted:
                if request.collection in names:
                    _run(library, request, told, on_wait)


def _run(library: Library, request: Request, told: Told, on_wait: OnWait | None) -> None:
    """One run, unless there is nothing to do: that is no job."""

    def work() -> IngestReport | None:
        if make_plan(library, request).idle:
            return None
        return perform(library, request, on_wait=on_wait)

    report = _guarded(work, told, request.collection)
    if report is not None:
        told(request.collection, report)


def _guarded(work: Callable[[], T], told: Told, collection: str = "") -> T | None:
    try:
        return work()
    except LibraryError as error:
        told(collection, error)
        return None


def _changes(wanted: Iterable[Request], stop: threading.Event, every: float) -> Iterator[set[str]]:
    """The collections that changes belong to, as they come; ends after ``every`` seconds.

    All of them come first, when the watch has begun, so that nothing falls between a look
    through the folders and the watch.
    """
    from time import monotonic

    from watchfiles import watch as watch_files

    roots = {
        folder.path: request.collection
        for request in wanted
        for folder in request.folders
        if folder.path.is_dir()
    }
    end = monotonic() + every
    fresh = {request.collection for request in wanted}
    if not roots:
        yield fresh
        stop.wait(every)
        return
    for changes in watch_files(
        *roots,
        watch_filter=_counts,
        debounce=DEBOUNCE_MS,
        stop_event=stop,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
        ignore_permission_denied=True,
    ):
        touched = [Path(path) for _, path in changes]
        names = fresh | {
            collection
            for root, collection in roots.items()
            if any(path == root or root in path.parents for path in touched)
        }
        fresh = set()
        if names:
            yield names
        if monotonic() >= end:
            return


def _counts(_change: Change, path: str) -> bool:
    return not is_rubbish(Path(path).name) or Path(path).name == ".lumingignore"
