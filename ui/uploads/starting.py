"""Uploaded files into their collection: kept below the home, remembered as a source, a job begun."""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import LibraryError
from ingest.names import check_collection
from ui.api.slots import TooBusy
from ui.uploads.names import folder_name
from ui.uploads.receipts import Receipts
from ui.uploads.receiving import Limits, Received

if TYPE_CHECKING:
    from index.jobs import Job
    from index.library import Library
    from index.settings import Settings
    from index.sources import Source
    from ingest.pipeline import Request

log = logging.getLogger("luming.server")
FOLDER = "uploads"
MOST_JOBS = 20
"""Uploads of one server that may wait or run at once."""
_LOOKED_AT = 300  # jobs, when a server starts
_STOPPED = ".stopped.json"


class Uploads:
    """What becomes of uploaded files. One a server; safe to share between threads.

    Files lie in ``uploads/`` of the home, one folder a collection, which is remembered as a
    source of it: ``luming sync`` covers it, and what a killed server left undone is found by
    ``resume``. Nothing below it is ever served by its name.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._running: dict[int, threading.Thread] = {}
        self.root = library.settings.home / FOLDER
        self.receipts = Receipts(library.settings.home)

    def keep(self, collection: str, folder: Path, files: Sequence[Received]) -> list[str]:
        """Move the files of ``folder`` to their collection; their names there.

        A file of a name that is there already takes its place: it is the next state of it.
        """
        target = self.root / folder_name(collection)
        target.mkdir(parents=True, exist_ok=True)
        names = [one.name for one in files if one.taken]
        for name in names:
            os.replace(folder / name, target / name)
        shutil.rmtree(folder, ignore_errors=True)
        return names

    def start(self, collection: str) -> Job:
        """Begin a job that takes in what is new among the collection's uploads."""
        from ingest.pipeline import Request, source_folder

        source = self._source(collection)
        return self.begin(Request(source.collection, (source_folder(source),)))

    def begin(self, request: Request) -> Job:
        """Begin a job of any request in a thread: an upload, a synchronisation, a retry.

        Raises TooBusy where too many wait.
        """
        with self._lock:
            self._running = {at: one for at, one in self._running.items() if one.is_alive()}
            if len(self._running) >= MOST_JOBS:
                raise TooBusy("排队的入库任务太多", 60)
            jobs = self._library.catalog.jobs
            job = jobs.add(request.kind, request.collection, request.as_dict())
            thread = threading.Thread(
                target=self._run, args=(request, job), name=f"luming-job-{job.job_id}", daemon=True
            )
            self._running[job.job_id] = thread
            thread.start()
        return job

    def resume(self) -> list[Job]:
        """Begin jobs anew that ended with their server: killed, or stopped by ``close``."""
        from index.jobs import DIED

        folders = {one.path: one.collection for one in self._library.catalog.sources.all()}
        last: dict[str, Job] = {}
        for job in self._library.catalog.jobs.recent(_LOOKED_AT):
            for path in job.request.get("paths", ()):
                last.setdefault(str(path), job)  # the newest comes first
        stopped = self._stopped()
        begun = []
        for path, job in last.items():
            ours = Path(path).parent == Path(os.path.abspath(self.root))
            cut_off = job.message == DIED or job.job_id in stopped
            if ours and cut_off and path in folders:
                begun.append(self.start(folders[path]))
        return begun

    def close(self, patience: float = 10.0) -> None:
        """Ask running jobs to stop, and wait for it; ``resume`` goes on with them."""
        with self._lock:
            running = {at: one for at, one in self._running.items() if one.is_alive()}
        if not running:
            return
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / _STOPPED).write_text(json.dumps(sorted(running)), encoding="ascii")
        for number in running:
            with suppress(LibraryError):  # it has ended by itself
                self._library.catalog.jobs.cancel(number)
        for thread in running.values():
            thread.join(patience)

    def _stopped(self) -> set[int]:
        """Numbers of the jobs that ``close`` stopped, forgotten with this."""
        path = self.root / _STOPPED
        try:
            found = json.loads(path.read_text(encoding="ascii"))
            path.unlink()
        except (OSError, ValueError):
            return set()
        return {one for one in found if type(one) is int} if isinstance(found, list) else set()

    def _run(self, request: Request, job: Job) -> None:
        from ingest.pipeline import perform

        try:
            perform(self._library, request, job=job)
        except LibraryError as error:
            log.warning("入库任务 %s 没有完成：%s", job.job_id, error)
        except Exception:
            log.exception("入库任务 %s 出错", job.job_id)

    def _source(self, collection: str) -> Source:
        """The collection's folder of uploads, remembered."""
        name = check_collection(collection)
        folder = self.root / folder_name(name)
        folder.mkdir(parents=True, exist_ok=True)
        return self._library.catalog.sources.add(name, os.path.abspath(folder))


def limits_of(settings: Settings) -> Limits:
    """What one upload may be."""
    megabyte = 1024 * 1024
    return Limits(
        total=settings.upload_mb * megabyte,
        files=settings.upload_files,
        one=settings.max_file_mb * megabyte,
    )
