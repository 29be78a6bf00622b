"""What documents say of themselves."""

from datetime import date

import pytest

from index.versions.dates import parse_date
from index.versions.titles import family_of
from ingest.metadata import read_metadata
from ingest.structure import outline
from tests.ingest.structure.test_outline import RULES, raw


def facts(text: str, source: str = "文件.txt"):
    document = raw(text)
    return read_metadata(document, outline(document), source)


def test_a_rule_says_when_it_was_made_and_holds() -> None:
    found = facts(RULES)
    assert found.title == "机关纪委工作办法（示例）"
    assert found.kind == "measure"
    assert found.issued == date(2024, 5, 10)
    assert found.effective == date(2024, 6, 1)
    assert found.issuer == "某某工委"
    assert found.validity == "不明"


def test_number_and_order_of_a_notice() -> None:
    text = "某市某局文件\n某局发〔2024〕12号\n关于做好防汛工作的通知（示例）\n各单位：\n请认真落实。\n某市某局\n2024年7月1日"
    found = facts(text)
    assert found.title == "关于做好防汛工作的通知（示例）"
    assert found.doc_number == "某局发〔2024〕12号"
    assert found.kind == "policy"
    assert found.issuer == "某市某局"


def test_a_case_is_known_by_its_headings() -> None:
    text = "雨林里的党旗（示例）\n一、背景\n甲。\n二、做法\n乙。\n三、成效\n丙。\n四、启示\n丁。"
    assert facts(text).kind == "case"


def test_repeal_that_is_stated_is_kept() -> None:
    assert facts("某办法（已废止）\n第一条 甲。\n第二条 乙。").validity == "已废止"


def test_a_file_without_a_title_has_its_name() -> None:
    assert (
        facts("这是一段很长的话，没有标题，也没有编号，只有句号。", "来信/反映.txt").title == "反映"
    )


def test_the_manifest_has_the_last_word() -> None:
    found = facts(RULES).overridden(
        {"title": "新办法（试行）", "validity": "已废止", "format": "md"}
    )
    assert (found.title, found.validity, found.family) == ("新办法（试行）", "已废止", "新办法")
    assert found.effective == date(2024, 6, 1)


@pytest.mark.parametrize(
    "title",
    [
        "某办法",
        "某办法（试行）",
        "《某办法》",
        "某办法（2021年修订）",
        "某办法2003",
        "某办法（修订）",
    ],
)
def test_versions_are_one_family(title: str) -> None:
    assert family_of(title) == "某办法"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024年5月1日", date(2024, 5, 1)),
        ("二〇二四年五月一日", date(2024, 5, 1)),
        ("2024-05-01", date(2024, 5, 1)),
        ("2024年13月1日", None),
        ("昨天", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert parse_date(text) == expected
