"""Training questions made from texts: asked of what is there, or of what is verifiably not."""

import random

from training.abstaining import generated

TEXT = (
    "第十条 市档案馆应当自收到查阅申请之日起15日以内作出答复。复制档案每页收取3元，"
    "由利用科负责审核。“云汐档案”公众号每季度更新一次。"
)


def test_a_cloze_asks_for_a_fact_of_its_sentence() -> None:
    made = generated.clozes([("d", TEXT)], 50)
    assert made
    for one in made:
        assert one.answer in one.sentence and one.sentence in TEXT
        assert one.answer not in one.q and one.q.endswith("？")


def test_a_swap_names_what_the_document_does_not() -> None:
    [one, *_] = generated.clozes([("d", TEXT)], 50)
    other = generated.swapped(one, TEXT, random.Random(1))
    assert other is not None and other.answer == ""
    assert other.q.endswith(one.q) and other.q[:3] not in TEXT


def test_an_absent_fact_is_asked_only_where_nothing_of_its_sort_stands() -> None:
    silent = "“红色招商联盟”整合各方资源，服务企业发展。"
    asked = {
        one.sort for seed in range(40) for one in generated.absent([("d", silent, silent)], 1, seed)
    }
    assert {"absent_cost", "absent_phone"} <= asked
    told = "“红色招商联盟”经费50万元，联系电话65000000，由投促局负责，设在三楼会议室。"
    asked = {
        one.sort for seed in range(40) for one in generated.absent([("d", told, told)], 1, seed)
    }
    assert not asked & {"absent_cost", "absent_phone", "absent_person", "absent_place"}
