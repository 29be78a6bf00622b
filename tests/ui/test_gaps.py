"""`luming gaps` as a person runs it, and what a spreadsheet makes of its tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assistant.activity.gaps import Gap, GapStore
from assistant.activity.journal import Journal
from index.library import Library
from index.settings import Settings
from tests.ui.test_cli import Office
from ui.render.gaps import gaps_html

WHO = "机关纪委办公室的管理员由谁担任？"
WHO_AGAIN = "请问机关纪委办公室管理员由谁担任"
FORMULA = '=HYPERLINK("http://x","点这里")要多少钱？'
MARKUP = "<img src=x onerror=alert(1)>[red]要多少钱？"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = Office(tmp_path_factory.mktemp("缺口"))
    made.json("ingest", str(made.files), "--collection", "测试")
    queries = made.folder / "问题.jsonl"
    asked = (WHO, WHO, WHO_AGAIN, FORMULA, MARKUP, "收到检举后几个工作日内决定是否受理？")
    lines = (json.dumps({"q": q}, ensure_ascii=False) for q in asked)
    queries.write_text("\n".join(lines), encoding="utf-8")
    made.run("ask", "--batch", str(queries), "--out", str(made.folder / "不记.jsonl"))
    assert made.json("gaps")["gaps"] == []  # a batch is logged only when it is asked for
    made.run("ask", "--batch", str(queries), "--log", "--out", str(made.folder / "记.jsonl"))
    return made


def test_the_list_is_grouped_and_says_what_to_add(office: Office) -> None:
    done = office.run("gaps")
    assert done.returncode == 0, done.stderr
    assert "3 类问题文库答不了，共问过 5 次" in done.stdout
    assert "问过 3 次" in done.stdout and "职责分工" in done.stdout
    assert MARKUP in done.stdout  # as it was typed, not as markup


def test_json_is_one_object(office: Office) -> None:
    found = office.json("gaps", "--collection", "测试", "--since", "2020-01-01")["gaps"]
    first = found[0]
    assert (first["q"], first["count"], first["status"]) == (WHO, 3, "open")
    assert first["wordings"] == [{"q": WHO, "count": 2}, {"q": WHO_AGAIN, "count": 1}]
    assert first["nearest"][0].keys() == {"document_id", "passage_id", "title", "path"}
    assert office.json("gaps", "--since", "2090-01-01")["gaps"] == []


def test_tables_hold_text_and_no_formula(office: Office, tmp_path: Path) -> None:
    table, book = tmp_path / "缺口.csv", tmp_path / "缺口.xlsx"
    assert office.run("gaps", "--csv", str(table), "--xlsx", str(book)).returncode == 0
    rows = list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][:3] == ["编号", "问题", "次数"]
    assert {row[1] for row in rows[1:]} == {WHO, f"'{FORMULA}", MARKUP}
    sheet = load_workbook(book).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}  # "f" is a formula
    assert FORMULA in {cell.value for cell in cells}


def test_dismissing_and_reopening(office: Office) -> None:
    number = next(g["id"] for g in office.json("gaps")["gaps"] if g["q"] == MARKUP)
    done = office.run("gaps", "dismiss", str(number))
    assert done.returncode == 0 and "已忽略" in done.stdout
    assert MARKUP not in [g["q"] for g in office.json("gaps")["gaps"]]
    shown = {g["q"]: g["status"] for g in office.json("gaps", "--all")["gaps"]}
    assert shown[MARKUP] == "dismissed"
    office.run("gaps", "reopen", str(number))
    assert MARKUP in [g["q"] for g in office.json("gaps")["gaps"]]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("dismiss", "999"), 1, "没有编号为 999"),
        (("--since", "昨天"), 2, "2019-05-01"),
        (("--collection", "没有"), 1, "没有名为"),
        (("--csv", "缺口.txt"), 2, ".csv"),
        (("--csv", "没有的文件夹/缺口.csv"), 2, "写不了"),
    ],
)
def test_wrong_use_is_one_chinese_line(
    office: Office, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = office.run("gaps", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr and "Traceback" not in done.stderr


def test_checking_finds_what_was_added(office: Office) -> None:
    assert office.json("gaps", "--check")["filled"] == []
    (office.files / "分工.txt").write_text(
        "岗位分工（示例）\n第一条 机关纪委办公室的管理员由副书记指定专人担任。\n", encoding="utf-8"
    )
    office.run("ingest", str(office.files), "--collection", "测试")
    done = office.run("gaps", "--check")
    assert "已补上" in done.stdout and "已补上的有 1 类" in done.stdout
    assert WHO not in [g["q"] for g in office.json("gaps")["gaps"]]


def test_the_page_part_escapes_every_word(office: Office) -> None:
    settings = Settings(home=office.folder / "home")
    with Library(settings) as library:
        found: list[Gap] = GapStore(library, Journal(library)).listed()
    html = gaps_html(found)
    assert "<img" not in html and "&lt;img src=x" in html
    assert 'data-source="' in html
    assert "没有文库答不了的问题" in gaps_html([])
