"""A topic over several sessions: whole, without repeats, with spaced review of what went wrong.

Spacing follows the rule of expanding intervals (Landauer & Bjork 1978): what is learnt or was got
wrong comes again after one session, then after two more, then after four more.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from assistant.study.audiences import audience_of
from assistant.study.errors import StudyError
from assistant.study.model import Line, StudySession
from assistant.study.planning import MakeSession, make_session
from assistant.study.request import StudyRequest
from assistant.study.scope import Scope, find_scope, narrowed
from assistant.study.selecting import Chosen, whole
from assistant.study.timetable import Supply
from assistant.study.titles import shown_title

if TYPE_CHECKING:
    from index.library import Library

SESSIONS, WEEKS = (2, 52), (1, 104)
WRONG = 0.3
"""Share of wrong answers from which on an article is reviewed."""
GAPS = (1, 2, 4)
"""Sessions after which an article comes again, each counted from the time before."""
REVIEWED = 5
"""Articles reviewed in one session, at most."""
_SHORTER = 0.9  # of the length asked for
_ALOUD = 0.8  # of the reading part: a series reads everything, so less is explained


@dataclass(frozen=True)
class SeriesRequest:
    """``session`` says what each is like; ``wrong`` is the share of wrong answers by article.

    An article is named by a passage's id, or ``document_id#第十二条``.
    """

    session: StudyRequest
    start: date
    sessions: int = 6
    weeks: int = 12
    time: time = time(14, 30)
    wrong: Mapping[str, float] = field(default_factory=dict)

    def check(self) -> None:
        """StudyError for what can't be planned."""
        self.session.check()
        for name, value, (low, high) in (
            ("次数", self.sessions, SESSIONS),
            ("周数", self.weeks, WEEKS),
        ):
            if not low <= value <= high:
                raise StudyError(f"{name}请写 {low} 到 {high} 之间的整数。")
        if self.sessions > 5 * self.weeks:
            raise StudyError(
                f"{self.weeks} 周安排不下 {self.sessions} 次（每周最多 5 次），请减少次数或放宽周数。"
            )
        if not date(1990, 1, 1) <= self.start <= date(2100, 1, 1):
            raise StudyError("开始日期请写 1990 年到 2100 年之间的一天。")


class PlannedSession(BaseModel):
    """One of the series: ``new`` are the articles read for the first time, ``review`` those that
    its quiz asks again."""

    model_config = ConfigDict(frozen=True)

    number: int
    start: datetime  # local time
    new: tuple[str, ...]
    summary: str = ""  # the same in short: 《…办法》第一条至第九条
    review: tuple[Line, ...] = ()
    session: StudySession


class Series(BaseModel):
    """``covered`` of ``articles`` articles are read in one of the sessions."""

    model_config = ConfigDict(frozen=True)

    topic: str
    title: str
    audience: str
    weeks: int
    sessions: tuple[PlannedSession, ...]
    articles: int
    covered: int
    missing: tuple[str, ...] = ()


Progress = Callable[[str, int, int], None]


def plan_series(
    library: Library, request: SeriesRequest, progress: Progress | None = None
) -> Series:
    """The series: every article of the topic's regulation once, none twice, no question twice.

    Where the topic is no regulation's subject, the articles that are on it. What doesn't fit into
    the sessions is left out from the least central on, and ``missing`` says how many sessions
    would do. Fewer sessions are planned where there isn't enough to read. Raises StudyError, and
    what searches raise.
    """
    request.check()
    tell = progress or (lambda *_: None)
    base = request.session
    scope = _whole(find_scope(library, base.topic, base.collections))
    every = whole(scope)
    room = room_of(base)
    lessons, left = _lessons(every, request.sessions, room)
    days = _days(request, len(lessons))
    reviews = _reviews(lessons, request.wrong)
    asked: set[str] = set()
    planned: list[PlannedSession] = []
    for number, (lesson, day) in enumerate(zip(lessons, days, strict=True), 1):
        again = reviews[number - 1]
        make = MakeSession(
            must=tuple(lesson),
            review=tuple(again),
            exclude_items=frozenset(asked),
            exclude_cases=frozenset(
                c.citation.document_id for p in planned for c in p.session.cases
            ),
            title=f"“{base.topic.strip()}”系列学习（第 {number} 次）",
        )
        one = replace(base, seed=base.seed + number - 1)
        session = make_session(library, one, scope, make)
        asked |= {item.id for item in session.quiz}
        planned.append(
            PlannedSession(
                number=number,
                start=datetime.combine(day, request.time),
                new=tuple(c.article.heading for c in lesson),
                summary=_summary(lesson),
                review=tuple(
                    Line(text=f"{c.article.heading}：{c.point.text}", citations=(c.citation,))
                    for c in again
                ),
                session=session,
            )
        )
        tell("series", number, len(lessons))
    return Series(
        topic=base.topic,
        title=f"“{base.topic.strip()}”系列学习",
        audience=base.audience,
        weeks=request.weeks,
        sessions=tuple(planned),
        articles=len(every),
        covered=sum(len(one) for one in lessons),
        missing=_missing(
            request, scope, lessons, left, room, [one.session.minutes for one in planned]
        ),
    )


def read_results(text: str) -> dict[str, float]:
    """Shares of wrong answers by article out of a JSON object; StudyError where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudyError('测验结果文件不是 JSON，应当像 {"文件编号#第十二条": 0.6}。') from error
    if not isinstance(value, dict) or not all(
        isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 1
        for one in value.values()
    ):
        raise StudyError('测验结果应当是 {"文件编号#第十二条": 0.6}，数字是答错的比例，0 到 1。')
    return {str(key): float(one) for key, one in value.items()}


def read_time(text: str) -> time:
    """A time of the day as a person writes it: 14:30, 9：00."""
    try:
        hour, minute = text.replace("：", ":").strip().split(":")
        return time(int(hour), int(minute))
    except ValueError as error:
        raise StudyError("开始时间请写成 14:30。") from error


def _summary(lesson: Sequence[Chosen]) -> str:
    """《…办法》第一条至第九条, by document; articles in a row as a range."""
    said = []
    for _, group in groupby(lesson, key=lambda one: one.article.document.document_id):
        parts = list(group)
        runs: list[list[Chosen]] = []
        for one in parts:
            if runs and one.article.position == runs[-1][-1].article.position + 1:
                runs[-1].append(one)
            else:
                runs.append([one])
        places = [
            run[0].article.place
            if len(run) == 1
            else f"{run[0].article.place}{'、' if len(run) == 2 else '至'}{run[-1].article.place}"
            for run in runs
        ]
        said.append(f"《{shown_title(parts[0].article.document.title)}》{'、'.join(places)}")
    return "；".join(said)


# -- what is read when ---------------------------------------------------------------


def _whole(scope: Scope) -> Scope:
    """The governing regulations' articles; the whole scope's rules where nothing governs."""
    if scope.governing:
        return narrowed(scope, lambda one: one.document.document_id in scope.governing)
    if scope.rules:
        return narrowed(scope, lambda one: one.article.rule)
    return scope


@dataclass(frozen=True)
class Room:
    """What one session can read."""

    characters: int
    passages: int


def room_of(base: StudyRequest) -> Room:
    """What one session of a request can read."""
    plenty = Supply(base, audience_of(base.audience), 10_000, 0, 10_000)
    reading = plenty.times(base.minutes).reading
    return Room(int(reading * base.reading_speed * _ALOUD), reading)


def _lessons(
    every: Sequence[Chosen], sessions: int, room: Room
) -> tuple[list[list[Chosen]], list[Chosen]]:
    """The articles in order, cut into lessons of about the same length; and what didn't fit."""
    kept = _fitting(every, sessions, room)
    used = {(one.key, one.start) for one in kept}
    left = [one for one in every if (one.key, one.start) not in used]
    return _cut(kept, sessions, room), left


def _fitting(every: Sequence[Chosen], sessions: int, room: Room) -> list[Chosen]:
    """All articles where they fit, else the most central, in their order."""
    if len(_cut(every, sessions, room, strict=False)) <= sessions:
        return list(every)
    ranked = sorted(every, key=lambda one: (-one.score, one.key, one.start))
    low, high = 1, len(ranked)
    while low < high:
        middle = (low + high + 1) // 2
        chosen = set(map(id, ranked[:middle]))
        trial = [one for one in every if id(one) in chosen]
        if len(_cut(trial, sessions, room, strict=False)) <= sessions:
            low = middle
        else:
            high = middle - 1
    chosen = set(map(id, ranked[:low]))
    return [one for one in every if id(one) in chosen]


def _cut(
    every: Sequence[Chosen], sessions: int, room: Room, strict: bool = True
) -> list[list[Chosen]]:
    """Consecutive lessons, each within the room; evened out to ``sessions`` of them if strict."""
    total = sum(one.characters for one in every)
    aim = max(1, math.ceil(total / sessions)) if strict else room.characters
    even = math.ceil(len(every) / sessions) if strict else room.passages
    while True:
        lessons = _greedy(every, min(aim, room.characters), min(even, room.passages))
        full = aim >= room.characters and even >= room.passages
        if len(lessons) <= sessions or not strict or full:
            return lessons
        aim, even = aim + max(1, aim // 20), even + 1


def _greedy(every: Sequence[Chosen], characters: int, passages: int) -> list[list[Chosen]]:
    lessons: list[list[Chosen]] = []
    used = 0
    for one in every:
        if lessons and used + one.characters <= characters and len(lessons[-1]) < passages:
            lessons[-1].append(one)
            used += one.characters
        else:
            lessons.append([one])
            used = one.characters
    return lessons


def _days(request: SeriesRequest, count: int) -> list[date]:
    """Spread over the weeks: on the first day's weekday, or several a week on working days."""
    if count <= request.weeks:
        return [
            request.start + timedelta(weeks=place * request.weeks // count)
            for place in range(count)
        ]
    days: list[date] = []
    for place in range(count):
        day = request.start + timedelta(days=place * request.weeks * 7 // count)
        while day.weekday() > 4 or (days and day <= days[-1]):
            day += timedelta(days=1)
        days.append(day)
    return days


def _reviews(lessons: Sequence[Sequence[Chosen]], wrong: Mapping[str, float]) -> list[list[Chosen]]:
    """What each session asks again: what was got wrong first, then the most central of before."""
    due: list[list[tuple[float, Chosen]]] = [[] for _ in lessons]
    for number, lesson in enumerate(lessons):
        ranked = sorted(lesson, key=lambda one: (-one.score, one.key))
        for place, one in enumerate(ranked):
            share = wrong_share(one, wrong)
            missed = share >= WRONG
            if not missed and place >= 2:
                continue
            # what was missed is reviewed from the first session on, as it was taught before
            at = -1 if missed else number
            for gap in GAPS if missed else GAPS[:2]:
                at += gap
                if at < len(due) and at != number:
                    due[at].append((share if missed else one.score - 1, one))
    return [_most(found) for found in due]


def _most(found: Sequence[tuple[float, Chosen]]) -> list[Chosen]:
    ranked = sorted(found, key=lambda pair: (-pair[0], pair[1].key, pair[1].start))
    return [one for _, one in ranked][:REVIEWED]


def wrong_share(one: Chosen, wrong: Mapping[str, float]) -> float:
    """The share of wrong answers on an article, 0 where ``wrong`` does not name it."""
    article = one.article
    names = [f"{article.document.document_id}#{article.label}" if article.label else ""]
    names += [passage.passage_id for passage in article.passages]
    return max((wrong[name] for name in names if name in wrong), default=0.0)


def _missing(
    request: SeriesRequest,
    scope: Scope,
    lessons: Sequence[Sequence[Chosen]],
    left: Sequence[Chosen],
    room: Room,
    lengths: Sequence[int],
) -> tuple[str, ...]:
    lines = [f"文库里与主题有关的文件都没有写到“{word}”。" for word in scope.lacking]
    if not scope.governing:
        lines.append("文库里没有专门规定这一主题的文件，按散见于各文件的条文安排。")
    if left:
        total = [*(one for lesson in lessons for one in lesson), *left]
        need = len(_greedy(total, room.characters, room.passages))
        lines.append(
            f"{len(lessons)} 次、每次 {request.session.minutes} 分钟读不完全部条文，"
            f"有 {len(left)} 条没有安排；全部学完大约要 {need} 次，或延长每次的时间。"
        )
    if len(lessons) < request.sessions:
        lines.append(
            f"要求 {request.sessions} 次，按条文的篇幅 {len(lessons)} 次就能学完，没有凑次数。"
        )
    longest = max(lengths, default=0)
    if longest < _SHORTER * request.session.minutes:
        lines.append(
            f"每次要求 {request.session.minutes} 分钟，按条文的篇幅每次最多 {longest} 分钟就够，没有凑满。"
        )
    known = {
        name
        for lesson in lessons
        for one in lesson
        for name in (
            f"{one.article.document.document_id}#{one.article.label}",
            *(passage.passage_id for passage in one.article.passages),
        )
    }
    unknown = [name for name in request.wrong if name not in known]
    if unknown:
        lines.append(f"测验结果里有 {len(unknown)} 处条文不在这个系列里，没有安排复习。")
    return tuple(lines)
