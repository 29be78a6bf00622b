"""What changed within a text."""

from hypothesis import given
from hypothesis import strategies as st

from index.versions.compare.words import changed_words, fold, only_signs_differ

TEXT = st.text(alphabet="机关纪委应当在十五个工作日内报告，。（）()第三条\n 2024年", max_size=120)


@given(TEXT, TEXT)
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    segments = changed_words(old, new)
    assert "".join(one.text for one in segments if one.kind != "removed") == new
    assert fold("".join(one.text for one in segments if one.kind != "added")) == fold(old)


def test_words_are_marked_whole() -> None:
    segments = changed_words(
        "任期三年，依照本法第二百四十九条。", "任期五年，依照本法第二百五十三条。"
    )
    assert [(one.kind, one.text) for one in segments] == [
        ("same", "任期"),
        ("removed", "三年"),
        ("added", "五年"),
        ("same", "，依照本法"),
        ("removed", "第二百四十九条"),
        ("added", "第二百五十三条"),
        ("same", "。"),
    ]


def test_the_same_words_with_other_signs() -> None:
    assert only_signs_differ("《甲法》、《乙法》", "《甲法》《乙法》")
    assert not only_signs_differ("三年", "五年")


def test_very_long_texts_are_compared_by_lines() -> None:
    old = "\n".join(f"第{n}行 机关工作" for n in range(4000))
    new = old.replace("第3999行", "第四千行")
    changed = [one for one in changed_words(old, new) if one.kind != "same"]
    assert [one.kind for one in changed] == ["removed", "added"]
