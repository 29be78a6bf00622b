"""What titles and file names say of a version."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.versions.titles import family_of, read_title


@pytest.mark.parametrize(
    "titles",
    [
        ("中华人民共和国会计法", "会计法(2017-11-04)", "会计法（2024修订）", "《会计法》", "会计法20240628"),
        ("某某办法", "某某办法（试行）", "某某暂行办法", "某某办法（2021年修订）", "某某办法_2018", "2018年某某办法"),
        ("中国共产党纪律处分条例", "中国共产党纪律处分条例2003", "中国共产党纪律处分条例 2018"),
        ("上海市实施《义务教育法》办法", "上海市实施《中华人民共和国义务教育法》办法"),
        ("差旅费管理办法", "关于印发《差旅费管理办法》的通知", "财政部关于印发<差旅费管理办法>的通知"),
        ("机关纪委工作实施办法（示例）", "机关纪委工作实施办法（试行）（示例）", "机关纪委工作实施办法（修订）（示例）"),
        ("关于办理某案的解释", "最高人民法院、最高人民检察院关于办理某案的解释(2016)", "两高关于办理某案的解释"),
        ("某某清单", "某某清单（2024年版）", "某某清单(２０２３年版)"),
    ],
)  # fmt: skip
def test_versions_of_one_name_are_one_family(titles: tuple[str, ...]) -> None:
    assert len({family_of(one) for one in titles}) == 1, [family_of(one) for one in titles]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("公务员法", "公务员法实施条例"),
        ("某某规定（一）", "某某规定（二）"),
        ("杭州市物业管理条例", "宁波市物业管理条例"),
        ("2023年机关党建工作要点", "2024年机关党建工作要点"),
        ("2023年度考核办法", "2024年度考核办法"),
        ("某某办法", "《某某办法》解读"),
        ("某某办法", "关于废止《某某办法》的决定"),
        ("关于印发《甲办法》和《乙办法》的通知", "甲办法"),
        ("党员（党组）管理办法", "党员管理办法"),
    ],
)
def test_other_names_are_other_families(left: str, right: str) -> None:
    assert family_of(left) != family_of(right)


def test_marks_are_read() -> None:
    marks = read_title("会计法(2017-11-04)")
    assert (marks.named_day, marks.named_year) == (date(2017, 11, 4), 2017)
    assert read_title("某条例（二〇一八年修订）").named_year == 2018
    assert read_title("某条例（二〇一八年修订）").revised
    assert read_title("某规定（试行）").trial and not read_title("某规定").trial
    assert read_title("某办法（征求意见稿）").draft
    assert read_title("财政部关于印发《某办法》的通知").issuer == "财政部"


def test_a_rule_is_a_chain_and_a_notice_is_none() -> None:
    assert read_title("某某办法").chained and read_title("某某规定（二）").chained
    assert not read_title("关于国庆节放假的通知").chained
    assert not read_title("2024年工作总结").chained


@given(st.text(max_size=80))
def test_any_title_has_a_family(title: str) -> None:
    assert read_title(title).family or not title.strip()
