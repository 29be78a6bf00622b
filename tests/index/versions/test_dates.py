"""Dates in the writings that documents have."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.numerals import to_chinese
from index.versions.dates import chinese_date, find_dates, parse_compact, parse_date, parse_year

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


@given(DAYS)
def test_what_is_written_is_read_back(day: date) -> None:
    digits = "〇一二三四五六七八九"
    in_words = "".join(digits[int(d)] for d in str(day.year))
    in_words += f"年{to_chinese(day.month)}月{to_chinese(day.day)}日"
    for text in (chinese_date(day), in_words, day.isoformat(), f"{day:%Y.%m.%d}"):
        assert parse_date(text) == day, text
    assert parse_compact(f"{day:%Y%m%d}") == (day if 1900 <= day.year < 2100 else None)


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    for found in find_dates(text, months=True):
        assert 0 <= found.start < found.end <= len(text)
    parse_date(text), parse_compact(text), parse_year(text)


@pytest.mark.parametrize(
    "text", ["2024年13月1日", "2023-02-29", "第12345-67-89号", "一二年三月四日", ""]
)
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_a_month_without_a_day_is_found_on_request() -> None:
    found = list(find_dates("（2017年12月修改，2018年1月5日印发）", months=True))
    assert [(one.day, one.month_only) for one in found] == [
        (date(2017, 12, 1), True),
        (date(2018, 1, 5), False),
    ]
    assert [one.day for one in find_dates("2017年12月修改，2018年1月5日")] == [date(2018, 1, 5)]
