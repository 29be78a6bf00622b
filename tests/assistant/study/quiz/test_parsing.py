"""What is read out of sentences: amounts, bodies, outcomes, definitions, whether they stand alone."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.study.quiz.amounts import amounts, equal, writings, written
from assistant.study.quiz.bodies import bodies, may_be_same
from assistant.study.quiz.falsehood import condition, modal
from assistant.study.quiz.outcomes import read_ladder, read_lead
from assistant.study.quiz.plain import balanced, clean_item, self_standing, standing_lead
from assistant.study.quiz.short import question_of
from assistant.study.quiz.terms import gives_away, read_definition
from assistant.study.titles import shown_title
from index.numerals import to_chinese

RULE_TEXT = st.text(
    alphabet="应当在三十日内向上级机关报告百分之五万元以下（）《》“”，。；：的由批准12年月半两名人工作个其该前款 \n",
    max_size=300,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("应当在三十日内报送", ["三十日"]),
        ("自2023年3月1日起施行", []),
        ("第十五条第三款", []),
        ("处五万元以上二十万元以下罚款", ["五万元", "二十万元"]),
        ("不得少于百分之三十，其中三分之二以上", ["百分之三十", "三分之二"]),
        ("由两名以上工作人员", ["两名"]),
        ("一年半内不得提拔", ["一年半"]),
        ("15个工作日内答复", ["15个工作日"]),
        ("人民代表大会每年举行", []),
        ("年度预算和日常工作", []),
    ],
)
def test_amounts_are_numbers_with_units_and_nothing_else(text: str, found: list[str]) -> None:
    assert [one.text for one in amounts(text)] == found


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("三十日", "30日", True),
        ("三十日", "一个月", True),
        ("十二个月", "一年", True),
        ("七日", "一周", True),
        ("六个月", "半年", True),
        ("五日", "五个工作日", True),  # may be taken for the same: no distractor
        ("十日", "十五日", False),
        ("二人", "两名", True),
        ("一万元", "10000元", True),
    ],
)
def test_amounts_that_may_pass_for_the_same_are_told(left: str, right: str, same: bool) -> None:
    a, b = next(amounts(f"在{left}内")), next(amounts(f"在{right}内"))
    assert equal(a, b) is same


@settings(deadline=None)
@given(number=st.integers(2, 9999), unit=st.sampled_from(["日", "个月", "元", "小时", "倍"]))
def test_both_numerals_of_an_amount_are_equal_and_accepted(number: int, unit: str) -> None:
    arabic, chinese = f"{number}{unit}", f"{to_chinese(number)}{unit}"
    a, b = next(amounts(f"为{arabic}。")), next(amounts(f"为{chinese}。"))
    assert equal(a, b) and a.size == b.size
    assert {arabic, chinese} <= set(writings(a)) and {arabic, chinese} <= set(writings(b))
    assert written(a, like=b) == chinese and written(b, like=a) == arabic


@settings(deadline=None)
@given(RULE_TEXT)
def test_amounts_lie_where_they_say(text: str) -> None:
    last = 0
    for one in amounts(text):
        assert text[one.start : one.end] == one.text
        assert one.start >= last and isinstance(one.size, Fraction)
        last = one.end


@settings(deadline=None)
@given(RULE_TEXT)
def test_bodies_and_ladders_quote_the_text(text: str) -> None:
    for one in bodies(text):
        assert text[one.start : one.end] == one.text
    ladder = read_ladder(text)
    for rung in ladder.rungs if ladder else ():
        assert text[rung.start : rung.end] == rung.outcome
    definition = read_definition(text)
    if definition:
        assert text[definition.start : definition.end] == definition.term


@settings(deadline=None)
@given(RULE_TEXT)
def test_what_stands_alone_is_whole(text: str) -> None:
    if self_standing(text):
        assert balanced(text) and text.endswith("。") and "前款" not in text and "\n" not in text


def test_bodies_in_charge_are_found_with_what_they_do() -> None:
    found = list(bodies("由县级以上人民政府批准，报上一级纪委备案，经有关部门同意，由其负责。"))
    assert [(one.word, one.text, one.act) for one in found] == [
        ("由", "县级以上人民政府", "批准"),
        ("报", "上一级纪委", "备案"),
    ]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("监察委员会", "监察机关", True),
        ("县级以上人民政府", "省级人民政府", True),
        ("省、自治区、直辖市人民政府", "省级人民政府", True),
        ("人民检察院", "人民法院", False),
        ("主管部门", "国务院教育行政部门", True),
        ("县级人民政府", "省级人民政府", False),
        ("上一级纪委", "上级纪委", True),
        ("当地疾控部门", "县级以上人民政府疾控部门", True),
        ("国家军品出口管制管理部门", "国家出口管制管理部门", True),
        ("旅、团级选举委员会", "本级选举委员会", True),
        ("县级政府农业部门或者乡镇政府", "县级以上地方政府农业部门", True),
        ("公安机关或者检察院", "国务院", False),
        ("全国人民代表大会常务委员会", "常务委员会会议", True),
    ],
)
def test_bodies_that_may_be_the_same_are_no_distractors(left: str, right: str, same: bool) -> None:
    assert may_be_same(left, right) is same


def test_a_ladder_has_conditions_outcomes_and_whom_it_hits() -> None:
    text = "弄虚作假，造成不良影响的，对直接责任者，给予警告处分；情节严重的，给予开除党籍处分。"
    ladder = read_ladder(text)
    assert ladder is not None
    first, second = ladder.rungs
    assert (first.outcome, first.aim) == ("给予警告处分", "对直接责任者")
    assert ladder.condition(second) == "弄虚作假，造成不良影响，情节严重的"
    assert read_ladder("各级党委应当加强领导。") is None


def test_a_lead_with_degrees_is_a_ladder_over_its_items() -> None:
    lead = "有下列行为之一，情节较轻的，给予警告处分；情节严重的，给予撤职处分"
    ladder = read_lead(lead)
    assert ladder is not None
    assert [lead[one.start : one.end] for one in ladder.rungs] == ["给予警告处分", "给予撤职处分"]


def test_a_later_condition_that_cannot_be_read_alone_is_not_asked() -> None:
    ladder = read_ladder("当面口头告知被告知人有关事项的，应当记入笔录；电话告知的，应当记录在案。")
    assert ladder is not None and [one.alone for one in ladder.rungs] == [True, False]


def test_definitions_and_terms_that_give_themselves_away() -> None:
    found = read_definition("《条例》所称“立案机关”，是指决定立案或者经批准后决定立案的机关。")
    assert found is not None and found.term == "立案机关"
    assert gives_away(found.term, found.body)
    assert read_definition("应当报告的事项，其内容不得隐瞒。") is None


@pytest.mark.parametrize(
    "text",
    [
        "前款规定的期限届满后，该机关应当在十日内向上级报告。",
        "其应当在收到通知之日起十日内提交全部书面材料。",
        "应当在收到通知之日起十日内提交全部书面材料。",
        "申请人依照本法第十二条的规定应当在十日内提交书面材料。",
        "为规范公务接待管理，厉行勤俭节约，制定本办法。",
        "本办法自发布之日起三十日后在全市范围内施行。",
        "申请人应当<b>在十日内</b>提交全部书面材料和复印件。",
        "申请人应当在十日内（含当日提交全部书面材料和复印件。",
        "下列人员应当在十日内提交全部书面材料和复印件。",
    ],
)
def test_what_dangles_or_is_cut_is_never_asked(text: str) -> None:
    assert not self_standing(text)


def test_plain_sentences_leads_and_items_are_taken() -> None:
    assert self_standing("申请人应当在收到通知之日起十日内提交全部书面材料。")
    assert standing_lead("工作人员有下列情形之一的，应当回避")
    assert not standing_lead("有前款所列下列情形之一的，应当回避")
    assert clean_item("是被审查人近亲属的") and not clean_item("前款第二项规定的情形")


def test_titles_are_as_a_question_names_them() -> None:
    assert shown_title("中国共产党纪律处分条例 2023") == "中国共产党纪律处分条例"
    assert shown_title("印发《某某管理暂行办法（试行）》") == "某某管理暂行办法（试行）"
    assert shown_title("“四型”机关建设工作要点") == "“四型”机关建设工作要点"
    assert "《" not in shown_title("某省贯彻《巡视工作条例》实施办法")


def test_a_lead_becomes_a_question_or_none() -> None:
    assert question_of("机关纪委履行下列职责") == "机关纪委履行哪些职责？"
    assert question_of("通用尺度为下列三种") == "通用尺度为哪三种？"
    assert question_of("外交代表免纳捐税，但下列各项除外") == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("调查人员不得少于二人，并应当出示证件。", "不得少于"),
        ("复核机构应当在三日内书面通知申请人。", "书面"),
        ("延长的期限最长不得超过九十日。", None),  # 最长不得少于 reads like a slip
        ("未在用工的同时书面通知劳动者的，由用人单位承担后果。", None),  # a condition
        ("可以口头申请，也可以书面申请。", None),
    ],
)
def test_conditions_with_an_opposite_can_be_turned(text: str, word: str | None) -> None:
    found = condition(text)
    assert (found.group() if found else None) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("承办部门应当及时通知申请人。", "应当"),
        ("会计人员不得兼任出纳。", "不得"),
        ("党员应当遵守党的章程。", None),  # 可以遵守 reads like a slip
        ("任何人不得挪用专项资金。", None),  # nobody takes it to be allowed
        ("应当追究责任的，依照有关规定处理。", None),  # a condition
        ("知道或者应当知道权利受到损害之日起计算。", None),
        ("代表可以提出意见，应当署名。", None),  # two
    ],
)
def test_only_what_could_be_left_to_choice_is_turned(text: str, word: str | None) -> None:
    found = modal(text)
    assert (found.group() if found else None) == word
