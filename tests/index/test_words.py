from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.words import cut


def test_one_article_is_one_word_however_it_is_written() -> None:
    for text in ("第十二条", "第12条", "第１２条", "第 12 条"):
        assert cut(text) == ["第12条"]
    assert cut("第一百二十条之一") == ["第120条之1"]


def test_long_words_give_their_parts_and_width_and_case_do_not_matter() -> None:
    assert {"实施", "办法", "实施办法"} <= set(cut("《实施办法》"))
    assert cut("ＡＢＣ系统") == cut("abc系统")


def test_nothing_but_punctuation_is_no_word() -> None:
    assert cut("，。！？“”《》…… \n\t") == []


@given(st.text(max_size=300))
def test_any_text_can_be_cut_and_words_hold_no_blank(text: str) -> None:
    words = cut(text)
    assert words == cut(text)
    assert all(word and not any(char.isspace() for char in word) for word in words)


def test_hostile_text_is_cut_to_its_end() -> None:
    for text in ("第" * 50_000, "第" + "一" * 50_000, "第一" * 25_000, "十" * 50_000):
        assert "末尾" in cut(text + "，末尾")
