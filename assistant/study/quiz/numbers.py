"""A number of a sentence as a question, and wrong numbers for it out of the library."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random

from assistant.study.model import StudyCitation
from assistant.study.quiz.amounts import Amount, amounts, equal, written
from assistant.study.quiz.articles import Article, Sentence, shown_title
from assistant.study.quiz.base import Option, Pool
from index.records import NOT_IN_FORCE, PassageRecord

_RANGE = re.compile("^(?:以上|不满|以下|至|到|、|，|或者|不足)")
_UP_TO = ("至", "到", "—", "-", "～", "~")  # 5至9人
_FURTHEST = 4.0  # a wrong number is at most this many times the right one, or its share
_HEAD = re.compile("第[^条\\s]{1,9}条(?:之.)?[\\s　]*|[（(][^）)]{1,3}[）)]")
_SHORT_CLAUSE, _LONG_CLAUSE = 12, 60  # characters quoted of where a wrong number stands
_NUMERALS = "0-9０-９零〇一二两三四五六七八九十百千万"
_WORTH = 12  # characters that a sentence must have besides its number


@dataclass(frozen=True)
class Asked:
    """A number of a sentence that a question may leave out."""

    sentence: Sentence
    amount: Amount


@dataclass(frozen=True)
class Wrong:
    """A wrong number as it is shown, with where the library has it."""

    text: str
    amount: Amount
    why: str
    citation: StudyCitation


def asked_numbers(sentence: Sentence) -> Iterator[Asked]:
    """The numbers that can be left out: told once, no part of a range, not in a title."""
    found = list(amounts(sentence.text))
    for one in found:
        others = [other for other in found if other is not one]
        if any(equal(one, other) for other in others) or _in_range(sentence.text, one, others):
            continue
        if _inside(sentence.text, one.start, "《》") or _inside(sentence.text, one.start, "（）"):
            continue
        if sentence.text[one.end :].startswith(_UP_TO):
            continue
        if _told(sentence.text, one) > 1 or sentence.text[: one.start].endswith(_UP_TO):
            continue
        if len(sentence.text) - len(one.text) >= _WORTH:
            yield Asked(sentence, one)


def wrong_numbers(asked: Asked, pool: Pool, count: int, dice: Random) -> list[Wrong]:
    """Up to ``count`` wrong numbers of the same scale: an old version's first, then neighbours.

    None is equal to the right one or to another number of the sentence in any writing, and none
    stands in this place anywhere in the rules in force.
    """
    sentence, right = asked.sentence, asked.amount
    taken = list(amounts(sentence.text))
    found: list[Wrong] = []
    for wrong in chain(
        _old(asked, pool), _neighbours(asked, pool, dice), _further(asked, pool, dice)
    ):
        if len(found) == count:
            break
        if any(equal(wrong.amount, one) for one in taken) or wrong.text == right.text:
            continue
        says = pool.elsewhere.says_amount(sentence.text, right.start, right.end, wrong.amount)
        if any(one.in_force for one in says):
            continue
        taken.append(wrong.amount)
        found.append(wrong)
    return found


def closeness(right: Amount, wrong: list[Wrong]) -> float:
    """How near the wrong numbers lie, 0-1: twice or half is 0.5."""
    near = [0.5 ** abs(math.log2(float(one.amount.size / right.size))) for one in wrong]
    return sum(near) / len(near) if near else 0.0


def options(asked: Asked, wrong: list[Wrong]) -> list[Option]:
    """Right and wrong numbers as choices, by size."""
    article = asked.sentence.article
    right = Option(
        "".join(asked.amount.text.split()),
        True,
        f"{article.named}的原文。",
        (asked.sentence.cite(),),
    )
    sized = [(asked.amount.size, right)]
    sized += [
        (one.amount.size, Option("".join(one.text.split()), False, one.why, (one.citation,)))
        for one in wrong
    ]
    return [option for _, option in sorted(sized, key=lambda pair: (pair[0], pair[1].text))]


def _told(text: str, one: Amount) -> int:
    """How often the number stands in the sentence as written: 最近三年 would give 三年 away."""
    return len(re.findall(rf"(?<![{_NUMERALS}]){re.escape(one.text)}", text))


def _in_range(text: str, one: Amount, others: list[Amount]) -> bool:
    """三年以上七年以下: one limit alone would make a question of half a range."""
    for other in others:
        first, second = sorted((one, other), key=lambda amount: amount.start)
        between = text[first.end : second.start]
        if first.scale == second.scale and len(between) <= 5 and _RANGE.match(between):
            return True
    return False


def _inside(text: str, place: int, pair: str) -> bool:
    return text.count(pair[0], 0, place) > text.count(pair[1], 0, place)


def _old(asked: Asked, pool: Pool) -> Iterator[Wrong]:
    sentence, right = asked.sentence, asked.amount
    document = sentence.article.document
    for amount, saying in pool.elsewhere.old_amounts(
        document, sentence.text, right.start, right.end
    ):
        if amount.scale == right.scale:
            where = saying.passage.article or saying.passage.path.split("/")[-1]
            why = f"“{amount.text}”是旧版《{saying.document.title.strip('《》')}》{where}的规定，现已不适用。"
            yield Wrong(
                written(amount, right),
                amount,
                why,
                _cited(
                    saying.passage,
                    saying.document.title,
                    saying.document.collection,
                    saying.document.validity,
                    saying.start,
                    saying.end,
                ),
            )


def _neighbours(asked: Asked, pool: Pool, dice: Random) -> list[Wrong]:
    """Numbers of the same scale in the documents around, the nearest first, a little shuffled."""
    right = asked.amount
    here = asked.sentence.article
    best: dict[str, tuple[float, Wrong]] = {}
    for article, amount in pool.all_amounts:
        if amount.scale != right.scale or not amount.size:
            continue
        ratio = abs(math.log(float(amount.size / right.size)))
        if not 0 < ratio <= math.log(_FURTHEST):
            continue
        text = written(amount, right)
        if not _plausible(amount, right):
            continue
        same = 0.0 if article.document.document_id == here.document.document_id else 1.2
        rank = ratio + same + 0.7 * (amount.unit != right.unit)
        if text not in best or rank < best[text][0]:
            best[text] = (rank, _from(article, amount, text, here))
    order = sorted(best.items(), key=lambda pair: (pair[1][0] + dice.random() * 0.8, pair[0]))
    return [wrong for _, (_, wrong) in order]


def _further(asked: Asked, pool: Pool, dice: Random) -> Iterator[Wrong]:
    """Numbers of the same scale that rules in force of other documents use on something near."""
    right, sentence = asked.amount, asked.sentence
    here = sentence.article.document.document_id
    found: dict[str, tuple[float, Wrong]] = {}
    for document, passage in pool.elsewhere.near(sentence.text):
        if document.document_id == here or document.validity in NOT_IN_FORCE:
            continue
        for amount in amounts(passage.text):
            if amount.scale != right.scale or not amount.size or not _plausible(amount, right):
                continue
            ratio = abs(math.log(float(amount.size / right.size)))
            text = written(amount, right)
            if not 0 < ratio <= math.log(_FURTHEST) or text in found:
                continue
            where = f"《{shown_title(document.title)}》{passage.article or ''}"
            cited = _cited(
                passage,
                document.title,
                document.collection,
                document.validity,
                amount.start,
                amount.end,
            )
            why = f"“{text}”见{where}，说的是另一件事：“{cited.quote}”。"
            found[text] = (ratio + dice.random(), Wrong(text, amount, why, cited))
    for _, (_, wrong) in sorted(found.items(), key=lambda pair: (pair[1][0], pair[0])):
        yield wrong


def _plausible(amount: Amount, right: Amount) -> bool:
    """A share below one for a share below one; whole heads for heads."""
    if right.scale == "份":
        return ((amount.size < 1) == (right.size < 1) and amount.text[:2] == right.text[:2]) or (
            "分之" in right.text and right.text[:2] != "百分" and amount.text[:2] != "百分"
        )
    return True


def _from(article: Article, amount: Amount, text: str, here: Article) -> Wrong:
    quote_start, quote_end = _around(article.text, amount.start, amount.end)
    where = article.label if article.document == here.document else article.named
    why = f"“{text}”见{where or '同一文件别处'}，说的是另一件事：“{article.text[quote_start:quote_end]}”。"
    return Wrong(
        text, amount, why, article.cite(article.start + quote_start, article.start + quote_end)
    )


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause around a place: what is quoted of where a wrong number comes from."""
    first, last = _clause(text, start, end, "。；\n，：　")
    if last - first < _SHORT_CLAUSE:
        first, last = _clause(text, start, end, "。；\n")
    line = text.rfind("\n", 0, start) + 1
    head = _HEAD.match(text, line)
    return (max(first, head.end()) if head and head.end() <= start else first), last


def _clause(text: str, start: int, end: int, signs: str) -> tuple[int, int]:
    first = start
    while first > 0 and text[first - 1] not in signs and start - first < _LONG_CLAUSE:
        first -= 1
    last = end
    while last < len(text) and text[last] not in signs and last - end < _LONG_CLAUSE:
        last += 1
    return first, last


def _cited(
    passage: PassageRecord, title: str, collection: str, validity: str, start: int, end: int
) -> StudyCitation:
    first, last = _around(passage.text, start, end)
    return StudyCitation(
        document_id=passage.document_id,
        passage_id=passage.passage_id,
        collection=collection,
        title=title,
        path=passage.path,
        article=passage.article,
        page=passage.page,
        quote=passage.text[first:last],
        start=passage.start + first,
        end=passage.start + last,
        validity=validity,
    )
