"""A question that names articles is answered by their text, whole and exact."""

from __future__ import annotations

import pytest

from assistant.extractive import ExtractiveAnswerer
from index.library import Library


@pytest.fixture(scope="module")
def answerer(library: Library) -> ExtractiveAnswerer:
    return ExtractiveAnswerer(library)


def test_an_item_is_quoted_exactly(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("机关纪委工作实施办法第三条第（三）项")
    assert [c.quote for c in answer.citations] == ["（三）受理检举、控告和党员的申诉；"]
    assert [s.text for s in answer.sentences] == ["（三）受理检举、控告和党员的申诉；"]


def test_lists_and_ranges_come_whole(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("机关纪委工作实施办法第五条、第一条")
    assert [c.article for c in answer.citations] == ["第五条", "第一条"]
    answer = answerer.answer("《机关纪委工作实施办法》第三条至第五条规定了什么？")
    assert [c.article for c in answer.citations] == ["第三条", "第四条", "第五条"]
    assert "（四）承办上级交办的其他事项。" in [s.text for s in answer.sentences]


def test_a_chapter_is_its_articles(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("机关纪委工作实施办法第二章")
    assert [c.article for c in answer.citations] == ["第三条", "第四条", "第五条"]


def test_what_exists_is_shown_beside_what_does_not(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("机关纪委工作实施办法第六条和第九十条")
    assert [c.article for c in answer.citations] == ["第六条"]
    assert any("没有第九十条" in note for note in answer.notes)


def test_a_slip_in_the_title_is_said(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("机关记委工作实施办法第二条")
    assert not answer.abstained
    assert any("机关记委工作实施办法" in note for note in answer.notes)


def test_an_unknown_document_is_not_answered_from_another(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("《机关保密工作条例》第二条规定了什么？")
    assert answer.abstained
    assert "没有《机关保密工作条例》" in answer.message


def test_it_is_asked_which_document_is_meant(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("第二条规定了什么？")
    assert answer.abstained and "请写上文件名" in answer.message


def test_an_article_beside_a_question_is_where_the_answer_is_sought(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("机关纪委工作实施办法第五条规定的决定受理的期限是几天？")
    assert not answer.abstained
    assert answer.citations[0].article == "第五条"
    assert "15个工作日" in answer.sentences[0].text
