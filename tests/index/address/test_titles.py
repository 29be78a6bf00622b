"""What documents are called: short, old, misspelt and abbreviated names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.address.names import fold, names_of, stem, without_version
from index.address.spelling import within_one
from index.address.titles import TitleIndex
from index.records import DocumentRecord

TITLES = [
    "中华人民共和国公务员法",
    "中华人民共和国监察官法",
    "中华人民共和国劳动合同法",
    "中华人民共和国治安管理处罚法",
    "中华人民共和国刑法修正案（六）",
    "中华人民共和国刑法修正案（七）",
    "中国共产党章程",
    "中国共产党纪律处分条例",
    "中国共产党巡视工作条例",
    "中共山东省委贯彻《中国共产党巡视工作条例》实施办法",
    "关于印发《党政机关差旅费管理办法》的通知",
    "市直机关党员“双报到”管理办法（试行）（示例）",
    "机关党员管理办法",
    "最高人民法院、最高人民检察院关于办理渎职刑事案件适用法律若干问题的解释（一）2012",
]


def index_of(*titles: str) -> TitleIndex:
    return TitleIndex([DocumentRecord(t, "库", t, t) for t in titles])


@pytest.fixture(scope="module")
def index() -> TitleIndex:
    return index_of(*TITLES)


def titles(index: TitleIndex, names: list[str]) -> set[str]:
    return {record.title for name in names for _, record in index.documents(name)}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("公务员法", "中华人民共和国公务员法"),
        ("《中华人民共和国公务员法》", "中华人民共和国公务员法"),
        ("中华人民共和国 公务员法", "中华人民共和国公务员法"),
        ("纪律处分条例", "中国共产党纪律处分条例"),
        ("党章", "中国共产党章程"),
        ("中国共产党章程", "中国共产党章程"),
        ("差旅费管理办法", "关于印发《党政机关差旅费管理办法》的通知"),
        ("双报到管理办法", "市直机关党员“双报到”管理办法（试行）（示例）"),
        ("市直机关党员双报到管理办法(试行)", "市直机关党员“双报到”管理办法（试行）（示例）"),
        ("贯彻《巡视工作条例》实施办法", TITLES[9]),
        ("关于办理渎职刑事案件适用法律若干问题的解释（一）", TITLES[13]),
        ("办理渎职刑事案件适用法律若干问题的解释（一）", TITLES[13]),
    ],
)
def test_short_names_are_made_of_the_title(index: TitleIndex, name: str, title: str) -> None:
    assert titles(index, [fold(name)]) == {title}


@pytest.mark.parametrize("name", ["办法", "管理办法", "实施办法", "条例", "章程", "法", "通知"])
def test_what_any_document_may_be_called_is_no_name(index: TitleIndex, name: str) -> None:
    assert index.documents(fold(name)) == []


@pytest.mark.parametrize(
    ("slip", "title"),
    [
        ("公务圆法", "中华人民共和国公务员法"),
        ("公员法", "中华人民共和国公务员法"),
        ("公务员员法", "中华人民共和国公务员法"),
        ("公员务法", "中华人民共和国公务员法"),
        ("中华人名共和国公务员法", "中华人民共和国公务员法"),
        ("纪律处份条例", "中国共产党纪律处分条例"),
        ("纪律处分条列", "中国共产党纪律处分条例"),
    ],
)
def test_a_slip_of_one_character_is_seen(index: TitleIndex, slip: str, title: str) -> None:
    assert titles(index, index.misspelt(fold(slip))) == {title}


@pytest.mark.parametrize(
    "other",
    [
        "党费管理办法",  # not 党员
        "机关党费管理办法",
        "检察官法",  # not 监察官
        "监察法",
        "刑法修正案（八）",  # not 六 or 七
        "劳动法",
        "税法",
    ],
)
def test_another_document_is_no_slip_and_no_abbreviation(index: TitleIndex, other: str) -> None:
    assert index.misspelt(fold(other)) == []
    assert index.abbreviated(fold(other)) == []


@pytest.mark.parametrize(
    ("short", "title"),
    [
        ("治安处罚法", "中华人民共和国治安管理处罚法"),
        ("巡视条例", "中国共产党巡视工作条例"),
        ("双报到办法", "市直机关党员“双报到”管理办法（试行）（示例）"),
        ("差旅费办法", "关于印发《党政机关差旅费管理办法》的通知"),
    ],
)
def test_abbreviations_keep_every_telling_word(index: TitleIndex, short: str, title: str) -> None:
    assert titles(index, index.abbreviated(fold(short))) == {title}


def test_abbreviations_of_procedure_codes() -> None:
    index = index_of("中华人民共和国民事诉讼法", "中华人民共和国刑事诉讼法", "中华人民共和国刑法")
    assert titles(index, index.abbreviated("民诉法")) == {"中华人民共和国民事诉讼法"}
    assert titles(index, index.abbreviated("刑诉法")) == {"中华人民共和国刑事诉讼法"}


def test_the_longest_name_in_a_text_wins() -> None:
    index = index_of("中华人民共和国监察法", "中华人民共和国监察法实施条例")
    text = "请问《监察法实施条例》和 监察法 第三条"
    assert [text[m.start : m.end] for m in index.mentions(text)] == ["监察法实施条例", "监察法"]


def test_versions_have_one_stem() -> None:
    titles = ["某某条例", "某某条例（2018年修订）", "某某条例2003", "某某条例（试行）（示例）"]
    assert {stem(title) for title in titles} == {"某某条例"}
    assert stem("刑法修正案（六）") != stem("刑法修正案（七）")


@given(st.text(alphabet="公务员法监察条例（）()2018年修订试行《》“” ", max_size=30))
def test_names_are_stable(title: str) -> None:
    for name in names_of(title):
        assert fold(name) == name
    assert without_version(without_version(fold(title))) is not None


@given(st.text(alphabet="甲乙丙丁", min_size=1, max_size=8), st.data())
def test_one_edit_is_one_edit(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    assert within_one(name, name)
    assert within_one(name, name[:at] + name[at + 1 :])
    assert within_one(name, name[:at] + "戊" + name[at:])
    assert within_one(name, name[:at] + "戊" + name[at + 1 :])
    assert not within_one(name, f"{name}戊己")
