"""Which words of a running text are references to rules, and to which."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.verification import Finding, Report, Verdict

Verify = Callable[[str], Report]
Only = Callable[[str], Finding]


@pytest.mark.parametrize(
    ("text", "written", "label"),
    [
        ("根据《中华人民共和国公文处理法》第三条，整改。", "《中华人民共和国公文处理法》第三条", "第三条"),
        ("按《公文处理法》第3条办。", "《公文处理法》第3条", "第三条"),
        ("这违反了公文处理法第三条。", "公文处理法第三条", "第三条"),
        ("《干部处分工作条例》第五条第（二）项适用。", "《干部处分工作条例》第五条第（二）项", "第五条第（二）项"),
        ("对照《干部处分工作条例》第四条第二款。", "《干部处分工作条例》第四条第二款", "第四条第二款"),
        ("《干部处分工作条例》（2023年修订）第四条很重要。", "《干部处分工作条例》（2023年修订）第四条", "第四条"),
        ("《公文处理法》第一条、第二条和第三条。", "《公文处理法》第一条、第二条和第三条", "第一条、第二条、第三条"),
        ("《公文处理法》第一条至第三条要学。", "《公文处理法》第一条至第三条", "第一条至第三条"),
    ],
)  # fmt: skip
def test_writings_of_a_true_reference(only: Only, text: str, written: str, label: str) -> None:
    finding = only(text)
    assert (finding.verdict, finding.written, finding.label) == (
        Verdict.CONSISTENT,
        written,
        label,
    )
    assert text[finding.start : finding.end] == written


def test_a_reference_goes_on_with_the_rule_named_before(verify: Verify) -> None:
    report = verify(
        "《干部处分工作条例》第一条讲目的；第三条规定：“记过，十二个月”。该条例第九十条呢？"
    )
    assert [one.label for one in report.findings] == ["第一条", "第三条", "第九十条"]
    assert [one.verdict for one in report.findings] == [
        Verdict.CONSISTENT,
        Verdict.CONSISTENT,
        Verdict.NUMBER,
    ]


def test_a_short_name_that_the_draft_defines(verify: Verify) -> None:
    text = "《干部处分工作条例》（以下简称《条例》）已印发。\n按照《条例》第三条执行，条例第四条同样适用。"
    report = verify(text)
    assert [one.written for one in report.findings] == [
        "《干部处分工作条例》",
        "《条例》第三条",
        "条例第四条",
    ]
    assert {place.title for one in report.findings for place in one.places} == {
        "干部处分工作条例（示例）"
    }


def test_a_short_name_without_its_rule_is_unclear(only: Only) -> None:
    finding = only("请对照《办法》第三条自查。")
    assert finding.verdict is Verdict.UNCLEAR and "前文没有说" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "他读了《孙子兵法》和《平凡的世界》，《人民日报》第三版也有报道。",
        "合同第五条约定工期六个月，协议第三条另有约定。",
        "会议提出三条意见、五项措施，“实干”二字贯穿始终。",
        "《游戏规则》是一部电影，《时间管理法》是一本书。",
        "本办法第三条所称干部，是指在编人员。",
        "根据公司章程第十条，股东会作出决议。",
        "云办发〔2024〕3号",
        "《乡土中国》第一章讲乡土本色，第二部分讲差序格局。",
    ],
)
def test_what_is_no_reference(verify: Verify, text: str) -> None:
    assert verify(text).findings == ()


def test_a_rule_is_no_reference_to_its_own_articles(verify: Verify) -> None:
    text = "".join(f"第{n}条 各单位应当做好工作。\n" for n in "一二三四五")
    report = verify(text + "第六条 违反本规定第三条的，依照《公文处理法》第三条处理。\n")
    assert [one.written for one in report.findings] == ["《公文处理法》第三条"]


def test_rules_named_within_a_quoted_rule_are_left_alone(verify: Verify) -> None:
    report = verify("《公文处理法》第三条规定：“公文应当由专人保管，依照《档案法》第九条处理。”")
    assert [one.title for one in report.findings] == ["公文处理法"]


def test_numbers_of_documents(verify: Verify) -> None:
    report = verify(
        "请按照云办发〔2022〕7号文件办理。参照云办发〔2030〕9号文件。\n"
        "《关于规范公文格式的通知》（云办发〔2022〕7号）已印发，"
        "《关于规范公文格式的通知》（云办发〔2021〕7号）也已印发。"
    )
    assert [one.verdict for one in report.findings] == [
        Verdict.CONSISTENT,
        Verdict.ABSENT,
        Verdict.CONSISTENT,
        Verdict.WORDING,
    ]
    assert "文号是云办发〔2022〕7号" in report.findings[3].message


def test_a_misspelt_title_is_told(only: Only) -> None:
    finding = only("根据《干部处份工作条例》第三条办理。")
    assert finding.verdict is Verdict.WORDING
    assert "题名写作《干部处份工作条例》" in finding.message


def test_a_short_name_of_several_rules_fits_the_one_that_has_it(verify: Verify) -> None:
    text = (
        "《干部处分工作条例》和《城市供水条例》都要学。《条例》第三条讲期间，《条例》第七十条呢？"
    )
    verdicts = [one.verdict for one in verify(text).findings[2:]]
    assert verdicts == [Verdict.CONSISTENT, Verdict.UNCLEAR]


def test_a_short_name_defined_behind_a_number(verify: Verify) -> None:
    report = verify(
        "《城市供水条例》（国令〔2001〕9号，以下简称《条例》）与《干部处分工作条例》。\n"
        "《条例》第三条规定：“供水应当连续。”"
    )
    assert report.findings[-1].verdict is Verdict.ABSENT
    assert report.findings[-1].title == "城市供水条例"


@pytest.mark.parametrize(
    "text",
    [
        "王某：《城市供水法》（第三版），某某出版社，2019年版，第12页。",
        "参见《时间管理法》，《人民司法》2021年第7期。",
    ],
)
def test_books_that_are_cited(verify: Verify, text: str) -> None:
    assert verify(text).findings == ()
