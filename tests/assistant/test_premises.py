"""What a question takes for granted, held against the library."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer
from assistant.extractive import ExtractiveAnswerer
from assistant.premises.amounts import amounts
from assistant.premises.facts import facts
from index.library import Library
from index.settings import Settings

VILLAGE = """# 石盘镇的“五个一”

镇党委书记钟宏伟介绍，全镇12个行政村划为58个网格，每个网格由一名党员任网格长，联系25户左右群众。

环境卫生评比每季度一次，由镇纪委负责监督。年度考核第一名的村奖励10万元。

# 网格长管理办法

第一条 网格长每月值班不少于4次，每次值班不超过3小时。

第二条 网格长任职满2年的，可以参加镇干部选拔；累计任职已满1年不满5年的，每年补贴600元；已满5年不满10年的，每年补贴900元。

第三条 本办法自2024年7月1日起施行，由镇党政办公室负责解释。
"""


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory, library: Library) -> ExtractiveAnswerer:
    from ingest.pipeline import ingest_paths

    folder = tmp_path_factory.mktemp("village")
    (folder / "石盘镇.md").write_text(VILLAGE, encoding="utf-8")
    opened = Library(Settings(home=tmp_path_factory.mktemp("home")), encoder=library.encoder)
    assert not ingest_paths(opened, [Path(folder)], "乡镇").failed
    return ExtractiveAnswerer(opened)


def corrections(answer: Answer) -> list[str]:
    return [note for note in answer.notes if note.startswith("问题里说")]


@pytest.mark.parametrize(
    ("question", "asked", "stated"),
    [
        ("全镇划了80个网格，每个网格联系多少户？", "80个", "58个网格"),
        ("网格长每次值班可以值5小时吗？", "5小时", "不超过3小时"),
        ("网格长管理办法是2021年施行的吗？", "2021年", "2024年7月1日起"),
        ("镇党委书记蓝春生介绍了什么？", "蓝春生", "钟宏伟"),
        ("网格长管理办法由镇纪委负责解释吗？", "镇纪委", "镇党政办公室"),
    ],
)
def test_a_false_premise_is_set_right_with_its_citation(
    answerer: ExtractiveAnswerer, question: str, asked: str, stated: str
) -> None:
    answer = answerer.answer(question)
    [note] = corrections(answer)
    assert asked in note and f"库中写的是“{stated}”" in note
    assert not answer.abstained
    said = [sentence for sentence in answer.sentences if stated.rstrip("网格起") in sentence.text]
    assert said and said[0].citations
    assert any(said[0].text[a:b] in stated for a, b in said[0].highlights)


@pytest.mark.parametrize(
    "question",
    [
        "全镇划了58个网格，每个网格联系多少户？",
        "任职6年的网格长每年补贴多少？",  # between 5 and 10: no premise, a case
        "网格长每次值班2小时够吗？",
        "如果划成80个网格，每个网格联系多少户？",
        "网格长管理办法是2024年施行的吗？",
        "镇党委书记钟宏伟介绍了什么？",
    ],
)
def test_what_agrees_or_is_only_supposed_is_not_corrected(
    answerer: ExtractiveAnswerer, question: str
) -> None:
    assert corrections(answerer.answer(question)) == []


def test_another_town_s_number_is_not_corrected_from_this_one(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("云岭镇划了80个网格，每个网格联系多少户？")
    assert answer.abstained and "云岭镇" in answer.message


@pytest.mark.parametrize(
    ("text", "value", "inside", "outside"),
    [
        ("每次不超过50页", 50, 30, 100),
        ("提前10天以内", 10, 3, 12),
        ("不少于16学时", 16, 20, 10),
        ("已满10年", 10, 12, 8),
        ("约100人", 100, 95, 150),
        ("41个片区", 41, 41, 6),
        ("1.2亿元", 120_000_000, 120_000_000, 1.2),
        ("百分之六十", 60, 60, 97.8),
    ],
)
def test_an_amount_knows_its_bounds(text: str, value: float, inside: float, outside: float) -> None:
    [amount] = amounts(text)
    assert amount.value == value
    assert amount.allows(inside) and not amount.allows(outside)


def test_ordinals_years_and_one_are_no_amounts() -> None:
    assert list(amounts("第三次会议于2024年召开，由一名委员主持")) == []


@given(
    st.text(
        alphabet="第一二三十百千万亿零0123456789.,个名年月日%不超过满由书记是负责解释石磊。，“”",
        max_size=80,
    )
)
def test_any_text_is_read(text: str) -> None:
    for amount in amounts(text):
        assert text[amount.start : amount.end] == amount.text
        assert amount.low <= amount.high
    for fact in facts(text):
        assert text[fact.start : fact.end] == fact.text
