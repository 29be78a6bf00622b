"""Chains of versions and what holds on a day, from texts as they are really written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.versions.model import Facts
from index.versions.statements import Repeal, Statements, Step
from index.versions.view import Versions
from tests.index.versions.conftest import facts_of, rules

TODAY = date(2025, 6, 1)
OLD = rules(
    "机关值班管理办法", "（2019年5月10日市级机关印发）", "本办法自2019年6月1日起施行。", "值班"
)
NEW = rules(
    "机关值班管理办法（修订）",
    "（2019年5月10日印发 2024年1月8日修订）",
    "本办法自2024年3月1日起施行。",
    "值守",
)


def validities(versions: Versions, day: date = TODAY) -> dict[str, str]:
    return {name: status.validity for name, status in versions.statuses(day).items()}


def test_the_status_follows_the_day_without_reading_anything_again() -> None:
    versions = Versions([facts_of(OLD, "旧.txt"), facts_of(NEW, "新.txt")])
    assert validities(versions, date(2019, 5, 20)) == {"旧.txt": "尚未施行", "新.txt": "尚未施行"}
    assert validities(versions, date(2023, 1, 1)) == {"旧.txt": "现行", "新.txt": "尚未施行"}
    assert validities(versions, date(2024, 2, 29)) == {"旧.txt": "现行", "新.txt": "尚未施行"}
    assert validities(versions, date(2024, 3, 1)) == {"旧.txt": "已被修订", "新.txt": "现行"}
    assert versions.current("旧.txt", date(2023, 1, 1)) == "旧.txt"
    assert versions.current("旧.txt", TODAY) == "新.txt"
    old = versions.status("旧.txt", TODAY)
    assert (old.since, old.until) == (date(2019, 6, 1), date(2024, 3, 1))
    assert (old.successor_id, old.predecessor_id) == ("新.txt", None)
    assert "2024年3月1日" in old.reason
    assert "没有更新的版本" in versions.status("新.txt", TODAY).reason


def test_what_is_not_in_force_is_left_out_unless_wanted() -> None:
    versions = Versions([facts_of(OLD, "旧.txt"), facts_of(NEW, "新.txt")])
    assert versions.excluded(TODAY) == {"旧.txt"}
    assert versions.excluded(date(2024, 1, 20)) == {"新.txt"}
    assert versions.excluded(TODAY, ["已被修订"]) == frozenset()


def test_a_trial_version_gives_way_to_the_formal_one() -> None:
    trial = rules("保密检查办法（试行）", "（2020年3月2日印发）", "本办法自印发之日起试行。")
    formal = rules("保密检查办法", "（2022年9月1日印发）", "本办法自2022年10月1日起施行。")
    undated = rules("保密检查办法（试行）", "", "本办法自印发之日起试行。")
    versions = Versions([facts_of(formal, "正式.txt"), facts_of(trial, "试行.txt")])
    assert validities(versions) == {"正式.txt": "现行", "试行.txt": "已被修订"}
    versions = Versions([facts_of(formal, "正式.txt"), facts_of(undated, "试行.txt")])
    assert validities(versions) == {"正式.txt": "现行", "试行.txt": "已被修订"}


def test_a_statute_amended_by_decision_keeps_its_old_clause() -> None:
    history = (
        "2015年4月1日 市人大常委会通过\n2023年6月28日 《关于修改〈某市会计条例〉的决定》第一次修正"
    )
    amended = rules("某市会计条例", history, "本条例自2015年7月1日起施行。")
    versions = Versions([facts_of(amended, "某市会计条例(2023-06-28).md")])
    status = versions.status("某市会计条例(2023-06-28).md", TODAY)
    assert (status.validity, status.since) == ("现行", date(2023, 6, 28))
    assert "按公布之日计" in status.reason


@pytest.mark.parametrize("text", [
    rules("资产清查办法", "", "本办法由办公室负责解释。"),
    rules("资产清查办法", "（2021年3月2日印发）", "本办法由办公室负责解释。"),
    "关于做好防汛工作的通知\n各单位：\n请认真落实。\n某局\n2024年7月1日",
])  # fmt: skip
def test_what_states_no_day_of_force_is_never_guessed(text: str) -> None:
    status = Versions([facts_of(text, "文件.txt")]).status("文件.txt", TODAY)
    assert status.validity == "不明"
    assert "没有写" in status.reason and status.since is None


def test_a_repeal_by_another_document_counts_from_its_day() -> None:
    old = rules(
        "差旅报销规定", "（2016年2月1日印发）\n某办发〔2016〕5号", "本规定自2016年3月1日起施行。"
    )
    clause = "本办法自2023年5月1日起施行。2016年2月1日印发的《差旅报销规定》（某办发〔2016〕5号）同时废止。"
    new = rules("差旅费管理办法", "（2023年4月10日印发）", clause)
    versions = Versions([facts_of(old, "旧.txt"), facts_of(new, "新.txt")])
    assert validities(versions, date(2023, 4, 30))["旧.txt"] == "现行"
    gone = versions.status("旧.txt", date(2023, 5, 1))
    assert gone.validity == "已废止"
    assert "《差旅费管理办法》" in gone.reason and gone.until == date(2023, 5, 1)


def test_a_repeal_reaches_only_what_it_names() -> None:
    clause = "本办法自2023年5月1日起施行。《接待办法（试行）》（某办发〔2011〕7号）同时废止。"
    repealing = rules("接待办法", "（2023年4月10日印发）", clause)
    later = rules("接待办法", "（2025年1月10日印发）", "本办法自2025年2月1日起施行。", "来访")
    other = rules("接待办法细则", "（2012年1月5日印发）", "本细则自2012年2月1日起施行。")
    versions = Versions(
        [facts_of(repealing, "2023.txt"), facts_of(later, "2025.txt"), facts_of(other, "细则.txt")]
    )
    assert validities(versions) == {"2023.txt": "已被修订", "2025.txt": "现行", "细则.txt": "现行"}


def test_a_manifest_has_the_last_word_and_a_contradiction_is_told() -> None:
    kept = facts_of(OLD, "旧.txt", validity="现行")
    versions = Versions([kept, facts_of(NEW, "新.txt")])
    status = versions.status("旧.txt", TODAY)
    assert (status.validity, status.reason) == ("现行", "清单写明现行")
    assert "请核对清单" in status.warning
    gone = facts_of(NEW, "新.txt", validity="已废止", repealed=date(2025, 1, 1))
    assert Versions([gone]).status("新.txt", date(2024, 12, 31)).validity == "现行"
    assert Versions([gone]).status("新.txt", TODAY).validity == "已废止"


def test_a_year_that_the_text_contradicts_makes_the_document_doubtful() -> None:
    text = rules("考勤条例", "（1997年2月17日发布）", "本条例自发布之日起施行。")
    wrong = facts_of(text.replace("考勤条例", "考勤条例2003"), "考勤条例2003.md")
    status = Versions([wrong]).status(wrong.document_id, TODAY)
    assert status.validity == "不明"
    assert "2003年" in status.warning and "1997年2月17日" in status.warning


def test_a_copy_of_an_earlier_text_under_a_later_year_is_doubtful() -> None:
    body = rules("考勤条例", "（1997年2月17日发布）", "本条例自发布之日起试行。", articles=9)
    undated = body.replace("（1997年2月17日发布）\n", "")
    later = rules(
        "考勤条例",
        "（2003年12月31日发布 2015年10月18日修订）",
        "本条例自2016年1月1日起施行。",
        "签到",
    )
    versions = Versions(
        [
            facts_of(body, "考勤条例1997.md"),
            facts_of(undated, "考勤条例2003.md"),
            facts_of(later, "考勤条例2015.md"),
        ]
    )
    doubtful = versions.status("考勤条例2003.md", TODAY)
    assert doubtful.validity == "不明"
    assert "2003年" in doubtful.reason and "1997年2月17日" in doubtful.reason
    # The version of 2003 is known from the history; what is held of 1997 ended with it.
    first = versions.status("考勤条例1997.md", date(2010, 1, 1))
    assert (first.validity, first.until) == ("已被修订", date(2003, 12, 31))
    assert versions.status("考勤条例2015.md", TODAY).validity == "现行"
    assert [one.day for one in versions.chains[0].absent] == [date(2003, 12, 31)]


def test_a_date_of_a_file_name_is_believed_when_another_version_confirms_it() -> None:
    short = rules("母婴办法", "2001年6月20日 国务院令第308号公布", "本办法自公布之日起施行。")
    history = (
        "2001年6月20日 国务院令第308号公布\n2017年11月17日 《关于修改部分法规的决定》第一次修订\n"
        "2023年7月20日 《关于修改部分法规的决定》第二次修订"
    )
    later = rules("母婴办法", history, "本办法自公布之日起施行。", extra="并公示。")
    first, second = "母婴办法(2017-11-17).md", "母婴办法(2023-07-20).md"
    versions = Versions([facts_of(short, first), facts_of(later, second)])
    assert validities(versions) == {first: "已被修订", second: "现行"}
    assert "2017年11月17日" in versions.status(first, TODAY).warning
    alone = Versions([facts_of(short, first)]).status(first, TODAY)
    assert alone.validity == "不明" and "2001年6月20日" in alone.warning


def test_a_text_without_a_history_is_what_its_name_claims_until_more_is_known() -> None:
    """Statutes saved without their history: the clause is the first text's, the name's date isn't."""
    first, second = "某法(2012-12-28).txt", "某法(2024-05-01).txt"
    plain = facts_of(rules("某法", "", "本法自2003年3月1日起施行。"), first)
    alone = Versions([plain]).status(first, TODAY)
    assert alone.validity == "不明"
    assert "2012年12月28日" in alone.warning and "2003年3月1日" in alone.warning
    later = facts_of(
        rules("某法", "（2024年5月1日修订）", "本法自2024年9月1日起施行。", "单位"), second
    )
    assert validities(Versions([plain, later])) == {first: "已被修订", second: "现行"}
    unsure = facts_of(rules("某法", "", "本法自2003年3月1日起施行。", "单位"), second)
    made = facts_of(rules("某法", "（2012年12月28日修订）", "本法自2013年3月1日起施行。"), first)
    versions = Versions([made, unsure])
    assert validities(versions) == {first: "现行", second: "不明"}
    assert "2024年5月1日" in versions.status(first, TODAY).warning


def test_one_name_of_two_places_or_offices_is_two_chains() -> None:
    hangzhou = rules(
        "物业管理条例",
        "2013年8月1日 杭州市人民代表大会常务委员会通过",
        "本条例自2014年1月1日起施行。",
    )
    ningbo = rules(
        "物业管理条例",
        "2022年8月1日 宁波市人民代表大会常务委员会通过",
        "本条例自2023年1月1日起施行。",
    )
    versions = Versions([facts_of(hangzhou, "杭州.txt"), facts_of(ningbo, "宁波.txt")])
    assert validities(versions) == {"杭州.txt": "现行", "宁波.txt": "现行"}
    assert "其他单位" in versions.status("杭州.txt", TODAY).warning


def test_departments_of_one_house_keep_their_own_rules() -> None:
    ours = facts_of(
        rules("值班办法", "（2015年1月5日印发）", "自2015年2月1日起施行。", "人事"),
        "人事.txt",
        "人事处",
    )
    text = "值班办法\n（2022年1月5日印发）\n" + "\n".join(
        f"第{n}条 驾驶班{n * 3}号车出车前应当检查油料、轮胎，{n * 7}公里以上的由调度另派。"
        for n in "一二三四五六七八"
    )
    theirs = facts_of(f"{text}\n第九条 自2022年2月1日起施行。", "后勤.txt", "后勤处")
    assert set(validities(Versions([ours, theirs])).values()) == {"现行"}


def test_a_revised_copy_in_another_collection_is_the_same_chain() -> None:
    old, new = (
        facts_of(OLD, "旧.txt", "旧文库"),
        facts_of(NEW.replace("值守", "值班"), "新.txt", "新文库"),
    )
    assert validities(Versions([old, new])) == {"旧.txt": "已被修订", "新.txt": "现行"}


def test_two_files_of_one_version_are_both_in_force() -> None:
    versions = Versions([facts_of(NEW, "甲.txt"), facts_of(NEW, "乙.txt"), facts_of(OLD, "旧.txt")])
    assert validities(versions) == {"甲.txt": "现行", "乙.txt": "现行", "旧.txt": "已被修订"}
    assert versions.status("甲.txt", TODAY).predecessor_id == "旧.txt"


def test_a_draft_and_notices_of_one_name_replace_nothing() -> None:
    draft = rules(
        "机关值班管理办法（征求意见稿）", "（2025年1月8日）", "本办法自2025年3月1日起施行。"
    )
    versions = Versions([facts_of(NEW, "新.txt"), facts_of(draft, "稿.txt")])
    assert validities(versions) == {"新.txt": "现行", "稿.txt": "不明"}
    notices = [
        Facts(str(year), "关于国庆节放假的通知", effective=date(year, 9, 20))
        for year in (2023, 2024)
    ]
    assert set(validities(Versions(notices)).values()) == {"现行"}


def test_a_term_that_is_over_ends_a_document() -> None:
    text = rules("补贴办法", "（2019年12月2日印发）", "本办法自2020年1月1日起施行，有效期5年。")
    versions = Versions([facts_of(text, "补贴.txt")])
    assert versions.status("补贴.txt", date(2024, 12, 31)).validity == "现行"
    over = versions.status("补贴.txt", date(2025, 1, 1))
    assert over.validity == "已废止" and "有效期" in over.reason


def test_chains_are_found_by_title_part_and_id() -> None:
    versions = Versions([facts_of(OLD, "旧.txt"), facts_of(NEW, "新.txt")])
    for name in ("机关值班管理办法", "《机关值班管理办法（2024修订）》", "值班", "旧.txt"):
        assert [one.family for one in versions.find(name)] == ["机关值班管理办法"]
    assert versions.find("会议") == [] and versions.find(" ") == []


DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))
STEPS = st.lists(
    st.builds(Step, DAYS, st.sampled_from(["公布", "修订", "施行"]), st.booleans(), st.booleans()),
    max_size=5,
).map(lambda steps: tuple(sorted(steps, key=lambda one: one.day)))
TITLES = st.sampled_from(["甲办法", "甲办法（试行）", "甲办法2003", "乙条例", "关于乙的通知"])


@st.composite
def documents(draw: st.DrawFn) -> list[Facts]:
    count = draw(st.integers(1, 7))
    return [
        Facts(
            str(number),
            draw(TITLES),
            issued=draw(st.none() | DAYS),
            effective=draw(st.none() | DAYS),
            repealed=draw(st.none() | DAYS),
            validity=draw(st.sampled_from(["现行", "已废止", "已被修订", "尚未施行", "不明"])),
            statements=Statements(
                history=draw(STEPS),
                at_once=draw(st.booleans()),
                expires=draw(st.none() | DAYS),
                repeals=tuple(
                    draw(st.lists(st.builds(Repeal, TITLES, day=st.none() | DAYS), max_size=2))
                ),
                named_year=draw(st.none() | st.integers(1990, 2030)),
            ),
        )
        for number in range(count)
    ]


@settings(max_examples=200, deadline=None)
@given(documents(), DAYS)
def test_every_document_has_one_place_and_a_reason(library: list[Facts], day: date) -> None:
    versions = Versions(library)
    held = [one.document_id for chain in versions.chains for one in chain.versions]
    assert sorted(held) == sorted(one.document_id for one in library)
    statuses = versions.statuses(day)
    left_out = versions.excluded(day)
    for name, status in statuses.items():
        assert status.reason
        assert (status.validity in ("已被修订", "已废止", "尚未施行")) == (name in left_out)
        if status.validity == "现行" and status.since:
            assert status.since <= day
    for chain in versions.chains:
        for early, late in zip(chain.versions, chain.versions[1:], strict=False):
            if early.rank is not None and late.rank is not None:
                assert early.rank <= late.rank
    assert versions.statuses(day + timedelta(days=1)).keys() == statuses.keys()
