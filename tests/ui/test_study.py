"""`luming study` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ui.test_cli import Office

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("备课"))
    made.json("ingest", str(CORPUS), "--collection", "示例")
    return made


def test_a_session_is_one_json_object(office: Office) -> None:
    made = office.json("study", "双报到", "--minutes", "60", "--audience", "党支部书记")
    assert made["topic"] == "双报到" and made["audience"] == "党支部书记"
    assert sum(part["minutes"] for part in made["timetable"]) == made["minutes"] == 60
    assert made["passages"] and all(one["citation"]["quote"] for one in made["passages"])


def test_a_session_is_told_in_plain_words(office: Office) -> None:
    told = office.run("study", "双报到", "--minutes", "60", "-c", "示例").stdout
    for word in ("目标", "时间表", "原文领学", "阅读", "案例", "测验"):
        assert word in told


def test_files_are_written_and_never_over_others(office: Office) -> None:
    folder = office.folder / "讲义"
    order = ("study", "双报到", "--minutes", "60", "--out", str(folder), "--format", "json,html")
    done = office.run(*order, "--papers", "2", "--seed", "3")
    assert done.returncode == 0, done.stderr
    files = sorted(one.name for one in folder.iterdir())
    assert any(one.endswith(".json") for one in files) and any(
        one.endswith(".html") for one in files
    )
    again = office.run(*order)
    assert again.returncode != 0 and "--force" in again.stderr
    assert sorted(one.name for one in folder.iterdir()) == files
    assert office.run(*order, "--force").returncode == 0


def test_an_offices_own_templates_are_used(office: Office) -> None:
    from ui.handouts.template_files import copy_templates

    own = office.folder / "模板"
    own.mkdir()
    copies = copy_templates(own)
    order = ("study", "双报到", "--minutes", "30", "--format", "docx", "--templates", str(own))
    done = office.run(*order, "--out", str(office.folder / "用模板"))
    assert done.returncode == 0, done.stderr
    next(one for one in copies if one.suffix == ".docx").write_bytes(b"not a document")
    broken = office.run(*order, "--out", str(office.folder / "坏模板"))
    assert broken.returncode != 0 and "模板" in broken.stderr and "Traceback" not in broken.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("双报到", "--minutes", "0"), "最短 5 分钟"),
        (("双报到", "--minutes", "-1"), "最短 5 分钟"),
        (("双报到", "--minutes", "600"), "最长 480 分钟"),
        (("党",), "太短"),
        (("党" * 2000,), "太长"),
        (("量子计算机芯片制造",), "较接近的有"),
        (("双报到", "--audience", "宇航员"), "党支部书记"),
        (("双报到", "--format", "docx"), "--out"),
        (("双报到", "--papers", "0"), "--papers"),
        (("双报到", "--skip", "原文领学"), "不能省去"),
        (("plan", "--topic", "双报到", "--sessions", "1"), "次数"),
        (("plan", "--topic", "双报到", "--start", "明年"), "--start"),
        (("plan", "--topic", "双报到", "--at", "下午"), "14:30"),
        (("plan", "--topic", "双报到", "--wrong", "没有这个文件.json"), "读不了"),
    ],
)
def test_bad_input_is_one_line(office: Office, arguments: tuple[str, ...], told: str) -> None:
    done = office.run("study", *arguments)
    assert done.returncode == 2 and not done.stdout
    assert told in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_five_minutes_are_a_session(office: Office) -> None:
    made = office.json("study", "双报到", "--minutes", "5")
    assert sum(part["minutes"] for part in made["timetable"]) == made["minutes"] == 5


def test_a_series_with_its_calendar(office: Office) -> None:
    ics = office.folder / "系列.ics"
    order = ("study", "plan", "--topic", "机关纪委工作实施办法", "--sessions", "4", "--weeks", "8")
    made = office.json(*order, "--start", "2026-12-01", "--ics", str(ics), "--minutes", "90")
    assert made["covered"] == made["articles"] and len(made["sessions"]) == 4
    assert ics.read_bytes().count(b"BEGIN:VEVENT") == 4
    again = office.run(*order, "--ics", str(ics))
    assert again.returncode == 2 and "--force" in again.stderr
    json.dumps(made)
