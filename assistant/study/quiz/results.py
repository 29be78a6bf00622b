"""Wrong outcomes for a condition: other rungs of the ladder, outcomes of other articles."""

from __future__ import annotations

from random import Random

from assistant.study.quiz.articles import Article
from assistant.study.quiz.base import Option, Pool, contained, dice
from assistant.study.quiz.outcomes import Ladder, Rung


def askable(rung: Rung) -> bool:
    """Whether an outcome says something definite and short enough for a choice."""
    return not rung.vague and rung.alone and 6 <= len(rung.outcome) <= 60


def wrong_outcomes(
    article: Article,
    ladder: Ladder,
    right: Rung,
    offset: int,
    pool: Pool,
    count: int,
    chance: Random,
) -> list[Option]:
    """Up to ``count`` outcomes that follow from something else.

    ``offset`` is where the ladder's text begins in the document. None says what the right one
    says, or part of it, and none follows from a condition like this one elsewhere.
    """
    chosen: list[Option] = []
    for rung in ladder.rungs:
        if rung is not right and askable(rung) and _apart(rung.outcome, right, chosen):
            why = f"这是“{rung.condition}”的处理。"
            cited = article.cite(offset + rung.start, offset + rung.end)
            chosen.append(Option(rung.outcome, False, why, (cited,)))
    chosen = chosen[:count]
    condition = ladder.condition(right)
    others: list[tuple[float, Option, str]] = []
    for sentence, other in pool.all_ladders:
        if sentence.article.document.document_id != article.document.document_id:
            continue
        if sentence.article.key == article.key:
            continue
        for rung in other.rungs:
            if not askable(rung) or not 0.5 <= len(rung.outcome) / len(right.outcome) <= 2:
                continue
            start = sentence.start + rung.start
            cited = sentence.article.cite(start, sentence.start + rung.end)
            told = other.condition(rung)
            why = f"这是{sentence.article.label or '本文件'}对“{told}”的处理。"
            rank = chance.random() - dice(rung.outcome, right.outcome)
            others.append((rank, Option(rung.outcome, False, why, (cited,)), told))
    for _, option, told in sorted(others, key=lambda one: (one[0], one[1].text)):
        if len(chosen) == count:
            break
        if contained(told, condition) < 0.5 and _apart(option.text, right, chosen):
            chosen.append(option)
    return chosen if len(chosen) == count else []


def _apart(outcome: str, right: Rung, chosen: list[Option]) -> bool:
    """Neither the right outcome nor a chosen one, nor part of one, nor nearly one."""
    for other in (right.outcome, *(one.text for one in chosen)):
        if outcome in other or other in outcome or dice(outcome, other) > 0.85:
            return False
    return True
