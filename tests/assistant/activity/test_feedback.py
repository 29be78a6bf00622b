"""Feedback becomes questions with known sources, which `luming eval` reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.activity.feedback import FeedbackError, FeedbackStore, UnknownAsking, exported
from index.evaluation.evaluate import Options, evaluate
from index.evaluation.staged import LibraryStages
from index.records import SearchFilter
from tests.assistant.activity.conftest import Office
from ui.render.feedback import open_path, write_confirmed, write_open

LODGING = "二类会议每人每天住宿费不超过多少元？"
LOANS = "图书室每人每次可以借几册图书？"
PHONE = "图书室的电话号码是多少？"


@pytest.fixture
def store(office: Office) -> FeedbackStore:
    return FeedbackStore(office.journal.database)


def test_a_verdict_is_kept_with_question_and_answer(office: Office, store: FeedbackStore) -> None:
    answer = office.asking.ask(LODGING)
    number = store.add(
        office.journal, answer.question_id, "有误", "  数字旧了 ", "《新办法》第一条"
    )
    [one] = store.listed()
    assert (one.feedback_id, one.verdict, one.reason) == (number, "wrong", "数字旧了")
    assert (one.text, one.gold, one.user) == (LODGING, "《新办法》第一条", "local")
    assert "300元" in one.reply.text and one.reply.cited


def test_the_same_person_again_replaces_another_person_adds(
    office: Office, store: FeedbackStore
) -> None:
    answer = office.asking.ask(LODGING)
    store.add(office.journal, answer.question_id, "wrong")
    store.add(office.journal, answer.question_id, "useful")
    assert [one.verdict for one in store.listed()] == ["useful"]
    store.add(office.journal, answer.question_id, "wrong", user="李四")
    assert [one.verdict for one in store.listed(verdict="wrong")] == ["wrong"]
    assert len(store.listed()) == 2


def test_feedback_stays_when_the_log_is_off(make_office: object) -> None:
    office: Office = make_office(log_questions=False)  # type: ignore[operator]
    store = FeedbackStore(office.journal.database)
    store.add(office.journal, office.asking.ask(LODGING).question_id, "有用")
    assert [one.text for one in store.listed()] == [LODGING]


def test_what_cannot_be_taken_says_why(office: Office, store: FeedbackStore) -> None:
    answer = office.asking.ask(LODGING)
    with pytest.raises(UnknownAsking, match="没有编号为"):
        store.add(office.journal, "nothing", "有用")
    with pytest.raises(FeedbackError, match="请写 有用 或 有误"):
        store.add(office.journal, answer.question_id, "好")
    with pytest.raises(FeedbackError, match="1000 字"):
        store.add(office.journal, answer.question_id, "有误", "错" * 1_001)
    assert store.listed() == []
    assert store.remove(7) is False


@pytest.mark.parametrize("ending", ["jsonl", "csv", "xlsx"])
def test_the_export_is_evaluated(
    office: Office, store: FeedbackStore, tmp_path: Path, ending: str
) -> None:
    useful = office.asking.ask(LODGING)
    refused = office.asking.ask(PHONE)
    corrected = office.asking.ask("值班人员提前多少分钟到岗？")
    wrong = office.asking.ask(LOANS)
    store.add(office.journal, useful.question_id, "有用")
    store.add(office.journal, refused.question_id, "有用", "确实没有")
    gold = "《值班管理办法（示例）》第二条"
    store.add(office.journal, corrected.question_id, "有误", gold=gold)
    store.add(office.journal, wrong.question_id, "有误", "=cmd|' /C calc'!A0")
    done = exported(store.listed())
    assert [one.text for one in done.open] == [LOANS]
    path = tmp_path / f"问题.{ending}"
    write_confirmed(path, done.confirmed)
    stages = LibraryStages(office.library)
    result = evaluate(office.library, path, SearchFilter(), stages, Options(depth=10))
    assert (result.read, result.unanswerable, result.problems) == (3, 1, ())
    assert {one.q for one in result.run.outcomes} == {LODGING, "值班人员提前多少分钟到岗？"}
    waiting = open_path(path)
    write_open(waiting, done.open)
    assert waiting.is_file() and "待订正" in waiting.name


def test_of_several_verdicts_on_one_question_the_newest_counts(
    office: Office, store: FeedbackStore
) -> None:
    first, second = office.asking.ask(LODGING), office.asking.ask(LODGING)
    store.add(office.journal, first.question_id, "有误")
    store.add(office.journal, second.question_id, "有用")
    done = exported(store.listed())
    assert [one.gold for one in done.confirmed] == [("《会议费管理办法（示例）》第二条",)]
    assert done.open == ()
