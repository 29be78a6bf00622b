"""Stored questions asked again after a real re-index: what changed, and why."""

from __future__ import annotations

import pytest

from assistant.activity.journal import Journal
from assistant.activity.replay import (
    CHANGED,
    FAILED,
    NOW_ANSWERED,
    NOW_REFUSED,
    Difference,
    Replayed,
    Replayer,
)
from assistant.factory import make_answerer
from index.library import Library
from index.records import SearchFilter
from index.settings import Settings
from tests.assistant.activity.conftest import (
    DUTY_REVISED,
    KEEPER,
    LIBRARY,
    MEETING,
    OPENING,
    Office,
)

LODGING = "二类会议每人每天住宿费不超过多少元？"
AUDIT = "会议费由哪个部门负责审核？"
LOANS = "图书室每人每次可以借几册图书？"
DUTY_PAY = "节假日值班每人每天补助多少元？"


@pytest.fixture
def replayer(office: Office) -> Replayer:
    return Replayer(office.library, office.answerer, office.journal)


def replayed(replayer: Replayer) -> Replayed:
    return replayer.run(replayer.stored())


def codes(one: Difference) -> set[str]:
    return {cause.code for cause in one.causes}


def test_nothing_changed(office: Office, replayer: Replayer) -> None:
    for question in (LODGING, LOANS, KEEPER):
        office.asking.ask(question)
    done = replayed(replayer)
    assert (done.asked, done.unchanged, done.differences) == (3, 3, ())
    assert len(office.journal.questions()) == 3  # replaying is not asking


def test_an_unrelated_document_changes_nothing(office: Office, replayer: Replayer) -> None:
    office.asking.ask(LODGING)
    office.write("另一份.txt", "绿化养护要求（示例）\n草坪每周浇水两次。\n")
    office.ingest()
    assert replayed(replayer).differences == ()


def test_an_edited_article_is_told_with_both_texts(office: Office, replayer: Replayer) -> None:
    office.asking.ask(LODGING)
    office.asking.ask(AUDIT)
    office.write("会议.txt", MEETING.replace("300元", "340元"))
    office.ingest()
    done = replayed(replayer)
    [one] = done.differences
    assert (one.before.text, one.outcome, done.unchanged) == (LODGING, CHANGED, 1)
    assert "300元" in one.before.reply.text and "340元" in one.after.text
    assert "passage_edited" in codes(one)
    assert one.causes[0].text == "《会议费管理办法（示例）》第二条的原文改动了。"


def test_a_removed_document(office: Office, replayer: Replayer) -> None:
    office.asking.ask(LOANS)
    office.remove("图书.txt")
    [one] = replayed(replayer).differences
    assert one.outcome in (NOW_REFUSED, CHANGED)
    assert "document_removed" in codes(one)
    assert "《图书室借阅须知（示例）》已不在文库里" in one.causes[0].text


def test_a_removed_article(office: Office, replayer: Replayer) -> None:
    office.asking.ask(AUDIT)
    office.write("会议.txt", MEETING.replace("第四条 会议费由财务处负责审核。\n", ""))
    office.ingest()
    [one] = replayed(replayer).differences
    assert "passage_gone" in codes(one) and "第四条" in one.causes[0].text


def test_a_revised_version(office: Office, replayer: Replayer) -> None:
    assert "100元" in office.asking.ask(DUTY_PAY).sentences[0].text
    office.write("值班（2024年修订）.txt", DUTY_REVISED)
    office.ingest()
    [one] = replayed(replayer).differences
    assert one.outcome == CHANGED and "200元" in one.after.text
    assert "new_version" in codes(one), one.causes
    assert "已被修订，现行的是《值班管理办法（示例）》" in one.causes[0].text


def test_a_renamed_file_is_the_same_to_a_reader(office: Office, replayer: Replayer) -> None:
    office.asking.ask(LOANS)
    (office.files / "借阅.txt").write_bytes((office.files / "图书.txt").read_bytes())
    office.remove("图书.txt")
    office.ingest()
    assert replayed(replayer).changed == 0


def test_a_renamed_and_edited_file(office: Office, replayer: Replayer) -> None:
    office.asking.ask(LOANS)
    office.remove("图书.txt")
    office.write("借阅.txt", LIBRARY.replace("3册", "5册"))
    office.ingest()
    [one] = replayed(replayer).differences
    assert "5册" in one.after.text and codes(one) >= {"document_moved"}
    assert "换成了另一份同名文件" in one.causes[0].text


def test_what_was_refused_and_is_answered_now(office: Office, replayer: Replayer) -> None:
    office.asking.ask(KEEPER)
    office.write("开放.txt", OPENING)
    office.ingest()
    [one] = replayed(replayer).differences
    assert one.outcome == NOW_ANSWERED and "document_added" in codes(one)
    assert "《图书室开放须知（示例）》" in one.causes[0].text


def test_a_collection_that_is_gone_fails_that_question_only(
    office: Office, replayer: Replayer
) -> None:
    office.asking.ask(LOANS)
    office.asking.ask(LODGING, SearchFilter(collections=("制度",)))
    extra = office.files.parent / "别处"
    extra.mkdir()
    from ingest.pipeline import ingest_paths

    ingest_paths(office.library, [extra], "别的")
    with office.journal.database.writing() as connection:
        connection.exec_driver_sql("UPDATE questions SET scope = replace(scope, '制度', '旧库')")
    done = replayed(replayer)
    [one] = done.differences
    assert (one.outcome, one.after) == (FAILED, None)
    assert "旧库" in one.error and done.unchanged == 1


def test_a_setting_is_named(office: Office) -> None:
    office.asking.ask(LODGING)
    office.write("会议.txt", MEETING.replace("300元", "340元"))
    office.ingest()
    settings = Settings(home=office.settings.home, fusion="rrf")
    with Library(settings, encoder=office.library.encoder) as other:
        replayer = Replayer(other, make_answerer(other), Journal(other))
        [one] = replayed(replayer).differences
    assert "设置 LUMING_FUSION 从“learned”改成了“rrf”。" in [c.text for c in one.causes]


def test_accepted_answers_are_compared_with_from_then_on(
    office: Office, replayer: Replayer
) -> None:
    office.asking.ask(LODGING)
    office.write("会议.txt", MEETING.replace("300元", "340元"))
    office.ingest()
    first = replayed(replayer)
    assert first.changed == 1
    assert replayer.accept(first) == 1
    assert replayed(replayer).changed == 0
    office.write("会议.txt", MEETING)
    office.ingest()
    [back] = replayed(replayer).differences
    assert "340元" in back.before.reply.text and "300元" in back.after.text


def test_asking_again_meanwhile_does_not_hide_the_change(
    office: Office, replayer: Replayer
) -> None:
    office.asking.ask(LODGING)
    office.write("会议.txt", MEETING.replace("300元", "340元"))
    office.ingest()
    office.asking.ask(LODGING)
    assert replayed(replayer).changed == 1


def test_questions_of_a_file(office: Office, replayer: Replayer) -> None:
    from assistant.activity.records import Scope

    office.asking.ask(LODGING)
    before, new = replayer.of_texts([LODGING, AUDIT, AUDIT, "  "], Scope())
    assert [one.text for one in before] == [LODGING]
    done = replayer.run(before, new)
    assert [one.text for one in done.new] == [AUDIT]
    assert replayer.accept(done) == 1
    before, new = replayer.of_texts([LODGING, AUDIT], Scope())
    assert (len(before), new) == (2, [])


def test_the_newest_questions_by_limit_and_each_once(office: Office, replayer: Replayer) -> None:
    for question in (LODGING, LOANS, LODGING, AUDIT):
        office.asking.ask(question)
    assert [one.text for one in replayer.stored(limit=2)] == [AUDIT, LODGING]
    assert len(replayer.stored()) == 3
