"""The command line as scripts and people use it: real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = """机关纪委工作办法（示例）

第一章 总则

第一条 为规范机关纪委工作，制定本办法。

第二条 机关纪委应当自收到检举之日起15个工作日内决定是否受理。

第二章 附则

第三条 本办法自2025年3月1日起施行。
"""


class Office:
    """A home with a few documents and the program run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = folder / "文件"
        self.files.mkdir()
        (self.files / "办法.txt").write_text(RULES, encoding="utf-8")
        (self.files / "要点.md").write_text(
            "# 工作要点（示例）\n\n“四型”机关是指政治机关、学习机关、清廉机关、效能机关。\n",
            encoding="utf-8",
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "LUMING_HOME": str(self.folder / "home"), "COLUMNS": "100"}
        return subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    def json(self, *arguments: str) -> dict:
        done = self.run(*arguments, "--json")
        assert done.stdout.count("\n") == 1, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("office"))
    report = made.json("ingest", str(made.files), "--collection", "测试")
    assert (report["added"], report["failed"]) == (2, 0)
    assert {one["path"]: one["status"] for one in report["files"]} == {
        "办法.txt": "added",
        "要点.md": "added",
    }
    return made


def test_a_bad_file_makes_exit_one_and_the_rest_goes_in(office: Office, tmp_path: Path) -> None:
    (tmp_path / "好.txt").write_text("值班室电话由办公室登记。", encoding="utf-8")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    done = office.run("ingest", str(tmp_path), "--collection", "另一个库", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["added"], report["failed"]) == (1, 1)
    assert "PDF" in next(one["reason"] for one in report["files"] if one["status"] == "failed")
    assert "Traceback" not in done.stderr


def test_search(office: Office) -> None:
    found = office.json("search", "检举受理期限", "--collection", "测试", "-k", "2")
    assert len(found["hits"]) == 2
    first = found["hits"][0]
    assert first.keys() >= {"passage_id", "title", "path", "text", "score", "page"}
    assert "15个工作日" in first["text"] and first["path"] == "第一章 总则/第二条"


def test_ask(office: Office) -> None:
    answer = office.json("ask", "收到检举后几个工作日内决定是否受理？")
    assert answer["abstained"] is False
    assert "15个工作日" in answer["sentences"][0]["text"]
    [citation] = answer["citations"]
    assert citation.keys() >= {"n", "title", "path", "quote", "page", "document_id", "passage_id"}
    assert answer["sentences"][0]["citations"] == [citation["n"]]


def test_ask_what_the_library_does_not_say(office: Office) -> None:
    answer = office.json("ask", "单位食堂今天中午吃什么菜？")
    assert answer["abstained"] is True and answer["sentences"] == []


def test_batches_stream_in_order(office: Office, tmp_path: Path) -> None:
    queries = tmp_path / "问题.jsonl"
    queries.write_text(
        '{"q": "“四型”机关指什么？"}\n{"id": "甲", "q": "机关纪委办法什么时候施行"}\n{"q": "  "}\n',
        encoding="utf-8",
    )
    for command in ("ask", "search"):
        out = tmp_path / f"{command}.jsonl"
        done = office.run(command, "--batch", str(queries), "--out", str(out))
        assert done.returncode in (0, 1) and done.stdout.strip() == ""
        rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert [row["id"] for row in rows] == [0, "甲", 2]
        assert rows[1]["q"] == "机关纪委办法什么时候施行"
        assert "Traceback" not in done.stderr
    assert all(len(row["hits"]) <= 10 for row in rows)


def test_list_show_and_remove(office: Office, tmp_path: Path) -> None:
    (tmp_path / "临时.txt").write_text(
        "临时文件（示例）\n\n第一条 甲。\n\n第二条 乙。\n", encoding="utf-8"
    )
    office.json("ingest", str(tmp_path / "临时.txt"), "--collection", "临时库")
    assert "临时文件（示例）" in office.run("list").stdout
    shown = office.run("show", "临时文件（示例）", "第2条")
    assert "第二条 乙。" in shown.stdout and "甲" not in shown.stdout
    missing = office.run("show", "临时文件（示例）", "第九条")
    assert missing.returncode == 1 and "共 2 条" in missing.stderr
    assert office.run("show", "临时文件（示例）", "随便").returncode == 1
    assert office.run("remove", "临时文件（示例）").returncode == 0
    assert "临时文件（示例）" not in office.run("list").stdout
    assert (tmp_path / "临时.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("ask", ""), 2, "问题"),
        (("ask", "问" * 20_000), 2, "太长"),
        (("ask", "？？？"), 2, "没有文字"),
        (("ask", "什么是机关纪委", "--collection", "没有的库"), 1, "没有的库"),
        (("search", "机关", "--collection", "没有的库"), 1, "没有的库"),
        (("ask", "--batch", "不存在.jsonl", "--out", "x.jsonl"), 2, "不存在.jsonl"),
        (("show", "没有这份文件"), 1, "没有这份文件"),
        (("ingest", "/nowhere/at/all", "--collection", "测试"), 1, "不见了"),
    ],
)
def test_mistakes_get_one_clear_line(
    office: Office, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = office.run(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_html_in_a_question_is_text(office: Office) -> None:
    done = office.run("ask", "<script>alert(1)</script>机关纪委几个工作日内决定是否受理检举")
    assert done.returncode == 0 and "15个工作日" in done.stdout
