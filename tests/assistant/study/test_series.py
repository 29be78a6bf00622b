"""A topic over several sessions, and its calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from assistant.study.calendar import calendar_of
from assistant.study.errors import StudyError
from assistant.study.request import StudyRequest
from assistant.study.series import Series, SeriesRequest, plan_series, read_results, read_time
from index.library import Library

REQUEST = SeriesRequest(
    session=StudyRequest("机关纪委工作实施办法", minutes=60, audience="纪检干部"),
    sessions=6,
    weeks=12,
    start=date(2026, 12, 1),
)


@pytest.fixture(scope="module")
def series(samples: Library) -> Series:
    return plan_series(samples, REQUEST)


def test_a_regulation_is_covered_once(samples: Library, series: Series) -> None:
    read = [k.citation for one in series.sessions for k in one.session.passages]
    assert len(read) == len({(one.document_id, one.start) for one in read})
    record = next(
        one for one in samples.catalog.documents() if one.document_id == read[0].document_id
    )
    assert {one.document_id for one in read} == {record.document_id}
    assert len(read) == record.article_count == series.covered == series.articles


def test_sums_hold_and_no_question_comes_twice(series: Series) -> None:
    asked = [item.id for one in series.sessions for item in one.session.quiz]
    assert asked and len(asked) == len(set(asked))
    for one in series.sessions:
        assert sum(p.minutes for p in one.session.timetable) == one.session.minutes <= 60


def test_days_are_spread_on_one_weekday(series: Series) -> None:
    days = [one.start.date() for one in series.sessions]
    assert days[0] == date(2026, 12, 1) and len(set(days)) == 6
    assert {one.weekday() for one in days} == {1}
    assert days[-1] < days[0] + timedelta(weeks=12)


def test_what_went_wrong_is_reviewed_at_growing_distance(samples: Library, series: Series) -> None:
    cited = series.sessions[4].session.passages[0].citation
    wrong = {f"{cited.document_id}#{cited.article}": 0.8, "别处#第一条": 0.9}
    made = plan_series(samples, replace(REQUEST, wrong=wrong))
    name = f"{cited.article}："
    found = [one.number for one in made.sessions if any(name in line.text for line in one.review)]
    assert found[0] == 1 and found[1:2] == [3]
    assert any("1 处" in line for line in made.missing)


def test_too_little_time_is_told(samples: Library) -> None:
    made = plan_series(
        samples, replace(REQUEST, sessions=2, session=replace(REQUEST.session, minutes=20))
    )
    assert made.covered < made.articles
    assert any("没有安排" in line for line in made.missing)


@pytest.mark.parametrize(
    "change",
    [{"sessions": 1}, {"sessions": 53}, {"weeks": 0}, {"sessions": 20, "weeks": 1}],
)
def test_what_cannot_be_planned_is_told(samples: Library, change: dict[str, int]) -> None:
    with pytest.raises(StudyError):
        plan_series(samples, replace(REQUEST, **change))  # type: ignore[arg-type]


def test_results_and_times_are_read_or_refused() -> None:
    assert read_results('{"a#第一条": 0.5}') == {"a#第一条": 0.5}
    for text in ("", "[]", '{"a": 2}', '{"a": true}', "[" * 100_000):
        with pytest.raises(StudyError):
            read_results(text)
    assert read_time("9：05").minute == 5
    for text in ("25:00", "下午", "1:2:3"):
        with pytest.raises(StudyError):
            read_time(text)


def test_the_calendar_is_read_by_others(series: Series) -> None:
    events = list(Calendar.from_ical(calendar_of(series)).walk("VEVENT"))
    assert len(events) == 6
    first = events[0]
    assert "机关纪委工作实施办法" in str(first["summary"]) and "第 1 次" in str(first["summary"])
    length = first["dtend"].dt - first["dtstart"].dt
    assert length == timedelta(minutes=series.sessions[0].session.minutes)
    again = Calendar.from_ical(calendar_of(series)).walk("VEVENT")
    assert [str(one["uid"]) for one in again] == [str(one["uid"]) for one in events]
