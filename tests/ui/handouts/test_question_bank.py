"""The question bank, read back with openpyxl."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from assistant.study.model import Choice, StudySession
from ui.handouts import write_handouts
from ui.handouts.question_bank import COLUMNS
from ui.handouts.words import file_name


def rows(path: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(path)["题库"]
    head, *rest = sheet.iter_rows(values_only=True)
    assert tuple(head) == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in rest]


def test_one_row_a_question(find: Callable[[str], Path], session: StudySession) -> None:
    found = {one["题型"]: one for one in rows(find("题库.xlsx"))}
    assert list(found) == [
        "单选题", "多选题", "判断题", "填空题", "连线题", "排序题", "简答题", "案例判断题",
    ]  # fmt: skip
    single = found["单选题"]
    assert single["题干"] == session.quiz[0].stem and single["正确答案"] == "B"
    assert [single[f"选项{one}"] for one in "ABCDE"] == [
        "2个工作日", "3个工作日", "5个工作日", "30日", None,
    ]  # fmt: skip
    assert (
        single["难度"] == "易"
        and single["分值"] == 5
        and "第二十八条（第4页），现行" in single["出处"]
    )
    assert single["原文"] == session.quiz[0].citations[0].quote and single["知识点"] == "第二十八条"
    assert "C项：这是试行办法的旧规定" in single["解析"]
    assert found["多选题"]["正确答案"] == "ABDE" and found["判断题"]["正确答案"] == "错"
    assert found["填空题"]["正确答案"] == "30日|三十日"
    assert "1. 实名检举告知受理情况　　A. 15个工作日" in found["连线题"]["题干"]
    assert found["连线题"]["正确答案"] == "1-B 2-C 3-A"
    assert "2. 登记" in found["排序题"]["题干"]
    assert found["简答题"]["正确答案"].count("\n") == 2


def test_the_columns_are_explained(find: Callable[[str], Path]) -> None:
    told = [row[0] for row in load_workbook(find("题库.xlsx"))["说明"].iter_rows(values_only=True)]
    assert {"题型", "正确答案", "难度", "怎样导入", "主题"} <= set(told)


def test_long_cells_are_tall_enough_to_read(find: Callable[[str], Path]) -> None:
    sheet = load_workbook(find("题库.xlsx"))["题库"]
    short, tall = sheet.row_dimensions[1].height, sheet.row_dimensions[6].height
    assert short is not None and tall is not None and tall >= 4 * short  # a matching item
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$1:$1"


def test_nothing_is_a_formula(hostile: StudySession, session: StudySession, tmp_path: Path) -> None:
    evil = session.quiz[0].model_copy(
        update={
            "stem": '=HYPERLINK("http://x","点")',
            "choices": (
                Choice(label="A", text="+1+1", right=True),
                Choice(label="B", text="@SUM(A1)"),
            ),
            "explanation": "-2+3",
        }
    )
    made = hostile.model_copy(update={"quiz": (evil, *hostile.quiz)})
    write_handouts(made, tmp_path, ["xlsx"])
    book = load_workbook(tmp_path / file_name(made.topic, "题库", "xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert all(cell.quotePrefix for cell in cells if cell.data_type == "s")
    assert book["题库"]["B2"].value == '=HYPERLINK("http://x","点")'


def test_papers_stand_in_a_column_and_no_choice_is_lost(
    session: StudySession, tmp_path: Path
) -> None:
    many = session.quiz[0].model_copy(
        update={"choices": tuple(Choice(label=one, text=f"说法{one}") for one in "ABCDEFGHIJ")}
    )
    papers = [[many], session.quiz[1:3]]
    (path,) = write_handouts(session, tmp_path, ["xlsx"], papers=papers)
    found = rows(path)
    assert [one["试卷"] for one in found] == ["A卷", "B卷", "B卷"]
    assert found[0]["选项H"] == "说法H" and "J. 说法J" in found[0]["题干"]
