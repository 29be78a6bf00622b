"""The words of a question that carry meaning."""

import pytest

from assistant.question import content_words, understand
from assistant.terms import place_names, resolve


@pytest.mark.parametrize(
    ("text", "kept", "dropped"),
    [
        ("“四型”机关是哪四型？", {"四型", "机关"}, {"哪", "是"}),
        ("机关纪委一届干几年？", {"机关", "届"}, {"一", "几"}),
        ("哪些违法行为不能搞柔性执法？", {"违法行为", "柔性"}, {"哪些"}),
        ("介绍村民去基地干活收不收费？", {"村民", "收费"}, {"不"}),
        ("楼里的AED放在什么地方？", {"aed"}, {"什么", "地方"}),
        ("突击队一队10个人行不行？", {"突击队"}, {"10", "个人"}),
    ],
)
def test_function_words_and_amounts_are_left_out(
    text: str, kept: set[str], dropped: set[str]
) -> None:
    words = set(content_words(text))
    assert kept <= words
    assert not dropped & words


def test_what_neither_dictionary_nor_library_knows_is_cut_anew() -> None:
    assert resolve(["能谈", "首问"], lambda word: word in ("首问", "谈")) == ("谈", "首问")


def test_words_of_the_dictionary_stay_whole_although_the_library_lacks_them() -> None:
    assert resolve(["公积金"], lambda word: False) == ("公积金",)


def test_places_are_told_without_their_level() -> None:
    assert place_names("陵水县的党建链由哪些单位组成？") == ("陵水",)
    assert place_names("联系社区报到要几天？") == ()


def test_constraints_that_a_document_must_share() -> None:
    assert understand("头雁讲堂第三讲讲什么？").demands == ("第三讲",)
    assert "乡镇" in understand("乡镇纪委多久报告一次？").places
    assert understand("产值最高的是哪家企业？").demands == ("最高",)
    assert understand("当机关纪委书记要什么学历？").attribute == "学历"
    assert understand("遇到困难要用什么办法？").attribute == ""
