"""Files of questions, good and bad: what is read, and what is said of the rest."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import msoffcrypto
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from index.evaluation.base import EvaluationError, GoldText
from index.evaluation.questions import QuestionSet, read_questions
from tests.index.evaluation.conftest import (
    STRINGS,
    change_parts,
    with_cached_value,
    write_xlsx,
)

HEADINGS = ["编号", "问题", "类别", "依据"]


def write(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def said(asked: QuestionSet) -> dict[int, str]:
    return {one.row: one.message for one in asked.problems}


def refused(path: Path) -> str:
    with pytest.raises(EvaluationError) as caught:
        read_questions(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_json_lines(tmp_path: Path) -> None:
    rows = [
        {
            "id": "ccdi:1",
            "q": " 会议费怎么报销？",
            "detail": "不看",
            "gold": ["a#第三条", "b#第四条"],
        },
        {"问题": "差旅费呢", "依据": "《差旅费办法》第三条"},
        {"q": "谁签字", "document": "m/办法.pdf", "article": "第六条", "kind": "who"},
        {"q": "食堂吃什么", "unanswerable": True},
    ]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n\n"
    asked = read_questions(write(tmp_path / "q.jsonl", text))
    assert not asked.problems
    first, second, third, fourth = asked.questions
    assert (first.id, first.q) == ("ccdi:1", "会议费怎么报销？")
    assert first.gold == (GoldText("a#第三条", True), GoldText("b#第四条", True))
    assert (second.id, second.gold) == ("2", (GoldText("《差旅费办法》第三条"),))
    assert third.gold == (GoldText("m/办法.pdf#第六条", True),) and third.kind == "who"
    assert fourth.unanswerable and asked.answerable == (first, second, third)


CSV = (
    "编号,问题,文件,条,备注\r\n"
    '1,"先问""能不能"",再问怎么办",会议费办法,12,\r\n'
    '2,"两行的\r\n问题",《差旅费办法》,"第三条、第五条",无关\r\n'
    "\r\n"
    "3,,会议费办法,四,\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_as_excel_and_wps_save_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = CSV.replace(",", delimiter) if delimiter != "," else CSV
    asked = read_questions(write(tmp_path / "问题.csv", text.encode(encoding)))
    assert [one.row for one in asked.questions] == [2, 3]
    first, second = asked.questions
    assert first.q == f'先问"能不能"{delimiter}再问怎么办'
    assert first.gold == (GoldText("会议费办法#第12条", True),)
    assert second.q == "两行的\n问题"
    assert [one.text for one in second.gold] == ["《差旅费办法》#第三条", "《差旅费办法》#第五条"]
    assert said(asked) == {5: "没有问题（q 一栏是空的或不是文字）。"}


def test_a_workbook_with_a_title_above_and_another_sheet_before(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "问题.xlsx",
        [
            ["机关纪委知识检索测试题"],
            [],
            ["题号", " 问 题 ", "依据：", "无依据", "备注"],
            [1, "会议费怎么报销", "《会议费办法》第三条；《会议费办法》第四条", None, "=1+1"],
            [2.0, "食堂今天吃什么", None, True, None],
        ],
    )
    book = load_workbook(path)
    book.create_sheet("说明", 0).append(["怎么填", "见下一页"])
    book.save(path)
    asked = read_questions(path)
    assert not asked.problems
    assert [(one.row, one.id, one.unanswerable) for one in asked.questions] == [
        (4, "1", False),
        (5, "2", True),
    ]


def test_a_formula_counts_by_its_saved_value(tmp_path: Path) -> None:
    rows = [HEADINGS, ['="A"&1', "问题一", "", "a#第一条"], ['="A"&2', "问题二", "", "a#第二条"]]
    path = write_xlsx(tmp_path / "q.xlsx", rows)
    with_cached_value(path, "A2", "A1")
    asked = read_questions(path)
    assert [one.id for one in asked.questions] == ["A1"]
    assert "A3 格是公式" in said(asked)[3] and "粘贴为值" in said(asked)[3]


def test_an_error_value_is_named(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "q.xlsx", [HEADINGS, [1, "#N/A", "", "a#第一条"], [2, "问", "", "a"]]
    )
    book = load_workbook(path)
    assert book.active["B2"].data_type == "e"
    assert "B2 格是错误值 #N/A" in said(read_questions(path))[2]


def test_ids_are_made_to_differ(tmp_path: Path) -> None:
    text = "id,q,gold\nA,问一,x#第一条\nA,问二,x#第二条\nA~2,问三,x#第三条\nA,问四,x#第四条\n"
    asked = read_questions(write(tmp_path / "q.csv", text))
    ids = [one.id for one in asked.questions]
    assert len(set(ids)) == 4 and ids[0] == "A"
    assert "与第 2 行重复" in said(asked)[3]
    assert not any(one.left_out for one in asked.problems)


def test_bad_lines_cost_only_themselves(tmp_path: Path) -> None:
    lines = [
        '{"q": "好的", "gold": "x#第一条"}',
        '{"q": "没写完',
        "[1, 2]",
        '{"q": 5, "gold": "x"}',
        '{"q": "没有依据"}',
        '{"q": "依据不对", "gold": {"a": 1}}',
        "[" * 100_000,
        '{"q": "太长", "gold": "' + "x" * 1_100_000 + '"}',
        '{"q": "数字太长", "id": ' + "9" * 10_000 + ', "gold": "x"}',
    ]
    asked = read_questions(write(tmp_path / "q.jsonl", "\n".join(lines)))
    assert [one.q for one in asked.questions] == ["好的"]
    problems = said(asked)
    assert sorted(problems) == [2, 3, 4, 5, 6, 7, 8, 9]
    assert "不是正确的 JSON" in problems[2] and "没有写依据" in problems[5]


def test_unpaired_quotes_in_csv_are_named_by_row(tmp_path: Path) -> None:
    text = 'q,gold\n好的,x#第一条\n"四型"机关是什么,x#第二条\n也好,x#第三条\n"没合上,x#第四条\n再来,x\n'
    asked = read_questions(write(tmp_path / "q.csv", text))
    assert [one.q for one in asked.questions] == ["好的", "也好"]
    assert sorted(said(asked)) == [3, 5] and "没有成对" in said(asked)[5]


def test_ids_and_kinds_cannot_command_a_terminal(tmp_path: Path) -> None:
    line = r'{"id": "\u001b[2J甲\n乙", "kind": "\u0007类", "q": "问", "gold": "a"}'
    [question] = read_questions(write(tmp_path / "q.jsonl", line)).questions
    assert (question.id, question.kind) == ("[2J甲 乙", "类")


def locked(path: Path) -> Path:
    plain = write_xlsx(path.with_name("plain.xlsx"), [HEADINGS, [1, "问", "", "a"]])
    with plain.open("rb") as source, path.open("wb") as target:
        msoffcrypto.OfficeFile(source).encrypt("secret", target)
    return path


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    assert "空的" in refused(write(tmp_path / "空.csv", b"\xef\xbb\xbf\r\n \n"))
    assert "文件夹" in refused(tmp_path)
    assert "没有.csv" in refused(tmp_path / "没有.csv")
    no_gold = refused(write(tmp_path / "a.csv", "编号,问题,答案\n1,问,答\n"))
    assert "依据" in no_gold and "编号、问题、答案" in no_gold
    assert "“问题”" in refused(write(tmp_path / "b.csv", "题干,依据\n问,a\n"))
    assert "依据" in refused(write(tmp_path / "b.jsonl", '{"q": "问", "answer": "答"}\n'))
    assert "只有标题行" in refused(write(tmp_path / "c.csv", "问题,依据\n"))
    assert "密码" in refused(locked(tmp_path / "密.xlsx"))
    assert ".xls" in refused(write(tmp_path / "旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 200))
    assert "打不开" in refused(write(tmp_path / "坏.xlsx", b"PK\x03\x04" + b"\x00" * 100))
    assert "认不出" in refused(write(tmp_path / "图.csv", bytes(range(256)) * 20))


def test_another_kind_of_office_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "文档.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "打不开" in refused(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "大.csv"
    with path.open("wb") as out:
        out.truncate(200_000_000)  # sparse
    assert "200 MB" in refused(path)


def test_a_workbook_that_unpacks_to_a_flood_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "q.xlsx", [HEADINGS])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/flood.bin", bytes(300_000_000))
    assert path.stat().st_size < 1_000_000 and "太大" in refused(path)


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "q.xlsx", [HEADINGS, [1, "问", "", "a"]])
    levels = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "笑笑笑笑笑笑笑笑笑笑">{levels}]>'

    def bomb(parts: dict[str, str]) -> None:
        parts[STRINGS] = doctype + parts[STRINGS].replace("&#38382;&#39064;", "&a9;")
        assert "&a9;</t>" in parts[STRINGS]

    change_parts(path, bomb)
    assert "打不开" in refused(path)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_chinese(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "q"
        path.write_bytes(data)
        try:
            asked = read_questions(path)
        except EvaluationError as error:
            assert str(error)
        else:
            assert asked.questions or asked.problems


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda text: text.strip()
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_what_the_csv_module_writes_comes_back(rows: list[tuple[str, str]]) -> None:
    import csv
    import tempfile

    buffer = io.StringIO()
    csv.writer(buffer).writerows([("q", "gold"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "q.csv"
        path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
        asked = read_questions(path)
    assert [(one.q, one.gold[0].text) for one in asked.questions] == [
        (q.strip(), gold.strip()) for q, gold in rows
    ]
