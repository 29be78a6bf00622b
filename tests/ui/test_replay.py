"""`luming replay` as a person runs it after a re-index, and its report in a real browser."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.ui.conftest import ARTEFACTS
from tests.ui.test_cli import RULES, Office

DAYS = "收到检举后几个工作日内决定是否受理？"
TYPES = "“四型”机关指什么？"
HOSTILE = '<img src=x onerror="document.title=1">检举几个工作日内决定受理？'


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that has asked three questions."""
    made = Office(tmp_path_factory.mktemp("重放"))
    made.json("ingest", str(made.files), "--collection", "测试")
    for question in (DAYS, TYPES, HOSTILE):
        assert made.json("ask", question)["question_id"]
    return made


@pytest.fixture
def office(asked: Office, tmp_path: Path) -> Office:
    """A copy of it to change."""
    made = Office(tmp_path)
    shutil.copytree(asked.folder / "home", tmp_path / "home")
    return made


def edit(office: Office) -> None:
    (office.files / "办法.txt").write_text(
        RULES.replace("15个工作日", "20个工作日<b>内</b>"), encoding="utf-8"
    )
    office.run("ingest", str(office.files), "--collection", "测试")


def test_unchanged_is_zero_changed_is_one_and_accepted_is_zero_again(office: Office) -> None:
    done = office.run("replay")
    assert done.returncode == 0 and "0 个答案变了，3 个没变" in done.stdout
    edit(office)
    done = office.run("replay")
    assert done.returncode == 1
    assert "第二条的原文改动了" in done.stdout and "20个工作日" in done.stdout
    assert office.run("replay", "--accept").returncode == 1
    assert office.run("replay").returncode == 0


def test_json_says_what_and_why(office: Office) -> None:
    edit(office)
    value = office.json("replay", "--limit", "3", "--since", "2020-01-01")
    assert (value["asked"], value["unchanged"]) == (3, 2)
    assert {one["q"] for one in value["differences"]} == {DAYS}
    one = value["differences"][0]
    assert one["outcome"] == "changed" and one["causes"][0]["code"] == "passage_edited"
    assert "15个工作日" in one["before"]["text"] and "20个工作日" in one["after"]["text"]
    assert one["after"]["citations"][0]["path"] == "第一章 总则/第二条"


def test_the_report_is_one_safe_page(office: Office, browser: Browser, tmp_path: Path) -> None:
    edit(office)
    report = tmp_path / "报告.html"
    assert office.run("replay", "--html", str(report)).returncode == 1
    ARTEFACTS.mkdir(exist_ok=True)
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = browser.new_page(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        requests: list[str] = []
        page.on("request", lambda request, seen=requests: seen.append(request.url))
        page.goto(report.as_uri())
        assert page.title() == "答案重放报告" and len(requests) == 1
        assert "原文改动了" in page.inner_text(".causes >> nth=0")
        assert "15" in page.inner_text("del >> nth=0") and "20" in page.inner_text("ins >> nth=0")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("img, article b b").count() == 0
        page.screenshot(path=str(ARTEFACTS / f"replay-{width}-{scheme}.png"), full_page=True)
        page.close()


def test_a_file_of_questions(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "问题.jsonl"
    file.write_text(f'{{"q": "{DAYS}"}}\n{{"q": "本办法什么时候施行"}}\n', encoding="utf-8")
    value = office.json("replay", str(file))
    assert (value["asked"], value["unchanged"], value["new"]) == (2, 1, 1)
    assert "加 --accept 记下" in office.run("replay", str(file)).stdout
    assert office.json("replay", str(file), "--accept")["accepted"] == 1
    assert office.json("replay", str(file))["new"] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("没有.jsonl",), 2, "没有.jsonl"),
        (("--html", "没有/的/报告.html"), 2, "写不了"),
        (("--since", "明天"), 2, "2019-05-01"),
        (("--collection", "没有"), 0, ""),
    ],
)
def test_wrong_use(asked: Office, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = asked.run("replay", *arguments)
    assert done.returncode == code and said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_log_says_so(tmp_path: Path) -> None:
    made = Office(tmp_path)
    assert "还是空的" in made.run("replay").stderr
    made.json("ingest", str(made.files), "--collection", "测试")
    done = made.run("replay")
    assert done.returncode == 0 and "没有可重问的问题" in done.stdout
