"""The questions log: what is kept, for how long, and that asking never suffers from it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from assistant.activity.database import FILE
from assistant.activity.records import Scope, key_of
from assistant.activity.tables import meta, now, questions
from assistant.asking import Asking
from index.records import SearchFilter
from tests.assistant.activity.conftest import Office

LODGING = "二类会议每人每天住宿费不超过多少元？"


def test_an_answer_is_kept_with_its_sources_and_conditions(office: Office) -> None:
    flt = SearchFilter(collections=("制度",))
    answer = office.asking.ask(LODGING, flt, "api", "张三")
    assert not answer.abstained and answer.question_id
    [asked] = office.journal.questions()
    assert (asked.question_id, asked.text) == (answer.question_id, LODGING)
    assert (asked.channel, asked.user, asked.scope.collections) == ("api", "张三", ("制度",))
    assert "300元" in asked.reply.text and not asked.reply.abstained
    [cited] = asked.reply.cited
    assert cited.title == "会议费管理办法（示例）" and cited.article == "第二条"
    assert "300元" in cited.quote and cited.quote_hash and cited.content_hash
    assert asked.conditions.encoder == office.library.encoder.fingerprint
    assert asked.conditions.generation == office.library.catalog.generation
    assert asked.duration_ms > 0 and now() - asked.at < timedelta(minutes=5)


def test_a_refusal_is_kept_with_the_nearest_passages(office: Office) -> None:
    answer = office.asking.ask("图书室的电话号码是多少？")
    assert answer.abstained
    [asked] = office.journal.questions(abstained=True)
    assert asked.reply.abstained and asked.reply.related
    assert office.journal.questions(abstained=False) == []


def test_switched_off_nothing_is_stored_yet_feedback_can_be_given(
    make_office: Callable[..., Office],
) -> None:
    office = make_office(log_questions=False)
    answer = office.asking.ask(LODGING)
    assert office.journal.questions() == []
    asked = office.journal.find(answer.question_id)
    assert asked is not None and asked.text == LODGING


def test_old_questions_go_and_new_ones_stay(make_office: Callable[..., Office]) -> None:
    office = make_office(log_days=30)
    old = office.asking.ask("第一个问题是什么？")
    kept = office.asking.ask(LODGING)
    with office.journal.database.writing() as connection:
        for answer, days in ((old, 31), (kept, 29)):
            where = questions.c.question_id == answer.question_id
            moment = now() - timedelta(days=days)
            connection.execute(update(questions).where(where).values(at=moment))
        connection.execute(update(meta).where(meta.c.key == "pruned").values(value="2020-01-01"))
    later = Asking(office.library, office.answerer)  # as another process, on another day
    last = later.ask(LODGING)
    later.close()
    assert [a.question_id for a in office.journal.questions()] == [
        last.question_id,
        kept.question_id,
    ]


def test_a_home_that_cannot_be_written_answers_and_warns_once(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.journal.close()
    for one in office.settings.home.glob(f"{FILE}*"):
        one.unlink()
    (office.settings.home / FILE).mkdir()
    with caplog.at_level(logging.WARNING, logger="luming.activity"):
        answers = [office.asking.ask(LODGING) for _ in range(3)]
    assert all("300元" in one.sentences[0].text for one in answers)
    [warning] = [one for one in caplog.records if one.name == "luming.activity"]
    assert FILE in warning.getMessage() and "提问照常" in warning.getMessage()


def test_the_programs_own_questions_are_not_logged(office: Office) -> None:
    office.answerer.answer(LODGING)
    assert office.journal.questions() == []


def test_the_same_question_has_one_key_and_another_scope_another() -> None:
    everywhere = Scope()
    assert key_of("会议费是多少？", everywhere) == key_of(" 会议费 是多少?", everywhere)
    assert key_of("ＡＥＤ在哪", everywhere) == key_of("aed在哪。", everywhere)
    assert key_of("会议费是多少", everywhere) != key_of("会议费是多少", Scope(("制度",)))
    assert key_of("会议费\ud800", everywhere)  # half a surrogate pair, from JSON


def test_words_that_cannot_be_stored_do_not_break_asking(office: Office) -> None:
    answer = office.asking.ask(f"{LODGING}\ud83d")
    assert answer.question


def test_latest_and_since_and_collections(office: Office, tmp_path: Path) -> None:
    office.asking.ask(LODGING)
    office.asking.ask(LODGING, SearchFilter(collections=("制度",)))
    office.asking.ask(f"{LODGING} ")
    assert len(office.journal.questions()) == 3
    assert len(office.journal.latest()) == 2
    assert len(office.journal.latest(limit=1)) == 1
    assert office.journal.latest(since=now() + timedelta(days=1)) == []
    assert len(office.journal.questions(collections=("别的",))) == 2  # asked of all of them
