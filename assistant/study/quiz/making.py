"""A paper: which items, by kind, article, difficulty and chance; the same seed gives the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from random import Random
from typing import get_args

from assistant.study.errors import StudyError
from assistant.study.model import QuizItem, QuizKind
from assistant.study.quiz.arranging import dealt, finished, shares_of
from assistant.study.quiz.base import Key, Pool, Prospect, contained
from assistant.study.quiz.difficulty import target
from assistant.study.quiz.factory import make_maker
from assistant.study.quiz.pool import ScopeLike, read_pool
from index.library import Library

#: Shares of a paper's items by kind, where the caller names no kinds.
SHARES: dict[QuizKind, float] = {
    "single": 0.38,
    "true_false": 0.2,
    "multiple": 0.14,
    "blank": 0.1,
    "case": 0.08,
    "matching": 0.03,
    "ordering": 0.03,
    "short": 0.04,
}
#: Kinds by how few prospects a rule has for them: who needs most gets first pick.
_SCARCE: tuple[QuizKind, ...] = (
    "ordering",
    "matching",
    "case",
    "multiple",
    "short",
    "single",
    "blank",
    "true_false",
)
#: What stands in for a kind that a scope is too poor for.
_FILLING: tuple[QuizKind, ...] = (
    "single",
    "multiple",
    "case",
    "blank",
    "true_false",
    "short",
    "matching",
    "ordering",
)
_MOST_OF_A_KIND = 0.3  # of a paper, where a kind stands in for others; thrice its share if more
_SAME = 0.75  # two stems with more in common ask the same
_PER_ARTICLE = 2
_TRIES = 3  # built items among which the one of the fitting difficulty is taken
_MOST_FAILURES = 40  # prospects that may fail in a row before a kind is given up


def make_quiz(
    library: Library,
    scope: ScopeLike,
    *,
    count: int,
    kinds: Sequence[str] | None = None,
    audience: str = "一般干部",
    seed: int = 0,
    exclude: Collection[str] = frozenset(),
) -> tuple[QuizItem, ...]:
    """Up to ``count`` items over the scope, in the usual order of kinds; fewer where it is poor.

    ``exclude`` are ids of items that must not come. The same library, arguments and seed give the
    same items, in any process. StudyError for an unknown kind or a count below 1.
    """
    chooser = _Chooser(read_pool(library, scope), audience, seed, exclude)
    return tuple(finished(chooser.choose(count, _kinds(kinds)), seed))


def make_papers(
    library: Library,
    scope: ScopeLike,
    *,
    papers: int,
    count: int,
    kinds: Sequence[str] | None = None,
    audience: str = "一般干部",
    seed: int = 0,
    exclude: Collection[str] = frozenset(),
) -> tuple[tuple[QuizItem, ...], ...]:
    """Equivalent papers without a shared item or fact: the same kinds in the same numbers, like
    difficulty and spread over the articles. Where the scope is poor all are equally shorter."""
    if papers < 1:
        raise StudyError("至少出一份卷子。")
    chooser = _Chooser(read_pool(library, scope), audience, seed, exclude)
    items = chooser.choose(count * papers, _kinds(kinds), papers)
    return tuple(tuple(finished(part, seed)) for part in dealt(items, papers))


def swap_item(
    library: Library,
    scope: ScopeLike,
    item: QuizItem,
    taken: Iterable[QuizItem],
    seed: int = 0,
    audience: str = "一般干部",
) -> QuizItem | None:
    """Another item of the same kind that none of ``taken`` asks; None where there is no other.

    With another seed another one comes.
    """
    chooser = _Chooser(read_pool(library, scope), audience, seed, ())
    for one in (*taken, item):
        chooser.block(one)
    found = chooser.choose(1, {item.kind: 1.0})
    return next(iter(finished(found, seed)), None)


def _kinds(kinds: Sequence[str] | None) -> dict[QuizKind, float]:
    if kinds is None:
        return dict(SHARES)
    for kind in kinds:
        make_maker(kind)
    if not kinds:
        raise StudyError("至少选一种题型。")
    return {kind: SHARES[kind] for kind in get_args(QuizKind) if kind in kinds}


class _Chooser:
    """Takes prospects one by one and keeps what has been asked."""

    def __init__(self, pool: Pool, audience: str, seed: int, exclude: Collection[str]) -> None:
        self._pool = pool
        self._aim = target(audience)
        self._chance = Random(f"quiz:{seed}")
        self._exclude = frozenset(exclude)
        self._facts: set[Key] = set()
        self._articles: Counter[Key] = Counter()
        self._variants: Counter[tuple[str, str]] = Counter()
        self._documents: Counter[str] = Counter()
        held = Counter(one.document.document_id for one in pool.articles)
        self._shares = {one: count / len(pool.articles) for one, count in held.items()}
        self._stems: list[str] = []
        self._truths: Counter[str] = Counter()
        self._waiting: dict[QuizKind, list[Prospect]] = {}

    def block(self, item: QuizItem) -> None:
        """Never ask what ``item`` asks."""
        self._facts |= {(one.document_id, one.start) for one in item.citations}
        self._stems.append(_compared(item))

    def choose(
        self, count: int, shares: dict[QuizKind, float], multiple: int = 1
    ) -> list[QuizItem]:
        """Up to ``count`` items; of each kind a number that ``multiple`` divides."""
        if count < 1:
            raise StudyError("至少出一道题。")
        quotas = shares_of(count // multiple, shares)
        chosen: list[QuizItem] = []
        for kind in (one for one in _SCARCE if one in shares):
            chosen += self._of_kind(kind, quotas[kind] * multiple, multiple)
        missing = count // multiple * multiple - len(chosen)
        for kind in (one for one in _FILLING if one in shares):
            if missing <= 0:
                break
            share = shares[kind] / sum(shares.values())
            room = math.ceil(count * max(_MOST_OF_A_KIND, 3 * share))
            room -= sum(one.kind == kind for one in chosen)
            more = self._of_kind(kind, max(0, min(missing, room)), multiple)
            chosen += more
            missing -= len(more)
        return chosen

    def _of_kind(self, kind: QuizKind, count: int, multiple: int) -> list[QuizItem]:
        chosen: list[QuizItem] = []
        while len(chosen) < count:
            item = self._next(kind)
            if item is None:
                break
            chosen.append(item)
        for spare in chosen[len(chosen) // multiple * multiple :]:
            self._forget(spare)
        return chosen[: len(chosen) // multiple * multiple]

    def _forget(self, item: QuizItem) -> None:
        """What is dropped to keep papers even may be asked by another kind."""
        self._facts -= {(one.document_id, one.start) for one in item.citations}

    def _next(self, kind: QuizKind) -> QuizItem | None:
        """The best of a few that can be built: fitting difficulty, an article not yet asked."""
        if kind not in self._waiting:
            found = make_maker(kind).prospects(self._pool)
            self._chance.shuffle(found)
            self._waiting[kind] = found
        built: list[tuple[float, Prospect, QuizItem]] = []
        failed = 0
        while len(built) < _TRIES and failed < _MOST_FAILURES:
            prospect = self._best(kind)
            if prospect is None:
                break
            item = prospect.build(Random(f"{self._chance.random()}"))
            if item is None or not self._new(item):
                failed += 1
                continue
            off = abs(item.difficulty - self._aim) + 0.3 * self._articles[prospect.article.key]
            built.append((off, prospect, item))
        if not built:
            return None
        built.sort(key=lambda one: (one[0], one[2].id))
        for _, prospect, _ in built[1:]:
            self._waiting[kind].insert(0, prospect)
        _, prospect, item = built[0]
        self._take(kind, prospect, item)
        return item

    def _best(self, kind: QuizKind) -> Prospect | None:
        """Takes the next prospect out of those waiting whose facts are free."""
        waiting = self._waiting[kind]
        waiting[:] = [one for one in waiting if not one.facts & self._facts]
        free = [one for one in waiting if self._articles[one.article.key] < _PER_ARTICLE]
        if not free:
            return None
        window = free[:60]
        best = min(window, key=lambda one: self._cost(kind, one))
        waiting.remove(best)
        return best

    def _cost(self, kind: QuizKind, one: Prospect) -> float:
        asked = self._articles[one.article.key]
        used = self._variants[kind, one.variant] / (1 + sum(self._variants.values()))
        if kind == "true_false":  # as many true as false
            true, false = self._truths["对"], self._truths["错"]
            used += 2.0 * ((one.variant == "true") == (true > false)) * (true != false)
        used += 0.3 * min(3.0, self._crowded(one.article.document.document_id))
        return asked * 2.0 + used * 3.0 - one.merit - 1.5 * one.article.weight

    def _crowded(self, document: str) -> float:
        """A document's share of the items so far by its share of the articles, 1 for its due."""
        total = sum(self._documents.values())
        return self._documents[document] / total / self._shares[document] if total else 0.0

    def _new(self, item: QuizItem) -> bool:
        if item.id in self._exclude:
            return False
        said = _compared(item)
        return all(contained(said, other) < _SAME for other in self._stems)

    def _take(self, kind: QuizKind, prospect: Prospect, item: QuizItem) -> None:
        self._facts |= prospect.facts
        self._articles[prospect.article.key] += 1
        self._documents[prospect.article.document.document_id] += 1
        self._variants[kind, prospect.variant] += 1
        self._stems.append(_compared(item))
        if kind == "true_false":
            self._truths[item.answer] += 1


def _compared(item: QuizItem) -> str:
    """What of an item tells whether another asks the same: the stem's own words and the choices."""
    own = item.stem.split("》", 1)[-1]
    if len(own) < 40:
        own += "".join(choice.text for choice in item.choices) + "".join(item.steps)
        own += "".join(f"{left}{right}" for left, right in item.pairs)
    return own.replace("（　　）", "")
