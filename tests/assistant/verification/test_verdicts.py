"""What is said of a reference: consistent, other words, other article, out of force, unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from assistant.verification import DraftError, Finding, Report, Verdict, Verifier
from index.errors import EmptyLibrary, UnknownCollection
from index.library import Library
from index.records import SearchFilter
from index.settings import Settings

Verify = Callable[[str], Report]
Only = Callable[[str], Finding]


@pytest.mark.parametrize(
    "text",
    [
        "《干部处分工作条例》第三条规定：“处分的期间为：警告，六个月；记过，十二个月；记大过，二十四个月。”",
        "《干部处分工作条例》第三条规定：“处分的期间为:警告,6个月;记过,12个月;记大过,24个月”。",
        "《干部处分工作条例》第三条规定：“处分的期间为……记大过，二十四个月。”",
        "“受处分期间不得晋升职务、职级和级别。”（《干部处分工作条例》第四条）",
        "“受处分期间不得晋升职务、职级和级别”，这是《干部处分工作条例》第四条的规定。",
        "《干部处分工作条例》明确，“处分工作坚持实事求是、宽严相济的原则”。",
        "《干部处分工作条例》第五条规定：“有下列情形之一的，应当从重处分：\n（一）拒不改正错误的；\n（二）串供或者隐匿、毁灭证据的”。",
    ],
)
def test_quotations_that_are_right(only: Only, text: str) -> None:
    finding = only(text)
    assert finding.verdict is Verdict.CONSISTENT, finding.message
    assert [one.kind for one in finding.checks] == ["quote"]


@pytest.mark.parametrize(
    ("quote", "missing", "added"),
    [
        ("记过，十二个月；记大过，三十个月", "二十四", "三十"),
        ("受处分期间晋升职务、职级和级别", "不得", ""),
        ("受处分期间不得晋升职务、工资和级别", "职级", "工资"),
    ],
)
def test_wrong_words_come_with_the_right_ones(
    only: Only, quote: str, missing: str, added: str
) -> None:
    number = "三" if "个月" in quote else "四"
    finding = only(f"《干部处分工作条例》第{number}条规定：“{quote}。”")
    assert finding.verdict is Verdict.WORDING
    (check,) = finding.checks
    assert missing in "".join(one.text for one in check.segments if one.kind == "removed")
    assert added in "".join(one.text for one in check.segments if one.kind == "added")
    assert "".join(one.text for one in check.segments if one.kind != "added") in check.right


def test_words_that_stand_nowhere(only: Only) -> None:
    finding = only("《干部处分工作条例》第三条规定：“食堂应当每天供应三种以上水果和酸奶。”")
    assert finding.verdict is Verdict.WORDING and "里没有“食堂应当" in finding.message


def test_a_quotation_of_another_article(only: Only) -> None:
    finding = only("《干部处分工作条例》第五条规定：“受处分期间不得晋升职务、职级和级别。”")
    assert finding.verdict is Verdict.NUMBER
    assert finding.right is not None and finding.right.label == "第四条第一款"


@pytest.mark.parametrize(
    ("label", "told"),
    [("第八十条", "共 8 条"), ("第四条第三款", "共 2 款"), ("第五条第（七）项", "共 3 项")],
)
def test_an_article_that_is_not_there(only: Only, label: str, told: str) -> None:
    finding = only(f"依照《干部处分工作条例》{label}处理。")
    assert finding.verdict is Verdict.NUMBER and told in finding.message


def test_an_article_number_with_its_right_one_by_the_words(only: Only) -> None:
    finding = only("《干部处分工作条例》第八十条规定：“受处分期间不得晋升职务、职级和级别。”")
    assert finding.verdict is Verdict.NUMBER
    assert finding.right is not None and finding.right.label.startswith("第四条")


def test_words_of_the_old_version(only: Only) -> None:
    finding = only(
        "《干部处分工作条例》第四条规定：“复核机关应当自接到申请之日起三十日内作出决定。”"
    )
    assert finding.verdict is Verdict.OUTDATED
    assert finding.right is not None and finding.right.label == "第六条"
    assert "六十日" in finding.right.text


def test_the_old_version_named_by_its_year(only: Only) -> None:
    finding = only("2018年的《干部处分工作条例》第四条规定了复核期限。")
    assert finding.verdict is Verdict.OUTDATED
    assert finding.right is not None and finding.right.label == "第六条"


def test_a_repealed_rule(verify: Verify) -> None:
    report = verify("依照《公务接待暂行办法》第二条执行。\n《公务接待暂行办法》已经废止。")
    first, second = report.findings
    assert first.verdict is Verdict.OUTDATED and "已废止" in first.message
    assert second.verdict is Verdict.CONSISTENT  # the draft says so itself


def test_as_of_an_earlier_day(rules: Library) -> None:
    report = Verifier(rules).verify(
        "《干部处分工作条例》第四条规定：“复核机关应当自接到申请之日起三十日内作出决定。”",
        as_of=date(2020, 1, 1),
    )
    assert [one.verdict for one in report.findings] == [Verdict.CONSISTENT]


def test_an_unknown_rule_with_its_like(only: Only) -> None:
    finding = only("根据《公共停车管理条例》第三条的规定，“车位应当开放”。")
    assert finding.verdict is Verdict.ABSENT and "文库里没有《公共停车管理条例》" in finding.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("根据《干部处分工作条例》第三条，记大过的处分期间为十八个月。", "十八个月"),
        ("《干部处分工作条例》第四条规定，受处分期间可以晋升职务、职级和级别。", "受处分期间可以晋升职务、职级和级别"),
        ("《干部处分工作条例》第六条规定，情况复杂的，经纪检部门批准可以延长三十日。", "纪检部门"),
        ("根据《干部处分工作条例》，复核机关应当自接到申请之日起15日内作出决定。", "15日"),
        ("复核机关应当自接到申请之日起九十日内作出决定（《干部处分工作条例》第六条）。", "九十日"),
    ],
)  # fmt: skip
def test_statements_that_the_article_contradicts(only: Only, text: str, said: str) -> None:
    finding = only(text)
    assert finding.verdict in (Verdict.WORDING, Verdict.OUTDATED), finding.message
    assert [one.said for one in finding.checks] == [said]
    assert text[finding.checks[0].start : finding.checks[0].end] == said


@pytest.mark.parametrize(
    "text",
    [
        "根据《干部处分工作条例》第三条，记大过的处分期间为两年。",
        "《干部处分工作条例》第六条规定，复核应在60日内作出决定，情况复杂的可以延长30日。",
        "根据《干部处分工作条例》第三条，我局2024年共处分干部5人，其中2人影响期为十八个月。",
        "按照《公文处理法》第二条，全市开展了三个月的专项整治，办结案件36件。",
        "《干部处分工作条例》第五条规定的情形，我局一律从严处理，不搞变通。",
        "学习《干部处分工作条例》第三条，大家用了三个月时间。",
    ],
)
def test_what_is_told_in_other_words_is_left_alone(only: Only, text: str) -> None:
    finding = only(text)
    assert finding.verdict is Verdict.CONSISTENT, finding.message


def test_a_statement_of_another_article(only: Only) -> None:
    finding = only("《干部处分工作条例》第五条规定，受处分期间不得晋升职务、职级和级别。")
    assert finding.verdict is Verdict.NUMBER
    assert finding.right is not None and finding.right.label == "第四条"


def test_places_are_the_very_words_of_the_document(rules: Library, verify: Verify) -> None:
    text = "《干部处分工作条例》第三条、第四条要学。《公文处理法》第二条规定：“公文处理应当快速、安全。”"
    places = [
        place
        for one in verify(text).findings
        for place in (*one.places, *(c.right_place for c in one.checks if c.right_place))
    ]
    assert len(places) >= 3
    for place in places:
        assert rules.catalog.document_text(place.document_id)[place.start : place.end] == place.text


# -- drafts that are no good -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", " \n\t\u3000\n"])
def test_an_empty_draft(verify: Verify, text: str) -> None:
    with pytest.raises(DraftError, match="文稿是空的"):
        verify(text)


def test_a_draft_that_is_too_long(verify: Verify) -> None:
    with pytest.raises(DraftError, match="上限"):
        verify("好" * 1_000_001)


@pytest.mark.parametrize(
    "unit", ["今天开会讨论条例办法，", "“", "《", "第一", "十", "（一）", "“\n"]
)
def test_a_megabyte_without_a_reference(verify: Verify, unit: str) -> None:
    report = verify(unit * (1_000_000 // len(unit.encode())))
    assert report.findings == () and "没有找到" in report.summary


def test_more_references_than_are_checked(verify: Verify) -> None:
    report = verify("依照《公文处理法》第二条办理。" * 5_001)
    assert len(report.findings) == 5_000 and report.truncated
    assert "引用太多" in report.summary


def test_a_draft_on_nothing_in_the_library(verify: Verify) -> None:
    report = verify("根据《公共停车管理条例》第三条和《城市供水管理办法》的规定办理。")
    assert report.nothing_known and "一份也没有" in report.summary


def test_an_empty_library(tmp_path_factory: pytest.TempPathFactory) -> None:
    with (
        Library(Settings(home=tmp_path_factory.mktemp("empty"))) as library,
        pytest.raises(EmptyLibrary),
    ):
        Verifier(library).verify("根据《公文处理法》第二条办理。")


def test_only_the_named_collections(rules: Library) -> None:
    with pytest.raises(UnknownCollection):
        Verifier(rules).verify("《公文处理法》", SearchFilter(collections=("没有",)))


@pytest.mark.parametrize(
    "text",
    [
        "《干部处分工作条例》明确禁止在受处分期间晋升职务、职级和级别，或者参加评优。",
        "符合《干部处分工作条例》第五条的规定，受处分期间不得晋升职务、职级和级别的，另行处理。",
        "依照《公文处理法》第三条规定标准的二倍执行。",
        "《干部处分工作条例》第五条第（三）项规定，包庇同案人员的，应当从重处分。",
        "《公文处理法》第三条所称“专人”，是指档案员。",
        "触犯《公文处理法》第三条规定之罪的，依照处罚较重的规定处理。",
    ],
)
def test_sentences_that_were_once_wrong_alarms(only: Only, text: str) -> None:
    finding = only(text)
    assert finding.verdict is Verdict.CONSISTENT, finding.message


def test_a_paragraph_that_is_meant_as_an_item(only: Only) -> None:
    finding = only("依照《干部处分工作条例》第五条第三款处理。")
    assert finding.verdict is Verdict.NUMBER
    assert finding.right is not None and finding.right.label == "第五条第（三）项"
