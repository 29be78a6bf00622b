"""Addresses are read in every writing, and nothing else is taken for one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.address.parse import (
    addresses,
    book_titles,
    may_hold_address,
    remaining,
)
from index.numerals import article_label, to_chinese


def labels(text: str) -> list[str]:
    return [address.label for group in addresses(text) for address in group.addresses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《公务员法》第五十九条", ["第五十九条"]),
        ("公务员法59条", ["第五十九条"]),
        ("第５９条", ["第五十九条"]),
        ("第 五 十 九 条", ["第五十九条"]),
        ("第九十七条第二款第（三）项", ["第九十七条第二款第（三）项"]),
        ("第97条第2款第3项", ["第九十七条第二款第（三）项"]),
        ("59条2款3项", ["第五十九条第二款第（三）项"]),
        ("第五条（三）", ["第五条第（三）项"]),
        ("第五条的第二款", ["第五条第二款"]),
        ("第五条之二款", ["第五条第二款"]),
        ("第五条第1项第（2）目", ["第五条第（一）项第二目"]),
        ("刑法第133条之一", ["第一百三十三条之一"]),
        ("刑法第133之一条", ["第一百三十三条之一"]),
        ("第一百三十三条之一第一款", ["第一百三十三条之一第一款"]),
        ("第三章第二节", ["第三章第二节"]),
        ("第三部分第（二）项", ["第三部分第（二）项"]),
        ("最后一条", ["最后一条"]),
        ("某某条例附则", ["附则"]),
        ("某某条例分则第八章", ["分则第八章"]),
        ("第五条最后一款", ["第五条最后一款"]),
    ],
)
def test_one_place(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第三条和第五条", ["第三条", "第五条"]),
        ("第3、5条", ["第三条", "第五条"]),
        ("第3,5,7条", ["第三条", "第五条", "第七条"]),
        ("第三、四条", ["第三条", "第四条"]),
        ("第二十三条、二十五条", ["第二十三条", "第二十五条"]),
        ("第五条第二款和第三款", ["第五条第二款", "第五条第三款"]),
        ("第五条第（一）、（三）项", ["第五条第（一）项", "第五条第（三）项"]),
        ("第三、五条第二款", ["第三条", "第五条第二款"]),
        ("第三章第二节和第四节", ["第三章第二节", "第三章第四节"]),
        ("第4条第1款、第2款第3项及第6条", ["第四条第一款", "第四条第二款第（三）项", "第六条"]),
    ],
)
def test_lists(text: str, expected: list[str]) -> None:
    assert labels(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "第十条至第十二条",
        "第十条到第十二条",
        "第10-12条",
        "第十至十二条",
        "第10～12条",
        "第10条—第12条",
    ],
)
def test_ranges(text: str) -> None:
    assert labels(text) == ["第十条至第十二条"]


def test_ranges_of_other_levels() -> None:
    assert labels("第三章到第五章") == ["第三章至第五章"]
    assert labels("第五条第（一）至第（三）项") == ["第五条第（一）项至第（三）项"]
    assert labels("第一百二十条之一至第一百二十条之六") == ["第一百二十条之一至第一百二十条之六"]


@pytest.mark.parametrize(
    "text",
    [
        "第一书记",
        "第一条件是什么",
        "第三方",
        "第二十届",
        "第2款产品",
        "第三节课",
        "提高标准",
        "第零条",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert labels(text) == []


def test_a_year_in_brackets_is_no_item() -> None:
    assert labels("第五条（2018年）") == ["第五条"]


def test_a_number_without_di_is_known_as_such() -> None:
    assert [group.bare for group in addresses("提出三条意见")] == [True]
    assert [group.bare for group in addresses("提出第三条意见")] == [False]


def test_addresses_within_a_title_are_left_alone() -> None:
    text = "《关于刑法第三十条的解释》第一条"
    (title,) = book_titles(text)
    assert text[slice(*title)] == "《关于刑法第三十条的解释》"
    (group,) = addresses(text, [title])
    assert group.addresses[0].label == "第一条"
    assert remaining(text, [title, (group.start, group.end)]).strip() == ""


def test_nested_titles_are_one() -> None:
    text = "贯彻《关于〈条例〉的《办法》的通知》第二条、《细则》第三条"
    assert [text[a:b] for a, b in book_titles(text)] == [
        "《关于〈条例〉的《办法》的通知》",
        "《细则》",
    ]


@given(st.integers(1, 9_999), st.none() | st.integers(1, 20), st.none() | st.integers(1, 30))
def test_every_writing_of_an_address_is_the_same(
    article: int, paragraph: int | None, item: int | None
) -> None:
    drafted, typed = article_label((article,)), f"第{article}条"
    if paragraph is not None:
        drafted, typed = f"{drafted}第{to_chinese(paragraph)}款", f"{typed}第{paragraph}款"
    if item is not None:
        drafted, typed = f"{drafted}第（{to_chinese(item)}）项", f"{typed}第{item}项"
    assert labels(typed) == labels(drafted) == [drafted]
    assert labels(f"请问《某某办法》{typed}的内容是什么？") == [drafted]


SIGNS = "附则第一二三十百0123９条款项章节编目之、，和至到-（）()《》〈〉 的最后部分法，。a\n"


@given(st.text(SIGNS, max_size=80))
def test_ranges_lie_in_the_text_in_order(text: str) -> None:
    found = addresses(text)
    assert all(0 <= group.start < group.end <= len(text) for group in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(group.addresses and group.addresses[0].label for group in found)
    assert not found or may_hold_address(text)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    addresses(text)
    book_titles(text)


@pytest.mark.parametrize(
    "piece",
    ["一", "一、", "第一、", "第一条、", "（一）", "第", "《", "一至", "最后", "第一条第一款第"],
)
def test_long_texts_of_one_piece_are_read(piece: str) -> None:
    """Would not end if the patterns were not linear."""
    addresses(piece * 20_000)
