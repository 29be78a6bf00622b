"""Fingerprints of texts."""

from index.versions.sketch import SAME_TEXT, likeness, sketch

TEXT = "".join(
    f"第{n}条　机关纪委应当在第{n}个工作日内向上级报告第{n * 7}项工作，并抄送第{n * 13}处室备案。"
    for n in range(80)
)


def test_a_copy_is_known_through_signs_and_spaces() -> None:
    copy = TEXT.replace("，", ",\n ").replace("。", "．")
    assert likeness(sketch(TEXT), sketch(copy)) >= SAME_TEXT


def test_a_half_changed_text_is_no_copy() -> None:
    other = TEXT[: len(TEXT) // 2] + "".join(
        f"党支部第{n * 3}次学习安排在第{n}周。" for n in range(150)
    )
    assert 0.1 < likeness(sketch(TEXT), sketch(other)) < 0.8


def test_texts_without_a_fingerprint_are_like_nothing() -> None:
    assert sketch("很短") == ""
    assert likeness("", sketch(TEXT)) == 0.0
    assert likeness("坏的编码", sketch(TEXT)) == 0.0
