"""The contract of a kind of item: prospects that are cheap to list, items that are built on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Protocol

from assistant.study.model import Choice, Line, QuizItem, QuizKind, StudyCitation
from assistant.study.quiz.amounts import Amount, amounts
from assistant.study.quiz.articles import Article, Listing, Sentence
from assistant.study.quiz.bodies import Body, bodies
from assistant.study.quiz.elsewhere import Elsewhere
from assistant.study.quiz.outcomes import Ladder, Rung, read_ladder
from assistant.study.quiz.terms import Definition, read_definition
from assistant.text import bigrams, fold

Key = tuple[str, int]
BLANK = "（　　）"
LABELS = "ABCDEF"
SCORES: dict[QuizKind, int] = {
    "single": 2,
    "multiple": 3,
    "true_false": 1,
    "blank": 2,
    "matching": 4,
    "ordering": 3,
    "short": 6,
    "case": 4,
}


@dataclass(frozen=True)
class Prospect:
    """Something that might be asked. ``build`` gives the item, or None where a check fails."""

    article: Article
    facts: frozenset[Key]  # sentences and lists that it would give away
    variant: str  # number, body, …: a paper mixes them
    build: Callable[[Random], QuizItem | None]
    merit: float = 1.0  # how good a question this sort makes, 0-1


class Maker(Protocol):
    """One kind of item."""

    kind: QuizKind

    def prospects(self, pool: Pool) -> list[Prospect]:
        """What the pool's articles offer, in their order; nothing is looked up yet."""
        ...


@dataclass(frozen=True)
class Pool:
    """The articles that may be asked about, and those around them that lend distractors."""

    articles: tuple[Article, ...]
    around: tuple[Article, ...]  # all articles of the same documents, the former included
    elsewhere: Elsewhere = field(compare=False)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences of the articles."""
        return tuple(one for article in self.articles for one in article.sentences)

    @cached_property
    def listings(self) -> tuple[Listing, ...]:
        """Lists of the articles."""
        return tuple(one for article in self.articles for one in article.listings)

    @cached_property
    def all_listings(self) -> tuple[Listing, ...]:
        """Lists of the documents."""
        return tuple(one for article in self.around for one in article.listings)

    @cached_property
    def all_amounts(self) -> tuple[tuple[Article, Amount], ...]:
        """Every number of the documents with where it stands (within the article's text)."""
        return tuple((article, one) for article in self.around for one in amounts(article.text))

    @cached_property
    def all_bodies(self) -> tuple[tuple[Article, Body], ...]:
        """Every body in charge of something in the documents (within the article's text)."""
        return tuple((article, one) for article in self.around for one in bodies(article.text))

    @cached_property
    def all_ladders(self) -> tuple[tuple[Sentence, Ladder], ...]:
        """Every sentence of the documents that says what follows from what."""
        return tuple(
            (sentence, ladder)
            for article in self.around
            for sentence in article.sentences
            if (ladder := read_ladder(sentence.text)) is not None
        )

    @cached_property
    def all_definitions(self) -> tuple[tuple[Sentence, Definition], ...]:
        """Every definition of the documents."""
        return tuple(
            (sentence, found)
            for article in self.around
            for sentence in article.sentences
            if (found := read_definition(sentence.text)) is not None
        ) + tuple(
            (item, found)
            for listing in self.all_listings
            for item in listing.as_sentences()
            if (found := read_definition(item.text)) is not None
        )

    @cached_property
    def asked(self) -> frozenset[Key]:
        """Keys of the articles that may be asked about."""
        return frozenset(article.key for article in self.articles)


@dataclass(frozen=True)
class Option:
    """A choice before it has a letter."""

    text: str
    right: bool
    why: str
    citations: tuple[StudyCitation, ...] = ()


def according_to(article: Article, text: str) -> str:
    """根据《…》第十二条，… without saying 根据 twice."""
    if text.startswith(("根据", "依照", "按照", "依据")):
        return f"{article.named}规定，{text}"
    return f"根据{article.named}，{text}"


def blanked(sentence: str, start: int, end: int) -> str:
    """The sentence with a blank for ``start:end``."""
    return f"{sentence[:start]}{BLANK}{sentence[end:]}"


def rung_stem(ladder: Ladder, rung: Rung) -> str:
    """…，情节严重的，（　　）."""
    return f"{ladder.condition(rung)}，{BLANK}。"


def make_item(
    kind: QuizKind,
    stem: str,
    answer: str,
    citations: Sequence[StudyCitation],
    variant: str,
    difficulty: float,
    *,
    options: Sequence[Option] = (),
    blanks: Sequence[tuple[str, ...]] = (),
    pairs: Sequence[tuple[str, str]] = (),
    steps: Sequence[str] = (),
    points: Sequence[Line] = (),
    explanation: str = "",
) -> QuizItem:
    """An item with its id; of ``options`` the letters of the right ones are the answer."""
    if options:
        answer = answer or "".join(LABELS[i] for i, one in enumerate(options) if one.right)
    return QuizItem(
        id=_id(kind, variant, stem, citations),
        kind=kind,
        stem=stem,
        choices=tuple(
            Choice(
                label=LABELS[i],
                text=one.text,
                right=one.right,
                why=one.why,
                citations=one.citations,
            )
            for i, one in enumerate(options)
        ),
        answer=answer,
        blanks=tuple(blanks),
        pairs=tuple(pairs),
        steps=tuple(steps),
        points=tuple(points),
        explanation=explanation,
        citations=tuple(citations),
        difficulty=round(min(0.95, max(0.05, difficulty)), 2),
        score=SCORES[kind],
    )


def _id(kind: str, variant: str, stem: str, citations: Sequence[StudyCitation]) -> str:
    said = "\x1f".join((kind, variant, stem, *(f"{c.document_id}:{c.start}" for c in citations)))
    return f"q{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def explained(article: Article, quote: str) -> str:
    """The line under the key: where it stands, and the words."""
    return f"{article.named}规定：“{''.join(quote.split())}”"


def dice(left: str, right: str) -> float:
    """Likeness of two texts by pairs of characters, 0-1."""
    a, b = bigrams(fold(left)), bigrams(fold(right))
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def contained(left: str, right: str) -> float:
    """How much of the shorter text stands in the longer, by pairs of characters, 0-1."""
    a, b = bigrams(fold(left)), bigrams(fold(right))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def shuffled(values: Sequence[Option], dice_: Random) -> list[Option]:
    """A shuffled copy."""
    copy = list(values)
    dice_.shuffle(copy)
    return copy
