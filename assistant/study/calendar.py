"""A series as a calendar file (RFC 5545), for Outlook, WPS and phones."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from assistant.study.series import PlannedSession, Series

_REMIND = timedelta(days=-1)


def calendar_of(series: Series, stamp: datetime | None = None) -> bytes:
    """One event a session, in local (floating) time, with a reminder the day before.

    The same series gives the same UIDs, so that taking the file in again moves events and doesn't
    double them. ``stamp``: when the file was made, now by default.
    """
    from icalendar import Alarm, Calendar, Event

    made = Calendar()
    made.add("prodid", "-//LuMing//study//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", series.title)
    for one in series.sessions:
        event = Event()
        event.add("uid", _uid(series, one))
        event.add("dtstamp", stamp or datetime.now(UTC))
        event.add("dtstart", one.start)
        event.add("dtend", one.start + timedelta(minutes=one.session.minutes))
        event.add("summary", one.session.title)
        event.add("description", _description(one))
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"明天：{one.session.title}")
        alarm.add("trigger", _REMIND)
        event.add_component(alarm)
        made.add_component(event)
    return bytes(made.to_ical())


def _uid(series: Series, one: PlannedSession) -> str:
    first = series.sessions[0].start.isoformat()
    name = f"{series.topic}\n{series.audience}\n{first}\n{one.number}"
    return f"{hashlib.sha256(name.encode()).hexdigest()[:32]}@luming"


def _description(one: PlannedSession) -> str:
    lines = [f"对象：{one.session.audience}，{one.session.minutes} 分钟", f"新学：{one.summary}"]
    if one.review:
        lines += ["复习：", *(line.text for line in one.review)]
    return "\n".join(lines)
