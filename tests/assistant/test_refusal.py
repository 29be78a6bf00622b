"""A refusal says what was looked for and what is missing."""

import pytest

from assistant.extractive import ExtractiveAnswerer
from index.library import Library


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
