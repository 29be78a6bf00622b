"""What people say of answers: 有用 or 有误, why, and where the right answer stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from assistant.activity.database import ActivityDatabase
from assistant.activity.journal import Journal
from assistant.activity.records import USEFUL, WRONG, Cited, Reply, Scope, key_of
from assistant.activity.tables import LOCAL_USER, feedback, now
from index.errors import LibraryError, shorten

MAX_REASON = 1_000
MAX_GOLD = 1_000
VERDICT_NAMES = {USEFUL: "有用", WRONG: "有误"}
_VERDICTS = {name: verdict for verdict, name in VERDICT_NAMES.items()} | {
    verdict: verdict for verdict in VERDICT_NAMES
}


class FeedbackError(LibraryError):
    """The feedback cannot be taken as it is; the message is Chinese and says why."""


class UnknownAsking(FeedbackError):
    """Nothing is known of the question that the feedback is on."""

    def __init__(self, question_id: str) -> None:
        super().__init__(
            f"没有编号为“{shorten(question_id, 40)}”的提问，可能已过保留期；请重新提问后再反馈。"
        )


@dataclass(frozen=True)
class Feedback:
    """One piece of feedback, with the question and the answer that it is on."""

    feedback_id: int
    at: datetime
    text: str
    scope: Scope
    reply: Reply
    verdict: str  # useful, wrong
    reason: str = ""
    gold: str = ""  # where the right answer stands, as the person wrote it
    question_id: str | None = None
    user: str = LOCAL_USER


@dataclass(frozen=True)
class EvalQuestion:
    """A line of a file of questions for ``luming eval``."""

    id: str
    q: str
    gold: tuple[str, ...]
    unanswerable: bool = False


@dataclass(frozen=True)
class Exported:
    """``confirmed`` can be evaluated with; ``open`` waits for an editor to write the source."""

    confirmed: tuple[EvalQuestion, ...]
    open: tuple[Feedback, ...]


class FeedbackStore:
    """Reads and writes the feedback of one home. Errors are lines for the user."""

    def __init__(self, database: ActivityDatabase) -> None:
        self._database = database

    def add(
        self,
        journal: Journal,
        question_id: str,
        verdict: str,
        reason: str = "",
        gold: str = "",
        user: str = LOCAL_USER,
    ) -> int:
        """Keep feedback on one asking; its number.

        A second one of the same user on the same asking takes the place of the first. Raises
        UnknownAsking, FeedbackError.
        """
        known = verdict_of(verdict)
        if known is None:
            raise FeedbackError(f"“{shorten(verdict, 20)}”不是一种评价，请写 有用 或 有误。")
        reason, gold = _bounded(reason, MAX_REASON, "原因"), _bounded(gold, MAX_GOLD, "正确出处")
        asked = journal.find(question_id)
        if asked is None:
            raise UnknownAsking(question_id)
        row = {
            "user": user,
            "at": now(),
            "question_id": question_id,
            "text": asked.text,
            "scope": asked.scope.to_json(),
            "reply": asked.reply.to_json(),
            "verdict": known,
            "reason": reason,
            "gold": gold,
        }
        same = (feedback.c.question_id == question_id) & (feedback.c.user == user)
        with self._database.writing() as connection:
            connection.execute(delete(feedback).where(same))
            result = connection.execute(feedback.insert(), row)
            return int((result.inserted_primary_key or (0,))[0])

    def remove(self, feedback_id: int) -> bool:
        """Delete one; False where there is none of this number."""
        where = feedback.c.feedback_id == feedback_id
        with self._database.writing() as connection:
            return connection.execute(delete(feedback).where(where)).rowcount > 0

    def listed(
        self,
        since: datetime | None = None,
        verdict: str | None = None,
        collections: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[Feedback]:
        """Feedback, newest first."""
        query = select(feedback).order_by(feedback.c.at.desc(), feedback.c.feedback_id.desc())
        if since is not None:
            query = query.where(feedback.c.at >= since)
        if verdict is not None:
            query = query.where(feedback.c.verdict == verdict)
        with self._database.reading() as connection:
            found = [_feedback(row) for row in connection.execute(query).mappings()]
        if collections:
            wanted = set(collections)
            found = [
                one
                for one in found
                if not one.scope.collections or wanted & set(one.scope.collections)
            ]
        return found[:limit]


def verdict_of(written: str) -> str | None:
    """有用, 有误, useful or wrong as it is stored; None for anything else."""
    return _VERDICTS.get(written.strip())


def exported(found: Iterable[Feedback]) -> Exported:
    """Questions with known sources, from feedback newest first.

    Of several on one question the newest counts. 有用 confirms the cited passages (of a refusal:
    that the library has no answer), 有误 counts where the right place was given.
    """
    newest: dict[str, Feedback] = {}
    for one in found:
        newest.setdefault(key_of(one.text, one.scope), one)
    confirmed: list[EvalQuestion] = []
    waiting: list[Feedback] = []
    for one in newest.values():
        name = f"feedback-{one.feedback_id}"
        if one.gold:
            confirmed.append(EvalQuestion(name, one.text, (one.gold,)))
        elif one.verdict == WRONG:
            waiting.append(one)
        elif one.reply.abstained:
            confirmed.append(EvalQuestion(name, one.text, (), unanswerable=True))
        else:
            gold = tuple(dict.fromkeys(reference(cited) for cited in one.reply.cited))
            confirmed.append(EvalQuestion(name, one.text, gold))
    return Exported(tuple(confirmed), tuple(waiting))


def reference(cited: Cited) -> str:
    """A citation as ``luming eval`` reads it: 《X》第三条, or X#heading, or X alone."""
    title = cited.title.strip("《》")
    if cited.article:
        return f"《{title}》{cited.article}"
    return f"{title}#{cited.path}" if cited.path else title


def _bounded(text: str, limit: int, name: str) -> str:
    text = text.strip()
    if len(text) > limit:
        raise FeedbackError(f"{name}太长，请控制在 {limit} 字以内。")
    return text


def _feedback(row: Any) -> Feedback:
    return Feedback(
        feedback_id=row["feedback_id"],
        at=row["at"],
        text=row["text"],
        scope=Scope.from_json(row["scope"]),
        reply=Reply.from_json(row["reply"]),
        verdict=row["verdict"],
        reason=row["reason"],
        gold=row["gold"],
        question_id=row["question_id"],
        user=row["user"],
    )
