"""Files that hang, crash or swell their reader cost themselves only."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from index.errors import LibraryError
from ingest.reading import ReadOutcome, ReadTask
from ingest.workers import AHEAD, WorkerLimits, read_all
from tests.ingest.conftest import LEAVE, Office, outcome, reason

HOSTILE = "tests.ingest.hostile:read"


def task(name: str) -> ReadTask:
    return ReadTask(Path("/没有") / name, name, name, "库", "", 0, 0)


def run(names: Sequence[str], limits: WorkerLimits) -> dict[str, ReadOutcome]:
    tasks = list(enumerate(task(name) for name in names))
    return {names[number]: found for number, found in read_all(tasks, limits, HOSTILE)}


def test_each_costs_itself_only() -> None:
    good = [f"good{number}" for number in range(6)]
    bad = ["hang", "sleep", "crash", "exit", "swell", "raise", "print"]
    names = [one for pair in zip(good, bad, strict=False) for one in pair] + ["print", "last"]
    found = run(names, WorkerLimits(workers=2, seconds=3, memory_mb=150))
    assert set(found) == set(names)
    for name in (*good, "print", "last"):
        assert found[name].reason.startswith(name), found[name]
    for name, told in {
        "hang": "3 秒",
        "sleep": "3 秒",
        "crash": "信号 11",
        "exit": "退出码 3",
        "swell": "150 MB",
        "raise": "KeyError",
    }.items():
        assert told in found[name].reason and found[name].write is None, found[name]
        assert "；请" in found[name].reason and "\n" not in found[name].reason
    assert not _running(f"600.{os.getpid()}")  # what a reader had started has ended with it


def _running(word: str) -> list[str]:
    """Processes with a word on their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if word.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                    found.append(entry.name)
    return found


def test_a_process_that_cannot_be_started_for_a_moment_is_started_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short lack of memory or processes must not end a run over ten thousand files."""
    python = tmp_path / "python"
    real = sys.executable
    monkeypatch.setattr(sys, "executable", str(python))
    later = threading.Timer(0.5, lambda: python.symlink_to(real))
    later.start()
    names = [f"good{number}" for number in range(5)]
    found = run(names, WorkerLimits(workers=2))
    later.join()
    assert {name for name in names if found[name].reason.startswith(name)} == set(names)


def test_processes_that_can_never_be_started_are_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "没有"))
    with pytest.raises(LibraryError, match="启动不了读取文件的进程"):
        run(["good1"], WorkerLimits(workers=2))


def test_no_more_is_read_ahead_than_the_bound() -> None:
    """The caller is busy: results are not piled up."""
    given = []

    def tasks():
        for number in range(100):
            given.append(number)
            yield number, task(f"good{number}")

    results = read_all(tasks(), WorkerLimits(workers=1, seconds=20), HOSTILE)
    next(results)
    time.sleep(1.5)
    assert len(given) <= AHEAD + 2
    assert len(list(results)) == 99


def test_leaving_early_ends_the_processes() -> None:
    results = read_all([(n, task(f"good{n}")) for n in range(50)], WorkerLimits(workers=2), HOSTILE)
    pids = {int(next(results)[1].reason.split()[1]) for _ in range(4)}
    results.close()
    for pid in pids:
        assert not Path(f"/proc/{pid}").exists()


def test_a_reader_that_needs_too_much_memory_in_a_real_run(tmp_path: Path) -> None:
    office = Office(tmp_path, read_mb=64, workers=1)
    office.write("请假.txt", LEAVE)
    office.write("很大.txt", "按照规定办理手续，甲乙丙丁。\n" * 600_000)
    report = office.ingest()
    assert outcome(report) == {"请假.txt": "added", "很大.txt": "failed"}
    assert "LUMING_READ_MB" in reason(report, "很大.txt")
    [job] = office.library.catalog.jobs.recent()
    [row] = office.library.catalog.jobs.files(job.job_id, "failed")
    assert row.advice.startswith("请") and "LUMING_READ_MB" in row.advice and row.seconds > 0
    office.library.close()


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_however_many_processes_the_result_is_one(tmp_path: Path, workers: int) -> None:
    office = Office(tmp_path, workers=workers)
    for number in range(12):
        office.write(f"{number}.txt", LEAVE.replace("五日", f"{number + 1}日"))
    report = office.ingest()
    assert [one.path for one in report.files] == sorted(f"{n}.txt" for n in range(12))
    assert report.count("added") == 12 and len(office.library.catalog.documents()) == 12
    office.library.close()


def test_a_file_that_is_being_written_is_read_when_it_is_finished(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It changes between hashing and reading; what goes in is what it is in the end."""
    from ingest import run as running

    path = office.write("请假.txt", LEAVE)
    planned = running.make_plan

    def then_written(*arguments, **more):
        plan = planned(*arguments, **more)
        path.write_text(LEAVE.replace("五日", "三日"), encoding="utf-8")
        return plan

    monkeypatch.setattr(running, "make_plan", then_written)
    assert outcome(office.ingest()) == {"请假.txt": "added"}
    assert "三日" in office.found("事假每年累计不超过几日")
    monkeypatch.undo()
    assert outcome(office.ingest()) == {"请假.txt": "unchanged"}
