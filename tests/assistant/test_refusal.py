"""A refusal says what was looked for and what is missing."""

from pathlib import Path

import pytest

from assistant.extractive import ExtractiveAnswerer
from index.library import Library
from index.settings import Settings
from ingest.pipeline import ingest_paths


@pytest.fixture(scope="module")
def answerer(library: Library) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(library)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("建一个职工书屋要花多少钱？", ["没有找到“建一个职工书屋”的金额或标准"]),
        ("海口市有多少支机关党员突击队？", ["没有找到讲“海口", "不能代替"]),
        ("机关纪委书记的任期是几年", ["没有找到“机关纪委书记的任期”"]),
        ("招商小分队的联系电话是多少？", ["没有找到“招商小分队的联系电话”；"]),
    ],
)
def test_it_names_what_was_sought_and_the_nearest_text(
    answerer: ExtractiveAnswerer, question: str, parts: list[str]
) -> None:
    answer = answerer.answer(question)
    assert answer.abstained
    for part in parts:
        assert part in answer.message
    assert "最接近的是《" in answer.message
    assert answer.related


def test_what_a_user_writes_is_bounded_and_the_message_is_one_line(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("外星人的" + "飞船" * 300 + "\n停在哪里？")
    assert answer.abstained
    assert "\n" not in answer.message and len(answer.message) < 250


def test_an_only_sentence_answers_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "财务.txt"
    path.write_text("财务报销规定（示例）\n第一条 财务费用在十五日内报销。\n", "utf-8")
    with Library(Settings(home=tmp_path / "home")) as library:
        ingest_paths(library, [path], "财务")
        answerer = ExtractiveAnswerer(library)
        assert not answerer.answer("费用在多少日内报销？").abstained
        for question in ("人事费用在多少日内报销？", "财务费用由谁审批？", "年休假有几天？"):
            assert answerer.answer(question).abstained, question
