"""Which answers of a live quiz are right, and which articles people got wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.study.errors import StudyError
from assistant.study.model import QuizItem, StudyCitation

LIVE_KINDS = ("single", "multiple", "true_false")
"""Questions that are answered by pressing; the others need a pen."""
TRUE_FALSE = ("对", "错")


@dataclass(frozen=True)
class ItemResult:
    """One question: how many chose what. ``wrong`` is the share of answers, 0 without any."""

    item: QuizItem
    counts: Mapping[str, int]  # by choice, one of ``choices_of``
    answered: int
    right: int

    @property
    def wrong(self) -> float:
        """Share of wrong answers."""
        return 1 - self.right / self.answered if self.answered else 0.0


@dataclass(frozen=True)
class ArticleResult:
    """One article: the questions on it (from 1), and the share of their answers that was wrong."""

    key: str  # as assistant.study.series names an article
    citation: StudyCitation
    numbers: tuple[int, ...]
    answered: int
    wrong: float


def live_items(items: Sequence[QuizItem]) -> list[QuizItem]:
    """Those that phones can answer."""
    return [one for one in items if one.kind in LIVE_KINDS and one.citations]


def choices_of(item: QuizItem) -> list[tuple[str, str]]:
    """Label and text of what can be pressed."""
    if item.kind == "true_false":
        return [(one, one) for one in TRUE_FALSE]
    return [(one.label, one.text) for one in item.choices]


def right_of(item: QuizItem) -> str:
    """The right answer as :func:`read_choice` writes one: B, ACD, 对."""
    if item.kind == "true_false":
        return item.answer
    return "".join(sorted(one.label for one in item.choices if one.right))


def read_choice(item: QuizItem, given: str) -> str:
    """An answer, checked: labels in order, each once. Raises StudyError."""
    labels = [label for label, _ in choices_of(item)]
    chosen = [given] if item.kind == "true_false" else sorted(set(given[:40]))
    if not chosen or any(one not in labels for one in chosen):
        raise StudyError("没有这个选项，请重新选。")
    if item.kind != "multiple" and len(chosen) != 1:
        raise StudyError("这道题只能选一个。")
    return "".join(chosen)


def result_of(item: QuizItem, answers: Sequence[str]) -> ItemResult:
    """The answers to one question, counted by choice."""
    counts = Counter(dict.fromkeys((label for label, _ in choices_of(item)), 0))
    for one in answers:
        counts.update([one] if item.kind == "true_false" else list(one))
    key = right_of(item)
    return ItemResult(item, dict(counts), len(answers), sum(one == key for one in answers))


def by_article(results: Sequence[ItemResult]) -> list[ArticleResult]:
    """The articles that questions were on, the one most often got wrong first."""
    found: dict[str, list[tuple[int, ItemResult]]] = {}
    for number, one in enumerate(results, 1):
        found.setdefault(article_key(one.item.citations[0]), []).append((number, one))
    made = []
    for key, group in found.items():
        answered = sum(one.answered for _, one in group)
        right = sum(one.right for _, one in group)
        numbers = tuple(number for number, _ in group)
        wrong = 1 - right / answered if answered else 0.0
        made.append(ArticleResult(key, group[0][1].item.citations[0], numbers, answered, wrong))
    return sorted(made, key=lambda one: (-one.wrong, one.numbers))


def article_key(citation: StudyCitation) -> str:
    """How a series of sessions names the article: ``document_id#第十二条``, else the passage."""
    if citation.article:
        return f"{citation.document_id}#{citation.article}"
    return citation.passage_id
