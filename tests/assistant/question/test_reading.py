"""Questions are read for what they ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import MAX_QUESTION, Kind, QuestionError, understand


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("有多少名党员进网入格？", Kind.NUMBER),
        ("把党组织划为几个片区", Kind.NUMBER),
        ("本办法什么时候开始施行？", Kind.DATE),
        ("机关纪委多久开一次会", Kind.FREQUENCY),
        ("申诉的期限是几天", Kind.DURATION),
        ("招商小分队由谁组建", Kind.PERSON),
        ("读书活动在哪里举办", Kind.PLACE),
        ("机关纪委有哪些职责", Kind.LIST),
        ("“四型”机关是哪四型？", Kind.LIST),
        ("党员可以经商吗", Kind.YES_NO),
        ("如何开展双报到", Kind.HOW_TO),
        ("什么是平急转换", Kind.DEFINITION),
        ("试行版和修订版有什么区别", Kind.COMPARE),
        ("概括一下这份规程的主要内容", Kind.SUMMARY),
        ("为什么要清理痕迹管理", Kind.REASON),
    ],
)
def test_kind(text: str, kind: Kind) -> None:
    assert understand(text).kind is kind


def test_asked_attribute_and_constraints() -> None:
    question = understand("2024年海口市双报到的党员每月补贴多少钱")
    assert question.focus == ("补贴",)
    assert question.places == ("海口",)
    assert question.years == (2024,)
    assert question.wants_money


@pytest.mark.parametrize(
    ("text", "count"),
    [("哪四型", 4), ("清廉机关包括哪六个维度", 6), ("“五学”共促指什么", 5)],
)
def test_size_of_the_asked_list(text: str, count: int) -> None:
    assert understand(text).count == count


@pytest.mark.parametrize("text", ["修订前是怎么规定的", "旧版办法第三条写了什么"])
def test_wish_for_the_old_version(text: str) -> None:
    assert understand(text).wants_old
    assert not understand("机关纪委的职责有哪些").wants_old


@pytest.mark.parametrize("text", ["", "  \n\t", "？！。……", "\x00\x01"])
def test_questions_without_words_are_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="问题"):
        understand(text)


def test_too_long_a_question_is_refused_with_the_limit() -> None:
    with pytest.raises(QuestionError, match=str(MAX_QUESTION)):
        understand("党" * 20_000)


@given(st.text(alphabet="第条款《》“”一二三12几多少哪些吗（）()，。？党员机关 年", max_size=200))
def test_any_text_is_understood_or_refused_in_chinese(text: str) -> None:
    try:
        question = understand(text)
    except QuestionError as error:
        assert "问题" in str(error)
    else:
        assert question.text.strip()
