"""Which article became which."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from index.versions.compare.articles import Article
from index.versions.compare.comparison import compare
from index.versions.compare.pairing import pair_articles

TOPICS = [
    "为了规范机关纪委工作，加强党内监督，根据党内法规，结合实际，制定本办法。",
    "机关纪委由党员大会选举产生，每届任期三年，委员五至九人，设书记一人。",
    "机关纪委受理对党员违纪行为的检举、控告，应当在十五个工作日内决定是否受理。",
    "印章由办公室专人保管，用印须经主要负责人批准并登记备查。",
    "值班人员应当坚守岗位，遇有突发情况立即报告带班领导，并做好值班记录。",
    "采购金额二十万元以上的项目应当公开招标，评审专家从专家库中随机抽取。",
    "公务用车实行统一调度，节假日封存停驶，不得公车私用。",
    "档案实行集中统一管理，借阅档案应当办理登记手续，不得转借、涂改。",
    "会议费实行综合定额控制，会议结束后一个月内报销。",
    "本办法自印发之日起施行，由办公室负责解释。",
]


def articles(texts: list[str], chapter: str = "") -> list[Article]:
    return [
        Article(f"第{number}条", chapter, text, 0, 0) for number, text in enumerate(texts, start=1)
    ]


def pairs(old: list[str], new: list[str]) -> dict[int, int]:
    return {i: j for i, j, _ in pair_articles(articles(old), articles(new)).pairs}


def test_articles_are_known_after_an_insertion_a_removal_and_a_move() -> None:
    moved = [TOPICS[0], "本办法适用于市直机关各部门。", *TOPICS[2:8], TOPICS[9], TOPICS[1]]
    found = pairs(TOPICS, moved)
    assert found == {0: 0, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 9: 8, 1: 9}


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(len(TOPICS))))
def test_any_order_is_seen_through(order: list[int]) -> None:
    assert pairs(TOPICS, [TOPICS[at] for at in order]) == {at: j for j, at in enumerate(order)}


def test_a_rewritten_article_is_known_by_its_words_and_place() -> None:
    new = list(TOPICS)
    new[4] = "带班领导和值班人员应当严格遵守值班制度，发生突发事件的，按照规定及时报告处置情况。"
    assert pairs(TOPICS, new)[4] == 4


def test_merged_and_split_articles_say_where_their_text_is() -> None:
    old = [*TOPICS[:5], TOPICS[5] + TOPICS[6], *TOPICS[7:]]
    new = [*TOPICS[:3], TOPICS[3] + "\n" + TOPICS[4], TOPICS[5], *TOPICS[6:]]
    changes = compare(articles(old), articles(new)).changes
    assert [one.merged_into for one in changes if one.kind == "removed"] == ["第4条"]
    assert [one.split_from for one in changes if one.kind == "added"] == ["第6条"]


def test_kinds_and_counts() -> None:
    new = [TOPICS[0], TOPICS[1].replace("三年", "五年"), *TOPICS[4:], "新设立的部门参照执行。"]
    result = compare(articles(TOPICS), articles(new))
    assert result.counts == {
        "unchanged": 1, "changed": 1, "moved": 6, "moved_changed": 0, "added": 1, "removed": 2,
    }  # fmt: skip
    kinds = [one.kind for one in result.changes]
    assert kinds[:4] == ["unchanged", "changed", "removed", "removed"]


def test_signs_of_another_width_are_no_change() -> None:
    result = compare(articles(["（一）报告;（二）登记。"]), articles(["(一)报告；(二)登记."]))
    assert result.counts["unchanged"] == 1


def test_nothing_to_compare_with() -> None:
    assert compare([], []).changes == ()
    assert compare(articles(TOPICS), []).counts["removed"] == len(TOPICS)
    assert compare([], articles(TOPICS)).counts["added"] == len(TOPICS)
    assert compare(articles([""]), articles(["", "甲"])).changes


TEXTS = st.lists(st.text(alphabet="甲乙丙丁机关办法，。\n一二", max_size=40), max_size=8)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS)
def test_every_article_appears_once(old: list[str], new: list[str]) -> None:
    result = compare(articles(old), articles(new))
    assert [one.new.label for one in result.changes if one.new] == [a.label for a in articles(new)]
    assert sorted(one.old.label for one in result.changes if one.old) == sorted(
        a.label for a in articles(old)
    )
