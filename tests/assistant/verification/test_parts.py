"""The parts of a check on their own: figures, quotations of a draft, comparing words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.verification.draft import Draft
from assistant.verification.quantities import quantities
from assistant.verification.wording import align, differences, fold, stands_in
from index.numerals import to_chinese

_TEXTS = st.text(alphabet='《》“”"条例办法规定第一二三五十不得应当，。；\n（）a1 　…', max_size=200)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("二十四个月", "两年"), ("24个月", "２４个月"), ("百分之五", "5%"), ("1.5万元", "15000元"),
        ("三分之一", "3分之1"), ("一年半", "18个月"), ("半年", "六个月"), ("五千元", "5000元"),
        ("2023年7月1日", "二〇二三年七月一日"), ("3月31日", "三月三十一日"), ("二千三百万元", "2300万元"),
    ],
)  # fmt: skip
def test_one_quantity_in_two_writings(left: str, right: str) -> None:
    (a,), (b,) = quantities(left), quantities(right)
    assert a.equals(b)


@pytest.mark.parametrize(
    ("left", "right"),
    [("三日", "三个工作日"), ("五人", "五年"), ("十五日", "五日"), ("5%", "50%"), ("1万元", "1元")],
)
def test_other_quantities(left: str, right: str) -> None:
    assert not quantities(left)[0].equals(quantities(right)[0])


@pytest.mark.parametrize("text", ["第三条", "一次性告知", "一级巡视员", "万一", "2023年"])
def test_what_is_no_quantity(text: str) -> None:
    assert quantities(text) == []


@given(st.integers(2, 9_999), st.sampled_from(["个月", "日", "万元", "人", "倍"]))
def test_a_quantity_is_found_where_it_stands(value: int, unit: str) -> None:
    for written in (str(value), to_chinese(value)):
        text = f"期限为{written}{unit}以内"
        (found,) = quantities(text)
        assert text[found.start : found.end] == written + unit


@given(_TEXTS)
def test_quotations_are_pairs_in_order(text: str) -> None:
    if not text.strip():
        return
    draft = Draft(text)
    at = 0
    for start, end in draft.quotations:
        assert at <= start < end <= len(text)
        assert text[start] in '“「『"' and text[end - 1] in '”」』"'
        at = end
    assert len(draft.masked) == len(text)


def test_a_quotation_over_paragraphs_and_one_left_open() -> None:
    assert Draft("他说：“一、\n“二、\n三”。完").quotations == ((3, 13),)
    assert Draft("他说：“忘了关\n下一段“好”。").quotations == ((11, 14),)


@given(_TEXTS, _TEXTS, _TEXTS)
@settings(max_examples=200)
def test_what_stands_in_a_text_is_found_exactly(before: str, words: str, after: str) -> None:
    if "…" in words or not fold(words).text:
        return
    text = before + "甲" + words + "乙" + after
    like = stands_in(words, fold(text))
    assert like is not None and like.exact
    assert fold(text[slice(*like.span)]).text == fold(words).text or like.numerals


@pytest.mark.parametrize(("quote", "text"), [("5日内", "15日内办结"), ("三年", "十三年")])
def test_a_part_of_a_number_is_another_number(quote: str, text: str) -> None:
    assert stands_in(quote, fold(text)) is None


def test_differences_lead_from_the_right_words_to_the_said() -> None:
    right, said = "受处分期间不得晋升职务", "受处分期间晋升职级"
    segments = differences(right, said)
    assert "".join(one.text for one in segments if one.kind != "added") == right
    assert "".join(one.text for one in segments if one.kind != "removed") == said


def test_a_rendering_is_found_in_a_long_text() -> None:
    text = "前言。" * 3_000 + "复核机关应当自接到申请之日起六十日内作出决定。" + "附言。" * 3_000
    like = align("复核机关应自接到申请之日起三十日内作出决定", fold(text))
    assert like is not None and like.share > 0.8
    assert "六十日内作出决定" in text[slice(*like.span)]
