"""What texts state of when they hold, in the ways in which they are really written."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.versions.statements import Statements, Step, from_json, to_json
from ingest.history import read_history
from ingest.repeals import read_decision, read_repeals
from tests.ingest.test_metadata import facts


def steps(head: str) -> list[tuple[str, str]]:
    return [(one.day.isoformat(), one.act) for one in read_history(head)[0]]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("（2020年1月2日中共中央批准　2020年1月21日中共中央办公厅发布）",
         [("2020-01-02", "公布"), ("2020-01-21", "公布")]),
        ("（2005年4月27日第十届全国人大常委会第十五次会议通过　根据2017年9月1日第十二届全国人大常委会第二十九次会议"
         "《关于修改〈某法〉等八部法律的决定》修正　2018年12月29日第十三届全国人大常委会第七次会议修订）",
         [("2005-04-27", "公布"), ("2017-09-01", "修订"), ("2018-12-29", "修订")]),
        ("2004年12月9日 国务院令第425号公布\n2005年1月1日 施行", [("2004-12-09", "公布"), ("2005-01-01", "施行")]),
        ("（2019年12月2日检察委员会通过，自2019年12月30日起施行）", [("2019-12-02", "公布"), ("2019-12-30", "施行")]),
        ("《某解释》已于2000年6月27日由审判委员会第1120次会议通过，现予公布，自2000年7月8日起施行。",
         [("2000-06-27", "公布"), ("2000-07-08", "施行")]),
        ("（一九九七年二月十七日中共中央发布）", [("1997-02-17", "公布")]),
        ("（1987年7月14日）", [("1987-07-14", "公布")]),
        ("(2017年12月修改)", [("2017-12-01", "修订")]),
        ("【发布日期】2005.06.16\n【实施日期】2005.07.01", [("2005-06-16", "公布"), ("2005-07-01", "施行")]),
        ("2018年10月26日，常务委员会审议通过了《关于修改某法的决定》，现就有关问题规定如下。", []),
        ("2012年12月4日召开会议，审议关于改进工作作风的规定。", []),
        ("为落实2023年工作要点，制定本办法。", []),
    ],
)  # fmt: skip
def test_the_history_below_a_title(head: str, expected: list[tuple[str, str]]) -> None:
    assert steps(head) == expected


def test_a_revision_by_decision_is_told_from_a_new_text() -> None:
    found, _ = read_history(
        "2017年11月4日 《关于修改〈某法〉的决定》第二次修正\n2024年6月28日 修订"
    )
    assert [one.by_decision for one in found] == [True, False]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("本办法自2024年6月1日起施行。", date(2024, 6, 1)),
        ("本办法由财政部负责解释，自2016年7月1日起施行。", date(2016, 7, 1)),
        ("本条例自一九九四年五月一日起施行。", date(1994, 5, 1)),
        ("本规程从2018年1月1日起试行。", date(2018, 1, 1)),
        ("自2013年1月1日起施行的《某办法》仍然有效。", None),
        ("《某办法》自2013年1月1日起施行。", None),
        ("本办法由办公室负责解释。", None),
    ],
)
def test_the_clause_on_coming_into_force(clause: str, expected: date | None) -> None:
    assert facts(f"某管理办法\n第一条 甲。\n第二条 乙。\n第三条 {clause}").effective == expected


def test_at_once_counts_from_the_last_making_of_the_whole_text() -> None:
    text = "某管理规定\n（2015年5月28日发布 2022年1月14日修订）\n第一条 甲。\n第二条 本规定自发布之日起施行。"
    assert facts(text).effective == date(2022, 1, 14)
    text = text.replace("2022年1月14日修订", "2022年1月14日《关于修改某规定的决定》修正")
    assert facts(text).effective == date(2015, 5, 28)
    assert facts(text).issued == date(2022, 1, 14)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("自2020年1月1日起施行，有效期5年。", date(2025, 1, 1)),
        ("自2020年1月1日起施行，有效期三年。", date(2023, 1, 1)),
        ("自2020年1月1日起施行，有效期至2024年12月31日。", date(2025, 1, 1)),
        ("自2020年2月29日起施行，有效期1年。", None),
        ("自2020年1月1日起施行。", None),
    ],
)
def test_a_term(term: str, expected: date | None) -> None:
    found = facts(f"某补贴办法\n第一条 甲。\n第二条 本办法{term}")
    assert found.statements.expires == expected


@pytest.mark.parametrize(
    ("stated", "expected"), [("现行有效", "现行"), ("已被修改", "已被修订"), ("失效", "已废止")]
)
def test_a_stated_validity_of_a_data_base(stated: str, expected: str) -> None:
    text = f"关于某事的通知\n【时效性】{stated}\n各单位：\n请落实。"
    assert facts(text).validity == expected


def test_study_material_only_quotes_clauses() -> None:
    text = "某条例学习辅导讲义\n一、主要内容\n条例自2024年1月1日起施行。《旧条例》同时废止。\n二、体会\n要学深。"
    found = facts(text)
    assert (found.kind, found.effective, found.statements.repeals) == ("study", None, ())


DAY = date(2023, 5, 1)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("《某办法》（财行〔2013〕286号）同时废止。", [("某办法", "财行〔2013〕286号", None, None)]),
        ("2009年7月2日中共中央印发的《某条例（试行）》同时废止。", [("某条例（试行）", "", date(2009, 7, 2), None)]),
        ("2004年发布的《某规定》（试行）同时废止。", [("某规定（试行）", "", None, 2004)]),
        ("《甲办法》（甲发〔2001〕7号）和财政部《乙办法》（乙字〔1998〕3号）同时废止。",
         [("乙办法", "乙字〔1998〕3号", None, None), ("甲办法", "甲发〔2001〕7号", None, None)]),
        ("下列文件同时废止：\n（一）《甲办法》（甲发〔2001〕7号）；\n（二）《乙办法》；\n本办法由办公室解释。",
         [("甲办法", "甲发〔2001〕7号", None, None), ("乙办法", "", None, None)]),
        ("《关于修改〈甲规定〉的通知》同时废止。", [("关于修改〈甲规定〉的通知", "", None, None)]),
        ("《某办法》第三条同时废止。", []),
        ("《某办法》中与本办法不一致的规定同时废止。", []),
        ("此前有关规定与本办法不一致的，以本办法为准。", []),
        ("认罪认罚具结书失效，依照《某法》办理。", []),
    ],
)  # fmt: skip
def test_repeals(sentence: str, expected: list[tuple[str, str, date | None, int | None]]) -> None:
    found = read_repeals(f"第三十条 本办法自2023年5月1日起施行。{sentence}", DAY)
    assert [(one.title, one.number, one.day, one.year) for one in found] == expected
    assert all(one.effective == DAY for one in found)


def test_a_repeal_may_have_its_own_day() -> None:
    found = read_repeals("《某办法》自2024年1月1日起废止。", DAY)
    assert [one.effective for one in found] == [date(2024, 1, 1)]


def test_a_decision_to_repeal() -> None:
    text = "经研究，决定废止《甲办法》（甲发〔2001〕7号）、《乙办法》。《丙办法》继续执行。"
    found = read_decision("关于废止部分文件的决定", text, DAY)
    assert [one.title for one in found] == ["甲办法", "乙办法"]
    assert read_decision("关于学习部分文件的决定", text, DAY) == []


@given(
    st.text(
        alphabet="《》〈〉（）()第三条2024年5月1日起施行同时废止自本办法，。；\n 〔〕号",
        max_size=300,
    )
)
def test_any_text_is_read(text: str) -> None:
    read_repeals(text, None)
    history, _ = read_history(text)
    statements = Statements(history=tuple(history), repeals=tuple(read_repeals(text, DAY)))
    assert from_json(to_json(statements)) == statements


def test_statements_are_kept_as_they_are() -> None:
    whole = Statements(
        history=(Step(date(2024, 5, 1), "修订", True, True),), effective=date(2024, 6, 1),
        at_once=True, expires=date(2029, 6, 1), named_year=2024, named_day=date(2024, 5, 1),
        place="浙江", by_person=frozenset({"title", "issued"}), sketch="AAAA",
    )  # fmt: skip
    assert from_json(to_json(whole)) == whole
    assert to_json(Statements()) == "{}" and from_json("{}") == Statements()


def test_long_lines_cost_no_more_than_their_length() -> None:
    started = time.process_time()
    for unit in ("《", "《某办法》、", "2024年5月1日", "（", "自", "第一条", "废止《"):
        text = unit * 40_000
        read_repeals(text, None)
        read_decision("关于废止文件的决定", text, None)
        read_history(text[:3000])
    assert time.process_time() - started < 20
