"""Which version a question means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.versions.asked import AskedVersion, asked_version, choose
from index.versions.view import Versions
from tests.index.versions.conftest import facts_of, rules

TODAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2003年的《某条例》第三条", AskedVersion(year=2003)),
        ("２０１８年版的条例怎么说", AskedVersion(year=2018)),
        ("二〇一八年修订的条例", AskedVersion(year=2018)),
        ("2018年的纪律处分条例第二条", AskedVersion(year=2018)),
        ("某法（2017修正）第三条", AskedVersion(year=2017)),
        ("修订前的办法第五条", AskedVersion(before_revision=True)),
        ("旧条例是怎么规定的", AskedVersion(before_revision=True)),
        ("办法2024年修订前怎么规定", AskedVersion(year=2024, before_revision=True)),
        ("2020年5月1日当时有效的办法", AskedVersion(as_of=date(2020, 5, 1))),
        ("2024年10月1日之前的规定", AskedVersion(as_of=date(2024, 9, 30))),
        ("2017年时有效的办法", AskedVersion(as_of=date(2017, 12, 31))),
        ("工作办法（试行）第三条", AskedVersion(trial=True)),
        ("公务员可以经商吗", None),
        ("2019年违反规定的人怎么处理", None),
        ("2015年发生的违纪行为适用哪个条例", None),
        ("2023年参加公务员考试的规定有哪些", None),
        ("2020年度考核怎么评", None),
        ("新修订的会计法", None),
    ],
)
def test_questions(question: str, expected: AskedVersion | None) -> None:
    assert asked_version(question) == expected


def test_a_year_before_a_known_name_is_its_version() -> None:
    assert asked_version("2017年会计法第三条") is None
    assert asked_version("2017年会计法第三条", ["会计法"]) == AskedVersion(year=2017)


@given(st.text(max_size=200))
def test_any_question_is_taken(question: str) -> None:
    asked_version(question, ["法", question[:3]])


def test_the_version_is_chosen_or_none() -> None:
    texts = {
        "试行": rules("值班办法（试行）", "（2016年2月1日印发）", "自2016年3月1日起试行。"),
        "2018": rules("值班办法", "（2018年2月1日印发）", "自2018年3月1日起施行。", "值守"),
        "2024": rules(
            "值班办法", "（2018年2月1日印发 2024年2月1日修订）", "自2024年3月1日起施行。", "守望"
        ),
    }
    chain = Versions(facts_of(text, name) for name, text in texts.items()).chains[0]

    def chosen(**asked: object) -> str | None:
        return choose(chain, AskedVersion(**asked), TODAY)  # type: ignore[arg-type]

    assert chosen(year=2018) == "2018"
    assert chosen(year=2003) is None
    assert chosen(before_revision=True) == "2018"
    assert chosen(year=2018, before_revision=True) == "试行"
    assert chosen(as_of=date(2017, 1, 1)) == "试行"
    assert chosen(as_of=date(2010, 1, 1)) is None
    assert chosen(trial=True) == "试行"
