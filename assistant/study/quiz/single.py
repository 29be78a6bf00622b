"""单选题: a number, a body, an outcome, a defined term; or which of four statements holds."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from assistant.study.model import QuizItem, QuizKind
from assistant.study.quiz.articles import Sentence
from assistant.study.quiz.base import (
    Option,
    Pool,
    Prospect,
    according_to,
    blanked,
    dice,
    explained,
    make_item,
    rung_stem,
    shuffled,
)
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.numbers import Asked, asked_numbers, closeness, options, wrong_numbers
from assistant.study.quiz.offices import AskedBody, asked_bodies, wrong_bodies
from assistant.study.quiz.outcomes import Ladder, Rung, read_ladder
from assistant.study.quiz.results import askable, wrong_outcomes
from assistant.study.quiz.statements import statement_prospects
from assistant.study.quiz.terms import Definition, asked_definition

_WRONG = 3
Builder = Callable[[Random], QuizItem | None]


class Single:
    """Four choices, one right."""

    kind: QuizKind = "single"

    def prospects(self, pool: Pool) -> list[Prospect]:
        """One for every number, body, outcome and term; statements by document."""
        found: list[Prospect] = []
        for sentence in pool.sentences:
            for number in asked_numbers(sentence):
                found.append(_prospect(sentence, "number", _number(number, pool), 1.0))
            for body in asked_bodies(sentence):
                found.append(_prospect(sentence, "body", _body(body, pool), 0.9))
            ladder = read_ladder(sentence.text)
            for rung in ladder.rungs if ladder else ():
                if ladder and askable(rung):
                    build = _outcome(sentence, ladder, rung, pool)
                    found.append(_prospect(sentence, "outcome", build, 0.9))
            definition = asked_definition(sentence.text, sentence.article.title)
            if definition is not None:
                found.append(_prospect(sentence, "term", _term(sentence, definition, pool), 0.8))
        return found + statement_prospects(pool)


def _prospect(sentence: Sentence, variant: str, build: Builder, merit: float) -> Prospect:
    return Prospect(sentence.article, frozenset({sentence.key}), variant, build, merit)


def _number(asked: Asked, pool: Pool) -> Builder:
    def build(chance: Random) -> QuizItem | None:
        wrong = wrong_numbers(asked, pool, _WRONG, chance)
        if len(wrong) < _WRONG:
            return None
        amount = asked.amount
        stem = blanked(asked.sentence.text, amount.start, amount.end)
        return _item(
            asked.sentence, stem, options(asked, wrong), "number", closeness(amount, wrong)
        )

    return build


def _body(asked: AskedBody, pool: Pool) -> Builder:
    def build(chance: Random) -> QuizItem | None:
        wrong = wrong_bodies(asked, pool, _WRONG, chance)
        if len(wrong) < _WRONG:
            return None
        body, sentence = asked.body, asked.sentence
        right = Option(body.text, True, f"{sentence.article.named}的原文。", (sentence.cite(),))
        near = sum(dice(one.text, body.text) for one in wrong) / _WRONG
        stem = blanked(sentence.text, body.start, body.end)
        return _item(sentence, stem, shuffled([right, *wrong], chance), "body", 0.4 + 0.6 * near)

    return build


def _outcome(sentence: Sentence, ladder: Ladder, rung: Rung, pool: Pool) -> Builder:
    def build(chance: Random) -> QuizItem | None:
        article = sentence.article
        wrong = wrong_outcomes(article, ladder, rung, sentence.start, pool, _WRONG, chance)
        if len(wrong) < _WRONG:
            return None
        cited = article.cite(sentence.start + rung.start, sentence.start + rung.end)
        right = Option(rung.outcome, True, f"{article.named}的原文。", (cited,))
        near = sum(dice(one.text, rung.outcome) for one in wrong) / _WRONG
        stem = rung_stem(ladder, rung)
        return _item(sentence, stem, shuffled([right, *wrong], chance), "outcome", 0.3 + 0.7 * near)

    return build


def _term(sentence: Sentence, definition: Definition, pool: Pool) -> Builder:
    def build(chance: Random) -> QuizItem | None:
        document = sentence.article.document.document_id
        others = [
            (one, other)
            for one, other in pool.all_definitions
            if one.article.document.document_id == document
            and other.term not in definition.term
            and definition.term not in other.term
            and other.term not in sentence.text
            and dice(other.body, definition.body) < 0.6
        ]
        if len(others) < _WRONG:
            return None
        wrong = [
            Option(
                other.term,
                False,
                f"{one.article.label or '本文件'}另有定义：“{other.body}”。",
                (one.cite(),),
            )
            for one, other in chance.sample(others, _WRONG)
        ]
        right = Option(
            definition.term, True, f"{sentence.article.named}的原文。", (sentence.cite(),)
        )
        stem = blanked(sentence.text, definition.start, definition.end)
        return _item(sentence, stem, shuffled([right, *wrong], chance), "term", 0.4)

    return build


def _item(
    sentence: Sentence, stem: str, choices: list[Option], variant: str, near: float
) -> QuizItem:
    article = sentence.article
    return make_item(
        "single",
        according_to(article, stem),
        "",
        [sentence.cite()],
        variant,
        estimate("single", near, len(stem), article.weight),
        options=choices,
        explanation=explained(article, sentence.text),
    )
