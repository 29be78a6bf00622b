"""How right passages are written, and how many ways of writing lead to one reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation.references import (
    Address,
    label_number,
    parse_address,
    parse_reference,
    split_references,
)


@pytest.mark.parametrize(
    "text",
    [
        "会议费办法#第十二条",
        "《会议费办法》第十二条",
        "《会议费办法》 第 12 条",
        "会议费办法第１２条",
        "《会议费办法》，第十二条",
        "《会议费办法》的第十二条",
    ],
)
def test_one_article_in_many_writings(text: str) -> None:
    reference = parse_reference(text)
    assert (reference.source, reference.address) == ("会议费办法", Address((12,)))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("第一百三十三条之一", Address((133, 1))),
        ("第三条第二款", Address((3,), 2)),
        ("第三条第二款第（三）项", Address((3,), 2, 3)),
        ("第三条第三项", Address((3,), None, 3)),
        ("第二章", None),
        ("第条", None),
        ("总则", None),
    ],
)
def test_addresses(text: str, address: Address | None) -> None:
    assert parse_address(text) == address


def test_titles_keep_their_marks_inside_and_their_commas() -> None:
    nested = parse_reference("省委贯彻《巡视工作条例》实施办法第三条")
    assert nested.source == "省委贯彻《巡视工作条例》实施办法"
    parts = list(
        split_references(
            "《最高法、最高检关于案件的解释》第三条、第五条；《会议费办法》第2条\n培训费办法"
        )
    )
    assert parts == [
        "《最高法、最高检关于案件的解释》第三条",
        "最高法、最高检关于案件的解释#第五条",
        "《会议费办法》第2条",
        "培训费办法",
    ]


def test_the_comma_of_a_heading_is_its_own() -> None:
    assert list(split_references("四型机关#二、主要任务；a#第三条、b#第四条")) == [
        "四型机关#二、主要任务",
        "a#第三条",
        "b#第四条",
    ]


def test_headings_and_whole_documents() -> None:
    heading = parse_reference("四型机关#二、主要任务")
    assert (heading.source, heading.heading) == ("四型机关", "二、主要任务")
    whole = parse_reference("law/监察法.md")
    assert (whole.source, whole.address, whole.heading) == ("law/监察法.md", None, "")
    assert parse_reference("第三条").source == ""


def test_labels_of_outlines() -> None:
    assert label_number("第一百三十三条之一") == (133, 1)
    assert (label_number("（三）"), label_number("第二款"), label_number("第3条")) == (
        (3,),
        (2,),
        (3,),
    )
    assert label_number("总则") is None and label_number("") is None


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    parse_reference(text)
    assert all(part.strip() for part in split_references(text))


@given(st.integers(1, 1999), st.integers(1, 20), st.booleans())
def test_what_drafting_writes_is_read_back(article: int, paragraph: int, chinese: bool) -> None:
    from index.numerals import to_chinese

    write = to_chinese if chinese else str
    text = f"《某办法》第{write(article)}条第{write(paragraph)}款"
    assert parse_reference(text).address == Address((article,), paragraph)
