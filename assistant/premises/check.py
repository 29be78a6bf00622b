"""Finding the sentence of the library that says otherwise than a question takes for granted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Candidate, WordWeights, presence
from assistant.premises.amounts import Amount, amounts, same_measure
from assistant.premises.facts import Fact, facts
from assistant.question import Kind, Question
from assistant.sentences import UnitKind
from assistant.terms import content_words, is_noun
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS

Span = tuple[int, int]
_CLAUSE = re.compile("[，。；：！？,;:!?]")
_QUOTED = re.compile('“[^“”]*”|「[^「」]*」|"[^"]*"|《[^《》]*》')
_SUPPOSED = re.compile("如果|要是|假如|假设|万一|若|倘若|超过$|不到$|不足$|满了$|多于$|少于$")
_LOOKED_AT = 24  # candidates
_COVERED = 0.6  # share of the premise's words that a sentence with its headings must hold
_HEARD = 0.4  # the same for a sentence to speak for the question
_ALIGNED = 0.5
_PER_CHARACTER = 0.02  # what a character between an amount and what it counts costs
_AS_ALIKE = 0.6  # share of the best alignment from which a sentence speaks for the question
_ASKED = re.compile("[哪这那每另几上下][一两]?$")  # 哪五个部分 asks for a list, 每5个 counts cases


@dataclass(frozen=True)
class Correction:
    """``asked`` in the question stands against ``stated``, the ``span`` of ``candidate``'s unit."""

    asked: str
    stated: str
    candidate: Candidate
    span: Span


@dataclass(frozen=True)
class _Match:
    alike: float  # how surely the same thing is spoken of
    covered: float  # share of the premise's words there
    agrees: bool
    stated: str
    span: Span
    candidate: Candidate


def find_corrections(
    question: Question, ranked: Sequence[Candidate], weights: WordWeights, document: str = ""
) -> list[Correction]:
    """What the best sentences say otherwise; [] where nothing contradicts the question.

    A sentence counts when it speaks of the same thing (most words of the clause, and the noun
    beside the amount); where one such sentence agrees with the question, nothing is corrected,
    nor where ``document`` (the folded text of the best one) has just those words.
    """
    hidden = [match.span() for match in _QUOTED.finditer(question.text)]
    found: list[Correction] = []
    pool = [c for c in ranked[:_LOOKED_AT] if c.unit.kind is not UnitKind.HEADING]
    for amount in amounts(question.text):
        quoted = any(a <= amount.start < b for a, b in hidden)
        before = _before(question.text, amount.start)
        supposed = _SUPPOSED.search(before) or _ASKED.search(before)
        said = _with_noun(question.text, amount) in document
        if quoted or supposed or said or not _claimed(amount):
            continue
        found += _contradiction(amount.text, _amount_matches(question, amount, pool, weights))
    for fact in facts(question.text):
        if fact.key.startswith("由") and question.kind is not Kind.YES_NO:
            continue
        found += _contradiction(fact.text, _fact_matches(question, fact, pool, weights))
    return found


def _contradiction(asked: str, matches: list[_Match]) -> list[Correction]:
    if not matches:
        return []
    best = max(match.alike for match in matches)
    if any(match.agrees and match.alike >= _AS_ALIKE * best for match in matches):
        return []
    against = [match for match in matches if match.covered >= _COVERED and not match.agrees]
    if not against:
        return []
    chosen = max(against, key=lambda match: match.alike)
    return [Correction(asked, chosen.stated, chosen.candidate, chosen.span)]


def _with_noun(text: str, amount: Amount) -> str:
    """The amount with the two characters after it, folded: 11个项目."""
    return fold(text[amount.start : amount.end + 2])


def _claimed(amount: Amount) -> bool:
    """Whether a question states the amount itself (also 满5年), not a range around it."""
    return amount.exact or amount.text.startswith(("满", "已满", "达"))


def _before(text: str, place: int) -> str:
    """The clause up to ``place``."""
    starts = [match.end() for match in _CLAUSE.finditer(text, 0, place)]
    return text[starts[-1] if starts else 0 : place]


def _clause_at(text: str, start: int, end: int) -> Span:
    """The range of the clause around a range."""
    starts = [match.end() for match in _CLAUSE.finditer(text, 0, start)]
    stop = _CLAUSE.search(text, end)
    return (starts[-1] if starts else 0), (stop.start() if stop else len(text))


def _amount_matches(
    question: Question, asked: Amount, pool: Sequence[Candidate], weights: WordWeights
) -> list[_Match]:
    start, end = _clause_at(question.text, asked.start, asked.end)
    before = _words(question.text[start : asked.start])
    after = _words(question.text[asked.end : end])
    key = after[0] if after and _beside(question.text, asked.end, after[0]) else ""
    key = key or (before[-1] if before else after[0] if after else "")
    if not key:
        return []
    words = [word for word in (*before, *after) if is_noun(word)] or [key]
    found = []
    top = max((candidate.score for candidate in pool), default=1.0)
    for candidate in pool:
        text = candidate.unit.text
        covered = _covered(words, candidate, weights)
        if covered < _HEARD:
            continue
        stated = [one for one in amounts(text) if same_measure(asked, one)]
        for one in stated:
            alike = _alignment(key, text, one) * covered * (1.0 if one.unit == asked.unit else 0.9)
            alike *= max(0.5, candidate.score / top) if top > 0 else 1.0
            if alike >= _ALIGNED * _HEARD:
                agrees = one.allows(asked.value) or any(o.allows(asked.value) for o in stated)
                found.append(
                    _Match(
                        alike, covered, agrees, _shown(text, one), (one.start, one.end), candidate
                    )
                )
    return found


def _words(text: str) -> list[str]:
    return [w for w in content_words(text) if len(w) > 1 and w not in GENERIC_WORDS]


def _beside(text: str, place: int, word: str) -> bool:
    return word in fold(text[place : place + len(word) + 3])


def _alignment(key: str, text: str, stated: Amount) -> float:
    """How near the counted thing stands to the amount: right after it, in its clause, the next one,
    the sentence; 0 where it does not."""
    start, end = _clause_at(text, stated.start, stated.end)
    before, after = fold(text[start : stated.start]), fold(text[stated.end : end])
    if (gap := after.find(key)) >= 0:
        return 1.2 - _PER_CHARACTER * gap
    if (place := before.rfind(key)) >= 0:
        return 1.0 - _PER_CHARACTER * (len(before) - place - len(key))
    if presence(key, before + after) >= 0.8:
        return 0.8
    beside = fold(text[max(0, start - 24) : start] + text[end : end + 24])
    if presence(key, beside) >= 0.8:
        return 0.75
    return 0.55 if presence(key, fold(text)) >= 0.8 else 0.0


def _shown(text: str, stated: Amount) -> str:
    """The amount with the noun that it counts, as far as that follows it directly."""
    after = re.match("[\u4e00-\u9fff]{1,6}?(?=[，。；、：）]|$)", text[stated.end :])
    return stated.text + (after.group() if after else "")


def _covered(words: Sequence[str], candidate: Candidate, weights: WordWeights) -> float:
    own = fold(candidate.unit.text)
    passage = candidate.hit.passage
    above = fold(f"{candidate.hit.document.title} {passage.path} {passage.context}")

    def level(word: str) -> float:
        return max(presence(word, own), 0.8 * presence(word, above))

    return weights.coverage(level, words)


def _fact_matches(
    question: Question, asked: Fact, pool: Sequence[Candidate], weights: WordWeights
) -> list[_Match]:
    words = [w for w in _words(question.text) if w not in asked.value and w not in asked.key]
    found = []
    for candidate in pool:
        covered = _covered(words, candidate, weights)
        if covered < _COVERED:
            continue
        for one in facts(candidate.unit.text):
            if _same_key(asked.key, one.key):
                agrees = asked.value == one.value or asked.value in one.value
                agrees = agrees or one.value in asked.value
                found.append(
                    _Match(covered, covered, agrees, one.text, (one.start, one.end), candidate)
                )
    return found


def _same_key(left: str, right: str) -> bool:
    carried_out = ("施行", "实施", "执行")
    return left == right or (left in carried_out and right in carried_out)
