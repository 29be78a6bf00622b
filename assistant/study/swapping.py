"""换一段, 换一个案例, 换一题: another one of the library in the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.study import wording
from assistant.study.audiences import audience_of
from assistant.study.cases import find_cases, told
from assistant.study.editing import retimed, with_quiz, with_readings, with_sources
from assistant.study.errors import StudyError
from assistant.study.model import KeyPassage, Line, StudySession
from assistant.study.papers import read_scope
from assistant.study.readings import reading_list
from assistant.study.scope import Scope, find_scope
from assistant.study.selecting import Chosen, candidates
from index.errors import shorten

if TYPE_CHECKING:
    from index.library import Library


def swap(session: StudySession, library: Library, item_id: str, seed: int = 0) -> StudySession:
    """The session with another passage, case or question in the place of this one.

    It keeps its id (a question gets a new one) and its place. With another ``seed`` another one
    comes. StudyError for an unknown id, or where the library has no other.
    """
    scope = find_scope(library, session.topic, session.collections)
    if any(one.id == item_id for one in session.passages):
        return _passage(session, library, scope, item_id, seed)
    if any(one.id == item_id for one in session.cases):
        return _case(session, library, scope, item_id, seed)
    if any(one.id == item_id for one in session.quiz):
        return _item(session, library, scope, item_id, seed)
    raise StudyError(f"方案里没有编号为“{shorten(item_id, 20)}”的原文、案例或试题。")


def _read(session: StudySession, scope: Scope) -> list[Chosen]:
    """The session's passages as they were chosen; the trainer may have kept old ones."""
    by_start = {(c.article.document.document_id, c.start): c for c in _all(session, scope)}
    keys = [(k.citation.document_id, k.citation.start) for k in session.passages]
    return [by_start[key] for key in keys if key in by_start]


def _all(session: StudySession, scope: Scope) -> list[Chosen]:
    return candidates(scope, audience_of(session.audience))


def _passage(
    session: StudySession, library: Library, scope: Scope, item_id: str, seed: int
) -> StudySession:
    taken = {(k.citation.document_id, k.citation.start) for k in session.passages}
    old = next(one for one in session.passages if one.id == item_id)
    others = session.model_copy(
        update={"passages": tuple(one for one in session.passages if one.id != item_id)}
    )
    reading = next(one for one in session.timetable if one.kind == "reading")
    used = sum(one.characters for one in _read(others, scope))
    budget = reading.minutes * session.reading_speed - used
    free = [
        one
        for one in _all(session, scope)
        if (one.article.document.document_id, one.start) not in taken and one.characters <= budget
    ]
    if not free:
        raise StudyError("文库里没有别的条文可以换上这个主题，或放不进现在的时间。")
    new = free[seed % len(free)]
    made = KeyPassage(
        id=item_id,
        heading=new.article.heading,
        citation=new.citation,
        point=new.point.text,
    )
    audience = audience_of(session.audience)
    passages = [made if one.id == item_id else one for one in session.passages]
    done = session.model_copy(
        update={
            "passages": retimed(passages, reading.minutes, session.reading_speed),
            "objectives": _said(session.objectives, old, wording.objective(new, audience)),
            "take_home": _said(session.take_home, old, wording.remembered(new)),
            "timetable": tuple(
                part.model_copy(update={"notes": _notes(part.notes, old, new, part.kind)})
                for part in session.timetable
            ),
        }
    )
    known = (*session.readings, *reading_list(library, scope, [new], session.reading_speed))
    readings = {one.document_id: one for one in reversed(known)}
    return with_sources(_numbered(with_readings(done, list(readings.values()))))


def _numbered(session: StudySession) -> StudySession:
    """Reading ids that differ, in the list's order."""
    readings = tuple(
        one.model_copy(update={"id": f"r{number}"})
        for number, one in enumerate(session.readings, 1)
    )
    return session.model_copy(update={"readings": readings})


def _said(lines: tuple[Line, ...], old: KeyPassage, new: Line) -> tuple[Line, ...]:
    return tuple(new if set(one.citations) == {old.citation} else one for one in lines)


def _notes(lines: tuple[Line, ...], old: KeyPassage, new: Chosen, kind: str) -> tuple[Line, ...]:
    """Notes with the new passage's in the old one's place; elsewhere the old one's are gone."""
    if kind == "reading":
        return _said(lines, old, wording.stressed(new))
    return tuple(one for one in lines if set(one.citations) != {old.citation})


def _case(
    session: StudySession, library: Library, scope: Scope, item_id: str, seed: int
) -> StudySession:
    present = {one.citation.document_id for one in session.cases}
    free = [
        one
        for one in find_cases(library, scope, _read(session, scope))
        if one.record.document_id not in present
    ]
    if not free:
        raise StudyError("文库里没有别的案例能说明这些条文。")
    made = told(free[seed % len(free)], 1, audience_of(session.audience))
    made = made.model_copy(update={"id": item_id})
    cases = tuple(made if one.id == item_id else one for one in session.cases)
    timetable = tuple(
        part.model_copy(
            update={"notes": (*wording.case_notes(cases), *(n for n in part.notes if n.own))}
        )
        if part.kind == "case"
        else part
        for part in session.timetable
    )
    return with_sources(session.model_copy(update={"cases": cases, "timetable": timetable}))


def _item(
    session: StudySession, library: Library, scope: Scope, item_id: str, seed: int
) -> StudySession:
    from assistant.study.quiz import make_quiz, swap_item

    old = next(one for one in session.quiz if one.id == item_id)
    rest = [one for one in session.quiz if one.id != item_id]
    read = read_scope(scope, session)
    made = swap_item(library, read, old, rest, seed, session.audience)
    if made is None:
        taken = frozenset(one.id for one in session.quiz)
        more = make_quiz(
            library,
            read,
            count=1,
            audience=session.audience,
            seed=seed + session.seed + 1,
            exclude=taken,
        )
        made = next(iter(more), None)
    if made is None:
        raise StudyError("这些条文出不了别的题，可以删去这道题，或多选几条原文。")
    return with_quiz(session, [made if one.id == item_id else one for one in session.quiz])
