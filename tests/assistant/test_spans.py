"""The very answer is found in a sentence and nothing that only looks like it."""

import pytest

from assistant.enumerations import enumeration
from assistant.quantities import premises
from assistant.question import understand
from assistant.spans import type_match
from assistant.text import read_number, write_number


def bold(question: str, text: str) -> list[str]:
    return [text[start:end] for start, end in type_match(understand(question), text)[1]]


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("有多少名党员进网入格", "推动1.3万余名党员进“网”入“格”，共3次。", "1.3万余名"),
        ("志愿者有多少人", "组建280支突击队，吸纳2600余名机关党员志愿者。", "2600余名"),
        ("划为几个片区", "将70余个党组织划为6个党建联系指导片区。", "6个"),
        ("预备期多长", "预备党员的预备期为一年。", "一年"),
        ("什么时候施行", "本办法自2024年5月1日起施行。", "2024年5月1日起"),
        ("会议费标准是多少钱", "每人每天550元，共3天。", "550元"),
        ("支部大会多久召开一次", "党员大会一般每季度召开1次。", "每季度召开1次"),
        ("最长能谈几个钟头？", "应当由两名人员进行，时间不超过6小时。", "6小时"),
        ("一次能借几本？", "每人每次借书不超过3册，借期30日。", "不超过3册"),
        ("一次能借5本吗？", "每人每次借书不超过3册，借期30日。", "不超过3册"),
        ("服务对象的评分占多少？", "评分由服务对象占四成，上级占三成。", "四成"),
        ("咨询电话是多少？", "接待时间为每周五，电话0898-88888888。", "0898-88888888"),
    ],
)
def test_highlight(question: str, text: str, found: str) -> None:
    assert found in bold(question, text)


def test_the_number_of_a_name_is_no_answer() -> None:
    fit, spans = type_match(understand("“五融合”服务了多少家企业"), "推行“五融合”，提升服务。")
    assert fit < 0.5
    assert not spans


def test_a_number_that_the_question_says_is_no_answer() -> None:
    text = "服务南繁的800余家育种企业。"
    assert type_match(understand("800余家育种企业里有多少家是外资？"), text)[0] < 0.2


@pytest.mark.parametrize(
    ("text", "count", "part"),
    [
        ("每本问四个问题：谁要求的，依据是什么，谁在看，不做会怎样。", 4, "谁要求的，"),
        ("队员有三不准：不准单独行动，不准涉水，不准触电。", 3, "不准涉水"),
        ("其中示范领学和专题研学两门为必修，其余选修。", 2, "示范领学和专题研学"),
    ],
)
def test_clauses_stand_for_a_list_of_the_asked_size(text: str, count: int, part: str) -> None:
    size, (start, end) = enumeration(text, count)
    assert size == count
    assert part in text[start:end]


def test_who_does_it_is_not_whom_the_question_names() -> None:
    asked = understand("转换指令由谁发布？")
    assert type_match(asked, "由市直机关工委发布转换指令。")[0] == 1
    assert type_match(asked, "转换指令应当及时。")[0] < 0.5


def test_enumeration_counts_its_parts() -> None:
    text = "建设“四型”机关，即政治机关、学习机关、清廉机关和效能机关，成效明显。"
    size, (start, end) = enumeration(text, 4)
    assert size == 4
    assert text[start:end] == "即政治机关、学习机关、清廉机关和效能机关"


def test_a_false_premise_is_noticed() -> None:
    asked = understand("41个片区怎么划分")
    assert premises(asked, ["划为6个党建联系指导片区。"]) == [("41个", "6个")]
    assert premises(asked, ["划为41个片区。"]) == []


@pytest.mark.parametrize("value", [1, 9, 10, 12, 20, 99, 100, 101, 110, 133, 999, 1001, 1260])
def test_numerals_survive_a_round_trip(value: int) -> None:
    assert read_number(write_number(value)) == value
