"""A body in charge as a question, and wrong bodies for it out of the same documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from assistant.study.quiz.articles import Sentence
from assistant.study.quiz.base import Option, Pool, contained, dice
from assistant.study.quiz.bodies import Body, bodies, may_be_same

_LEAK = 0.6  # share of a body's pairs of characters in the rest of the sentence that gives it away


@dataclass(frozen=True)
class AskedBody:
    """A body of a sentence that a question may leave out."""

    sentence: Sentence
    body: Body


def asked_bodies(sentence: Sentence) -> Iterator[AskedBody]:
    """Bodies that the rest of the sentence does not name, nor anything like them."""
    for one in bodies(sentence.text):
        rest = sentence.text[: one.start] + "，" + sentence.text[one.end :]
        if one.text in sentence.article.title:
            continue
        if one.text in rest or one.text[-4:] in rest or contained(one.text, rest) > _LEAK:
            continue
        if not any(may_be_same(one.text, other.text) for other in bodies(rest)):
            yield AskedBody(sentence, one)


def wrong_bodies(asked: AskedBody, pool: Pool, count: int, chance: Random) -> list[Option]:
    """Up to ``count`` bodies that do something else in the same documents.

    None may be the right one under another name, take it in or be part of it, and none does this
    anywhere in the rules in force.
    """
    sentence, right = asked.sentence, asked.body
    document = sentence.article.document.document_id
    candidates: dict[str, tuple[float, Option]] = {}
    for article, one in pool.all_bodies:
        if article.document.document_id != document or one.text in candidates:
            continue
        if not 0.4 <= len(one.text) / len(right.text) <= 2.5:
            continue
        if one.text in sentence.text or may_be_same(one.text, right.text):
            continue
        first, last = one.start - len(one.word), one.end + len(one.act)
        where = article.label or "本文件"
        why = f"“{one.text}”见{where}，管的是另一件事：“{article.text[first:last]}”。"
        cited = article.cite(article.start + first, article.start + last)
        rank = (
            -(one.word == right.word)
            - (one.act == right.act)
            - dice(one.text, right.text)
            - (one.text[-2:] == right.text[-2:])
            + 0.6 * chance.random()
        )
        candidates[one.text] = (
            rank,
            Option(one.text, False, why, (cited,)),
        )
    chosen: list[Option] = []
    for text, (_, option) in sorted(candidates.items(), key=lambda pair: (pair[1][0], pair[0])):
        if len(chosen) == count:
            break
        if any(may_be_same(text, other.text) for other in chosen):
            continue
        says = pool.elsewhere.says_words(sentence.text, right.start, right.end, text)
        if not any(one.in_force for one in says):
            chosen.append(option)
    return chosen
