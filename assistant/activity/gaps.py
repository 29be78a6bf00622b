"""Knowledge gaps: refused questions that ask the same, grouped, counted, with what to add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select, update

from assistant.activity.advice import advice
from assistant.activity.journal import Journal
from assistant.activity.likeness import Wording, alike
from assistant.activity.records import Asked, Cited, Scope
from assistant.activity.tables import gap_members, gaps, now
from assistant.question import QuestionError
from index.errors import LibraryError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from assistant.factory import Answerer
    from index.library import Library

OPEN, DISMISSED, FILLED = "open", "dismissed", "filled"
STATUS_NAMES = {OPEN: "待补充", DISMISSED: "已忽略", FILLED: "已补上"}
_NEAREST = 3
_WORDINGS = 5


class GapError(LibraryError):
    """A gap that does not exist."""


@dataclass(frozen=True)
class Gap:
    """Questions that the library could not answer and that ask the same."""

    gap_id: int  # stays
    text: str  # the wording most used
    wordings: tuple[tuple[str, int], ...]  # with how often, most used first
    count: int
    people: int
    first: datetime
    last: datetime
    scope: Scope
    status: str  # open, dismissed, filled
    nearest: tuple[Cited, ...]  # passages of different documents, nearest first
    advice: str  # what kind of document would fill it
    checked: datetime | None = None  # when it was last asked again


@dataclass(frozen=True)
class _Stored:
    gap_id: int
    text: str
    scope: Scope
    status: str
    changed: datetime
    checked: datetime | None


class GapStore:
    """The gaps of one library's questions log. Reading first sorts in what was refused since."""

    def __init__(self, library: Library, journal: Journal) -> None:
        self._library = library
        self._journal = journal
        self._database = journal.database

    def listed(
        self,
        since: datetime | None = None,
        collections: Sequence[str] = (),
        statuses: Sequence[str] = (OPEN,),
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Gap]:
        """Gaps with questions asked ``since``, the most asked first, then the latest.

        Counts are of the questions since then. Raises LibraryError.
        """
        refused = self._journal.questions(abstained=True)
        self._sort_in(refused, progress)
        self._follow_answers()
        members, stored = self._read()
        grouped: dict[int, list[Asked]] = {}
        for asked in refused:
            if since is None or asked.at >= since:
                grouped.setdefault(members.get(asked.key, 0), []).append(asked)
        found = [
            _gap(stored[number], group)
            for number, group in grouped.items()
            if number in stored and stored[number].status in statuses
        ]
        if collections:
            wanted = set(collections)
            found = [
                one
                for one in found
                if not one.scope.collections or wanted & set(one.scope.collections)
            ]
        return sorted(found, key=lambda one: (-one.count, -one.last.timestamp()))

    def set_status(self, numbers: Iterable[int], status: str) -> None:
        """Dismiss or reopen gaps; GapError names those that don't exist, and nothing changes."""
        wanted = list(dict.fromkeys(numbers))
        with self._database.writing() as connection:
            rows = connection.execute(select(gaps.c.gap_id, gaps.c.scope))
            known = {
                number for number, scope in rows if self._journal.sees_scope(Scope.from_json(scope))
            }
            absent = [str(one) for one in wanted if one not in known]
            if absent:
                raise GapError(
                    f"没有编号为 {'、'.join(absent)} 的缺口。",
                    "可运行 luming gaps 查看",
                    "请检查编号",
                )
            _set(connection, wanted, status)

    def check(
        self,
        answerer: Answerer,
        found: Sequence[Gap],
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Gap]:
        """Ask every gap's question again; those that are answered now, marked 已补上."""
        filled: list[Gap] = []
        for done, gap in enumerate(found, start=1):
            if not _abstains(answerer, gap):
                filled.append(gap)
            if progress is not None:
                progress(done, len(found))
        asked = [gap.gap_id for gap in found]
        with self._database.writing() as connection:
            moment = {"checked": now()}
            connection.execute(update(gaps).where(gaps.c.gap_id.in_(asked)).values(**moment))
            _set(connection, [gap.gap_id for gap in filled], FILLED)
        return filled

    # -- keeping groups ----------------------------------------------------

    def _sort_in(
        self, refused: Sequence[Asked], progress: Callable[[int, int], None] | None
    ) -> None:
        """Put each refused question that has no gap yet to one like it, or make one for it."""
        known, _ = self._read()
        new = {one.key: one for one in reversed(refused) if one.key not in known}  # oldest first
        if not new:
            return
        vectors = self._vectors([one.text for one in new.values()], progress)
        with self._database.writing() as connection:
            leaders = self._leaders(connection)
            taken = set(connection.execute(select(gap_members.c.key)).scalars())
            for (key, asked), vector in zip(new.items(), vectors, strict=True):
                if key not in taken:
                    self._place(connection, leaders, asked, Wording.of(asked.text, vector))

    def _place(
        self,
        connection: Connection,
        leaders: list[tuple[int, str, Wording]],
        asked: Asked,
        wording: Wording,
    ) -> None:
        scope = asked.scope.to_json()
        encoder = self._library.encoder
        number = next(
            (
                gap
                for gap, where, other in leaders
                if where == scope and alike(other, wording, encoder)
            ),
            None,
        )
        if number is None:
            row = {
                "user": asked.user,
                "at": asked.at,
                "text": asked.text,
                "scope": scope,
                "status": OPEN,
                "changed": asked.at,
                "encoder": self._library.encoder.fingerprint,
                "vector": wording.vector.astype("<f4").tobytes(),
            }
            made = connection.execute(gaps.insert(), row).inserted_primary_key or (0,)
            number = int(made[0])
            leaders.append((number, scope, wording))
        member = {"key": asked.key, "user": asked.user, "at": asked.at, "gap_id": number}
        connection.execute(gap_members.insert(), member)

    def _leaders(self, connection: Connection) -> list[tuple[int, str, Wording]]:
        """Every gap with its first wording, encoded anew where another encoder made the vector."""
        rows = connection.execute(select(gaps).order_by(gaps.c.gap_id)).mappings().all()
        present = self._library.encoder.fingerprint
        stale = [row for row in rows if row["encoder"] != present]
        fresh = dict(
            zip(
                (row["gap_id"] for row in stale),
                self._vectors([row["text"] for row in stale], None),
                strict=True,
            )
        )
        for number, vector in fresh.items():
            values = {"encoder": present, "vector": vector.astype("<f4").tobytes()}
            connection.execute(update(gaps).where(gaps.c.gap_id == number).values(**values))
        return [
            (row["gap_id"], row["scope"], Wording.of(row["text"], _vector(row, fresh)))
            for row in rows
        ]

    def _vectors(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None
    ) -> list[np.ndarray]:
        made: list[np.ndarray] = []
        for at in range(0, len(texts), 64):
            made.extend(self._library.encoder.encode_queries(list(texts[at : at + 64])))
            if progress is not None:
                progress(len(made), len(texts))
        return made

    def _follow_answers(self) -> None:
        """A gap whose question was answered since is filled; one refused again after that, open."""
        members, stored = self._read()
        latest: dict[int, Asked] = {}
        for asked in self._journal.latest():  # newest first
            number = members.get(asked.key)
            if number is not None:
                latest.setdefault(number, asked)
        moved = {OPEN: list[int](), FILLED: list[int]()}
        for number, asked in latest.items():
            gap = stored[number]
            if asked.at <= gap.changed:
                continue
            if gap.status == OPEN and not asked.reply.abstained:
                moved[FILLED].append(number)
            elif gap.status == FILLED and asked.reply.abstained:
                moved[OPEN].append(number)
        if any(moved.values()):
            with self._database.writing() as connection:
                for status, numbers in moved.items():
                    _set(connection, numbers, status)

    def _read(self) -> tuple[dict[str, int], dict[int, _Stored]]:
        with self._database.reading() as connection:
            rows = connection.execute(select(gap_members.c.key, gap_members.c.gap_id))
            members = {key: number for key, number in rows}
            stored = {
                row["gap_id"]: _Stored(
                    row["gap_id"],
                    row["text"],
                    Scope.from_json(row["scope"]),
                    row["status"],
                    row["changed"],
                    row["checked"],
                )
                for row in connection.execute(select(gaps)).mappings()
            }
        return members, stored


def _gap(stored: _Stored, group: Sequence[Asked]) -> Gap:
    """``group`` newest first."""
    wordings = Counter(asked.text for asked in reversed(group)).most_common()
    text = wordings[0][0]
    nearest = tuple(_of_different_documents(group[0].reply.related))
    return Gap(
        gap_id=stored.gap_id,
        text=text,
        wordings=tuple(wordings[:_WORDINGS]),
        count=len(group),
        people=len({asked.user for asked in group}),
        first=group[-1].at,
        last=group[0].at,
        scope=stored.scope,
        status=stored.status,
        nearest=nearest,
        advice=advice(text, group[0].reply),
        checked=stored.checked,
    )


def _of_different_documents(related: Iterable[Cited]) -> Iterator[Cited]:
    seen: set[str] = set()
    for cited in related:
        if cited.document_id not in seen and len(seen) < _NEAREST:
            seen.add(cited.document_id)
            yield cited


def _abstains(answerer: Answerer, gap: Gap) -> bool:
    try:
        return answerer.answer(gap.text, gap.scope.filter()).abstained
    except (LibraryError, QuestionError):  # e.g. its collection is gone: still not answered
        return True


def _set(connection: Connection, numbers: Sequence[int], status: str) -> None:
    values: dict[str, Any] = {"status": status, "changed": now()}
    for number in numbers:
        connection.execute(update(gaps).where(gaps.c.gap_id == number).values(**values))


def _vector(row: Any, fresh: dict[int, np.ndarray]) -> np.ndarray:
    if row["gap_id"] in fresh:
        return fresh[row["gap_id"]]
    return np.frombuffer(row["vector"], dtype="<f4").astype(np.float32)
