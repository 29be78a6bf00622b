"""判断题: a sentence as it stands, or with one edit that makes it false."""

from __future__ import annotations

from random import Random

from assistant.study.model import QuizItem, QuizKind
from assistant.study.quiz.articles import Sentence
from assistant.study.quiz.base import Pool, Prospect, according_to, explained, make_item
from assistant.study.quiz.difficulty import estimate
from assistant.study.quiz.falsehood import falsify, sorts_of

_LONG = 90  # characters that are tiresome to judge as a whole
_MERIT = {"number": 1.0, "body": 0.9, "condition": 0.9, "modality": 0.6}


class TrueFalse:
    """Every sentence that could be made false is a prospect for a true and for a false one."""

    kind: QuizKind = "true_false"

    def prospects(self, pool: Pool) -> list[Prospect]:
        """A false one by each edit, and a true one."""
        found: list[Prospect] = []
        for sentence in pool.sentences:
            sorts = sorts_of(sentence)
            ease = 0.6 if len(sentence.text) > _LONG else 1.0
            for sort in sorts:
                found.append(self._prospect(sentence, sort, pool, ease * _MERIT[sort]))
            if sorts:
                found.append(self._prospect(sentence, "true", pool, ease * 0.9))
        return found

    def _prospect(self, sentence: Sentence, sort: str, pool: Pool, merit: float) -> Prospect:
        def build(chance: Random) -> QuizItem | None:
            return _true(sentence) if sort == "true" else _false(sentence, sort, pool, chance)

        return Prospect(sentence.article, frozenset({sentence.key}), sort, build, merit)


def _true(sentence: Sentence) -> QuizItem:
    article = sentence.article
    return make_item(
        "true_false",
        according_to(article, sentence.text) + "（　　）",
        "对",
        [sentence.cite()],
        "true",
        estimate("true_false", 0.4, len(sentence.text), article.weight),
        explanation=explained(article, sentence.text),
    )


def _false(sentence: Sentence, sort: str, pool: Pool, chance: Random) -> QuizItem | None:
    found = falsify(sentence, sort, pool, chance)
    if found is None:
        return None
    article = sentence.article
    return make_item(
        "true_false",
        according_to(article, found.text) + "（　　）",
        "错",
        [sentence.cite(), *found.citations],
        sort,
        estimate("true_false", found.closeness, len(found.text), article.weight),
        explanation=f"{found.why}{explained(article, sentence.text)}",
    )
