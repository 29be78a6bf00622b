"""Sources, synchronisation and jobs on the command line: real processes on a real home."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ui.test_cli import ROOT, RULES, Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("sync"))
    (made.files / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    (made.files / "=1+1.txt").write_bytes(b"")
    added = made.json("source", "add", str(made.files), "-c", "制度", "--exclude", "草稿/")
    assert added["collection"] == "制度" and added["exclude"] == ["草稿/"]
    return made


def states(report: dict) -> dict[str, str]:
    return {one["path"]: one["status"] for one in report["files"]}


def test_from_a_rehearsal_to_the_report_and_back(office: Office, tmp_path: Path) -> None:
    """One story, in the order in which an operator lives it."""
    rehearsed = office.json("sync", "--dry-run")
    assert rehearsed["dry_run"] is True and rehearsed["added"] == 4 and rehearsed["jobs"] == []
    assert "预演" in office.run("sync", "--dry-run").stdout
    assert "还是空的" in office.run("list").stdout

    done = office.run("sync", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1  # some files failed, the rest is in
    assert (report["added"], report["failed"], report["jobs"]) == (2, 2, [1])
    assert states(report)["办法.txt"] == "added"

    listed = office.run("jobs").stdout
    assert "同步" in listed and "完成" in listed and "失败 2" in listed
    shown = office.json("jobs", "show", "1")
    assert shown["job"]["state"] == "done"
    assert shown["job"]["counts"] == {"added": 2, "failed": 2}
    bad = next(one for one in shown["files"] if one["path"] == "坏.pdf")
    assert bad["status"] == "failed" and bad["reason"] and bad["advice"].startswith("请")
    table = tmp_path / "失败.csv"
    told = office.run("jobs", "show", "1", "--failed", "--csv", str(table))
    assert told.returncode == 0 and "2 行" in told.stdout
    rows = list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:2] == ["文件", "结果"]
    assert {row[0] for row in rows[1:]} == {"'=1+1.txt", "坏.pdf"}  # never a formula

    (office.files / "坏.pdf").write_text(RULES.replace("15个", "20个"), encoding="utf-8")
    retried = office.json("jobs", "retry", "1")
    assert states(retried) == {"坏.pdf": "added", "=1+1.txt": "failed"}
    (office.files / "=1+1.txt").unlink()

    (office.files / "副本").mkdir()
    (office.files / "副本" / "要点.md").write_bytes((office.files / "要点.md").read_bytes())
    (office.files / "办法.txt").unlink()
    done = office.run("sync")
    assert done.returncode == 0, done.stderr
    assert "已缺失" in done.stderr and "--prune" in done.stderr

    documents = {one["source"]: one for one in office.json("list")["documents"]}
    assert documents["办法.txt"]["missing"] is True
    assert documents["要点.md"]["places"] == ["要点.md", "副本/要点.md"]
    assert "已缺失" in office.run("list").stdout
    answer = office.json("ask", "收到检举后15个工作日内决定是否受理的办法是什么？")
    cited = {one["document_id"]: one["missing"] for one in answer["citations"]}
    assert cited.get(documents["办法.txt"]["document_id"], True) is True
    hits = office.json("search", "检举15个工作日内决定是否受理", "-k", "5")["hits"]
    assert any(hit["missing"] for hit in hits)
    where = office.json("show", documents["要点.md"]["document_id"])["places"]
    assert [Path(one["path"]).name for one in where] == ["要点.md", "要点.md"]

    same = office.json("duplicates")
    assert [len(one["places"]) for one in same["same"]] == [2]
    [group] = same["near"]  # 办法.txt and 坏.pdf differ by a number
    assert len(group["documents"]) == 2
    assert "相近" in office.run("duplicates").stdout

    pruned = office.json("sync", "--prune")
    assert states(pruned)["办法.txt"] == "removed" and pruned["removed"] == 1
    again = office.json("sync")
    assert again["unchanged"] == len(again["files"]) == 3

    [source] = office.json("source", "list")["sources"]
    assert source["synced_at"]
    removed = office.json("source", "remove", str(source["source_id"]), "--prune")
    assert removed["removed_files"] == 3
    assert "还是空的" in office.run("list").stdout
    assert (office.files / "要点.md").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("jobs", "show", "999"), "第 999 号"),
        (("jobs", "cancel", "1"), "已经结束"),
        (("jobs", "retry", "999"), "第 999 号"),
        (("source", "remove", "没有登记"), "source list"),
        (("source", "add", "/nowhere/at/all", "-c", "制度"), "文件夹"),
        (("sync", "-c", "没有来源的库"), "source add"),
    ],
)
def test_mistakes_get_one_clear_line(office: Office, arguments: tuple[str, ...], said: str) -> None:
    if arguments[1:] == ("cancel", "1"):
        office.json("ingest", str(office.files / "要点.md"), "-c", "别的库")
    done = office.run(*arguments)
    assert done.returncode == 1 and said in done.stderr
    assert "Traceback" not in done.stderr


def test_watching_takes_in_what_changes_and_ends_when_it_is_told(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.json("source", "add", str(office.files), "-c", "制度")
    environment = {**os.environ, "LUMING_HOME": str(tmp_path / "home")}
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "sync", "--watch"],
        cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        assert "守候" in process.stderr.readline()
        assert "新增 2" in process.stderr.readline()
        (office.files / "新的.txt").write_text(
            RULES.replace("工作办法", "值班办法"), encoding="utf-8"
        )
        assert "新增 1" in process.stderr.readline()
        assert len(office.json("list")["documents"]) == 3
        jobs = office.json("jobs")["jobs"]
        assert [one["state"] for one in jobs] == ["done", "done"]
    finally:
        process.send_signal(signal.SIGTERM)  # as systemd does
        end = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
    assert process.returncode == 130
    assert process.stderr is not None and "Traceback" not in process.stderr.read()
