"""The fields of the forms of the page 备课, read into what the planner takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from starlette.datastructures import FormData
from starlette.requests import Request

from assistant.study.errors import StudyError
from assistant.study.model import PartKind, StudySession
from assistant.study.request import MOST_OWN, OPTIONAL, StudyRequest
from index.errors import shorten

_MOST_FIELDS = 400


async def fields(request: Request) -> FormData:
    """A dependency: the form that was sent."""
    return await request.form(max_files=0, max_fields=_MOST_FIELDS)


def text_of(form: FormData, name: str) -> str:
    """A field, "" where it is missing."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def whole_of(form: FormData, name: str, label: str, otherwise: int | None = None) -> int:
    """A field as a whole number; ``otherwise`` where it is empty. StudyError says what to write."""
    text = text_of(form, name)
    if not text and otherwise is not None:
        return otherwise
    digits = text.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 9:
        shown = f"“{shorten(text, 20)}”" if text else "空着的"
        raise StudyError(f"{label}请写整数，{shown}不行。")
    return int(text)


def request_of(form: FormData) -> StudyRequest:
    """What the form asks for, checked. Raises StudyError."""
    from assistant.study.topic import read_topic

    parts = form.getlist("parts")
    items = text_of(form, "quiz_items")
    own = text_of(form, "own").splitlines()
    made = StudyRequest(
        topic=text_of(form, "topic"),
        minutes=whole_of(form, "minutes", "时长"),
        audience=text_of(form, "audience"),
        people=whole_of(form, "people", "人数", 0),
        collections=tuple(str(one) for one in form.getlist("collections")),
        skip=frozenset(cast("PartKind", one) for one in OPTIONAL if one not in parts),
        quiz_items=whole_of(form, "quiz_items", "题数") if items else None,
        reading_speed=whole_of(form, "reading_speed", "每分钟字数", 250),
        own=tuple(one.strip() for one in own if one.strip()),
    )
    read_topic(made.topic)
    made.check()
    return made


def kept_request(made: StudyRequest) -> dict[str, Any]:
    """For the store, as JSON."""
    return {**asdict(made), "skip": sorted(made.skip)}


def request_again(kept: Mapping[str, Any], session: StudySession, **other: Any) -> StudyRequest:
    """The request of a kept session with ``other`` fields; the trainer's own lines come along."""
    made = StudyRequest(
        **{
            **kept,
            "skip": frozenset(kept["skip"]),
            "collections": tuple(kept["collections"]),
            "own": own_lines(session),
        }
    )
    return replace(made, **other)


def own_lines(session: StudySession) -> tuple[str, ...]:
    """What the trainer wrote, wherever it stands."""
    lines = [*session.facilitator, *(note for part in session.timetable for note in part.notes)]
    return tuple(dict.fromkeys(one.text for one in lines if one.own))[:MOST_OWN]
