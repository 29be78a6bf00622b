"""Runs of one home wait for one another, and can be stopped, in real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from index.errors import LibraryBusy
from index.library import Library
from index.settings import Settings
from ingest.tracking import JobStopped
from tests.index.conftest import HashingEncoder
from tests.ingest.conftest import COLLECTION, LEAVE, TRAVEL, Office, outcome

ROOT = Path(__file__).parents[2]
#: An ingest with the quick encoder, slowed down at every progress step; says when it waits.
_RUN = """
import json, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
from pathlib import Path
from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths
from tests.index.conftest import HashingEncoder

home, folder, collection, pause = sys.argv[1:5]
def progress(stage, done, total):
    if stage == "read" and done == 0:
        print("reading", flush=True)
    if stage == "read":
        time.sleep(float(pause))
with Library(Settings(home=Path(home), workers=1), encoder=HashingEncoder()) as library:
    report = ingest_paths(
        library, [Path(folder)], collection, progress,
        on_wait=lambda line: print(line, flush=True),
    )
    print(json.dumps(report.as_dict() | {"job": report.job_id}), flush=True)
"""


def start(home: Path, folder: Path, collection: str, pause: float = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, str(home), str(folder), collection, str(pause)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def many(office: Office, count: int) -> None:
    for number in range(count):
        office.write(f"{number:03d}.txt", LEAVE.replace("五日", f"{number + 1}日"))


def test_the_second_run_waits_says_so_and_order_is_kept(office: Office) -> None:
    many(office, 12)
    home = office.settings.home
    office.library.close()
    first = start(home, office.files, "甲库", 0.2)
    assert said(first) == "reading"
    second = start(home, office.files, "乙库")
    line = said(second)
    assert "排队" in line and "第 1 号" in line
    third = start(home, office.files, "丙库")
    assert "排队" in said(third)
    done = {}
    for process in (first, second, third):
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        done[process] = json.loads(out.strip().splitlines()[-1])
        assert done[process]["added"] == 12
    jobs = {one.job_id: one for one in office.library.catalog.jobs.recent()}
    assert [jobs[n].collection for n in (1, 2, 3)] == ["甲库", "乙库", "丙库"]
    for earlier, later in ((1, 2), (2, 3)):
        finished, started = jobs[earlier].finished_at, jobs[later].started_at
        assert finished is not None and started is not None and finished <= started
    assert office.library.vectors.count() == office.library.catalog.passage_count() == 36 * 3


def test_a_run_that_would_wait_too_long_gives_up(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    other = Library(office.settings, encoder=HashingEncoder())
    with other.writing(), pytest.raises(LibraryBusy):
        office.ingest(wait=0.3)
    assert [one.state for one in office.library.catalog.jobs.recent()] == ["failed"]
    assert office.ingest(wait=0.3).count("added") == 1
    other.close()


def test_a_run_that_waits_can_be_cancelled(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    other = Library(office.settings, encoder=HashingEncoder())
    told: list[str] = []

    def cancel(line: str) -> None:
        told.append(line)
        [job] = other.catalog.jobs.live()
        other.catalog.jobs.cancel(job.job_id)

    with other.writing(), pytest.raises(JobStopped, match="取消"):
        office.ingest(on_wait=cancel)
    assert told and [one.state for one in other.catalog.jobs.recent()] == ["cancelled"]
    assert office.library.catalog.documents() == []
    other.close()


def test_a_run_is_cancelled_in_the_middle_and_gone_on_with(office: Office) -> None:
    many(office, 80)  # more than one batch
    other = Library(office.settings, encoder=HashingEncoder())

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "read" and done == 70:
            other.catalog.jobs.cancel(1)
            time.sleep(1.5)  # until the heartbeat has read it

    with pytest.raises(JobStopped):
        office.ingest(progress=progress)
    job = other.catalog.jobs.get(1)
    assert job.state == "cancelled" and "接着做" in job.message
    assert job.counts["added"] == 70 and len(other.catalog.jobs.files(1)) == 64
    assert len(office.library.catalog.documents()) == 64
    report = office.ingest()
    assert (report.count("added"), report.count("unchanged")) == (16, 64)
    assert office.library.vectors.count() == 240
    other.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_leaves_no_process_and_is_marked(
    office: Office, how: signal.Signals
) -> None:
    many(office, 12)
    home = office.settings.home
    office.library.close()
    run = start(home, office.files, COLLECTION, 0.3)
    assert said(run) == "reading"
    time.sleep(1.0)
    run.send_signal(how)
    run.communicate(timeout=30)
    [job] = office.library.catalog.jobs.recent()
    assert job.state == ("failed" if how is signal.SIGKILL else "cancelled")
    assert "中断" in job.message
    end = time.monotonic() + 15
    while _readers(home) and time.monotonic() < end:
        time.sleep(0.2)
    assert _readers(home) == []
    assert office.ingest().failed == 0 and len(office.library.catalog.documents()) == 12


def _readers(_home: Path) -> list[str]:
    """Reading processes that lost their parent."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(os.getpid()):
            try:
                words = (entry / "cmdline").read_bytes()
                parent = int((entry / "stat").read_bytes().rsplit(b")", 1)[1].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            if b"from ingest.worker import serve" in words and parent == 1:
                found.append(entry.name)
    return found


def test_two_threads_of_one_process_queue_too(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.write("差旅.txt", TRAVEL)
    reports = []
    threads = [threading.Thread(target=lambda: reports.append(office.ingest())) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(one.count("added") for one in reports) == [0, 0, 2]
    assert [one.state for one in office.library.catalog.jobs.recent()] == ["done"] * 3


def test_a_job_that_ends_is_not_taken_for_dead_by_the_next(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.write("请假.txt", LEAVE)
    jobs = office.library.catalog.jobs
    write_end = jobs.finish

    def slowly(*given: Any, **more: Any) -> None:
        time.sleep(0.6)  # longer than the next one takes to look whether it is its turn
        write_end(*given, **more)

    monkeypatch.setattr(jobs, "finish", slowly)
    threads = [threading.Thread(target=office.ingest) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert [one.state for one in jobs.recent()] == ["done"] * 2


def test_an_error_ends_the_job_with_its_words(office: Office) -> None:
    office.write("请假.txt", LEAVE)
    office.ingest()
    office.library.close()
    other = Library(Settings(home=office.settings.home), encoder=HashingEncoder("another"))
    office.write("差旅.txt", TRAVEL)
    from ingest.pipeline import ingest_paths

    with pytest.raises(Exception, match="reembed"):
        ingest_paths(other, [office.files], COLLECTION)
    job = other.catalog.jobs.recent()[0]
    assert job.state == "failed" and "reembed" in job.message
    other.close()
    assert outcome(office.ingest())["差旅.txt"] == "unchanged"
