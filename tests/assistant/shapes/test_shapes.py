"""Answers of every shape from real files: whole, in order, with exceptions, side by side."""

import pytest

from assistant.answer import Answer
from assistant.extractive import ExtractiveAnswerer
from assistant.text import squeeze
from index.library import Library


def said(answer: Answer) -> str:
    return "".join(sentence.text for sentence in answer.sentences)


def bold(answer: Answer) -> list[str]:
    return [s.text[a:b] for s in answer.sentences for a, b in s.highlights]


def cells(answer: Answer) -> list[list[str]]:
    assert answer.table is not None
    return [[cell.text for cell in row] for row in answer.table.rows]


def test_a_ruling_comes_with_the_exception_in_the_next_paragraph(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("珍贵图书可以借出馆外吗？")
    assert "不得借出馆外" in said(answer)
    assert "经馆长批准可以借出" in said(answer)


def test_a_ruling_comes_with_the_exception_that_another_article_makes(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("图书借阅期限是三十日，可以续借吗？")
    assert "可以续借一次" in said(answer)
    assert "不受第三条期限的限制" in said(answer)
    assert {"第三条", "第五条"} <= {c.article for c in answer.citations}


def test_prose_keeps_its_proviso_too(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("电梯里能运电动自行车吗？")
    assert "禁止运载电动自行车" in said(answer)
    assert "除外" in said(answer)


def test_steps_of_an_article_come_whole_and_in_order(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("怎么使用会议室？")
    steps = answer.sentences[-4:]
    assert [s.kind for s in steps] == ["lead", "item", "item", "item"]
    assert [s.text[:3] for s in steps[1:]] == ["（一）", "（二）", "（三）"]


def test_steps_told_in_sentences_come_whole(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("梯子专班的“三步走”是哪三步？")
    places = [said(answer).find(step) for step in ("画一张图", "算一笔账", "立一份约")]
    assert -1 not in places
    assert places == sorted(places)


def test_a_list_over_lines_without_numbers_comes_whole(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("会议室分为哪几类？")
    assert "一类会议室" in said(answer)
    assert "二类会议室" in said(answer)


def test_two_terms_are_set_side_by_side_with_a_citation_in_every_cell(
    answerer: ExtractiveAnswerer, shaped: Library
) -> None:
    answer = answerer.answer("阅览卡和借书卡有什么区别？")
    assert answer.table is not None
    assert answer.table.columns == ("方面", "阅览卡", "借书卡")
    assert any("在馆内看书" in row[1] and "借出馆外" in row[2] for row in cells(answer))
    assert any("当场办理" in row[1] and "三日内办理" in row[2] for row in cells(answer))
    numbers = {citation.n for citation in answer.citations}
    for row in answer.table.rows:
        for cell in row[1:]:
            assert set(cell.citations) <= numbers
            assert cell.citations
    for citation in answer.citations:
        text = shaped.catalog.document_text(citation.document_id)
        assert text[citation.start : citation.end] == citation.quote


def test_two_versions_are_set_side_by_side_by_article(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("图书借阅管理办法试行版和修订版有什么区别？")
    rows = cells(answer)
    assert any("三册" in old and "五册" in new for _, old, new in rows)
    assert any("二十日" in old and "三十日" in new for _, old, new in rows)
    assert all("为规范图书借阅" not in old for _, old, _ in rows)  # what did not change is left out


def test_a_comparison_of_versions_keeps_to_what_is_asked(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("图书借阅管理办法修订前后续借期限有什么变化？")
    assert any("二十日" in old and "三十日" in new for _, old, new in cells(answer))
    assert all("施行" not in new for _, _, new in cells(answer))


def test_a_summary_is_the_outline_with_a_cited_sentence_each(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("《图书借阅管理办法》主要讲什么？")
    labels = [sentence.label for sentence in answer.sentences]
    assert [label.split()[-1] for label in labels] == ["总则", "借阅", "附则"]
    assert all(sentence.citations for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "label", "quoted"),
    [
        ("图书逾期不还的怎么处理？", "第六条", "扣除诚信分一分"),
        ("诚信分是什么？", "第六条第一款", "每逾期一日扣除诚信分"),
    ],
)
def test_a_reference_in_a_sentence_is_found_and_quoted(
    answerer: ExtractiveAnswerer, question: str, label: str, quoted: str
) -> None:
    answer = answerer.answer(question)
    shown = said(answer) + "".join(one.citation.quote for one in answer.references)
    assert quoted in shown
    if answer.references:
        assert label in [one.label for one in answer.references]


def test_numbers_of_references_do_not_collide(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("诚信分是什么？")
    numbers = [c.n for c in answer.citations] + [one.citation.n for one in answer.references]
    assert answer.references
    assert len(numbers) == len(set(numbers))


def test_who_is_marked(answerer: ExtractiveAnswerer) -> None:
    answer = answerer.answer("一类会议室由谁调配？")
    assert "办公室" in bold(answer)


def test_several_questions_are_answered_in_order_under_one_numbering(
    answerer: ExtractiveAnswerer,
) -> None:
    answer = answerer.answer("职工每次可以借几册图书？借阅期限是多久？今天天气怎么样？")
    assert [part.question for part in answer.parts] == [
        "职工每次可以借几册图书？",
        "借阅期限是多久？",
        "今天天气怎么样？",
    ]
    assert "五册" in said(answer.parts[0])
    assert "三十日" in said(answer.parts[1])
    assert answer.parts[2].abstained
    assert not answer.abstained
    numbers = [citation.n for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for sentence in answer.sentences:
        quotes = [c.quote for c in answer.citations if c.n in sentence.citations]
        assert any(squeeze(sentence.text) in squeeze(quote) for quote in quotes)
