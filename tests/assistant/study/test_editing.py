"""A trainer changes a session: sums stay exact, what can't be is told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.study.editing import add_own, drop, lock, rebalance, reorder
from assistant.study.errors import StudyError
from assistant.study.minutes import fit
from assistant.study.model import StudySession
from assistant.study.swapping import swap
from index.library import Library


def check(session: StudySession) -> None:
    assert sum(part.minutes for part in session.timetable) == session.minutes
    reading = next(part for part in session.timetable if part.kind == "reading")
    assert sum(one.minutes for one in session.passages) == reading.minutes
    known = {one.id for one in (*session.passages, *session.cases, *session.quiz)}
    assert {name for part in session.timetable for name in part.materials} == known
    read = {one.citation.document_id for one in session.passages}
    assert {one.document_id for one in session.readings} == read


def part(session: StudySession, kind: str) -> str:
    return next(one.id for one in session.timetable if one.kind == kind)


@settings(max_examples=200)
@given(
    st.integers(0, 500),
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9), st.integers(9, 200)), min_size=1),
)
def test_minutes_add_up_within_their_bounds(total: int, parts: list[tuple[int, int, int]]) -> None:
    names = [str(n) for n in range(len(parts))]
    least = {n: p[1] for n, p in zip(names, parts, strict=True)}
    most = {n: p[2] for n, p in zip(names, parts, strict=True)}
    wanted = {n: float(p[0]) for n, p in zip(names, parts, strict=True)}
    found = fit(total, wanted, least, most)
    assert all(least[n] <= found[n] <= most[n] for n in names)
    assert sum(found.values()) == min(max(total, sum(least.values())), sum(most.values()))


def test_the_rest_rebalances(session: StudySession) -> None:
    quiz = part(session, "quiz")
    done = rebalance(session, {quiz: 25})
    check(done)
    assert done.minutes == session.minutes
    assert next(one.minutes for one in done.timetable if one.id == quiz) == 25
    longer = rebalance(lock(session, quiz), total=120)
    check(longer)
    before = {one.id: one.minutes for one in session.timetable}
    assert longer.minutes == 120
    assert {one.id: one.minutes for one in longer.timetable}[quiz] == before[quiz]


def test_what_cannot_be_is_told(session: StudySession) -> None:
    for minutes in ({part(session, "quiz"): 89}, {part(session, "reading"): 2}, {"p99": 5}):
        with pytest.raises(StudyError):
            rebalance(session, minutes)
    with pytest.raises(StudyError, match="对不上"):
        rebalance(session, locked=[one.id for one in session.timetable], total=100)
    with pytest.raises(StudyError, match="编号"):
        drop(session, "不存在")
    with pytest.raises(StudyError, match="原文领学"):
        drop(session, part(session, "reading"))


def test_a_passage_goes_with_what_is_said_of_it(session: StudySession) -> None:
    gone = session.passages[0]
    done = drop(session, gone.id)
    check(done)
    assert gone.citation not in {one.citation for one in done.passages}
    for line in (*done.take_home, *(n for one in done.timetable for n in one.notes)):
        assert set(line.citations) != {gone.citation}
    for name in [one.id for one in session.passages][:-1]:
        session = drop(session, name)
    check(session)
    with pytest.raises(StudyError, match="最后一段"):
        drop(session, session.passages[0].id)


def test_the_last_case_takes_its_part_along(session: StudySession) -> None:
    done = session
    for one in session.cases:
        done = drop(done, one.id)
    check(done)
    assert "case" not in [one.kind for one in done.timetable] and done.minutes == session.minutes


def test_order_is_the_trainers(session: StudySession) -> None:
    ids = [one.id for one in session.passages][::-1]
    done = reorder(session, ids)
    check(done)
    assert [one.id for one in done.passages] == ids
    with pytest.raises(StudyError, match="对不上"):
        reorder(session, ids[1:])


def test_own_words_are_marked(session: StudySession) -> None:
    done = add_own(session, "请局领导讲话", minutes=10, title="领导讲话")
    check(done)
    own = next(one for one in done.timetable if one.kind == "own")
    assert own.minutes == 10 and own.notes[0].own and done.timetable[-1].kind == "summary"
    noted = add_own(session, "提醒签到", part_id=part(session, "intro"))
    assert noted.timetable[0].notes[-1].own
    with pytest.raises(StudyError):
        add_own(session, "  ")


def test_another_passage_and_another_question(samples: Library, session: StudySession) -> None:
    short = drop(session, session.passages[3].id)
    old = short.passages[2]
    done = swap(short, samples, old.id)
    check(done)
    assert done.passages[2].id == old.id and done.passages[2].citation != old.citation
    assert len({one.citation.start for one in done.passages}) == len(done.passages)
    asked = session.quiz[0]
    other = swap(session, samples, asked.id, seed=1)
    check(other)
    assert len(other.quiz) == len(session.quiz) and asked.id not in {q.id for q in other.quiz}
    with pytest.raises(StudyError):
        swap(session, samples, "q不存在")
