"""How many are expected to get an item wrong: an estimate from what can be seen, not from results.

``base(kind) + 0.30·(closeness − 0.5) + 0.12·(length − 0.5) + 0.12·(1 − centrality) − 0.06``:
closeness of the wrong choices to the right one (0-1, by the kind's own measure), length of what
must be read (150 characters are 1), centrality of the article for the topic. See docs/quiz.md.
"""

from __future__ import annotations

from assistant.study.model import QuizKind

_BASE: dict[QuizKind, float] = {
    "true_false": 0.35,
    "single": 0.42,
    "case": 0.5,
    "blank": 0.52,
    "matching": 0.5,
    "ordering": 0.55,
    "multiple": 0.58,
    "short": 0.65,
}
#: What an audience is offered: the estimate that its items should lie around.
AUDIENCES = {
    "新入职人员": 0.35,
    "一般干部": 0.45,
    "工会干部": 0.45,
    "党务干部": 0.5,
    "党支部书记": 0.5,
    "纪检干部": 0.6,
}


def estimate(kind: QuizKind, closeness: float, characters: int, centrality: float) -> float:
    """The estimate, 0.05-0.95."""
    length = min(1.0, characters / 150)
    value = _BASE[kind] + 0.3 * (closeness - 0.5) + 0.12 * (length - 0.5)
    return min(0.95, max(0.05, value + 0.12 * (1 - centrality) - 0.06))


def target(audience: str) -> float:
    """Where an audience's items should lie; one that isn't known is taken as 一般干部."""
    return AUDIENCES.get(audience.strip(), AUDIENCES["一般干部"])
