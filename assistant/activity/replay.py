"""Stored questions asked again: which answers changed, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.activity.baselines import Baseline, BaselineStore
from assistant.activity.causes import Cause, CauseFinder
from assistant.activity.journal import Journal, reply_of
from assistant.activity.records import Reply, Scope, key_of
from assistant.question import QuestionError
from assistant.text import squeeze
from index.errors import LibraryError

if TYPE_CHECKING:
    from assistant.factory import Answerer
    from index.library import Library

NOW_ANSWERED, NOW_REFUSED, CHANGED, FAILED = "now_answered", "now_refused", "changed", "failed"
OUTCOME_NAMES = {
    NOW_REFUSED: "原来能答，现在不作答",
    FAILED: "现在问不成",
    CHANGED: "答案变了",
    NOW_ANSWERED: "原来不作答，现在能答",
}
"""In the order of how much they matter."""


@dataclass(frozen=True)
class Difference:
    """A question whose answer is another one now. ``after`` is None where asking failed."""

    before: Baseline
    after: Reply | None
    outcome: str
    causes: tuple[Cause, ...]
    error: str = ""


@dataclass(frozen=True)
class Replayed:
    """A replay. ``new`` are questions of a file that have no earlier answer."""

    asked: int
    unchanged: int
    differences: tuple[Difference, ...]
    new: tuple[Baseline, ...]
    at: datetime

    @property
    def changed(self) -> int:
        """How many answers are other ones now."""
        return len(self.differences)


class Replayer:
    """Asks again and compares. The log is not written."""

    def __init__(self, library: Library, answerer: Answerer, journal: Journal) -> None:
        self._library = library
        self._answerer = answerer
        self._journal = journal
        self._baselines = BaselineStore(journal.database)

    def stored(
        self,
        since: datetime | None = None,
        collections: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[Baseline]:
        """The different questions of the log, latest first, with the answer to compare with:

        the accepted one, else the last one that was made under other conditions than today's.
        """
        accepted = self._baselines.all()
        present = self._journal.conditions()
        found = self._journal.earlier(present, since, collections, limit)
        return [accepted.get(asked.key) or Baseline.of(asked) for asked in found]

    def of_texts(
        self, texts: Iterable[str], scope: Scope
    ) -> tuple[list[Baseline], list[tuple[str, Scope]]]:
        """Those of the questions that have an earlier answer, and those that have none."""
        known = {one.key: one for one in self.stored()} | self._baselines.all()
        found: dict[str, Baseline] = {}
        absent: dict[str, tuple[str, Scope]] = {}
        for text in texts:
            key = key_of(text, scope)
            if key in known:
                found[key] = known[key]
            else:
                absent[key] = (text, scope)
        return list(found.values()), list(absent.values())

    def run(
        self,
        before: Sequence[Baseline],
        new: Sequence[tuple[str, Scope]] = (),
        progress: Callable[[int, int], None] | None = None,
    ) -> Replayed:
        """Ask all of them; raises LibraryError where nothing can be asked at all."""
        moment = datetime.now().astimezone()
        conditions = self._journal.conditions()
        self._library.check_collections()
        self._library.check_encoder()
        causes = CauseFinder(self._library, conditions)
        differences: list[Difference] = []
        made: list[Baseline] = []
        total = len(before) + len(new)
        for done, one in enumerate(before, start=1):
            difference = self._compared(one, causes)
            if difference is not None:
                differences.append(difference)
            if progress is not None:
                progress(done, total)
        for done, (text, scope) in enumerate(new, start=len(before) + 1):
            reply, _ = self._ask(text, scope)
            if reply is not None:
                made.append(Baseline(text, scope, reply, conditions, moment))
            if progress is not None:
                progress(done, total)
        order = list(OUTCOME_NAMES)
        differences.sort(key=lambda one: order.index(one.outcome))
        unchanged = len(before) - len(differences)
        return Replayed(total, unchanged, tuple(differences), tuple(made), moment)

    def accept(self, replayed: Replayed) -> int:
        """Take the new answers for the right ones; how many. Failed ones keep their old answer."""
        conditions = self._journal.conditions()
        changed = [
            Baseline(one.before.text, one.before.scope, one.after, conditions, replayed.at)
            for one in replayed.differences
            if one.after is not None
        ]
        return self._baselines.accept([*changed, *replayed.new])

    def _compared(self, before: Baseline, causes: CauseFinder) -> Difference | None:
        after, error = self._ask(before.text, before.scope)
        if after is None:
            return Difference(before, None, FAILED, (), error)
        if same_reply(before.reply, after):
            return None
        found = causes.of(before, after)
        return Difference(before, after, _outcome(before.reply, after), found)

    def _ask(self, text: str, scope: Scope) -> tuple[Reply | None, str]:
        try:
            answer = self._answerer.answer(text, scope.filter())
        except (LibraryError, QuestionError) as error:
            return None, str(error)
        return reply_of(answer, self._library), ""


def _outcome(before: Reply, after: Reply) -> str:
    if before.abstained == after.abstained:
        return CHANGED
    return NOW_REFUSED if after.abstained else NOW_ANSWERED


def same_reply(left: Reply, right: Reply) -> bool:
    """Whether both say the same words of the same titles; two refusals are the same.

    A file that was only renamed is another document of the library and the same to a reader.
    """
    if left.abstained or right.abstained:
        return left.abstained == right.abstained
    if squeeze(left.text) != squeeze(right.text):
        return False
    return _sources(left) == _sources(right)


def _sources(reply: Reply) -> set[tuple[str, str]]:
    return {(one.title, one.quote_hash) for one in reply.cited}
