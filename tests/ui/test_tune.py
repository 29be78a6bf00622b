"""`luming tune` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ui.test_cli import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("微调"))
    made.json("ingest", str(made.files), "--collection", "测试")
    return made


def sheet(office: Office, text: str) -> str:
    path: Path = office.folder / "问题.csv"
    path.write_text(text, encoding="gb18030")
    return str(path)


def test_three_questions_and_a_bad_row_change_nothing(office: Office) -> None:
    rows = [f"检举几天受理{n},《机关纪委工作办法（示例）》第二条" for n in ("啊", "，急", "呢呢")]
    path = sheet(office, "\n".join(["问题,依据", *rows, "没有的,《无此办法》第一条"]))
    done = office.run("tune", "--questions", path)
    assert done.returncode == 1 and done.stdout == ""
    assert "第 5 行" in done.stderr and "至少要 30 个" in done.stderr and "没有改动" in done.stderr
    assert not (office.folder / "home" / "tuning").exists()


@pytest.mark.parametrize(
    ("text", "said"), [("题号,备注\n1,2\n", "“问题”"), ("问题,备注\n怎么办,2\n", "“依据”")]
)
def test_wrong_columns_are_named(office: Office, text: str, said: str) -> None:
    done = office.run("tune", "--questions", sheet(office, text))
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr


def test_feedback_alone_is_taken_and_may_be_too_little(office: Office) -> None:
    office.run("ask", "收到检举后几个工作日内决定是否受理？")
    assert office.run("feedback", "add", "有用").returncode == 0
    done = office.run("tune", "--feedback")
    assert done.returncode == 1 and "可用的问题只有 1 个" in done.stderr


def test_listing_and_undoing_without_a_tuned_model(office: Office) -> None:
    assert office.json("tune", "--list") == {"models": []}
    assert office.json("tune", "--undo") == {"undone": None}
    assert "自带的模型" in office.run("tune", "--undo").stdout


@pytest.mark.parametrize("given", [[], ["--undo", "--list"], ["--undo", "--feedback"]])
def test_what_to_do_must_be_clear(office: Office, given: list[str]) -> None:
    done = office.run("tune", *given)
    assert done.returncode == 2 and "--questions" in done.stderr


def test_a_file_that_is_not_there(office: Office) -> None:
    done = office.run("tune", "--questions", str(office.folder / "没有.csv"), "--json")
    assert done.returncode == 1 and done.stdout == "" and "没有.csv" in done.stderr
    assert json.dumps(done.stderr).count("Traceback") == 0
