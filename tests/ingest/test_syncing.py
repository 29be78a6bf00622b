"""Remembered folders: rehearsed, brought up to date, watched; failed files tried again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.jobs import JobError
from index.library import Library
from index.sources import SourceError
from ingest.report import IngestReport
from ingest.syncing import add_source, rehearse, requests, retry, synchronise
from ingest.watching import watch
from tests.index.conftest import HashingEncoder
from tests.ingest.conftest import COLLECTION, LEAVE, TRAVEL, Office, outcome, reason


def sync(office: Office, **options: object) -> IngestReport:
    [(_, report)] = synchronise(office.library, COLLECTION, **options)  # type: ignore[arg-type]
    return report


def plan(office: Office, **options: bool) -> dict[str, str]:
    [request] = requests(office.library, COLLECTION, **options)
    return outcome(rehearse(office.library, request))


@pytest.fixture
def source(office: Office) -> Office:
    add_source(office.library, office.files, COLLECTION, exclude=["草稿/"])
    return office


def test_without_a_source_there_is_nothing_to_sync(office: Office, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="source add"):
        list(synchronise(office.library))
    with pytest.raises(SourceError, match="文件夹"):
        add_source(office.library, tmp_path / "没有", COLLECTION)


def test_include_and_exclude(office: Office) -> None:
    for name in ("请假.txt", "请假.log", "草稿/差旅.txt", "深/处/差旅.txt"):
        office.write(name, LEAVE if "请假" in name else TRAVEL)
    add_source(office.library, office.files, COLLECTION, include=["*.txt"], exclude=["草稿/"])
    assert set(outcome(sync(office))) == {"请假.txt", "深/处/差旅.txt"}
    [one] = office.library.catalog.sources.all()
    assert one.synced_at is not None
    add_source(office.library, office.files, COLLECTION, exclude=["深"])  # other patterns
    [again] = office.library.catalog.sources.all()
    assert (again.source_id, again.include, again.exclude) == (one.source_id, (), ("深",))
    report = sync(office)
    assert set(outcome(report)) == {"请假.txt", "请假.log", "草稿/差旅.txt"}
    assert office.missing() == set()  # 深/处/差旅.txt has a further place, 草稿/差旅.txt
    by_hand = office.ingest()  # the folder by hand: the same patterns hold
    assert set(outcome(by_hand)) == set(outcome(report))


def test_what_is_no_longer_wanted_stays_until_it_is_pruned(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.write("草稿/差旅.txt", TRAVEL)
    add_source(office.library, office.files, COLLECTION)
    sync(office)
    add_source(office.library, office.files, COLLECTION, exclude=["草稿/"])
    report = sync(office)
    assert office.missing() == set() and len(office.ids()) == 2
    assert any("收录范围" in one for one in report.notices)
    assert outcome(sync(office, prune=True))["草稿/差旅.txt"] == "removed"
    assert len(office.ids()) == 1


def test_two_folders_of_one_collection_may_have_files_of_one_name(
    office: Office, tmp_path: Path
) -> None:
    other = tmp_path / "二处"
    other.mkdir()
    office.write("办法.txt", LEAVE)
    (other / "办法.txt").write_text(TRAVEL, encoding="utf-8")
    add_source(office.library, office.files, COLLECTION)
    add_source(office.library, other, COLLECTION)
    assert set(outcome(sync(office))) == {"办法.txt", "二处/办法.txt"}
    assert set(outcome(sync(office)).values()) == {"unchanged"}
    with pytest.raises(SourceError, match="互相包含"):
        add_source(office.library, tmp_path, COLLECTION)
    stray = tmp_path / "下载"
    stray.mkdir()
    (stray / "办法.txt").write_text(LEAVE.replace("五日", "一日"), encoding="utf-8")
    office.ingest(stray / "办法.txt")  # by hand, from elsewhere: the shared one keeps its name
    assert set(outcome(sync(office)).values()) == {"unchanged"}
    assert len(office.library.catalog.documents()) == 3


def test_a_rehearsal_says_what_happens_and_does_nothing(source: Office) -> None:
    for name, text in (("请假.txt", LEAVE), ("差旅.txt", TRAVEL), ("走.txt", LEAVE[:60])):
        source.write(name, text)
    sync(source)
    source.write("请假.txt", LEAVE.replace("五日", "三日"))
    (source.files / "差旅.txt").rename(source.files / "出差.txt")
    (source.files / "走.txt").unlink()
    source.write("新.txt", TRAVEL.replace("三百", "四百"))
    source.write("空.txt", "")
    before = source.library.catalog.generation, len(source.library.catalog.jobs.recent())
    expected = {
        "请假.txt": "updated",
        "出差.txt": "unchanged",
        "新.txt": "added",
        "空.txt": "added",  # that it is empty is seen when it is read
        "走.txt": "missing",
    }
    assert plan(source) == expected
    assert plan(source, prune=True) == expected | {"走.txt": "removed"}
    assert (source.library.catalog.generation, len(source.library.catalog.jobs.recent())) == before
    report = sync(source)
    assert outcome(report) == {k: v for k, v in expected.items() if v != "missing"} | {
        "空.txt": "failed"
    }
    assert report.missing == ["走.txt"]


def test_a_bad_file_is_not_read_again_until_it_changes(source: Office) -> None:
    source.write("请假.txt", LEAVE)
    bad = source.write("坏.pdf", b"%PDF-1.4 broken")
    first = sync(source)
    second = sync(source)
    assert reason(first, "坏.pdf") == reason(second, "坏.pdf")
    rows = {
        one.job_id: source.library.catalog.jobs.files(one.job_id, "failed")
        for one in source.library.catalog.jobs.recent()
    }
    assert rows[1][0].stage == "read" and rows[2][0].stage == "scan"
    by_hand = source.ingest()  # who asks for it gets it tried again
    assert by_hand.failed == 1 and by_hand.files[0].stage == "read"
    bad.write_text(TRAVEL, encoding="utf-8")
    assert outcome(sync(source))["坏.pdf"] == "added"


def test_retrying_the_failed_files_only(source: Office) -> None:
    source.write("请假.txt", LEAVE)
    bad = source.write("子/坏.txt", "")
    first = sync(source)
    assert first.failed == 1
    jobs = source.library.catalog.jobs
    (source.files / "请假.txt").unlink()
    bad.write_text(TRAVEL, encoding="utf-8")
    assert first.job_id is not None
    again = retry(source.library, jobs.get(first.job_id))
    assert outcome(again) == {"子/坏.txt": "added"} and source.missing() == set()
    assert again.job_id is not None and jobs.get(again.job_id).kind == "retry"
    with pytest.raises(JobError, match="没有失败"):
        retry(source.library, jobs.get(again.job_id))


def test_a_file_that_is_still_growing_is_waited_for(source: Office) -> None:
    path = source.write("请假.txt", LEAVE[:40], age=0)

    def finish() -> None:
        for end in range(60, len(LEAVE) + 20, 20):
            time.sleep(0.3)
            path.write_text(LEAVE[:end], encoding="utf-8")

    writer = threading.Thread(target=finish)
    writer.start()
    report = sync(source)
    writer.join()
    assert outcome(report) == {"请假.txt": "added"} and report.passages == 3


def test_the_home_itself_is_not_taken_in(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    add_source(office.library, office.files.parent, COLLECTION)
    assert set(outcome(sync(office))) == {"共享 文件/请假.txt"}


class Watched:
    """A watch in a thread, and what it told."""

    def __init__(self, office: Office) -> None:
        self.told: list[object] = []
        self.stop = threading.Event()
        self.library = Library(office.settings, encoder=HashingEncoder())
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        watch(self.library, lambda _, told: self.told.append(told), self.stop, every=600)

    def until(self, true: object) -> None:
        end = time.monotonic() + 30
        while not true() and time.monotonic() < end:  # type: ignore[operator]
            time.sleep(0.1)
        assert true(), self.told  # type: ignore[operator]

    def end(self) -> None:
        self.stop.set()
        self.thread.join(30)
        assert not self.thread.is_alive()
        self.library.close()


@pytest.fixture
def watched(source: Office) -> Iterator[Watched]:
    source.write("请假.txt", LEAVE)
    made = Watched(source)
    yield made
    made.end()


def test_watching(source: Office, watched: Watched) -> None:
    watched.until(lambda: "职工请假办法" in source.ids())
    source.write("新/差旅.txt", TRAVEL, age=0)
    watched.until(lambda: "三百元" in source.found("住宿费每日多少"))  # after the catalog has it
    (source.files / "请假.txt").unlink()
    watched.until(lambda: source.missing() == {"请假.txt"})
    count = len(source.library.catalog.jobs.recent())
    source.write("~$临时.docx", "x")
    source.write("草稿/不收.txt", "不收的文件。")
    time.sleep(4)
    assert len(source.library.catalog.jobs.recent()) == count  # nothing to do is no job
