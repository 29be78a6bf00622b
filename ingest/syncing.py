"""Remembered folders: brought up to date, rehearsed, and failed files of a job tried again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import shorten
from index.jobs import Job, JobError
from index.sources import Source, SourceError
from ingest.names import check_collection
from ingest.pipeline import Progress, Request, perform, request_of, source_folder
from ingest.plan import READ, Plan
from ingest.planning import make_plan
from ingest.report import FAILED, MISSING, REMOVED, UPDATED, FileResult, IngestReport
from ingest.scan import gone_for_sure

if TYPE_CHECKING:
    from index.library import Library
    from ingest.tracking import OnWait


def add_source(
    library: Library,
    path: Path,
    collection: str,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Source:
    """Remember a folder for a collection. Raises SourceError for what is no folder."""
    name = check_collection(collection)
    whole = os.path.abspath(path)
    if not os.path.isdir(whole):
        raise SourceError(
            f"{shorten(whole, 200)} 不是能打开的文件夹，请检查路径、权限，或共享是否已连上。"
        )
    try:
        whole.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceError("文件夹的路径里有无法保存的字符，请改名后再登记。") from error
    return library.catalog.sources.add(name, whole, include, exclude)


def requests(
    library: Library, collection: str | None = None, *, prune: bool = False
) -> list[Request]:
    """What a synchronisation has to do: one run a collection, over all of its folders.

    Raises SourceError where no folder is remembered.
    """
    found = library.catalog.sources.all(collection)
    if not found:
        where = f"文库“{shorten(collection)}”" if collection else "资料库"
        raise SourceError(
            f"{where}还没有登记来源，请先运行 luming source add 文件夹 --collection 文库名。"
        )
    names = dict.fromkeys(one.collection for one in found)
    return [
        Request(
            name,
            tuple(source_folder(one) for one in found if one.collection == name),
            kind="sync",
            prune=prune,
            patient=True,
        )
        for name in names
    ]


def synchronise(
    library: Library,
    collection: str | None = None,
    progress: Progress | None = None,
    wait: float | None = None,
    *,
    prune: bool = False,
    on_wait: OnWait | None = None,
) -> Iterator[tuple[str, IngestReport]]:
    """Bring the remembered folders up to date; (collection, report) as each is done."""
    for request in requests(library, collection, prune=prune):
        yield request.collection, perform(library, request, progress, wait, on_wait=on_wait)


def rehearse(library: Library, request: Request) -> IngestReport:
    """What a request would do now, file by file. Nothing is read or written."""
    plan = make_plan(library, request)
    report = IngestReport(notices=list(plan.notices))
    for step in plan.steps:
        reason = step.reason
        if step.action == READ and not reason:
            reason = "内容有变化，将重新读取" if step.status == UPDATED else "新文件，将读取"
        document = step.place.document_id if step.place is not None else None
        report.files.append(FileResult(step.name, step.status, reason, document))
    report.files.extend(_leaving(plan, request.prune))
    report.missing = [one.path for one in report.files if one.status == MISSING]
    return report


def _leaving(plan: Plan, prune: bool) -> Iterator[FileResult]:
    gone, _unsure = gone_for_sure(plan.gone, plan.scans)
    for place in gone:
        if prune:
            yield FileResult(place.source, REMOVED, "文件已不在原处，将移除", place.document_id)
        else:
            reason = "文件已不在原处，将标为已缺失"
            if place.missing_since is not None:
                reason = "文件已不在原处，早已标为已缺失"
            yield FileResult(place.source, MISSING, reason, place.document_id)
    for place in plan.unwanted if prune else ():
        yield FileResult(place.source, REMOVED, "已不在收录范围，将移除", place.document_id)


def retry(
    library: Library,
    job: Job,
    progress: Progress | None = None,
    wait: float | None = None,
    *,
    on_wait: OnWait | None = None,
) -> IngestReport:
    """Try the failed files of a job that has ended once more, and only those.

    Raises JobError where there are none, or the job has not ended.
    """
    return perform(library, retry_request(library, job), progress, wait, on_wait=on_wait)


def retry_request(library: Library, job: Job, passwords: Sequence[str] = ()) -> Request:
    """What ``retry`` does, and raises."""
    if job.live:
        raise JobError(f"第 {job.job_id} 号任务还没有结束，请等它结束或先取消。")
    failed = frozenset(one.path for one in library.catalog.jobs.files(job.job_id, FAILED))
    if not failed:
        raise JobError(f"第 {job.job_id} 号任务没有失败的文件，不用重试。")
    paths = [Path(one) for one in job.request.get("paths", ())]
    return request_of(
        library, paths, job.collection, kind="retry", only=failed, passwords=tuple(passwords)
    )
