"""Which articles are read aloud: central, of rules first, different from one another, in time."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from assistant.study.articles import Article
from assistant.study.audiences import Audience
from assistant.study.model import StudyCitation
from assistant.study.points import Point, point_of
from assistant.study.scope import Scope, ScopedArticle
from assistant.text import bigrams, fold

READ_SHARE = 0.6
"""Of the reading part; the rest of it is for explaining."""
NEAR = 0.5
"""Of the best score: what is further off is not read."""
_COPY = 0.55  # share of common bigrams from which two articles say the same
_ALIKE = 0.35  # of a common point
_LONG = 900  # characters; of a longer article its best piece is read
_PIECE = 420
_FURTHER = 0.72  # of the best score: what isn't of a rule is read when it is this near


@dataclass(frozen=True)
class Chosen:
    """An article to read, or the piece ``start:end`` of a long one."""

    article: Article
    score: float
    start: int
    end: int
    point: Point

    @property
    def citation(self) -> StudyCitation:
        """What is read, exactly."""
        return self.article.cite(self.start, self.end)

    @property
    def characters(self) -> int:
        """Read aloud, blanks aside."""
        return letters(self.citation.quote)

    @property
    def key(self) -> tuple[str, int]:
        """Of the article."""
        return self.article.key


def letters(text: str) -> int:
    """Characters that are read aloud: blanks aside."""
    return sum(not char.isspace() for char in text)


def reading_minutes(characters: int, speed: int) -> int:
    """Whole minutes, one at least.

    >>> reading_minutes(620, 250), reading_minutes(40, 250)
    (2, 1)
    """
    return max(1, round(characters / speed))


def most_minutes(one: Chosen, speed: int) -> int:
    """The longest that a passage can be read and explained without padding."""
    return max(2, math.ceil(3 * one.characters / speed))


def worth(found: Sequence[Chosen], speed: int) -> int:
    """Minutes that passages can be read and explained for, together."""
    return sum(most_minutes(one, speed) for one in found)


def candidates(
    scope: Scope, audience: Audience, exclude: Collection[tuple[str, int]] = ()
) -> list[Chosen]:
    """Everything that could be read, the best first, near copies left out."""
    best = max((one.score for one in scope.articles), default=0.0)
    ranked = sorted(
        (
            one
            for one in scope.articles
            if one.article.key not in exclude and one.score >= NEAR * best and _readable(one)
        ),
        key=lambda one: (-_worth(one, scope, audience), one.document.document_id, one.position),
    )
    kept: list[Chosen] = []
    seen: list[frozenset[str]] = []
    for one in ranked:
        chosen = _piece(one, scope)
        pairs = bigrams(fold(chosen.citation.quote))
        if any(_copies(pairs, other) for other in seen):
            continue
        kept.append(chosen)
        seen.append(pairs)
    return kept


def choose(
    found: Sequence[Chosen], minutes: int, speed: int, most: int | None = None
) -> list[Chosen]:
    """As many of the best as fit into the minutes of the reading part."""
    budget = minutes * speed * READ_SHARE
    count = max(1, math.ceil(minutes / 2)) if most is None else most
    best = found[0].score if found else 0.0
    kept: list[Chosen] = []
    used = 0
    for one in found:
        if len(kept) >= count:
            break
        if (
            not one.article.rule
            and any(k.article.rule for k in kept)
            and (
                one.score < _FURTHER * best
                or sum(not k.article.rule for k in kept) >= max(1, count // 4)
            )
        ):
            continue
        if used + one.characters > budget and (kept or one.characters > minutes * speed):
            continue
        kept.append(one)
        used += one.characters
    return kept


def in_reading_order(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Document by document, the most important first; each in its own order."""
    weight: dict[str, float] = {}
    for one in chosen:
        key = one.article.document.document_id
        weight[key] = weight.get(key, 0.0) + one.score + 10 * one.article.rule
    return sorted(
        chosen,
        key=lambda one: (
            not one.article.rule,
            -weight[one.article.document.document_id],
            one.article.document.document_id,
            one.start,
        ),
    )


def whole(scope: Scope) -> list[Chosen]:
    """Every article of the scope, whole, document by document in order; formal ones too."""
    order = list(scope.governing) or list(
        dict.fromkeys(one.document.document_id for one in scope.articles)
    )
    ranked = {document_id: place for place, document_id in enumerate(order)}
    found = [
        Chosen(a.article, a.score, a.article.start, a.article.end, point_of(a.article))
        for a in scope.articles
        if a.article.body.strip()
    ]
    last = len(ranked)
    return sorted(
        found,
        key=lambda one: (
            ranked.get(one.article.document.document_id, last),
            one.article.document.document_id,
            one.start,
        ),
    )


def _readable(one: ScopedArticle) -> bool:
    text = one.article.text
    said = letters(text)
    return said >= 18 and text.count("|") < 6 and one.article.body.strip() != ""


def _worth(one: ScopedArticle, scope: Scope, audience: Audience) -> float:
    article = one.article
    value = one.score
    if article.document.document_id in scope.governing:
        value += 0.12
    if not article.rule:
        value -= 0.15
    elif article.document.validity == "现行":
        value += 0.04
    text = article.text
    value += 0.06 * min(1.0, sum(word in text for word in audience.words) / 3)
    sort = point_of(article).sort
    if sort in ("definition", "duties"):
        value += 0.08 * audience.basics
    elif sort in ("deadline", "frequency", "ban", "penalty", "list"):
        value += 0.06 * (1 - audience.basics)
    return value


def _piece(one: ScopedArticle, scope: Scope) -> Chosen:
    """The article, or of a long one the passage that holds most of the topic."""
    article, point = one.article, point_of(one.article)
    if article.characters <= _LONG or len(article.passages) < 2:
        return Chosen(article, one.score, article.start, article.end, point)
    words = scope.topic.words

    def held(place: int) -> float:
        text = fold(article.passages[place].text)
        return sum(scope.weights.get(w, 0.5) for w in words if w in text) - 0.05 * place

    best = article.passages[max(range(len(article.passages)), key=held)]
    return Chosen(article, one.score, best.start, best.end, point)


def _copies(left: frozenset[str], right: frozenset[str]) -> bool:
    shorter = min(len(left), len(right))
    return bool(shorter) and len(left & right) / shorter >= _COPY
