"""A whole session out of a request: what is found, what fits the time, what is lacking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.study import wording
from assistant.study.audiences import Audience, audience_of
from assistant.study.cases import Candidate, find_cases, told
from assistant.study.model import (
    Change,
    KeyPassage,
    Line,
    PartKind,
    QuizItem,
    Reading,
    StudyCase,
    StudyCitation,
    StudySession,
    TimetablePart,
)
from assistant.study.readings import reading_list
from assistant.study.request import StudyRequest
from assistant.study.revisions import revisions
from assistant.study.scope import Scope, find_scope
from assistant.study.selecting import Chosen, candidates, choose, in_reading_order
from assistant.study.timetable import Supply, Times, passage_minutes, shared_out

if TYPE_CHECKING:
    from index.library import Library

Progress = Callable[[str, int, int], None]
"""Stage, steps done, steps in all."""
STAGES = ("scope", "passages", "changes", "cases", "quiz")
_THIN = 3
"""Articles below which the library is said to hardly cover a topic."""


def plan_session(
    library: Library, request: StudyRequest, progress: Progress | None = None
) -> StudySession:
    """The session: minutes of its parts add up exactly, every quoted line holds its citation.

    Shorter than asked for where the library has no more on the topic; ``missing`` says so. The
    same library and request give the same session. Raises StudyError for a request or topic that
    can't be planned, and what searches raise.
    """
    request.check()
    audience = audience_of(request.audience)
    step = _Steps(progress)
    scope = step.done("scope", find_scope(library, request.topic, request.collections))
    return plan_scope(library, request, scope, audience, step)


class _Steps:
    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress or (lambda *_: None)
        self._count = 0

    def done[T](self, stage: str, value: T) -> T:
        """Count a stage as done and give its value on."""
        self._count += 1
        self._progress(stage, self._count, len(STAGES))
        return value


@dataclass(frozen=True)
class _Found:
    chosen: list[Chosen]
    cases: list[Candidate]
    items: tuple[QuizItem, ...]


def plan_scope(
    library: Library,
    request: StudyRequest,
    scope: Scope,
    audience: Audience,
    step: _Steps | None = None,
    exclude: frozenset[tuple[str, int]] = frozenset(),
) -> StudySession:
    """``plan_session`` over articles that are found already, without those of ``exclude``."""
    step = step or _Steps(None)
    every = candidates(scope, audience, exclude)
    step.done("passages", every)
    supply = Supply.of(request, audience, every)
    first = supply.times(request.minutes)
    chosen = in_reading_order(choose(every, max(1, first.reading), request.reading_speed))
    changes = step.done("changes", _changes(library, scope, chosen))
    cases = [] if not first.case else find_cases(library, scope, chosen)
    step.done("cases", cases)
    items = _items(library, request, scope, chosen, first.quiz_items)
    step.done("quiz", items)
    times = supply.with_found(len(cases), len(items)).times(request.minutes)
    chosen = in_reading_order(choose(every, max(1, times.reading), request.reading_speed))
    cases = _of_read(cases, chosen)[: times.cases]
    return _session(library, request, scope, audience, _Found(chosen, cases, items), changes, times)
