"""简答题: a list of the article, one marking point an item."""

from __future__ import annotations

import re
from random import Random

from assistant.study.model import Line, QuizItem, QuizKind
from assistant.study.quiz.articles import Listing
from assistant.study.quiz.base import Pool, Prospect, make_item
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.plain import clean_item

_COUNTED = re.compile("(?:下列|以下)(?=[两二三四五六七八九十]{1,2}(?:个|种|项|类|条))")
_LISTED = re.compile("(?:下列|以下)(?:任一|任何)?")


class Short:
    """Lists of three to eight items that can be told from memory."""

    kind: QuizKind = "short"

    def prospects(self, pool: Pool) -> list[Prospect]:
        """One a list whose lead turns into a question."""
        found: list[Prospect] = []
        for listing in pool.listings:
            question = question_of(listing.lead)
            short = all(clean_item(one.text) or one.open for one in listing.items)
            if question and short and 3 <= len(listing.items) <= 8:
                found.append(_prospect(listing, question))
        return found


def question_of(lead: str) -> str:
    """The question that a lead answers, "" where it can't be turned into one.

    >>> question_of("机关纪委履行下列职责"), question_of("有下列情形之一的，应当回避")
    ('机关纪委履行哪些职责？', '有哪些情形之一的，应当回避？')
    """
    if re.search("(?:下列|以下)(?:各|规定)", lead):
        return ""
    if len(_LISTED.findall(lead)) != 1:
        return ""
    return _LISTED.sub("哪些", _COUNTED.sub("哪", lead)) + "？"


def _prospect(listing: Listing, question: str) -> Prospect:
    def build(_chance: Random) -> QuizItem:
        article = listing.article
        points = tuple(
            Line(text=one.text, citations=(listing.cite_item(one),)) for one in listing.items
        )
        return make_item(
            "short",
            f"根据{article.named}，{question}",
            "；".join(one.text for one in listing.items) + "。",
            [listing.cite()],
            "list",
            estimate("short", 0.5, sum(len(one.text) for one in points), article.weight),
            points=points,
            explanation=f"每答出一点得分，共{len(points)}点，见{article.named}。",
        )

    return Prospect(listing.article, frozenset({listing.key}), "list", build)
