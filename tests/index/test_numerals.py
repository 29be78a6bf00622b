"""Numerals in every writing that office texts use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.numerals import article_label, parse_article, parse_number, to_chinese


@given(st.integers(0, 99_999_999))
def test_numerals_go_there_and_back(number: int) -> None:
    assert parse_number(to_chinese(number)) == number
    assert parse_number(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("廿五", 25),
        ("一百零五", 105),
        ("１２", 12),
        ("二〇二四", 2024),
        ("两百", 200),
        ("万", 10_000),
        ("一万二千", 12_000),
        ("两", 2),
        ("二○二四", 2024),
    ],
)
def test_other_writings(text: str, number: int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "条", "一二十", "十" * 40, "1.5", "第一", "千里"])
def test_what_is_no_numeral(text: str) -> None:
    assert parse_number(text) is None


@given(st.integers(1, 2000), st.none() | st.integers(1, 20))
def test_articles_go_there_and_back(number: int, branch: int | None) -> None:
    numbers = (number,) if branch is None else (number, branch)
    assert parse_article(article_label(numbers)) == numbers


@pytest.mark.parametrize("text", ["第 12 条", "第１２条", "第十二条"])
def test_an_article_however_it_is_typed(text: str) -> None:
    assert parse_article(text) == (12,)
