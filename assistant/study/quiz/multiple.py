"""多选题: which of these are in the list; 单选 twin: which is not."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from assistant.study.model import QuizItem, QuizKind
from assistant.study.quiz.articles import Listing, ListItem
from assistant.study.quiz.base import Option, Pool, Prospect, make_item, shuffled
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.lists import askable, choosable, foreign_items, noun_of


class Multiple:
    """Two to four right of four or five; the wrong ones from other lists of the document."""

    kind: QuizKind = "multiple"

    def prospects(self, pool: Pool) -> list[Prospect]:
        """One a list."""
        return [
            Prospect(one.article, frozenset({one.key}), "list", _builder(one, pool), 1.0)
            for one in pool.listings
            if askable(one)
        ]


def list_stem(listing: Listing, tail: str) -> str:
    """《…》第十二条规定：“…下列情形之一的，应当回避”。以下…."""
    return f"{listing.article.named}规定：“{listing.lead}”。{tail}"


def right_option(listing: Listing, item: ListItem, right: bool = True) -> Option:
    """An item of the list as a choice."""
    return Option(item.text, right, f"{listing.article.named}所列。", (listing.cite_item(item),))


def foreign_option(other: Listing, item: ListItem, right: bool = False) -> Option:
    """An item of another list as a choice."""
    why = f"出自{other.article.label or '本文件别处'}“{other.lead}”，不在本条所列之中。"
    return Option(item.text, right, why, (other.cite_item(item),))


def _builder(listing: Listing, pool: Pool) -> Callable[[Random], QuizItem | None]:
    def build(chance: Random) -> QuizItem | None:
        mine = choosable(listing)
        size = chance.choice((4, 4, 5))
        count = min(len(mine), chance.choice((2, 3, 3)) + (size == 5))
        wrong = foreign_items(listing, pool, size - count, chance)
        if len(wrong) < size - count or not wrong:
            return None
        right = chance.sample(mine, count)
        choices = shuffled(
            [right_option(listing, one) for one in right]
            + [foreign_option(other, one) for other, one in wrong],
            chance,
        )
        noun = noun_of(listing)
        stem = list_stem(listing, f"以下属于该条所列{noun}的有（　　）。")
        listed = "；".join(one.text for one in listing.items)
        return make_item(
            "multiple",
            stem,
            "",
            [listing.cite()],
            "list",
            estimate("multiple", 0.5, sum(len(o.text) for o in choices), listing.article.weight),
            options=choices,
            explanation=f"{listing.article.named}所列为：{listed}。",
        )

    return build
