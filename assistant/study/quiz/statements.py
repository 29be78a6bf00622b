"""Which of four statements holds (or doesn't): sentences of one document, some made false."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from random import Random

from assistant.study.model import QuizItem
from assistant.study.quiz.articles import Sentence
from assistant.study.quiz.base import Option, Pool, Prospect, dice, explained, make_item
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.falsehood import Falsehood, falsify, sorts_of

_LONGEST = 70  # characters of a statement
_PER_DOCUMENT = 6


def statement_prospects(pool: Pool) -> list[Prospect]:
    """Groups of four sentences of different articles of one document."""
    found: list[Prospect] = []
    for _, group in groupby(pool.sentences, key=lambda one: one.article.document.document_id):
        able = [one for one in group if one.leading and len(one.text) <= _LONGEST and sorts_of(one)]
        able = _one_an_article(able)
        number = min(_PER_DOCUMENT, len(able) // 4)
        for i in range(number):
            four = able[i::number][:4]
            for true in (1, 3):
                found.append(
                    Prospect(
                        four[0].article,
                        frozenset(one.key for one in four),
                        "statement",
                        _builder(four, true, pool),
                        0.7,
                    )
                )
    return found


def _one_an_article(sentences: list[Sentence]) -> list[Sentence]:
    seen: set[tuple[str, int]] = set()
    kept = []
    for one in sentences:
        if one.article.key not in seen:
            seen.add(one.article.key)
            kept.append(one)
    return kept


def _builder(four: list[Sentence], true: int, pool: Pool) -> Callable[[Random], QuizItem | None]:
    def build(chance: Random) -> QuizItem | None:
        order = list(four)
        chance.shuffle(order)
        kept, turned = order[:true], order[true:]
        if any(dice(a.text, b.text) > 0.6 for i, a in enumerate(four) for b in four[:i]):
            return None
        false: list[Falsehood] = []
        for sentence in turned:
            made = falsify(sentence, sorts_of(sentence)[0], pool, chance)
            if made is None:
                return None
            false.append(made)
        asks_true = true == 1
        options = [
            Option(one.text.rstrip("。"), asks_true, f"{one.article.named}的原文。", (one.cite(),))
            for one in kept
        ] + [
            Option(made.text.rstrip("。"), not asks_true, made.why, (one.cite(), *made.citations))
            for one, made in zip(turned, false, strict=True)
        ]
        chance.shuffle(options)
        asked = kept[0] if asks_true else turned[0]
        article = asked.article
        stem = (
            f"下列说法中，{'符合' if asks_true else '不符合'}《{article.title}》规定的是（　　）。"
        )
        near = sum(one.closeness for one in false) / len(false)
        why = explained(article, asked.text) if asks_true else false[0].why
        return make_item(
            "single",
            stem,
            "",
            [asked.cite(), *(one.cite() for one in four if one is not asked)],
            "statement",
            estimate("single", near, sum(len(one.text) for one in four), article.weight),
            options=options,
            explanation=why if asks_true else why + explained(article, asked.text),
        )

    return build
