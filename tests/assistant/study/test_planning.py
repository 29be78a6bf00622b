"""What a trainer can rely on in a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from assistant.study.errors import StudyError
from assistant.study.model import StudyCitation, StudySession
from assistant.study.planning import plan_session
from assistant.study.request import StudyRequest
from assistant.study.selecting import letters
from assistant.text import bigrams, fold
from index.library import Library


def citations(value: object) -> Iterator[StudyCitation]:
    if isinstance(value, StudyCitation):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from citations(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from citations(one)


@pytest.mark.parametrize("minutes", [5, 15, 45, 90, 180])
def test_the_parts_add_up_and_fit_the_length(samples: Library, minutes: int) -> None:
    made = plan_session(samples, StudyRequest("机关纪委工作", minutes=minutes))
    assert sum(part.minutes for part in made.timetable) == made.minutes <= minutes
    kinds = [part.kind for part in made.timetable]
    assert "reading" in kinds and len(kinds) == len(set(kinds))
    assert minutes >= 25 or "case" not in kinds
    assert minutes >= 10 or "quiz" not in kinds
    if made.minutes < minutes:
        assert any(str(made.minutes) in line for line in made.missing)


def test_every_quote_stands_in_its_document_and_holds_today(
    samples: Library, session: StudySession
) -> None:
    cited = list(citations(session))
    assert len(cited) > 30
    old = {(one.old.document_id, one.old.start) for one in session.changes if one.old}
    for one in cited:
        text = samples.catalog.document_text(one.document_id)
        assert one.quote and one.quote == text[one.start : one.end]
        assert one.path or one.title
        if (one.document_id, one.start) not in old:
            assert one.validity not in ("已废止", "已被修订", "尚未施行")


def test_the_reading_fits_its_minutes(session: StudySession) -> None:
    reading = next(part for part in session.timetable if part.kind == "reading")
    characters = sum(letters(one.citation.quote) for one in session.passages)
    assert characters <= reading.minutes * session.reading_speed
    assert sum(one.minutes for one in session.passages) == reading.minutes
    assert sum(one.characters for one in session.readings) == characters
    assert all(one.minutes >= 1 and one.point for one in session.passages)


def test_no_two_passages_say_the_same(session: StudySession) -> None:
    read = [bigrams(fold(one.citation.quote)) for one in session.passages]
    for place, one in enumerate(read):
        for other in read[:place]:
            assert len(one & other) / min(len(one), len(other)) < 0.6


def test_the_materials_named_are_there(session: StudySession) -> None:
    known = {one.id for one in (*session.passages, *session.cases, *session.quiz)}
    used = [name for part in session.timetable for name in part.materials]
    assert set(used) == known and len(used) == len(set(used))


def test_the_rule_itself_comes_first_and_its_case_is_discussed(session: StudySession) -> None:
    assert "双报到" in session.readings[0].title
    assert session.readings[0].validity == "现行" and "施行" in session.readings[0].version
    assert session.cases and "双报到" in session.cases[0].title
    read = {one.citation.document_id for one in session.passages}
    for case in session.cases:
        assert case.body and case.discussions
        for one in case.discussions:
            assert any(cited.document_id in read for cited in one.citations)
            assert all(point.citations for point in one.points)
    assert session.objectives and all(one.citations for one in session.objectives)


def test_what_the_revision_changed_is_told(samples: Library) -> None:
    made = plan_session(samples, StudyRequest("机关纪委工作", minutes=60, audience="纪检干部"))
    changed = {one.article: one for one in made.changes}
    assert changed["第十六条"].summary == "“每年”改为“每半年”；“48”改为“24”"
    assert changed["第十二条之一"].kind == "added"
    for one in made.changes:
        assert one.new is None or one.new.validity == "现行"
    assert all("试行" not in one.title for one in made.readings)


def test_the_same_request_gives_the_same_session(samples: Library, session: StudySession) -> None:
    again = plan_session(
        samples, StudyRequest("双报到", minutes=90, audience="党支部书记", people=20, seed=3)
    )
    assert again == session


def test_audiences_read_and_aim_differently(samples: Library) -> None:
    made = [
        plan_session(samples, StudyRequest("机关纪委工作", minutes=30, audience=name))
        for name in ("新入职人员", "纪检干部")
    ]
    assert made[0].objectives != made[1].objectives
    assert [k.citation for k in made[0].passages] != [k.citation for k in made[1].passages]


def test_a_topic_hardly_covered_gets_a_short_session_that_says_so(samples: Library) -> None:
    made = plan_session(samples, StudyRequest("工会经费审计", minutes=90))
    assert made.minutes < 45
    assert any("审计" in line for line in made.missing)
    assert any("只够" in line for line in made.missing)


@pytest.mark.parametrize("topic", ["量子计算机芯片制造", "新冠疫苗接种", "海洋渔业捕捞许可"])
def test_a_topic_off_the_library_is_refused_with_what_is_near(samples: Library, topic: str) -> None:
    with pytest.raises(StudyError, match=topic) as told:
        plan_session(samples, StudyRequest(topic))
    assert "《" in str(told.value)


@pytest.mark.parametrize(
    "topic", ["《平急转换工作规程》", "平急转换怎么启动？", "关于平急转换的学习"]
)
def test_titles_and_sentences_are_topics(samples: Library, topic: str) -> None:
    made = plan_session(samples, StudyRequest(topic, minutes=30))
    assert "平急转换" in made.readings[0].title


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"minutes": 0}, "最短 5 分钟"),
        ({"minutes": -1}, "最短 5 分钟"),
        ({"minutes": 600}, "最长 480 分钟"),
        ({"topic": "党"}, "太短"),
        ({"topic": "党" * 2000}, "太长"),
        ({"topic": "！？……"}, "太短"),
        ({"audience": "宇航员"}, "党支部书记"),
        ({"people": -3}, "人数"),
        ({"reading_speed": 1}, "朗读速度"),
        ({"quiz_items": 1000}, "题数"),
        ({"skip": frozenset({"reading"})}, "不能省去"),
        ({"own": ("",)}, "自己的话"),
    ],
)
def test_what_cannot_be_planned_is_told_in_one_line(
    samples: Library, change: dict[str, object], told: str
) -> None:
    request = StudyRequest(**{"topic": "双报到", **change})  # type: ignore[arg-type]
    with pytest.raises(StudyError, match=told) as error:
        plan_session(samples, request)
    assert "\n" not in str(error.value)


def test_parts_are_switched_off_and_own_words_marked(samples: Library) -> None:
    made = plan_session(
        samples,
        StudyRequest(
            "双报到",
            minutes=60,
            skip=frozenset({"case", "intro"}),
            quiz_items=4,
            own=("手机静音。",),
        ),
    )
    assert [part.kind for part in made.timetable] == ["reading", "quiz", "summary"]
    assert not made.cases and len(made.quiz) == 4
    assert made.facilitator[-1].own and not made.facilitator[-1].citations
