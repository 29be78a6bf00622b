"""Changes a trainer makes to a session. Pure: each gives a new session whose minutes add up.

``swap`` alone reads the library. What a session says of a passage goes with the passage.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from assistant.study import wording
from assistant.study.errors import StudyError
from assistant.study.minutes import fit
from assistant.study.model import (
    PART_NAMES,
    KeyPassage,
    Line,
    QuizItem,
    Reading,
    StudySession,
    TimetablePart,
)
from assistant.study.request import LONGEST, check_minutes
from assistant.study.selecting import letters, reading_minutes
from index.errors import shorten

_MOST_OWN = 500


def rebalance(
    session: StudySession,
    minutes: Mapping[str, int] | None = None,
    locked: Collection[str] = (),
    total: int | None = None,
) -> StudySession:
    """The session with ``minutes`` by part id; parts that are neither named nor locked share the
    rest in their present proportions. ``total``: another length of the whole.

    ``locked`` ids are locked from now on. StudyError where it can't be: an unknown part, a part
    shorter than reading its passages takes, locked parts longer than the whole.
    """
    wanted = dict(minutes or {})
    whole = session.minutes if total is None else total
    if total is not None:
        check_minutes(total)
    parts = {one.id: one for one in session.timetable}
    for name in (*wanted, *locked):
        if name not in parts:
            raise StudyError(f"时间表里没有“{shorten(name, 20)}”这个环节。")
    fixed = dict(wanted)
    for one in session.timetable:
        if (one.locked or one.id in locked) and one.id not in fixed:
            fixed[one.id] = one.minutes
    for name, given in fixed.items():
        least = _least(session, parts[name])
        if given < least:
            raise StudyError(_too_short(session, parts[name], given, least))
    free = [one for one in session.timetable if one.id not in fixed]
    rest = whole - sum(fixed.values())
    if not free and rest:
        raise StudyError(
            f"各环节的时间都已固定，合计 {whole - rest} 分钟，和总时长 {whole} 分钟对不上。"
        )
    least_free = {one.id: _least(session, one) for one in free}
    if rest < sum(least_free.values()):
        raise StudyError(
            f"剩下的 {max(0, rest)} 分钟不够其余环节（至少 {sum(least_free.values())} 分钟），"
            "请少固定几分钟，或先减少原文、案例。"
        )
    shared = fit(
        rest,
        {one.id: float(one.minutes) for one in free},
        least_free,
        dict.fromkeys(least_free, whole),
    )
    settled = {**fixed, **shared}
    timetable = tuple(
        one.model_copy(
            update={"minutes": settled[one.id], "locked": one.locked or one.id in locked}
        )
        for one in session.timetable
    )
    return _timed(session.model_copy(update={"timetable": timetable, "minutes": whole}))


def lock(session: StudySession, part_id: str, locked: bool = True) -> StudySession:
    """The session with a part's minutes held, or let go."""
    _part(session, part_id)
    timetable = tuple(
        one.model_copy(update={"locked": locked}) if one.id == part_id else one
        for one in session.timetable
    )
    return session.model_copy(update={"timetable": timetable})


def drop(session: StudySession, item_id: str) -> StudySession:
    """The session without a part, passage, case, question or document of the reading list.

    A part's minutes go to the others. StudyError for an unknown id, and for the last passage or
    part, without which there is no session.
    """
    if any(one.id == item_id for one in session.timetable):
        return _without_part(session, item_id)
    for reading in session.readings:
        if reading.id == item_id:
            gone = [k.id for k in session.passages if k.citation.document_id == reading.document_id]
            for name in gone:
                session = drop(session, name)
            return session
    if any(one.id == item_id for one in session.passages):
        return _without_passage(session, item_id)
    if any(one.id == item_id for one in session.cases):
        cases = tuple(one for one in session.cases if one.id != item_id)
        done = _unlisted(session.model_copy(update={"cases": cases}), item_id)
        return done if cases else _without_kind(done, "case")
    if any(one.id == item_id for one in session.quiz):
        quiz = tuple(one for one in session.quiz if one.id != item_id)
        done = with_quiz(session, quiz)
        return done if quiz else _without_kind(done, "quiz")
    raise StudyError(f"方案里没有编号为“{shorten(item_id, 20)}”的内容。")


def reorder(session: StudySession, ids: Sequence[str]) -> StudySession:
    """The parts, passages, cases or questions in the order of ``ids``, which name each once."""
    for field in ("timetable", "passages", "cases", "quiz"):
        present = {one.id: one for one in getattr(session, field)}
        if len(ids) == len(present) and set(ids) == set(present):
            done = session.model_copy(update={field: tuple(present[one] for one in ids)})
            if field == "timetable":
                return done
            return _listed(done, {"passages": "reading", "cases": "case"}.get(field, field), ids)
    raise StudyError("顺序里的编号和方案里的对不上，请把同一类内容的编号各写一次。")


def add_own(
    session: StudySession,
    text: str,
    *,
    part_id: str = "",
    minutes: int | None = None,
    title: str = "",
) -> StudySession:
    """The session with the trainer's own words, marked as such and without source.

    With ``minutes`` they are a part of their own, before the last one, and the others give up the
    time; else a note of the part ``part_id``, or of the facilitator.
    """
    clean = text.strip()
    if not clean or len(clean) > _MOST_OWN:
        raise StudyError(f"自己的话请写 1 到 {_MOST_OWN} 字。")
    line = Line(text=clean, own=True)
    if minutes is not None:
        return _with_own_part(session, line, minutes, title)
    if not part_id:
        return session.model_copy(update={"facilitator": (*session.facilitator, line)})
    _part(session, part_id)
    timetable = tuple(
        one.model_copy(update={"notes": (*one.notes, line)}) if one.id == part_id else one
        for one in session.timetable
    )
    return session.model_copy(update={"timetable": timetable})


def with_quiz(session: StudySession, items: Sequence[QuizItem]) -> StudySession:
    """The session with other questions."""
    done = session.model_copy(update={"quiz": tuple(items)})
    timetable = tuple(
        one.model_copy(update={"notes": (*wording.quiz_notes(len(items)), *_own(one))})
        if one.kind == "quiz"
        else one
        for one in done.timetable
    )
    done = done.model_copy(update={"timetable": timetable})
    return with_sources(_listed(done, "quiz", [one.id for one in items]))


def with_sources(session: StudySession) -> StudySession:
    """The session with every place that it quotes, once, in its order."""
    cited = [one.citation for one in session.passages]
    cited += [side for one in session.changes for side in (one.new, one.old) if side is not None]
    cited += [c for case in session.cases for line in case.body for c in line.citations]
    cited += [c for case in session.cases for one in case.discussions for c in one.citations]
    cited += [c for item in session.quiz for c in item.citations]
    once = {(one.document_id, one.start, one.end): one for one in cited}
    return session.model_copy(update={"sources": tuple(once.values())})


def retimed(passages: Sequence[KeyPassage], minutes: int, speed: int) -> tuple[KeyPassage, ...]:
    """Passages whose minutes add up to those of the reading part, the longer ones with more."""
    names = [str(place) for place in range(len(passages))]
    given = fit(
        minutes,
        {n: 60.0 + letters(k.citation.quote) for n, k in zip(names, passages, strict=True)},
        dict.fromkeys(names, 1),
        dict.fromkeys(names, LONGEST),
    )
    return tuple(
        one.model_copy(update={"minutes": given[name]})
        for name, one in zip(names, passages, strict=True)
    )


# -- parts ------------------------------------------------------------------------


def _part(session: StudySession, part_id: str) -> TimetablePart:
    for one in session.timetable:
        if one.id == part_id:
            return one
    raise StudyError(f"时间表里没有“{shorten(part_id, 20)}”这个环节。")


def _own(part: TimetablePart) -> tuple[Line, ...]:
    return tuple(one for one in part.notes if one.own)


def _least(session: StudySession, part: TimetablePart) -> int:
    """The fewest minutes of a part: of reading, what reading aloud takes."""
    if part.kind != "reading":
        return 1
    characters = sum(letters(one.citation.quote) for one in session.passages)
    return max(len(session.passages), math.ceil(characters / session.reading_speed))


def _too_short(session: StudySession, part: TimetablePart, given: int, least: int) -> str:
    if part.kind == "reading" and given > 0:
        return (
            f"{part.title}有 {len(session.passages)} 段，按每分钟 {session.reading_speed} 字"
            f"至少要 {least} 分钟，请先减少段落或多留时间。"
        )
    return f"{part.title}至少要 {least} 分钟；不要这个环节时请删去它。"


def _timed(session: StudySession) -> StudySession:
    """Passages' minutes follow those of the reading part."""
    reading = next((one for one in session.timetable if one.kind == "reading"), None)
    if reading is None or not session.passages:
        return session
    passages = retimed(session.passages, reading.minutes, session.reading_speed)
    return session.model_copy(update={"passages": passages})


def _without_part(session: StudySession, part_id: str) -> StudySession:
    part = _part(session, part_id)
    if part.kind == "reading":
        raise StudyError("原文领学是学习的主体，不能删去；可以减少其中的段落。")
    timetable = tuple(one for one in session.timetable if one.id != part_id)
    update: dict[str, object] = {"timetable": timetable}
    if part.kind == "case":
        update["cases"] = ()
    if part.kind == "quiz":
        update["quiz"] = ()
    done = session.model_copy(update=update)
    if all(one.locked for one in timetable):
        whole = sum(one.minutes for one in timetable)
        return with_sources(done.model_copy(update={"minutes": whole}))
    return with_sources(rebalance(done))


def _without_kind(session: StudySession, kind: str) -> StudySession:
    part = next((one for one in session.timetable if one.kind == kind), None)
    return _without_part(session, part.id) if part else session


def _with_own_part(session: StudySession, line: Line, minutes: int, title: str) -> StudySession:
    if minutes < 1:
        raise StudyError("自定环节至少要 1 分钟。")
    numbers = [int(one.id[1:]) for one in session.timetable if one.id[1:].isdecimal()]
    made = TimetablePart(
        id=f"p{max(numbers, default=0) + 1}",
        kind="own",
        title=shorten(title.strip(), 30) or PART_NAMES["own"],
        minutes=minutes,
        method="自定",
        notes=(line,),
    )
    last = session.timetable[-1:] if session.timetable[-1].kind == "summary" else ()
    before = session.timetable[: len(session.timetable) - len(last)]
    done = session.model_copy(update={"timetable": (*before, made, *last)})
    return rebalance(done, {made.id: minutes})


# -- what parts use ----------------------------------------------------------------


def _listed(session: StudySession, kind: str, ids: Sequence[str]) -> StudySession:
    timetable = tuple(
        one.model_copy(update={"materials": tuple(ids)}) if one.kind == kind else one
        for one in session.timetable
    )
    return session.model_copy(update={"timetable": timetable})


def _unlisted(session: StudySession, item_id: str) -> StudySession:
    timetable = tuple(
        one.model_copy(update={"materials": tuple(m for m in one.materials if m != item_id)})
        for one in session.timetable
    )
    return with_sources(session.model_copy(update={"timetable": timetable}))


def _without_passage(session: StudySession, item_id: str) -> StudySession:
    if len(session.passages) < 2:
        raise StudyError("这是最后一段原文，不能删去；可以换成另一段。")
    gone = next(one for one in session.passages if one.id == item_id)
    done = session.model_copy(
        update={
            "passages": tuple(one for one in session.passages if one.id != item_id),
            "objectives": _unsaid(session.objectives, gone) or session.objectives,
            "take_home": _unsaid(session.take_home, gone),
        }
    )
    timetable = tuple(
        one.model_copy(update={"notes": _unsaid(one.notes, gone)}) for one in done.timetable
    )
    done = with_readings(done.model_copy(update={"timetable": timetable}), session.readings)
    return _timed(_unlisted(done, item_id))


def _unsaid(lines: Sequence[Line], gone: KeyPassage) -> tuple[Line, ...]:
    """The lines less those that are on this passage alone."""
    return tuple(one for one in lines if not one.citations or set(one.citations) != {gone.citation})


def with_readings(session: StudySession, known: Sequence[Reading]) -> StudySession:
    """The reading list of the present passages; ``known`` are entries of their documents."""
    by_document = {one.document_id: one for one in known}
    order = dict.fromkeys(one.citation.document_id for one in session.passages)
    readings = []
    for document_id in order:
        parts = [k for k in session.passages if k.citation.document_id == document_id]
        characters = sum(letters(k.citation.quote) for k in parts)
        places = [k.citation.article or k.citation.path.rsplit("/", 1)[-1] for k in parts]
        readings.append(
            by_document[document_id].model_copy(
                update={
                    "articles": tuple(dict.fromkeys(places)),
                    "characters": characters,
                    "minutes": reading_minutes(characters, session.reading_speed),
                }
            )
        )
    done = session.model_copy(update={"readings": tuple(readings)})
    total = sum(one.characters for one in readings)
    timetable = tuple(
        one.model_copy(
            update={"notes": (wording.aloud(total, session.reading_speed), *one.notes[1:])}
        )
        if one.kind == "reading" and one.notes and not one.notes[0].own
        else one
        for one in done.timetable
    )
    return done.model_copy(update={"timetable": timetable})
