"""The questions log: what was asked, what was answered, and under which conditions."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, delete, func, select

from assistant.activity.conditions import ConditionsReader
from assistant.activity.database import ActivityDatabase, Quietly
from assistant.activity.records import Asked, Cited, Conditions, Reply, Scope, hash_of
from assistant.activity.tables import (
    LOCAL_USER,
    baselines,
    gap_members,
    gaps,
    meta,
    now,
    questions,
)
from assistant.answer import Answer, Citation
from index.errors import LibraryError
from index.records import SearchFilter

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from index.library import Library
    from index.records import DocumentRecord

_QUOTE = 1_500  # characters kept of a quote; its hash is of all of it
_TEXT = 20_000  # characters kept of an answer
_AT_HAND = 500  # last questions that feedback can be given on though they were not stored
_PRUNED = "pruned"  # in ``meta``: the day on which old lines were last deleted
_PRUNE_EVERY = timedelta(hours=1)


class Journal:
    """Keeps the log of one library's questions. Safe to share between threads.

    ``record`` never fails: where the database cannot be written, a warning is logged once and
    asking goes on. Everything else raises the database's errors.
    """

    def __init__(self, library: Library, database: ActivityDatabase | None = None) -> None:
        self._library = library
        self.database = database or ActivityDatabase(library.settings.home)
        self._conditions = ConditionsReader(library)
        self._quietly = Quietly()
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, Asked] = OrderedDict()
        self._next_pruning: datetime | None = None

    def close(self) -> None:
        """Let go of the file; the next use opens it anew."""
        self.database.close()

    # -- writing -----------------------------------------------------------

    def record(
        self,
        answer: Answer,
        flt: SearchFilter,
        channel: str,
        duration_ms: float = 0.0,
        user: str = LOCAL_USER,
    ) -> Answer:
        """The answer with its ``question_id``, written to the log where the settings ask for it."""
        asked = self._quietly(lambda: self._asked(answer, flt, channel, duration_ms, user))
        if asked is None:
            return answer
        with self._lock:
            self._recent[asked.question_id] = asked
            while len(self._recent) > _AT_HAND:
                self._recent.popitem(last=False)
        if self._library.settings.log_questions:
            self._quietly(lambda: self._write(asked))
        return answer.model_copy(update={"question_id": asked.question_id})

    def _asked(
        self, answer: Answer, flt: SearchFilter, channel: str, duration_ms: float, user: str
    ) -> Asked:
        return Asked(
            question_id=secrets.token_hex(8),
            at=now(),
            text=answer.question,
            scope=self._scope(flt),
            reply=reply_of(answer, self._library),
            conditions=self._conditions.read(),
            channel=channel,
            duration_ms=round(duration_ms, 1),
            user=user,
        )

    def _scope(self, flt: SearchFilter) -> Scope:
        """Where it was asked: of a part of the library, at most in its collections."""
        visible = self._library.visible
        if visible is not None and not flt.collections:
            there = {one.collection for one in self._library.documents()[1].values()}
            flt = replace(flt, collections=tuple(there) or visible)
        return Scope.of(flt)

    def sees(self, asked: Asked) -> bool:
        """Whether who may see this part of the library may know of a question."""
        return self.sees_scope(asked.scope)

    def sees_scope(self, scope: Scope) -> bool:
        """Whether a question of this scope was asked within this part of the library."""
        visible = self._library.visible
        return visible is None or (
            bool(scope.collections) and set(scope.collections) <= set(visible)
        )

    def _write(self, asked: Asked) -> None:
        with self.database.writing() as connection:
            connection.execute(questions.insert(), _row(asked))
            if self._next_pruning is None or asked.at >= self._next_pruning:
                self._next_pruning = asked.at + _PRUNE_EVERY
                self._prune(connection, asked.at)

    def _prune(self, connection: Connection, moment: datetime) -> None:
        """Delete what is older than the settings keep, once a day."""
        today = moment.date().isoformat()
        where = meta.c.key == _PRUNED
        if connection.execute(select(meta.c.value).where(where)).scalar() == today:
            return
        prune(connection, moment - timedelta(days=self._library.settings.log_days))
        connection.execute(delete(meta).where(where))
        connection.execute(meta.insert(), {"key": _PRUNED, "value": today})

    # -- reading -----------------------------------------------------------

    def find(self, question_id: str) -> Asked | None:
        """One asking, also a recent one that was not stored."""
        with self._lock:
            if question_id in self._recent:
                return self._recent[question_id]
        query = select(questions).where(questions.c.question_id == question_id)
        with self.database.reading() as connection:
            row = connection.execute(query).mappings().first()
        asked = _asked(row) if row is not None else None
        return asked if asked is not None and self.sees(asked) else None

    def questions(
        self,
        since: datetime | None = None,
        collections: Sequence[str] = (),
        *,
        abstained: bool | None = None,
        limit: int | None = None,
    ) -> list[Asked]:
        """The log, newest first; ``collections`` leaves what was asked of others alone."""
        query = select(questions).order_by(questions.c.at.desc(), questions.c.question_id)
        query = _since(query, since)
        if abstained is not None:
            query = query.where(questions.c.abstained == abstained)
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings()
            seen = filter(self.sees, map(_asked, rows))
            return list(_limited(_in(seen, collections), limit))

    def latest(
        self,
        since: datetime | None = None,
        collections: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[Asked]:
        """Each different question as it was last asked, newest first."""
        last = func.max(questions.c.at).label("at")
        newest = select(questions.c.key, last).group_by(questions.c.key).subquery()
        query = select(questions).join(
            newest, and_(questions.c.key == newest.c.key, questions.c.at == newest.c.at)
        )
        query = _since(query, since).order_by(questions.c.at.desc(), questions.c.question_id)
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings()
            once = {asked.key: asked for asked in filter(self.sees, map(_asked, rows))}
        return list(_limited(_in(iter(once.values()), collections), limit))

    def earlier(
        self,
        present: Conditions,
        since: datetime | None = None,
        collections: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[Asked]:
        """Each different question as last asked under other conditions than ``present``.

        One that was only asked under the present ones comes as it was last asked. Order and
        ``limit`` go by the last asking.
        """
        query = _since(select(questions), since)
        query = query.order_by(questions.c.at.desc(), questions.c.question_id)
        wanted = set(collections)
        found: dict[str, Asked] = {}
        with self.database.reading() as connection:
            rows = connection.execute(query.execution_options(yield_per=500)).mappings()
            for row in rows:
                kept = found.get(row["key"])
                if kept is None and limit is not None and len(found) >= limit:
                    continue
                if kept is None or kept.conditions == present:
                    asked = _asked(row)
                    if kept is None and not (_is_in(asked, wanted) and self.sees(asked)):
                        continue
                    if kept is None or asked.conditions != present:
                        found[row["key"]] = asked
        return list(found.values())

    def conditions(self) -> Conditions:
        """What an answer would be made under now."""
        return self._conditions.read()


def prune(connection: Connection, before: datetime) -> None:
    """Delete questions, baselines and gaps older than ``before``; feedback stays."""
    for table in (questions, baselines, gap_members):
        connection.execute(delete(table).where(table.c.at < before))
    left = select(gap_members.c.gap_id)
    connection.execute(delete(gaps).where(gaps.c.gap_id.not_in(left), gaps.c.at < before))


def reply_of(answer: Answer, library: Library) -> Reply:
    """What is kept of an answer."""
    try:
        documents = library.documents()[1]
    except LibraryError:
        documents = {}
    text = answer.message if answer.abstained else "\n".join(s.text for s in answer.sentences)
    return Reply(
        abstained=answer.abstained,
        text=text[:_TEXT],
        cited=tuple(cited_of(one, documents) for one in answer.citations),
        related=tuple(cited_of(one, documents) for one in answer.related),
        confidence=answer.confidence,
    )


def cited_of(citation: Citation, documents: dict[str, DocumentRecord]) -> Cited:
    """What is kept of a citation."""
    record = documents.get(citation.document_id)
    return Cited(
        document_id=citation.document_id,
        passage_id=citation.passage_id,
        title=citation.title,
        path=citation.path,
        article=citation.article,
        validity=citation.validity,
        collection=citation.collection,
        quote=citation.quote[:_QUOTE],
        quote_hash=hash_of(citation.quote),
        content_hash=record.content_hash if record is not None else "",
    )


def _row(asked: Asked) -> dict[str, Any]:
    return {
        "question_id": asked.question_id,
        "user": asked.user,
        "at": asked.at,
        "channel": asked.channel,
        "text": asked.text,
        "key": asked.key,
        "scope": asked.scope.to_json(),
        "abstained": asked.reply.abstained,
        "reply": asked.reply.to_json(),
        "conditions": asked.conditions.to_json(),
        "duration_ms": asked.duration_ms,
    }


def _asked(row: Any) -> Asked:
    return Asked(
        question_id=row["question_id"],
        at=row["at"],
        text=row["text"],
        scope=Scope.from_json(row["scope"]),
        reply=Reply.from_json(row["reply"]),
        conditions=Conditions.from_json(row["conditions"]),
        channel=row["channel"],
        duration_ms=row["duration_ms"],
        user=row["user"],
    )


def _since(query: Select, since: datetime | None) -> Select:
    return query if since is None else query.where(questions.c.at >= since)


def _in(found: Iterator[Asked], collections: Sequence[str]) -> Iterator[Asked]:
    """Those asked of one of the collections; one asked of all of them counts for each."""
    wanted = set(collections)
    return (one for one in found if _is_in(one, wanted))


def _is_in(asked: Asked, wanted: set[str]) -> bool:
    return not wanted or not asked.scope.collections or bool(wanted & set(asked.scope.collections))


def _limited(found: Iterable[Asked], limit: int | None) -> Iterator[Asked]:
    for at, one in enumerate(found):
        if limit is not None and at >= limit:
            return
        yield one
