"""One run under way: the plan is made and carried out, and every file gets its line."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.bulk import bulk
from index.errors import LibraryError
from index.jobs import JobFile
from index.originals import original_name
from index.places import Refusal
from index.records import DocumentWrite, Place
from ingest.limits import program, read_limits
from ingest.plan import KEEP, PLACE, READ, Plan, Step, content_hash
from ingest.planning import PATIENCE_SECONDS, make_plan
from ingest.readers import ReadError
from ingest.readers.files import CHANGED, reason
from ingest.readers.pdfium import copy_openable
from ingest.reading import ReadOutcome, ReadTask
from ingest.report import (
    FAILED,
    MISSING,
    REMOVED,
    FileResult,
    IngestReport,
    split_reason,
)
from ingest.scan import gone_for_sure
from ingest.settling import wait_for_writers
from ingest.sources import SourceFile, hash_file, look_at
from ingest.workers import PagesDone, WorkerLimits, read_all

if TYPE_CHECKING:
    from index.library import Library
    from ingest.pipeline import Request
    from ingest.tracking import Tracker

#: Documents that go into the catalog by one transaction; bounds memory and what a kill costs.
BATCH_DOCUMENTS = 64
BATCH_CHARACTERS = 4_000_000
#: Passages after which the stores catch up while files are still being read.
INDEX_EVERY = 8192
SCRATCH = "scratch"
"""Folder of the home in which containers are unpacked while a run is under way."""
_NAMED = 5  # files that a notice names


@dataclass(frozen=True)
class _Waiting:
    """A document ready for the catalog, the step that it is of, and files of the same content."""

    position: int
    write: DocumentWrite
    outcome: ReadOutcome


class Run:
    """The state of one run. The write lock is held by the caller."""

    def __init__(
        self,
        library: Library,
        request: Request,
        tracker: Tracker,
        progress: Callable[[str, int, int], None],
    ) -> None:
        self.library = library
        self.request = request
        self.report = IngestReport()
        self._tracker = tracker
        self._progress = progress
        self._plan = Plan(request.collection, ())
        self._results: list[FileResult | None] = []
        self._told: list[JobFile] = []
        self._counts: dict[str, int] = {}
        self._with: dict[str, list[int]] = {}  # positions of files that wait for a content
        self._waiting: list[_Waiting] = []
        self._characters = 0
        self._unindexed = 0
        self._refused: list[Refusal] = []
        self._accepted: list[str] = []

    def work(self) -> IngestReport:
        """Everything; the report at the end."""
        scratch = self.library.settings.home / SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
        try:
            return self._work(scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _work(self, scratch: Path) -> IngestReport:
        self._stage("scan", 0, 0)
        self._plan = make_plan(
            self.library,
            self.request,
            lambda done, total: self._stage("scan", done, total),
            scratch,
        )
        self.report.notices.extend(self._plan.notices)
        self._results = [None] * len(self._plan.steps)
        self._place_known()
        self._read()
        self._leave()
        self._index()
        self.report.files[:0] = [one for one in self._results if one is not None]
        self._tell(force=True)
        for one in self._plan.scans:
            if one.folder.source_id is not None and one.identity is not None:
                self.library.catalog.sources.synced(one.folder.source_id)
        return self.report

    def _stage(self, name: str, done: int, total: int) -> None:
        self._progress(name, done, total)
        self._tracker.stage(name, done, total)

    # -- lines -------------------------------------------------------------

    def _line(self, position: int, result: FileResult) -> None:
        self._results[position] = result
        self._count(result)

    def _count(self, result: FileResult) -> None:
        self._counts[result.status] = self._counts.get(result.status, 0) + 1
        if result.worth_telling:
            why, advice = split_reason(result.reason)
            self._told.append(
                JobFile(result.path, result.status, result.stage, result.seconds, why, advice)
            )
        self._tell()

    def _tell(self, force: bool = False) -> None:
        """Put the lines into the catalog, many at once."""
        self._tracker.counts(dict(self._counts), self.report.passages)
        if self._told and (force or len(self._told) >= BATCH_DOCUMENTS):
            self._tracker.files(self._told)
            self._told = []

    # -- what needs no reading ------------------------------------------------

    @bulk()
    def _place_known(self) -> None:
        """Files as before, moved ones and copies: a few transactions for all of them."""
        touched: list[Place] = []
        back: list[str] = []
        placed: list[Step] = []
        for position, step in enumerate(self._plan.steps):
            if step.action == READ:
                continue
            if step.reads is not None:
                self._with.setdefault(step.reads, []).append(position)
                continue
            document = step.place.document_id if step.place is not None else None
            self._line(position, FileResult(step.name, step.status, step.reason, document))
            if step.action == KEEP:
                assert step.place is not None and step.before is not None
                if step.before.missing_since is not None:
                    back.append(step.name)
                if replace(step.before, missing_since=None) != step.place:
                    touched.append(step.place)
            elif step.action == PLACE:
                placed.append(step)
        places = self.library.catalog.places
        places.touch(touched)
        places.mark_missing(self.request.collection, back, missing=False)
        self._move(placed)

    def _move(self, steps: list[Step]) -> None:
        given = [one.place for one in steps if one.place is not None]
        left = [one.moved_from for one in steps if one.moved_from not in (None, one.name)]
        names = {one.source for one in given}
        dropped = [(self.request.collection, one) for one in left if one and one not in names]
        self.library.catalog.places.update(given, dropped=dropped)

    # -- reading -----------------------------------------------------------

    def _read(self) -> None:
        steps = self._plan.steps
        todo = [place for place, step in enumerate(steps) if step.action == READ]
        if not todo:
            return
        threading.Thread(target=self._warm_up, daemon=True).start()
        limits = WorkerLimits.of(self.library.settings)
        again: list[int] = []
        done = 0
        self._stage("read", 0, len(todo))
        with closing(read_all(self._tasks(todo), limits)) as outcomes:
            for position, outcome in outcomes:
                if isinstance(outcome, PagesDone):
                    self._stage("ocr", outcome.done, outcome.total)
                    continue
                if outcome.changed:
                    again.append(position)
                    continue
                self._take(position, outcome)
                done += 1
                self._stage("read", done, len(todo))
        if again:
            self._again(again, limits)
        self._flush()
        self._remember_refusals()

    def _warm_up(self) -> None:
        """Load the encoder while the first files are being read."""
        try:
            self.library.encoder  # noqa: B018
        except LibraryError:
            return  # said when it is needed

    def _tasks(self, positions: list[int]) -> Iterator[tuple[int, ReadTask]]:
        limits = read_limits(self.library.settings, self.request.passwords)
        for position in positions:
            step = self._plan.steps[position]
            assert step.file is not None and step.place is not None
            yield (
                position,
                ReadTask(
                    path=step.file.path,
                    name=step.file.source,
                    document_id=step.place.document_id,
                    collection=self.request.collection,
                    content_hash=step.place.content_hash,
                    size=step.file.size,
                    mtime_ns=step.file.mtime_ns,
                    entry=step.entry,
                    limits=limits,
                    where=step.file.where,
                ),
            )

    def _again(self, positions: list[int], limits: WorkerLimits) -> None:
        """Files that were being written while they were read, once more."""
        paths = [step.file.path for step in self._steps(positions) if step.file is not None]
        wait_for_writers(paths, PATIENCE_SECONDS / 3)
        ready: list[int] = []
        for position in positions:
            try:
                self._plan.steps[position] = _renewed(self._plan.steps[position])
                ready.append(position)
            except ReadError as error:
                self._fail(position, ReadOutcome(None, str(error)))
        with closing(read_all(self._tasks(ready), limits)) as outcomes:
            for position, outcome in outcomes:
                if not isinstance(outcome, PagesDone):
                    self._take(position, outcome)

    def _steps(self, positions: list[int]) -> list[Step]:
        return [self._plan.steps[one] for one in positions]

    def _take(self, position: int, outcome: ReadOutcome) -> None:
        """One file read, or not."""
        step = self._plan.steps[position]
        if outcome.write is None:
            self._fail(position, outcome)
            return
        assert step.file is not None and step.place is not None
        try:
            self._keep_original(step.file, outcome.write)
        except OSError as error:
            self._fail(position, ReadOutcome(None, f"存不下文件的副本：{reason(error)}"))
            return
        followers = self._with.pop(step.place.content_hash, [])
        places = [one.place for one in self._steps(followers) if one.place is not None]
        write = replace(outcome.write, places=(step.place, *places))
        self._waiting.append(_Waiting(position, write, outcome))
        self._characters += len(write.text)
        result = FileResult(
            step.name,
            step.status,
            "；".join(filter(None, (step.reason, *write.record.warnings))),
            step.place.document_id,
            "read",
            outcome.seconds,
        )
        self._line(position, result)
        for one in followers:
            other = self._plan.steps[one]
            self._line(
                one, FileResult(other.name, other.status, other.reason, step.place.document_id)
            )
        self._accepted.append(step.name)
        if len(self._waiting) >= BATCH_DOCUMENTS or self._characters >= BATCH_CHARACTERS:
            self._flush()

    def _fail(self, position: int, outcome: ReadOutcome) -> None:
        step = self._plan.steps[position]
        failed = [position]
        if step.place is not None:
            failed += self._with.pop(step.place.content_hash, [])
        for one in failed:
            other = self._plan.steps[one]
            kept = "（仍保留此前入库的内容）" if other.before is not None else ""
            why = outcome.reason or CHANGED
            self._line(
                one,
                FileResult(other.name, FAILED, f"{why}{kept}", None, "read", outcome.seconds),
            )
            if outcome.lasting and other.file is not None:
                file = other.file
                looks = (file.size, file.mtime_ns, file.ctime_ns)
                self._refused.append(
                    Refusal(other.name, *looks, program(self.library.settings), why)
                )

    def _flush(self) -> None:
        """Put what waits into the catalog, by one transaction."""
        if not self._waiting:
            return
        changes = self.library.write_documents([one.write for one in self._waiting])
        self._unindexed += sum(len(one.added) + len(one.changed) for one in changes)
        moved = [self._plan.steps[one.position].moved_from for one in self._waiting]
        names = [one for one in moved if one is not None]
        self.library.catalog.places.remove(self.request.collection, names)
        self._waiting.clear()
        self._characters = 0
        if self._unindexed >= INDEX_EVERY:
            self._index()

    def _keep_original(self, file: SourceFile, write: DocumentWrite) -> None:
        """Pages shown as pictures need the file, wherever its source may go later."""
        name = original_name(write.record.format, write.record.content_hash)
        folder = self.library.settings.originals_dir
        target = folder / name
        if not name or target.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".part")
        limits = read_limits(self.library.settings, self.request.passwords)
        if write.record.format == "pdf":
            copy_openable(file.path, partial, limits.passwords.of(write.record.source))
        else:
            shutil.copyfile(file.path, partial)
        partial.replace(target)

    def _remember_refusals(self) -> None:
        known = self.library.catalog.places.refusals(self.request.collection)
        cleared = [one for one in self._accepted if one in known]
        self.library.catalog.places.set_refusals(self.request.collection, self._refused, cleared)

    # -- the end -------------------------------------------------------------

    def _leave(self) -> None:
        """Files that are gone: marked, or removed where that was asked for."""
        gone, unsure = gone_for_sure(self._plan.gone, self._plan.scans)
        places = self.library.catalog.places
        if unsure:
            self.report.notices.append(
                f"有 {len(unsure)} 份文件这次找不到，但所在的文件夹读不到或共享没有连上，"
                "没有标为缺失；请检查共享后再运行一次。"
            )
        unwanted = self._plan.unwanted
        if self.request.prune:
            for one, why in (
                *((one, "文件已不在原处") for one in gone),
                *((one, "已不在收录范围") for one in unwanted),
            ):
                result = FileResult(one.source, REMOVED, why, one.document_id)
                self.report.files.append(result)
                self._count(result)
            places.remove(self.request.collection, [one.source for one in (*gone, *unwanted)])
            return
        new = [one.source for one in gone if one.missing_since is None]
        places.mark_missing(self.request.collection, new)
        self.report.missing = [one.source for one in gone]
        for name in new:
            self._count(FileResult(name, MISSING, "文件已不在原处，内容仍可查到；请确认是否移除"))
        if gone:
            self.report.notices.append(
                f"有 {len(gone)} 份文件已不在原处，标为“已缺失”，内容仍可查到：{_listed(gone)}。"
                "确认不要的，请加 --prune 再运行一次。"
            )
        if unwanted:
            self.report.notices.append(
                f"有 {len(unwanted)} 份文件已不在收录范围，内容仍保留：{_listed(unwanted)}。"
                "确认不要的，请加 --prune 再运行一次。"
            )

    def _index(self) -> None:
        indexed = self.library.index_pending(lambda done, total: self._stage("index", done, total))
        self.report.passages += indexed.encoded
        self.report.copied += indexed.copied
        self._unindexed = 0
        self._tell()


def _listed(places: list[Place]) -> str:
    names = "、".join(one.source for one in places[:_NAMED])
    return names + (" 等" if len(places) > _NAMED else "")


def _renewed(step: Step) -> Step:
    """The step for the file as it is now. Raises ReadError where it is gone."""
    assert step.file is not None and step.place is not None
    file = look_at(step.file.path, step.file.source)
    file_hash = hash_file(file.path)
    place = replace(
        step.place,
        size=file.size,
        mtime_ns=file.mtime_ns,
        ctime_ns=file.ctime_ns,
        file_hash=file_hash,
        content_hash=content_hash(file_hash, step.entry),
    )
    return replace(step, file=file, place=place)
