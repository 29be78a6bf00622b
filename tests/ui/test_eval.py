"""`luming eval` as a person runs it: real processes, real files, the report in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.index.evaluation.conftest import write_xlsx
from tests.ui.test_cli import Office

HOSTILE = '<img src=x onerror="document.title=1">[red]几天决定受理检举'
ROWS = [
    ["编号", "问题", "类别", "依据"],
    ["1", "收到检举后几个工作日内决定是否受理？", "数字", "《机关纪委工作办法（示例）》第二条"],
    ["2", "这个办法什么时候开始施行", "时间", "机关纪委工作办法第3条"],
    ["3", "四型机关是哪四型", "列举", "要点.md"],
    ["4", "没有的", "数字", "《没有这个办法》第一条"],
    ["5", HOSTILE, "<b>类</b>", "办法.txt#第二条"],
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("评测"))
    made.json("ingest", str(made.files), "--collection", "测试")
    write_xlsx(made.folder / "问题.xlsx", ROWS)
    return made


def sheet(office: Office) -> str:
    return str(office.folder / "问题.xlsx")


def test_json_is_one_object(office: Office) -> None:
    done = office.run("eval", sheet(office), "-c", "测试", "--json")
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    assert value["rows"] == {"read": 5, "evaluated": 4, "left_out": 1, "unanswerable": 0}
    assert [stage["stage"] for stage in value["stages"]] == ["lexical", "dense", "fused", "reranked"]
    first = value["stages"][-1]["hit@1"]
    assert 0 <= first["low"] <= first["mean"] <= first["high"] <= 1
    [problem] = value["problems"]
    assert problem["row"] == 5 and "没有这个办法" in problem["message"]
    assert value["comparison"] is None


def test_tables_fit_a_terminal_and_problems_go_to_stderr(office: Office) -> None:
    done = office.run("eval", sheet(office))
    assert done.returncode == 0
    assert "4 道题里" in done.stdout and "按词检索" in done.stdout and "数字 1 题" in done.stdout
    assert "题数少于 30" in done.stdout and "[red]几天" not in done.stderr
    assert "第 5 行" in done.stderr and "第 5 行" not in done.stdout


def test_strict_makes_a_problem_a_failure(office: Office) -> None:
    assert office.run("eval", sheet(office), "--strict").returncode == 1
    good = write_xlsx(office.folder / "好.xlsx", ROWS[:4])
    assert office.run("eval", str(good), "--strict").returncode == 0


def test_nothing_left_to_evaluate(office: Office) -> None:
    bad = write_xlsx(office.folder / "坏.xlsx", [ROWS[0], ROWS[4]])
    done = office.run("eval", str(bad), "--json")
    assert done.returncode == 1 and done.stdout == ""
    assert "第 2 行" in done.stderr and "没有一道题可以评" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("没有.xlsx",), 2, "没有.xlsx"),
        (("问题.xlsx", "-c", "没有的库"), 1, "没有的库"),
        (("问题.xlsx", "--as-of", "去年"), 2, "2019-05-01"),
        (("问题.xlsx", "--as-of", "1990-01-01", "-c", "测试"), 0, ""),
        (("问题.xlsx", "--compare", "问题.xlsx"), 2, "--save"),
        (("问题.xlsx", "--save", "没有/的/文件夹.json"), 2, "写不了"),
        (("问题.xlsx", "--html", "问题.xlsx"), 2, "换一个文件名"),
    ],
)
def test_mistakes_get_one_clear_line(
    office: Office, arguments: tuple[str, ...], code: int, said: str
) -> None:
    folder = office.folder
    given = [str(folder / one) if "." in one and "/" not in one else one for one in arguments]
    done = office.run("eval", *given)
    assert done.returncode == code, done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr
    assert (folder / "问题.xlsx").read_bytes().startswith(b"PK")


def test_a_saved_run_is_compared_with(office: Office) -> None:
    saved = office.folder / "旧.json"
    assert office.run("eval", sheet(office), "--save", str(saved)).returncode == 0
    value = office.json("eval", sheet(office), "--compare", str(saved))
    assert value["comparison"]["questions"] == 4
    assert all(one["p"] == 1 for one in value["comparison"]["differences"])
    shown = office.run("eval", sheet(office), "--compare", str(saved))
    assert "相同的题 4 道" in shown.stdout and "没有差别" in shown.stdout
    other = write_xlsx(office.folder / "别的.xlsx", [ROWS[0], ["1", "换一个", "", "要点.md"]])
    done = office.run("eval", str(other), "--compare", str(saved))
    assert done.returncode == 1 and "没有相同的题" in done.stderr and "1 道题里" in done.stdout


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_report_in_a_browser(office: Office, browser: Browser, width: int, scheme: str) -> None:
    saved, page_file = office.folder / "报告用.json", office.folder / "报告.html"
    office.run("eval", sheet(office), "--save", str(saved))
    done = office.run("eval", sheet(office), "--compare", str(saved), "--html", str(page_file))
    assert done.returncode == 0 and not list(office.folder.glob("*.part"))
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    assert asked == [page_file.as_uri()]
    assert page.title() == "检索评测报告" and page.locator("img, script").count() == 0
    assert page.locator("table").count() == 3 and page.locator("svg").count() >= 18
    text = page.inner_text("main")
    assert "按意思检索" in text and "<b>类</b>" in text and "第 5 行" in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
    assert dark == (scheme == "dark")
    context.close()


def test_the_worst_question_shows_what_stood_before_it(office: Office, tmp_path: Path) -> None:
    rows = [["问题", "依据"], ["收到检举后几个工作日内决定是否受理", "办法.txt#第三条"]]
    value = office.json("eval", str(write_xlsx(tmp_path / "q.xlsx", rows)))
    [worst] = value["worst"]
    assert worst["gold"] == ["《机关纪委工作办法（示例）》第三条"]
    assert worst["ranks"]["reranked"] > 1
    assert (
        worst["found"][0]["path"].endswith("第二条")
        and "15个工作日" in worst["found"][0]["snippet"]
    )
