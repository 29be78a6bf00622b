"""From what is pressed on the page 备课 to a changed session. Raises StudyError."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import FormData

from assistant.study.editing import add_own, drop, lock, rebalance, reorder
from assistant.study.errors import StudyError
from assistant.study.model import StudySession
from ui.api.study_forms import text_of, whole_of

if TYPE_CHECKING:
    from index.library import Library


def edited(library: Library, session: StudySession, do: str, item: str, seed: int) -> StudySession:
    """The session after one press: ``do`` is up, down, drop or swap."""
    if do == "swap":
        from assistant.study.swapping import swap

        return swap(session, library, item, seed)
    if do == "drop":
        return drop(session, item)
    if do in ("up", "down"):
        return _moved(session, item, -1 if do == "up" else 1)
    raise StudyError("不认识这个操作，请刷新页面后重试。")


def _moved(session: StudySession, item: str, by: int) -> StudySession:
    for group in (session.timetable, session.passages, session.cases, session.quiz):
        ids = [one.id for one in group]
        if item in ids:
            at = ids.index(item)
            to = min(len(ids) - 1, max(0, at + by))
            ids[at], ids[to] = ids[to], ids[at]
            return reorder(session, ids)
    raise StudyError("方案里没有这一项，请刷新页面后重试。")


def timed(session: StudySession, form: FormData) -> StudySession:
    """The session with the minutes of the form; what isn't changed or held shares the rest."""
    total = whole_of(form, "total", "总时长", session.minutes)
    held = {str(one) for one in form.getlist("lock")}
    given: dict[str, int] = {}
    for part in session.timetable:
        minutes = whole_of(form, f"m-{part.id}", f"“{part.title}”的分钟数", part.minutes)
        if minutes != part.minutes:
            given[part.id] = minutes
        if part.locked and part.id not in held:
            session = lock(session, part.id, False)
    known = [part.id for part in session.timetable if part.id in held]
    return rebalance(session, given, known, None if total == session.minutes else total)


def with_own(session: StudySession, form: FormData) -> StudySession:
    """The session with the trainer's words where the form says."""
    place, text = text_of(form, "part"), text_of(form, "text")
    if place != "+":
        return add_own(session, text, part_id=place)
    minutes = whole_of(form, "minutes", "单独环节的分钟数")
    return add_own(session, text, minutes=minutes, title=text_of(form, "title"))
