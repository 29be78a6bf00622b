"""Jobs in the catalog: order, life and death of their processes, and how they look."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.catalog import Catalog
from index.job_view import job_view, recent_views, view
from index.jobs import KEPT_JOBS, JobError, JobFile
from index.processes import Owner, is_alive, this_process

ROOT = Path(__file__).parents[2]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(f"sqlite:///{tmp_path / 'c.db'}")
    yield opened
    opened.close()


def test_a_job_from_asking_to_its_end(catalog: Catalog) -> None:
    before = catalog.generation
    jobs = catalog.jobs
    job = jobs.add("ingest", "制度", {"what": "/共享"})
    assert job.state == "queued" and job.live
    assert jobs.start(job.job_id)
    assert not jobs.beat(job.job_id, stage="read", stage_at=datetime.now(UTC), done=3, total=9)
    jobs.add_files(job.job_id, 0, [JobFile("甲.txt", "added", "read", 0.2)])
    jobs.add_files(
        job.job_id, 1, [JobFile("乙.pdf", "failed", "read", 1.0, "有密码", "请去掉密码")]
    )
    jobs.finish(job.job_id, "done", counts={"added": 1, "failed": 1}, passages=4)
    ended = jobs.get(job.job_id)
    assert (ended.state, ended.counts, ended.passages) == ("done", {"added": 1, "failed": 1}, 4)
    assert [one.path for one in jobs.files(job.job_id)] == ["甲.txt", "乙.pdf"]
    assert [one.advice for one in jobs.files(job.job_id, "failed")] == ["请去掉密码"]
    jobs.finish(job.job_id, "failed", "晚了")  # an end is an end
    assert jobs.get(job.job_id).state == "done"
    assert catalog.generation == before  # no search has to look again
    with pytest.raises(JobError, match="luming jobs"):
        jobs.get(99)


def test_those_in_front_come_first(catalog: Catalog) -> None:
    first, second, third = (catalog.jobs.add("sync", "制度", {}) for _ in range(3))
    assert [one.job_id for one in catalog.jobs.ahead(third.job_id)] == [first.job_id, second.job_id]
    assert job_view(catalog, third.job_id).ahead == 2
    catalog.jobs.cancel(second.job_id)
    assert [one.job_id for one in catalog.jobs.ahead(third.job_id)] == [first.job_id]
    assert not catalog.jobs.start(second.job_id)  # cancelled before it began
    with pytest.raises(JobError, match="已经结束"):
        catalog.jobs.cancel(second.job_id)


def test_a_running_job_is_asked_to_stop(catalog: Catalog) -> None:
    job = catalog.jobs.add("sync", "制度", {})
    catalog.jobs.start(job.job_id)
    assert catalog.jobs.cancel(job.job_id).live
    assert catalog.jobs.beat(job.job_id)
    assert job_view(catalog, job.job_id).stopping


_DYING = """
import os, sys
from index.catalog import Catalog
jobs = Catalog(sys.argv[1]).jobs
job = jobs.add("ingest", "制度", {})
if sys.argv[2] == "running":
    jobs.start(job.job_id)
os._exit(9)
"""


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_job_whose_process_died_is_found(catalog: Catalog, tmp_path: Path, state: str) -> None:
    url = f"sqlite:///{tmp_path / 'c.db'}"
    died = subprocess.run([sys.executable, "-c", _DYING, url, state], cwd=ROOT, check=False)
    assert died.returncode == 9
    [found] = catalog.jobs.recent()
    assert found.state == "failed" and "中断" in found.message and found.finished_at is not None
    assert catalog.jobs.live() == []


def test_who_holds_the_lock_knows_that_the_others_are_dead(catalog: Catalog) -> None:
    left = catalog.jobs.add("ingest", "制度", {})
    catalog.jobs.start(left.job_id)  # of this very process, which lives
    mine = catalog.jobs.add("ingest", "制度", {})
    assert catalog.jobs.start(mine.job_id)
    assert catalog.jobs.get(left.job_id).state == "failed"


def test_which_processes_live() -> None:
    now = datetime.now(UTC)
    me = this_process()
    assert is_alive(me, now - timedelta(days=9))  # silence is no death where the system knows
    assert not is_alive(replace(me, mark="1"), now)  # the number was given to another process
    gone = subprocess.Popen(["true"])
    gone.wait()
    assert not is_alive(Owner(me.host, gone.pid, "5"), now)
    name, boot, space = me.host.split(" ")
    assert not is_alive(replace(me, host=f"{name} another-start {space}"), now)
    elsewhere = replace(me, host=f"elsewhere {boot} {space}")
    assert is_alive(elsewhere, now) and not is_alive(elsewhere, now - timedelta(minutes=10))
    assert is_alive(elsewhere, now + timedelta(hours=1))  # its clock is ahead
    assert os.getpid() == me.pid


def test_rate_and_time_left(catalog: Catalog) -> None:
    job = catalog.jobs.add("ingest", "制度", {"what": "/共享"})
    catalog.jobs.start(job.job_id)
    began = datetime.now(UTC) - timedelta(seconds=10)
    catalog.jobs.beat(job.job_id, stage="index", stage_at=began, done=50, total=200)
    seen = view(catalog.jobs.get(job.job_id), now=began + timedelta(seconds=10))
    assert (seen.rate, seen.seconds_left, seen.fraction) == (5.0, 30.0, 0.25)
    assert (seen.stage_name, seen.unit, seen.what) == ("建立索引", "段", "/共享")
    catalog.jobs.finish(job.job_id, "done")
    [ended] = recent_views(catalog)
    assert ended.rate is None and ended.seconds_left is None and ended.state_name == "完成"
    assert ended.as_dict()["finished_at"]


def test_old_jobs_are_forgotten_with_their_files(catalog: Catalog) -> None:
    first = catalog.jobs.add("ingest", "制度", {})
    catalog.jobs.add_files(first.job_id, 0, [JobFile("甲.txt", "added")])
    catalog.jobs.finish(first.job_id, "done")
    for _ in range(KEPT_JOBS):
        catalog.jobs.finish(catalog.jobs.add("ingest", "制度", {}).job_id, "done")
    assert len(catalog.jobs.recent(1000)) == KEPT_JOBS
    assert catalog.jobs.files(first.job_id) == []
