"""Text is cut into whole sentences, items and rows, each at its exact place."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import UnitKind, split_units

ARTICLE = """第八条　机关纪委履行下列职责：
（一）维护党章和其他党内法规；
（二）检查决议的执行情况。情况复杂的，报上级；
（三）其他职责。
对前款规定的事项，应当及时报告。但是，涉密的除外。"""


def test_a_list_is_its_lead_and_all_items() -> None:
    units = split_units(ARTICLE)
    group = [unit for unit in units if unit.group is not None]
    assert [unit.kind for unit in group] == [UnitKind.LEAD] + [UnitKind.ITEM] * 3
    assert group[2].text == "（二）检查决议的执行情况。情况复杂的，报上级；"
    assert [unit.text for unit in units[4:]] == [
        "对前款规定的事项，应当及时报告。",
        "但是，涉密的除外。",
    ]


def test_inline_items_are_cut_on_one_line() -> None:
    units = split_units("要做好三件事：一是抓学习；二是抓管理；三是抓监督。随后总结。")
    assert [unit.text for unit in units if unit.kind is UnitKind.ITEM] == [
        "一是抓学习；",
        "二是抓管理；",
        "三是抓监督。",
    ]
    assert units[-1].text == "随后总结。"
    assert units[-1].group is None


def test_a_full_stop_in_quotes_or_brackets_does_not_cut() -> None:
    text = "他说“先学习。再讨论”，大家同意（会议有记录。已归档）。会后散去。"
    assert [unit.text for unit in split_units(text)] == [
        "他说“先学习。再讨论”，大家同意（会议有记录。已归档）。",
        "会后散去。",
    ]


def test_a_condition_stays_with_its_rule() -> None:
    text = "党员不得经商办企业；经批准的除外，但应当报告。其他人员可以参加。"
    assert split_units(text)[0].text == "党员不得经商办企业；经批准的除外，但应当报告。"


def test_headings_and_rows() -> None:
    units = split_units("一、总体要求\n姓名：张三 | 单位：甲局 | 职务：组员")
    assert [unit.kind for unit in units] == [UnitKind.HEADING, UnitKind.ROW]


PIECES = st.sampled_from(
    [
        "（一）",
        "（2）",
        "一是",
        "第一，",
        "1.",
        "①",
        "。",
        "；",
        "：",
        "“",
        "”",
        "（",
        "）",
        "\n",
        " ",
        "党员",
        "应当",
        "不得",
        "但是",
        "机关",
        "第三条\u3000",
        "|",
        "？",
        "3.5",
        "\u3000",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join), st.integers(0, 50))
def test_units_are_exact_ordered_and_lose_no_words(text: str, base: int) -> None:
    units = split_units(text, base)
    covered = set()
    for unit in units:
        assert text[unit.start - base : unit.end - base] == unit.text
        covered.update(range(unit.start - base, unit.end - base))
    assert all(left.end <= right.start for left, right in pairwise(units))
    assert all(i in covered for i, char in enumerate(text) if "\u4e00" <= char <= "\u9fff")


def test_lines_that_end_in_semicolons_are_a_list_without_numbers() -> None:
    text = "党员有三项任务：\n每季度走访一遍；\n提醒证照到期；\n调解消费纠纷。\n下一段。"
    units = split_units(text)
    assert [unit.kind for unit in units] == [
        UnitKind.LEAD,
        UnitKind.ITEM,
        UnitKind.ITEM,
        UnitKind.ITEM,
        UnitKind.SENTENCE,
    ]
    assert len({unit.group for unit in units[:4]}) == 1


def test_a_question_on_its_line_is_a_heading() -> None:
    units = split_units("中途可以换书吗？\n可以换一次。")
    assert [unit.kind for unit in units] == [UnitKind.HEADING, UnitKind.SENTENCE]
