"""Refused questions become gaps: grouped, counted, dismissed, filled, open again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.activity.advice import advice
from assistant.activity.gaps import DISMISSED, FILLED, OPEN, GapError, GapStore
from assistant.activity.likeness import Wording, alike
from assistant.activity.records import Cited, Reply
from assistant.activity.tables import now
from index.library import Library
from index.records import SearchFilter
from tests.assistant.activity.conftest import KEEPER, KEEPER_AGAIN, OPENING, Office

HOTEL = "开会的定点饭店电话号码是多少？"


@pytest.fixture
def gaps(office: Office) -> GapStore:
    return GapStore(office.library, office.journal)


def test_the_same_question_in_other_words_is_one_gap(office: Office, gaps: GapStore) -> None:
    for question in (KEEPER, HOTEL, KEEPER_AGAIN, KEEPER):
        assert office.asking.ask(question).abstained
    first, second = gaps.listed()
    assert (first.text, first.count, first.status) == (KEEPER, 3, OPEN)
    assert first.wordings == ((KEEPER, 2), (KEEPER_AGAIN, 1))
    assert (second.text, second.count) == (HOTEL, 1)
    assert first.first < first.last
    assert first.nearest[0].title == "图书室借阅须知（示例）"
    assert "职责分工" in first.advice and "图书室" in first.advice


def test_answered_questions_are_no_gaps(office: Office, gaps: GapStore) -> None:
    office.asking.ask("二类会议每人每天住宿费不超过多少元？")
    assert gaps.listed() == []


def test_a_gap_keeps_its_number_and_dismissed_ones_stay_away(
    office: Office, gaps: GapStore
) -> None:
    office.asking.ask(KEEPER)
    office.asking.ask(HOTEL)
    numbers = {one.text: one.gap_id for one in gaps.listed()}
    gaps.set_status([numbers[KEEPER]], DISMISSED)
    office.asking.ask(KEEPER_AGAIN)
    anew = GapStore(office.library, office.journal)
    assert [one.gap_id for one in anew.listed()] == [numbers[HOTEL]]
    [away] = anew.listed(statuses=(DISMISSED,))
    assert (away.gap_id, away.count) == (numbers[KEEPER], 2)
    gaps.set_status([numbers[KEEPER]], OPEN)
    assert len(gaps.listed()) == 2


def test_an_unknown_number_changes_nothing(office: Office, gaps: GapStore) -> None:
    office.asking.ask(KEEPER)
    [gap] = gaps.listed()
    with pytest.raises(GapError, match="999"):
        gaps.set_status([gap.gap_id, 999], DISMISSED)
    assert [one.status for one in gaps.listed()] == [OPEN]


def test_checking_marks_what_is_answered_now(office: Office, gaps: GapStore) -> None:
    office.asking.ask(KEEPER)
    office.asking.ask(HOTEL)
    assert gaps.check(office.answerer, gaps.listed()) == []
    office.write("开放.txt", OPENING)
    office.ingest()
    [filled] = gaps.check(office.answerer, gaps.listed())
    assert filled.text == KEEPER
    assert [one.text for one in gaps.listed()] == [HOTEL]
    [one] = gaps.listed(statuses=(FILLED,))
    assert one.checked is not None


def test_asked_again_and_answered_a_gap_is_filled_refused_again_it_is_open(
    office: Office, gaps: GapStore
) -> None:
    office.asking.ask(KEEPER)
    assert len(gaps.listed()) == 1
    office.write("开放.txt", OPENING)
    office.ingest()
    assert not office.asking.ask(KEEPER).abstained
    assert gaps.listed() == []
    office.remove("开放.txt")
    assert office.asking.ask(KEEPER).abstained
    assert [one.status for one in gaps.listed()] == [OPEN]


def test_since_counts_only_what_was_asked_since(office: Office, gaps: GapStore) -> None:
    office.asking.ask(KEEPER)
    assert gaps.listed(since=now() + timedelta(days=1)) == []
    assert gaps.listed(since=now() - timedelta(days=1))[0].count == 1


def test_collections_are_apart(office: Office, gaps: GapStore) -> None:
    office.asking.ask(KEEPER)
    office.asking.ask(KEEPER, SearchFilter(collections=("制度",)))
    assert [one.scope.collections for one in gaps.listed()] in ([("制度",), ()], [(), ("制度",)])
    assert len(gaps.listed(collections=("别的",))) == 1


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("加班费怎么算？", "加班费如何计算？", True),
        ("书屋周六开放到几点？", "请问书屋周六开到几点钟", True),
        ("2023年的会议费标准是多少？", "2024年的会议费标准是多少？", False),
        ("三亚的会议费标准是多少？", "海口的会议费标准是多少？", False),
        ("片区联席会议多久开一次？", "片区联席会议由谁主持？", False),
        ("党建品牌隔几年申报一次？", "党建品牌认定后管几年？", False),
        ("《甲办法》第三条规定了什么", "《乙办法》第三条规定了什么", False),
        ("？？？", "！！", False),
    ],
)
def test_likeness(library: Library, left: str, right: str, same: bool) -> None:
    vectors = library.encoder.encode_queries([left, right])
    one, other = Wording.of(left, vectors[0]), Wording.of(right, vectors[1])
    assert alike(one, other, library.encoder) is same
    assert alike(other, one, library.encoder) is same


def near(title: str, quote: str = "") -> Reply:
    cited = Cited("d", "p", title, "第一条", "第一条", "现行", "库", quote, "h")
    return Reply(abstained=True, text="没有", related=(cited,))


@pytest.mark.parametrize(
    ("question", "reply", "said"),
    [
        ("《信访工作条例》第五条规定了什么？", near("值班办法"), "《信访工作条例》的全文"),
        ("《值班办法》第九十九条规定了什么？", near("值班办法"), "核对条号"),
        ("2030年的值班补助是多少？", near("值班办法", "值班补助"), "2030年的"),
        ("海口的值班补助是多少？", near("值班办法", "值班补助"), "海口的"),
        ("怎么申请值班补助？", near("值班办法", "值班补助"), "办事指南"),
        ("值班补助由谁审批？", near("值班办法", "值班补助"), "职责分工"),
        ("修订前的值班补助是多少？", near("值班办法"), "旧版本"),
        ("值班补助是多少？", near("值班办法", "值班补助"), "在《值班办法》里补充"),
        ("。。。", near("值班办法"), "忽略"),
    ],
)
def test_advice_says_what_to_add(question: str, reply: Reply, said: str) -> None:
    assert said in advice(question, reply)
