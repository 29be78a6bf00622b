"""Live quizzes: a code, phones without accounts, one question at a time, the last answer counts."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.study.database import StudyDatabase
from assistant.study.errors import StudyError
from assistant.study.marking import ItemResult, live_items, read_choice, result_of
from assistant.study.model import QuizItem
from assistant.study.tables import answers, players, rooms

OPEN_FOR = timedelta(hours=4)
MOST_PLAYERS, MOST_NICKNAME = 500, 12
Phase = Literal["lobby", "open", "closed", "revealed", "ended"]
_ITEMS = TypeAdapter(tuple[QuizItem, ...])
_AFTER: dict[tuple[str, str], Phase] = {
    ("lobby", "start"): "open",
    ("open", "close"): "closed",
    ("closed", "reopen"): "open",
    ("closed", "reveal"): "revealed",
}


class UnknownRoom(StudyError):
    """No live quiz has this code or id, or it is another person's."""

    def __init__(self) -> None:
        super().__init__("没有这场测验，或已经结束。请核对屏幕上的 6 位数字。")


class NotPlaying(StudyError):
    """The phone has not joined this quiz."""

    def __init__(self) -> None:
        super().__init__("还没有加入，请先点“加入”。")


@dataclass(frozen=True)
class Room:
    """A live quiz as it stands. ``place`` of the present question, from 0."""

    room_id: str
    code: str
    session_id: str
    user: str
    title: str
    at: datetime
    until: datetime
    place: int
    phase: Phase
    items: tuple[QuizItem, ...]

    @property
    def item(self) -> QuizItem:
        """The present question."""
        return self.items[self.place]

    @property
    def last(self) -> bool:
        """Whether no question follows."""
        return self.place == len(self.items) - 1


class RoomStore:
    """The live quizzes of ``study.db``. Raises StudyError and what the database raises."""

    def __init__(self, database: StudyDatabase, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    # -- the trainer's -----------------------------------------------------------

    def begin(self, user: str, session_id: str, title: str, quiz: Sequence[QuizItem]) -> str:
        """Open a room on the questions that phones can answer; its id. StudyError without any."""
        items = live_items(quiz)
        if not items:
            raise StudyError("这份备课没有能在手机上作答的题（单选、多选、判断），开不了现场测验。")
        room_id, moment = secrets.token_urlsafe(12), self._clock()
        with self._database.writing() as connection:
            connection.execute(
                insert(rooms).values(
                    id=room_id,
                    code=_free_code(connection, moment),
                    session=session_id,
                    user=user,
                    title=title,
                    at=moment,
                    until=moment + OPEN_FOR,
                    place=0,
                    phase="lobby",
                    items=json.dumps(
                        [one.model_dump(mode="json") for one in items], ensure_ascii=False
                    ),
                )
            )
        return room_id

    def get(self, room_id: str, user: str) -> Room:
        """One's own. Raises UnknownRoom."""
        query = select(rooms).where(rooms.c.id == room_id, rooms.c.user == user)
        with self._database.reading() as connection:
            return _room(connection.execute(query).first())

    def held(self, session_id: str, user: str) -> list[tuple[str, str]]:
        """Id and name of the quizzes held with a session, the latest first."""
        query = (
            select(rooms.c.id, rooms.c.at)
            .where(rooms.c.session == session_id, rooms.c.user == user)
            .order_by(rooms.c.at.desc())
            .limit(20)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        return [(row.id, f"{row.at.astimezone():%Y-%m-%d %H:%M}") for row in found]

    def act(self, room_id: str, user: str, do: str, place: int) -> None:
        """One press of the trainer: start, close, reopen, reveal, next, end.

        A press that no longer fits (pressed twice, or on an old page) changes nothing.
        """
        with self._database.writing() as connection:
            query = select(rooms).where(rooms.c.id == room_id, rooms.c.user == user)
            room = _room(connection.execute(query).first())
            phase: Phase | None = _AFTER.get((room.phase, do))
            to = room.place
            if do == "end" and room.phase != "ended":
                phase = "ended"
            elif do == "next" and room.phase in ("closed", "revealed"):
                phase, to = ("ended", to) if room.last else ("open", to + 1)
            if phase is None or place != room.place or self._clock() >= room.until:
                return
            connection.execute(
                update(rooms).where(rooms.c.id == room_id).values(phase=phase, place=to)
            )

    def joined(self, room: Room) -> int:
        """How many phones there are."""
        query = select(func.count()).where(players.c.room == room.room_id)
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def answered(self, room: Room) -> int:
        """How many have answered the present question."""
        query = select(func.count()).where(
            answers.c.room == room.room_id, answers.c.place == room.place
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or 0

    def results(self, room: Room) -> list[ItemResult]:
        """The answers so far, question by question."""
        query = select(answers.c.place, answers.c.choice).where(answers.c.room == room.room_id)
        given: dict[int, list[str]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                given.setdefault(row.place, []).append(row.choice)
        return [result_of(one, given.get(at, [])) for at, one in enumerate(room.items)]

    def scores(self, room: Room) -> list[tuple[str, int]]:
        """Nicknames with the number of right answers, best first; the nameless are left out."""
        from assistant.study.marking import right_of

        keys = [right_of(one) for one in room.items]
        query = (
            select(players.c.id, players.c.nickname, answers.c.place, answers.c.choice)
            .join(answers, answers.c.player == players.c.id)
            .where(players.c.room == room.room_id, players.c.nickname != "")
        )
        found: dict[int, tuple[str, int]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(query):
                name, right = found.get(row.id, (row.nickname, 0))
                found[row.id] = (name, right + (keys[row.place] == row.choice))
        return sorted(found.values(), key=lambda one: (-one[1], one[0]))

    # -- the phones' -------------------------------------------------------------

    def by_code(self, code: str) -> Room:
        """The room that is open under a code. Raises UnknownRoom."""
        query = select(rooms).where(rooms.c.code == code, rooms.c.until > self._clock())
        with self._database.reading() as connection:
            return _room(connection.execute(query).first())

    def join(self, room: Room, nickname: str = "") -> str:
        """A new phone; the secret that it comes back with. StudyError where it can't join."""
        clean = "".join(one for one in " ".join(nickname.split()) if one.isprintable())
        if len(clean) > MOST_NICKNAME:
            raise StudyError(f"昵称最多 {MOST_NICKNAME} 个字，也可以不填。")
        if room.phase == "ended":
            raise UnknownRoom
        secret = secrets.token_urlsafe(24)
        with self._database.writing() as connection:
            query = select(func.count()).where(players.c.room == room.room_id)
            if (connection.execute(query).scalar() or 0) >= MOST_PLAYERS:
                raise StudyError(f"这场测验已有 {MOST_PLAYERS} 人加入，不能再加入。")
            row = {"room": room.room_id, "secret": _digest(secret), "nickname": clean}
            connection.execute(insert(players).values(row))
        return secret

    def player(self, room: Room, secret: str) -> int:
        """The phone that holds ``secret``. Raises NotPlaying."""
        query = select(players.c.id).where(
            players.c.room == room.room_id, players.c.secret == _digest(secret)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalar() if secret else None
        if found is None:
            raise NotPlaying
        return int(found)

    def was_in(self, code: str, secret: str) -> bool:
        """Whether a phone was in a room of this code, also one that is over."""
        query = (
            select(players.c.id)
            .join(rooms, rooms.c.id == players.c.room)
            .where(rooms.c.code == code, players.c.secret == _digest(secret))
        )
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def mine(self, room: Room, player: int) -> str:
        """What the phone has answered to the present question, "" for nothing."""
        query = select(answers.c.choice).where(
            answers.c.player == player, answers.c.place == room.place
        )
        with self._database.reading() as connection:
            return connection.execute(query).scalar() or ""

    def answer(self, room: Room, player: int, place: int, given: str) -> str:
        """Keep an answer in place of an earlier one, while the question is open; how it is kept.

        Raises StudyError for no choice of the question and for one that is closed.
        """
        with self._database.writing() as connection:
            now = _room(connection.execute(select(rooms).where(rooms.c.id == room.room_id)).first())
            if now.phase != "open" or now.place != place or self._clock() >= now.until:
                raise StudyError("这道题已停止作答。")
            choice = read_choice(now.item, given)
            row = {"player": player, "place": place, "room": room.room_id, "choice": choice}
            statement = upsert(answers).values(row)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["player", "place"], set_={"choice": choice}
                )
            )
        return choice


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _free_code(connection: Connection, moment: datetime) -> str:
    """Six digits that no open room has."""
    query = select(rooms.c.code).where(rooms.c.until > moment)
    taken = set(connection.execute(query).scalars())
    for _ in range(100):
        code = f"{secrets.randbelow(1_000_000):06d}"
        if code not in taken:
            return code
    raise StudyError("同时进行的现场测验太多，请过一会儿再开。")


def _room(row: Any) -> Room:
    if row is None:
        raise UnknownRoom
    return Room(
        row.id,
        row.code,
        row.session,
        row.user,
        row.title,
        row.at,
        row.until,
        row.place,
        row.phase,
        _ITEMS.validate_json(row.items),
    )
