"""After a refusal: questions that the library really answers, near the one that it cannot."""

from __future__ import annotations

import pytest

from assistant.activity.journal import Journal
from assistant.answer import Answer, Citation
from assistant.asking import Asking
from assistant.extractive import ExtractiveAnswerer
from assistant.suggestions import Suggester, candidates, looked_for
from index.library import Library
from index.records import SearchFilter
from tests.assistant.activity.conftest import Office


def related(text: str, article: str | None = None, path: str = "", title: str = "办法") -> Citation:
    return Citation(
        n=1, document_id="d", passage_id="p", title=title, path=path, article=article,
        quote=text, start=0, end=len(text),
    )  # fmt: skip


def refusal(question: str, *cited: Citation) -> Answer:
    return Answer(question=question, abstained=True, message="没有", related=cited)


@pytest.mark.parametrize(
    ("text", "question", "made"),
    [
        (
            "第三条 机关纪委履行下列职责：\n（一）维护党章；",
            "机关纪委几点上班？",
            "机关纪委履行哪些职责？",
        ),
        (
            "第五条 机关纪委应当自收到检举之日起15个工作日内决定是否受理。",
            "机关纪委收到检举用什么表？",
            "机关纪委应当自收到检举之日起多少个工作日内决定是否受理？",
        ),
        (
            "第八条 机关纪委委员为5至9人。",
            "机关纪委委员的手机号是多少？",
            "机关纪委委员为多少人？",
        ),
        (
            "第九条 机关纪委每半年至少向上级报告一次工作。",
            "机关纪委报告用几号字？",
            "机关纪委多久向上级报告一次工作？",
        ),
        (
            "第二条 本办法所称机关纪委，是指机关党委设立的纪律检查委员会。",
            "机关纪委的办公室在几楼？",
            "什么是机关纪委？",
        ),
    ],
)
def test_questions_are_made_of_what_the_passage_says(text: str, question: str, made: str) -> None:
    assert made in [one.text for one in candidates(refusal(question, related(text)))]


@pytest.mark.parametrize(
    "text",
    [
        "自婚姻登记机关收到离婚登记申请之日起三十日内，任何一方不愿意离婚的，可以向婚姻登记机关撤回"
        "离婚登记申请，前款规定期限届满后应当亲自到场。",
        "离婚登记由二名登记员或者一名登记员办理。",
        "离婚登记办理情况每季度统计，前款所列三十日不计在内。",
    ],
)
def test_no_half_or_doubtful_question_is_made(text: str) -> None:
    made = [one.text for one in candidates(refusal("离婚登记申请的费用是多少？", related(text)))]
    assert not [one for one in made if "多少" in one]


def test_nothing_is_made_of_a_passage_that_shares_no_words() -> None:
    assert candidates(refusal("唐朝有几位皇帝？", related("第八条 委员为5至9人。", "第八条"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "：，。；",
        "（" * 5_000,
        "第" * 5_000 + "条",
        "一" * 5_000 + "人",
        "“" * 999 + "是指",
        "每年" * 3_000,
    ],
)
def test_odd_passages_cost_nothing(text: str) -> None:
    for one in candidates(
        refusal("一 第 每年 条", related(text, "第一条", text[:200], text[:200]))
    ):
        assert len(one.text) < 200


def test_what_is_suggested_is_answered_from_the_same_document(office: Office) -> None:
    refused = office.asking.ask("开会的定点饭店电话号码是多少？")
    assert refused.abstained and refused.suggestions
    assert len(refused.suggestions) <= 3
    for question in refused.suggestions:
        answer = office.answerer.answer(question)
        assert not answer.abstained
        assert {c.document_id for c in answer.citations} & {c.document_id for c in refused.related}


def test_off_topic_gets_no_suggestion(office: Office) -> None:
    refused = office.asking.ask("唐朝一共有多少位皇帝？")
    assert refused.abstained and refused.suggestions == ()


def test_without_time_nothing_is_tried(office: Office) -> None:
    refused = office.answerer.answer("开会的定点饭店电话号码是多少？")
    assert (
        Suggester(office.library, office.answerer, budget_ms=0).suggest(refused, SearchFilter())
        == ()
    )


def test_a_slow_library_gets_one_quick_trial(office: Office) -> None:
    """Time is taken from the clock given: 60 ms a reading leave time for little."""
    ticks = iter(range(10_000))
    slow = Suggester(office.library, office.answerer, 80, clock=lambda: next(ticks) * 0.06)
    refused = office.answerer.answer("开会的定点饭店电话号码是多少？")
    for _ in range(3):
        assert len(slow.suggest(refused, SearchFilter())) == 1


def test_the_refusal_says_what_was_looked_for_and_where(office: Office) -> None:
    refused = office.asking.ask("图书室的电话号码是多少？", SearchFilter(collections=("制度",)))
    assert "图书室" in refused.message and "号码" in refused.message
    assert "只查了“制度”" in refused.message
    assert "“AED”" in looked_for("楼里的AED是什么牌子的？")


def test_an_answer_is_left_as_it_is(library: Library, tmp_path: object) -> None:
    asking = Asking(library, ExtractiveAnswerer(library), Journal(library))
    answer = asking.ask("机关纪委收到检举后几个工作日内决定是否受理？")
    assert not answer.abstained and answer.suggestions == () and answer.message == ""
    asking.close()
