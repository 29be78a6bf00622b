"""A whole session out of a request: what is found, what fits the time, what is lacking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.study import wording
from assistant.study.audiences import Audience, audience_of
from assistant.study.cases import find_cases, told
from assistant.study.editing import with_sources
from assistant.study.lacking import Lines, missing
from assistant.study.model import (
    PART_NAMES,
    Change,
    KeyPassage,
    Line,
    PartKind,
    QuizItem,
    StudyCase,
    StudySession,
    TimetablePart,
)
from assistant.study.readings import reading_list
from assistant.study.request import StudyRequest
from assistant.study.revisions import revisions
from assistant.study.scope import Scope, find_scope, narrowed
from assistant.study.selecting import (
    Chosen,
    candidates,
    choose,
    in_reading_order,
    worth,
)
from assistant.study.timetable import Supply, Times, passage_minutes

if TYPE_CHECKING:
    from index.library import Library

Progress = Callable[[str, int, int], None]
"""Stage, steps done, steps in all."""
FEWEST_ITEMS = 3
"""Questions below which there is no quiz, unless their number was asked for."""
STAGES = ("scope", "passages", "cases", "quiz", "changes")


def plan_session(
    library: Library, request: StudyRequest, progress: Progress | None = None
) -> StudySession:
    """The session: minutes of its parts add up exactly, every quoted line holds its citation.

    Shorter than asked for where the library has no more on the topic; ``missing`` says so. The
    same library and request give the same session. Raises StudyError for a request or topic that
    can't be planned, and what searches raise.
    """
    request.check()
    step = _Steps(progress)
    scope = find_scope(library, request.topic, request.collections)
    step.done("scope")
    return make_session(library, request, scope, step=step)


class _Steps:
    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress or (lambda *_: None)
        self._count = 0

    def done(self, stage: str) -> None:
        """Count a stage as done."""
        self._count += 1
        self._progress(stage, self._count, len(STAGES))


@dataclass(frozen=True)
class _Found:
    """What a session is made of."""

    chosen: list[Chosen]
    cases: tuple[StudyCase, ...]
    items: tuple[QuizItem, ...]
    changes: tuple[Change, ...]
    times: Times


@dataclass(frozen=True)
class MakeSession:
    """What is settled before a session is made: of a series, where articles come once.

    ``must``: the articles that are read, all and only these, () for the best that fit. ``review``
    are asked again in the quiz without being read.
    """

    must: tuple[Chosen, ...] = ()
    review: tuple[Chosen, ...] = ()
    exclude_items: frozenset[str] = frozenset()
    exclude_cases: frozenset[str] = frozenset()
    title: str = ""


def make_session(
    library: Library,
    request: StudyRequest,
    scope: Scope,
    given: MakeSession | None = None,
    step: _Steps | None = None,
) -> StudySession:
    """``plan_session`` over articles that are found already."""
    step, given = step or _Steps(None), given or MakeSession()
    audience, speed = audience_of(request.audience), request.reading_speed
    every = list(given.must) or candidates(scope, audience)
    supply = Supply.of(request, audience, every, whole=bool(given.must))

    def chosen_for(supply: Supply) -> list[Chosen]:
        if given.must:
            return list(given.must)
        return in_reading_order(choose(every, supply.times(request.minutes).reading, speed))

    chosen = chosen_for(supply)
    step.done("passages")
    cases = find_cases(library, scope, chosen) if supply.times(request.minutes).case else []
    cases = [one for one in cases if one.record.document_id not in given.exclude_cases]
    step.done("cases")
    supply = supply.with_found(cases=len(cases))
    count = supply.times(request.minutes).quiz_items
    items = _items(library, request, scope, [*chosen, *given.review], count, given.exclude_items)
    step.done("quiz")
    supply = supply.with_found(items=len(items))
    chosen = chosen_for(supply)
    times = supply.with_found(reading=worth(chosen, speed)).times(request.minutes)
    read = {one.key for one in chosen}
    told_cases = [one for one in cases if one.links[0].chosen.key in read][: times.cases]
    documents = list(dict.fromkeys(one.article.document.document_id for one in chosen))
    changes = revisions(library, scope, documents, read if given.must else None)
    step.done("changes")
    found = _Found(
        chosen,
        tuple(told(one, number, audience) for number, one in enumerate(told_cases, 1)),
        items[: times.quiz_items],
        changes,
        times,
    )
    return _session(library, request, scope, found, given.title)


def _items(
    library: Library,
    request: StudyRequest,
    scope: Scope,
    chosen: Sequence[Chosen],
    count: int,
    exclude: frozenset[str],
) -> tuple[QuizItem, ...]:
    """Questions on what is read or reviewed, and on nothing else; none where only a few come."""
    if count < 1:
        return ()
    from assistant.study.quiz import make_quiz

    read = {one.key for one in chosen}
    made = make_quiz(
        library,
        narrowed(scope, lambda one: one.article.key in read),
        count=count,
        audience=request.audience,
        seed=request.seed,
        exclude=exclude,
    )
    enough = request.quiz_items is not None or len(made) >= min(FEWEST_ITEMS, count)
    return tuple(made) if enough else ()


def _session(
    library: Library,
    request: StudyRequest,
    scope: Scope,
    found: _Found,
    title: str,
) -> StudySession:
    speed, audience = request.reading_speed, audience_of(request.audience)
    minutes = passage_minutes(found.chosen, found.times.reading, speed)
    passages = tuple(
        KeyPassage(
            id=f"k{number}",
            heading=one.article.heading,
            citation=one.citation,
            point=one.point.text,
            minutes=given,
        )
        for number, (one, given) in enumerate(zip(found.chosen, minutes, strict=True), 1)
    )
    timetable = _timetable(scope, audience, found, passages, request)
    lines = Lines(library, request, scope, found.chosen, found.cases, found.items, found.times)
    made = StudySession(
        topic=scope.topic.text,
        minutes=found.times.total,
        audience=audience.name,
        people=request.people,
        collections=request.collections,
        seed=request.seed,
        title=title or f"“{scope.topic.text.strip('“”')}”专题学习",
        reading_speed=speed,
        objectives=wording.objectives(found.chosen, audience, found.times.total),
        timetable=timetable,
        readings=reading_list(library, scope, found.chosen, speed),
        passages=passages,
        changes=found.changes,
        cases=found.cases,
        quiz=found.items,
        take_home=wording.take_home(found.chosen, found.changes),
        facilitator=wording.facilitator(
            audience, request.people, passages, found.cases, len(found.items), request.own
        ),
        missing=missing(lines),
        library_state=f"{library.catalog.generation}@{date.today().isoformat()}",
    )
    return with_sources(made)


_METHODS: dict[PartKind, str] = {
    "intro": "提问导入",
    "reading": "领读、讲解、提问",
    "case": "分组讨论、全体交流",
    "quiz": "独立作答、逐题讲评",
    "summary": "回顾、答疑",
}


def _timetable(
    scope: Scope,
    audience: Audience,
    found: _Found,
    passages: Sequence[KeyPassage],
    request: StudyRequest,
) -> tuple[TimetablePart, ...]:
    materials: dict[PartKind, tuple[str, ...]] = {
        "reading": tuple(one.id for one in passages),
        "case": tuple(one.id for one in found.cases),
        "quiz": tuple(one.id for one in found.items),
    }
    parts: list[TimetablePart] = []
    for number, (kind, minutes) in enumerate(found.times.parts.items(), 1):
        notes: dict[PartKind, tuple[Line, ...]] = {
            "intro": wording.intro_notes(scope.topic.text, audience, found.chosen, found.changes),
            "reading": wording.reading_notes(found.chosen, found.changes, request.reading_speed),
            "case": wording.case_notes(found.cases),
            "quiz": wording.quiz_notes(len(found.items)),
            "summary": wording.summary_notes(found.chosen, "quiz" in found.times.parts),
        }
        method = _METHODS[kind]
        if kind == "case" and 0 < request.people < 8:
            method = "全体讨论"
        parts.append(
            TimetablePart(
                id=f"p{number}",
                kind=kind,
                title=PART_NAMES[kind],
                minutes=minutes,
                method=method,
                materials=materials.get(kind, ()),
                notes=notes[kind],
            )
        )
    return tuple(parts)
