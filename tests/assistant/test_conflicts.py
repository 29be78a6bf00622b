"""Conflicts in real documents: the sample library's two versions, and two judicial readings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Conflict
from assistant.conflicts import compared
from assistant.extractive import ExtractiveAnswerer
from index.library import Library
from index.settings import Settings

CORPUS = Path(__file__).parents[2] / "corpus"
#: From the judicial interpretations of 2012 and 2016 on bribery, as promulgated.
BRIBERY = {
    "关于办理行贿刑事案件具体应用法律若干问题的解释.md": """# 最高人民法院、最高人民检察院关于办理行贿刑事案件具体应用法律若干问题的解释

（2012年12月26日发布）

第三条 因行贿谋取不正当利益，造成直接经济损失数额在一百万元以上的，应当认定为刑法第三百九十条第一款规定的“使国家利益遭受重大损失”。

第十三条 本解释自2013年1月1日起施行。
""",
    "关于办理贪污贿赂刑事案件适用法律若干问题的解释.md": """# 最高人民法院、最高人民检察院关于办理贪污贿赂刑事案件适用法律若干问题的解释

（2016年4月18日发布）

第八条 因行贿谋取不正当利益，造成经济损失数额在五百万元以上的，应当认定为刑法第三百九十条第一款规定的“使国家利益遭受特别重大损失”。

第二十条 本解释自2016年4月18日起施行。
""",
}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Library]:
    from ingest.pipeline import ingest_paths

    folder = tmp_path_factory.mktemp("bribery")
    for name, text in BRIBERY.items():
        (folder / name).write_text(text, encoding="utf-8")
    opened = Library(Settings(home=tmp_path_factory.mktemp("home")), encoder=library.encoder)
    assert not ingest_paths(opened, [CORPUS / "measures"], "示例").failed
    assert not ingest_paths(opened, [folder], "解释").failed
    yield opened
    opened.close()


def conflicts(library: Library, question: str) -> tuple[Conflict, ...]:
    answer = ExtractiveAnswerer(library).answer(question)
    assert not answer.abstained
    return answer.conflicts


def test_an_older_version_that_says_otherwise_is_shown_and_does_not_govern(rules: Library) -> None:
    [conflict] = conflicts(rules, "机关纪委每届任期几年？")
    assert [side.text[slice(*side.highlights[0])] for side in conflict.sides] == ["五年", "三年"]
    assert (conflict.governs, conflict.basis) == (0, "version")
    assert "现在的版本" in conflict.reason and "已废止" in conflict.reason
    for side in conflict.sides:
        cited = side.citation
        text = rules.catalog.document_text(cited.document_id)
        assert text[cited.start : cited.end] == cited.quote == side.text


def test_two_readings_of_one_rank_are_shown_and_the_later_governs(rules: Library) -> None:
    [conflict] = conflicts(rules, "因行贿谋取不正当利益造成多少经济损失认定为重大损失？")
    said = {side.text[slice(*side.highlights[0])] for side in conflict.sides}
    assert said == {"一百万元以上", "五百万元以上"}
    assert conflict.basis == "later" and conflict.governs is not None
    assert "五百万元" in conflict.sides[conflict.governs].text


@pytest.mark.parametrize("question", ["党建品牌多久评选一次？", "平急转换时谁负责通知队员？"])
def test_most_answers_have_none(rules: Library, question: str) -> None:
    assert ExtractiveAnswerer(rules).answer(question).conflicts == ()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("机关纪委委员为5至9人，设书记1人。", "机关纪委委员为3至7人，设书记1人。"),
        ("机关纪委委员不得兼任企业的领导职务。", "机关纪委委员可以兼任企业的领导职务。"),
        ("申请撤销裁决的，应当自收到之日起三个月内提出。", "申请撤销裁决的，应当自收到之日起六个月内提出。"),
    ],
)
def test_amounts_and_negations_that_differ_are_found(left: str, right: str) -> None:
    found = compared(left, right)
    assert found is not None
    assert found.point.startswith("一处写“")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("机关纪委委员为5至9人，设书记1人。", "第八条　机关纪委委员为5至9人，设书记1人。"),
        ("本办法自2024年1月1日起施行。", "本办法自2025年3月1日起施行。"),
        ("实施刑法第一百三十七条规定的行为的，处五年以下有期徒刑。", "实施刑法第一百三十八条规定的行为的，处三年以下有期徒刑。"),
        ("每年召开民主生活会不少于1次。", "食堂每周开放五天，周末休息。"),
        ("应当自受理之日起六十日内决定，延长不得超过三十日。", "应当自受理之日起六十日内决定，延长不超过三十日。"),
    ],
)  # fmt: skip
def test_equal_or_unlike_sentences_are_no_conflict(left: str, right: str) -> None:
    assert compared(left, right) is None
