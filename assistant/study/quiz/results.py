"""Wrong outcomes for a condition: other rungs of the ladder, outcomes of other articles."""

from __future__ import annotations

import re
from random import Random

from assistant.study.quiz.articles import Article
from assistant.study.quiz.base import Option, Pool, contained, dice
from assistant.study.quiz.outcomes import Ladder, Rung

_REPLACES = re.compile("情节|数额|逾期|拒不|经.{0,6}仍")
_TAKINGS = re.compile("(?:没有|有)违法所得")  # which a question never tells
_ALIKE = 0.3  # two conditions that have more in common may both lead there
_PART = 0.6  # of an outcome that is no sanction: 由检察院依法决定 is 由检察院决定是否受理
_LONG = 18  # characters of an outcome that another one may say in part, with more words
_LEAK = 0.55  # share of an outcome's pairs of characters in its condition that gives it away
_PUNISHES = re.compile(
    "给予[^，；]{0,28}(?:处分|处罚|警告|处理)|予以[警记降撤开取罚]|^(?:处|并处|由.{2,30}处)(?![置理分于])|罚款|没收|吊销|责令|拘役|徒刑|拘留|通报批评|追究"
)


def punishes(outcome: str) -> bool:
    """Whether an outcome is a sanction."""
    return bool(_PUNISHES.search(outcome))


def askable(rung: Rung) -> bool:
    """Whether an outcome says something definite and short enough for a choice."""
    if rung.outcome.startswith("并"):
        return False
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
    condition = ladder.condition(right)
    if contained(right.outcome, condition) > _LEAK:
        return []
    chosen: list[Option] = []
    for rung in ladder.rungs:
        if _also_holds(rung, right, ladder) or _TAKINGS.match(rung.condition):
            continue
        if rung is not right and askable(rung) and _apart(rung.outcome, right, chosen):
            why = f"这是“{rung.condition}”的处理。"
            cited = article.cite(offset + rung.start, offset + rung.end)
            chosen.append(Option(rung.outcome, False, why, (cited,)))
    chosen = chosen[:count]
    others: list[tuple[float, Option, str]] = []
    for sentence, other in pool.all_ladders:
        if sentence.article.document.document_id != article.document.document_id:
            continue
        if sentence.article.key == article.key:
            continue
        for rung in other.rungs:
            if punishes(rung.outcome) != punishes(right.outcome):
                continue
            if not askable(rung) or not 0.5 <= len(rung.outcome) / len(right.outcome) <= 2:
                continue
            start = sentence.start + rung.start
            cited = sentence.article.cite(start, sentence.start + rung.end)
            told = other.condition(rung)
            why = f"这是{sentence.article.label or '本文件'}对“{told}”的处理。"
            rank = 0.5 * chance.random() - dice(rung.outcome, right.outcome)
            others.append((rank, Option(rung.outcome, False, why, (cited,)), told))
    for _, option, told in sorted(others, key=lambda one: (one[0], one[1].text)):
        if len(chosen) == count:
            break
        if contained(told, condition) >= _ALIKE or not _apart(option.text, right, chosen):
            continue
        if not _follows_elsewhere(article, condition, right, option.text, pool):
            chosen.append(option)
    return chosen if len(chosen) == count else []


def _also_holds(rung: Rung, right: Rung, ladder: Ladder) -> bool:
    """Whether a rung's outcome comes with the right one's: 处理错误的，应当纠正；造成名誉损害的，应当
    恢复名誉 - who lost his good name has the correction as well. Degrees (情节严重的) replace."""
    later = ladder.rungs.index(right) > ladder.rungs.index(rung)
    return later and right.depends and not _REPLACES.match(right.condition)


def _follows_elsewhere(
    article: Article, condition: str, right: Rung, outcome: str, pool: Pool
) -> bool:
    """Whether a rule in force, this article aside, has the outcome follow from such a condition."""
    statement = f"{condition}，{right.outcome}。"
    start = len(condition) + 1
    says = pool.elsewhere.says_words(statement, start, start + len(right.outcome), outcome)
    return any(
        one.in_force
        and (one.passage.document_id, one.passage.article)
        != (article.document.document_id, article.label)
        for one in says
    )


def _apart(outcome: str, right: Rung, chosen: list[Option]) -> bool:
    """Neither the right outcome nor a chosen one, nor part of one, nor nearly one."""
    for other in (right.outcome, *(one.text for one in chosen)):
        if "责任" in outcome and "责任" in other:
            return False  # 侵权责任, 赔偿责任, 相应的责任: one may be a sort of the other
        if outcome in other or other in outcome or dice(outcome, other) > 0.85:
            return False
        if not punishes(outcome) and contained(outcome, other) > _PART:
            return False
        if min(len(outcome), len(other)) > _LONG and contained(outcome, other) > 0.85:
            return False
    return True
