"""The study database outlives a restart, and says what to do where it can't be used."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.study.database import FILE, StudyDatabase, StudyStoreError
from assistant.study.errors import StudyError
from assistant.study.keeping import MOST_VERSIONS, SessionStore, cited, now
from assistant.study.marking import by_article, read_choice, result_of
from assistant.study.model import Choice, QuizItem, StudyCitation, StudySession
from assistant.study.rooms import RoomStore, UnknownRoom

_CITED = StudyCitation(
    document_id="d1",
    collection="制度",
    title="办法",
    path="第二条",
    article="第二条",
    quote="第二条 甲。",
    start=0,
    end=6,
)


def item(kind: str = "single", number: int = 1) -> QuizItem:
    right = {"A"} if kind == "single" else {"A", "C"}
    choices = tuple(Choice(label=one, text=one * 2, right=one in right) for one in "ABCD")
    return QuizItem(
        id=f"q{number}",
        kind=kind,  # type: ignore[arg-type]
        stem="甲是什么（　　）。",
        choices=() if kind == "true_false" else choices,
        answer="对" if kind == "true_false" else "".join(sorted(right)),
        citations=(_CITED,),
    )


def test_a_room_goes_on_after_a_restart(tmp_path: Path) -> None:
    first = RoomStore(StudyDatabase(tmp_path), now)
    room_id = first.begin("谭", "s1", "学习", [item()])
    first.act(room_id, "谭", "start", 0)
    room = first.get(room_id, "谭")
    secret = first.join(room)
    first.answer(room, first.player(room, secret), 0, "A")

    second = RoomStore(StudyDatabase(tmp_path), now)
    again = second.by_code(room.code)
    player = second.player(again, secret)
    assert again.phase == "open" and second.mine(again, player) == "A"
    second.answer(again, player, 0, "B")
    assert second.results(again)[0].counts == {"A": 0, "B": 1, "C": 0, "D": 0}


def test_a_removed_session_takes_its_quizzes_along(tmp_path: Path) -> None:
    database = StudyDatabase(tmp_path)
    store, live = SessionStore(database), RoomStore(database, now)
    session = StudySession(topic="甲", minutes=30, audience="一般干部", title="甲")
    session_id = store.add("谭", session, {})
    room = live.get(live.begin("谭", session_id, "甲", [item()]), "谭")
    live.act(room.room_id, "谭", "start", 0)
    live.answer(room, live.player(room, live.join(room)), 0, "A")
    store.remove(session_id, "谭")
    with pytest.raises(UnknownRoom):
        live.by_code(room.code)
    assert live.joined(room) == live.answered(room) == 0


def test_only_so_many_versions_are_kept(tmp_path: Path) -> None:
    store = SessionStore(StudyDatabase(tmp_path), lambda: datetime(2026, 3, 2, tzinfo=UTC))
    session = StudySession(topic="甲", minutes=30, audience="一般干部", title="甲")
    session_id = store.add("谭", session, {})
    for number in range(MOST_VERSIONS + 3):
        revision = store.get(session_id).kept.revision
        store.change(session_id, "谭", revision, session.model_copy(update={"seed": number}))
        store.save(session_id, "谭", revision + 1)
    numbers = [one.number for one in store.versions(session_id)]
    assert len(numbers) == MOST_VERSIONS and numbers[0] == MOST_VERSIONS + 4
    with pytest.raises(StudyError, match="没有第 1 版"):
        store.go_back(session_id, "谭", store.get(session_id).kept.revision, 1)


def test_a_file_of_a_later_program_is_left_alone(tmp_path: Path) -> None:
    database = StudyDatabase(tmp_path)
    SessionStore(database).of("谭")
    database.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE meta SET value = '99'")
    with pytest.raises(StudyStoreError, match="版本是 99"):
        SessionStore(StudyDatabase(tmp_path)).of("谭")


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 400)
    with pytest.raises(StudyStoreError, match="备份"):
        SessionStore(StudyDatabase(tmp_path)).of("谭")


def test_answers_are_checked_and_marked() -> None:
    many, single, judged = item("multiple"), item(), item("true_false")
    assert read_choice(many, "CAC") == "AC"
    assert read_choice(judged, "错") == "错"
    for one, given in ((single, "AB"), (single, ""), (many, "AX"), (judged, "A"), (single, "对")):
        with pytest.raises(StudyError):
            read_choice(one, given)
    assert result_of(many, ["AC", "A", "ABCD"]).right == 1
    results = [result_of(single, ["A", "B"]), result_of(judged, ["对", "对"])]
    assert [(one.key, one.numbers, one.wrong) for one in by_article(results)] == [
        ("d1#第二条", (1, 2), 0.25)
    ]


def test_everything_that_is_cited_is_found() -> None:
    session = StudySession(topic="甲", minutes=5, audience="一般干部", quiz=(item(),))
    assert set(cited(session)) == {("d1", "制度")}
