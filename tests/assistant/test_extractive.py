"""Answers from a real library: of the right shape, cited to the character, or none."""

import pytest

from assistant.answer import Answer
from assistant.extractive import ExtractiveAnswerer
from assistant.question import QuestionError
from assistant.text import squeeze
from index.library import Library
from index.records import SearchFilter


@pytest.fixture(scope="module")
def answerer(library: Library) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(library)


def said(answer: Answer) -> str:
    return "".join(sentence.text for sentence in answer.sentences)


def bold(answer: Answer) -> list[str]:
    return [s.text[a:b] for s in answer.sentences for a, b in s.highlights]


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("有多少名党员进网入格？", "1.3万余名"),
        ("机关党员突击队有多少支", "280支"),
        ("党组织被划为几个片区？", "6个"),
        ("收到检举后几个工作日内决定是否受理", "15个工作日"),
        ("机关纪委工作实施办法什么时候施行", "2025年3月1日起"),
    ],
)
def test_a_number_is_answered_by_its_sentence_in_bold(
    answerer: ExtractiveAnswerer, question: str, number: str
) -> None:
    answer = answerer.answer(question)
    assert not answer.abstained
    assert any(number in span for span in bold(answer))
    assert len(answer.sentences) <= 3


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("“四型”机关是哪四型？", ["政治机关", "学习机关", "清廉机关", "效能机关"]),
        ("清廉机关包括哪六个维度", ["责任落实", "规范用权", "文化建设"]),
        ("税务局的“五融合”指什么", ["队伍融合", "条块融合"]),
    ],
)
def test_a_list_is_whole(answerer: ExtractiveAnswerer, question: str, parts: list[str]) -> None:
    answer = answerer.answer(question)
    assert all(part in said(answer) for part in parts)


def test_items_of_an_article_come_with_their_lead_in_order(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("机关纪委有哪些职责？")
    assert [sentence.kind for sentence in answer.sentences] == ["lead"] + ["item"] * 4
    assert [s.text[:3] for s in answer.sentences[1:]] == [
        "（一）",
        "（二）",
        "（三）",
        "（四）",
    ]
    assert {c.article for c in answer.citations} == {"第三条"}


def test_a_rule_is_never_told_without_its_exception(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("机关纪委委员可以兼任营利性组织的职务吗？")
    assert "不得兼任" in said(answer)
    assert "除外" in said(answer)


def test_an_address_gives_that_article(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("《机关纪委工作实施办法》第2条规定了什么？")
    assert "是指机关党委设立的纪律检查委员会" in said(answer)
    assert [c.article for c in answer.citations] == ["第二条"]


def test_an_address_that_does_not_exist_is_named(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("《机关纪委工作实施办法》第九十条规定了什么？")
    assert answer.abstained
    assert "没有第九十条" in answer.message
    assert answer.related


@pytest.mark.parametrize(
    "question",
    [
        "有多少名党员进网入格？",
        "机关纪委有哪些职责？",
        "什么是机关纪委",
        "概括一下《机关党建工作情况》的主要内容",
        "食堂的早餐时间是几点",
    ],
)
def test_quotes_are_the_documents_own_characters(
    answerer: ExtractiveAnswerer, library: Library, question: str
) -> None:
    answer = answerer.answer(question)
    assert not answer.abstained
    by_number = {citation.n: citation for citation in answer.citations}
    for citation in answer.citations:
        text = library.catalog.document_text(citation.document_id)
        assert text[citation.start : citation.end] == citation.quote
    for sentence in answer.sentences:
        assert sentence.citations
        assert any(
            squeeze(sentence.text) in squeeze(by_number[n].quote) for n in sentence.citations
        )


@pytest.mark.parametrize(
    "question",
    [
        "双报到的党员每月补贴多少钱",
        "招商小分队引进了多少个项目",
        "海口市有多少支机关党员突击队？",
        "职工书屋有多少册图书",
        "机关纪委书记的任期是几年",
        "2019年开展了多少场群众性活动",
        "今天天气怎么样",
    ],
)
def test_what_the_library_does_not_say_is_not_answered(
    answerer: ExtractiveAnswerer, question: str
) -> None:
    answer = answerer.answer(question)
    assert answer.abstained
    assert answer.sentences == ()
    assert "没有找到" in answer.message
    assert 1 <= len(answer.related) <= 5


def test_a_false_number_in_the_question_is_corrected(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("党组织划为41个片区，是怎么划的？")
    assert "6个" in said(answer)
    assert any("41个" in note and "6个" in note for note in answer.notes)


def test_old_versions_are_left_out_unless_asked_for(
    answerer: ExtractiveAnswerer, library: Library
) -> None:
    [old] = [d for d in library.catalog.documents() if "食堂" in d.title]
    library.catalog.set_validity(old.document_id, "已废止")
    try:
        fresh = ExtractiveAnswerer(library)
        only = SearchFilter(document_ids=(old.document_id,))
        now = fresh.answer("食堂的早餐时间是几点", SearchFilter(exclude_validity=("已废止",)))
        assert all(c.document_id != old.document_id for c in now.citations)
        before = fresh.answer("旧版规定里食堂的早餐时间是几点", only)
        assert "七点至八点半" in said(before)
        assert {c.validity for c in before.citations} == {"已废止"}
        assert any("已废止" in note for note in before.notes)
    finally:
        library.catalog.set_validity(old.document_id, old.validity)


@pytest.mark.parametrize("question", ["", "？？？", "党" * 20_000])
def test_bad_questions_get_a_chinese_line(answerer: ExtractiveAnswerer, question: str) -> None:
    with pytest.raises(QuestionError, match="问题"):
        answerer.answer(question)


def test_html_in_a_question_changes_nothing(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("<script>alert(1)</script>有多少名党员进网入格？")
    assert all("<" not in sentence.text for sentence in answer.sentences)
