"""One asking may hold several questions; each stands by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.question import QuestionError, split
from assistant.question.splitting import MOST


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("党费每月交多少？什么时候交？", ["党费每月交多少？", "什么时候交？"]),
        (
            "1.值班几个人？2.几点交班？3.漏岗怎么处理？",
            ["值班几个人？", "几点交班？", "漏岗怎么处理？"],
        ),
        ("政审材料有哪些，谁负责出具", ["政审材料有哪些", "谁负责出具"]),
        ("会议几点开始；在哪里开", ["会议几点开始", "在哪里开"]),
    ],
)
def test_several_questions_are_parted_in_order(text: str, shown: list[str]) -> None:
    assert [one.shown for one in split(text).questions] == shown


@pytest.mark.parametrize(
    "text",
    [
        "机关纪委有哪些职责？",
        "党组织划为41个片区，是怎么划的？",
        "住宿费、伙食费和交通费有什么区别",
        "我们单位刚成立。机关纪委一届几年？",
        "对处分不服，怎么申诉？",
        "“三化”“四型”分别是哪七个词？",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    [only] = split(text).questions
    assert only.text == only.shown == text


def test_a_leaning_question_gets_the_topic_of_the_one_before() -> None:
    _, second = split("请示的批复期限是多久，由哪个处室办？").questions
    assert second.shown == "由哪个处室办？"
    assert second.text == "请示的批复期限由哪个处室办？"
    _, third = split("双报到党员有交通补贴吗，一次多少钱？").questions
    assert "交通补贴" in third.text


def test_more_than_five_are_counted_and_a_paste_is_refused_with_the_way_out() -> None:
    found = split("几点开会？" * 9)
    assert len(found.questions) == MOST
    assert found.left_out == 9 - MOST
    with pytest.raises(QuestionError, match=r"约 200 个问题.*--batch"):
        split("\n".join(f"{n}. 第{n}条是什么？" for n in range(1, 201)))


@given(st.text(alphabet="？?，。；\n12.、一什么多少谁和以及会议党员 ", max_size=120))
def test_no_text_breaks_it_and_no_question_is_lost(text: str) -> None:
    try:
        found = split(text)
    except QuestionError as error:
        assert "问题" in str(error)
        return
    assert found.questions
    assert all(any(c.isalnum() for c in one.shown) for one in found.questions)
