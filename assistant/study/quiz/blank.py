"""填空题: a number, a body or a term left out of a sentence."""

from __future__ import annotations

from random import Random

from assistant.study.model import QuizItem, QuizKind
from assistant.study.quiz.amounts import writings
from assistant.study.quiz.articles import Sentence
from assistant.study.quiz.base import (
    BLANK,
    Pool,
    Prospect,
    according_to,
    blanked,
    explained,
    make_item,
)
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.numbers import Asked, asked_numbers
from assistant.study.quiz.offices import AskedBody, asked_bodies
from assistant.study.quiz.terms import Definition, asked_definition


class Blank:
    """Numbers (two in one sentence make two blanks), bodies and defined terms."""

    kind: QuizKind = "blank"

    def prospects(self, pool: Pool) -> list[Prospect]:
        """One a sentence and sort."""
        found: list[Prospect] = []
        for sentence in pool.sentences:
            numbers = list(asked_numbers(sentence))
            if numbers:
                found.append(_prospect(sentence, "number", _of_numbers(sentence, numbers), 1.0))
            for body in asked_bodies(sentence):
                found.append(_prospect(sentence, "body", _of_body(body), 0.6))
            definition = asked_definition(sentence.text, sentence.article.title)
            if definition is not None:
                found.append(_prospect(sentence, "term", _of_term(sentence, definition), 0.7))
        return found


def _prospect(sentence: Sentence, variant: str, item: QuizItem, merit: float) -> Prospect:
    def build(_chance: Random) -> QuizItem:
        return item

    return Prospect(sentence.article, frozenset({sentence.key}), variant, build, merit)


def _of_numbers(sentence: Sentence, numbers: list[Asked]) -> QuizItem:
    shown = sentence.text
    asked = numbers[:2]
    for one in reversed(asked):
        shown = shown[: one.amount.start] + BLANK + shown[one.amount.end :]
    return _item(
        sentence,
        shown,
        "；".join(one.amount.text for one in asked),
        [writings(one.amount) for one in asked],
        "number",
        0.5 + 0.1 * len(asked),
    )


def _of_body(asked: AskedBody) -> QuizItem:
    body = asked.body
    shown = blanked(asked.sentence.text, body.start, body.end)
    return _item(asked.sentence, shown, body.text, [(body.text,)], "body", 0.7)


def _of_term(sentence: Sentence, definition: Definition) -> QuizItem:
    shown = blanked(sentence.text, definition.start, definition.end)
    return _item(sentence, shown, definition.term, [(definition.term,)], "term", 0.6)


def _item(
    sentence: Sentence,
    shown: str,
    answer: str,
    blanks: list[tuple[str, ...]],
    variant: str,
    closeness: float,
) -> QuizItem:
    article = sentence.article
    return make_item(
        "blank",
        according_to(article, shown),
        answer,
        [sentence.cite()],
        variant,
        estimate("blank", closeness, len(shown), article.weight),
        blanks=blanks,
        explanation=explained(article, sentence.text),
    )
