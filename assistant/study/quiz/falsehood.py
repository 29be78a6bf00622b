"""Minimal edits that make a true sentence false: number, modality, body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from assistant.study.model import StudyCitation
from assistant.study.quiz.articles import Sentence
from assistant.study.quiz.base import Pool
from assistant.study.quiz.numbers import asked_numbers, wrong_numbers
from assistant.study.quiz.offices import asked_bodies, wrong_bodies

_MODAL = re.compile("应当|可以|不得|必须|禁止|严禁|不应|不能|不准|无权|有权")
_TURNED = {"应当": "可以", "可以": "应当", "不得": "可以", "必须": "可以"}
SORTS = ("number", "modality", "body")


@dataclass(frozen=True)
class Falsehood:
    """A sentence made false; ``said`` stands at ``start`` instead of ``told``."""

    text: str
    sort: str
    said: str
    told: str
    start: int
    why: str
    citations: tuple[StudyCitation, ...] = ()
    closeness: float = 0.5


def sorts_of(sentence: Sentence) -> list[str]:
    """Which edits a sentence offers."""
    found: list[str] = []
    if next(asked_numbers(sentence), None) is not None:
        found.append("number")
    if modal(sentence.text) is not None:
        found.append("modality")
    if next(asked_bodies(sentence), None) is not None:
        found.append("body")
    return found


def modal(text: str) -> re.Match[str] | None:
    """The one modal word of a sentence; None where there is none, more than one, or a proviso."""
    found = list(_MODAL.finditer(text))
    if len(found) != 1 or found[0].group() not in _TURNED:
        return None
    if re.search("除外|但是|但|另有|确需|特殊|一般", text):
        return None
    if text[found[0].end() : found[0].end() + 1] in "以可":
        return None
    if found[0].group() == "可以" and text[: found[0].start()].endswith(
        ("不", "才", "方", "均", "都")
    ):
        return None
    return found[0]


def falsify(sentence: Sentence, sort: str, pool: Pool, chance: Random) -> Falsehood | None:
    """The sentence made false by one edit, None where the library says the edited one."""
    text = sentence.text
    where = sentence.article.named
    if sort == "number":
        numbers = list(asked_numbers(sentence))
        asked = chance.choice(numbers) if numbers else None
        if asked is None:
            return None
        found = wrong_numbers(asked, pool, 1, chance)
        if not found:
            return None
        one, right = found[0], asked.amount
        why = f"{where}规定的是“{right.text}”，不是“{one.text}”。{one.why}"
        false = text[: right.start] + one.text + text[right.end :]
        return Falsehood(false, sort, one.text, right.text, right.start, why, (one.citation,), 0.7)
    if sort == "body":
        offices = list(asked_bodies(sentence))
        office = chance.choice(offices) if offices else None
        if office is None:
            return None
        wrong = wrong_bodies(office, pool, 1, chance)
        if not wrong:
            return None
        body = office.body
        why = f"{where}规定的是“{body.text}”，不是“{wrong[0].text}”。{wrong[0].why}"
        false = text[: body.start] + wrong[0].text + text[body.end :]
        return Falsehood(
            false, sort, wrong[0].text, body.text, body.start, why, wrong[0].citations, 0.6
        )
    return _turned(sentence, pool)


def _turned(sentence: Sentence, pool: Pool) -> Falsehood | None:
    match = modal(sentence.text)
    if match is None:
        return None
    told = match.group()
    said = _TURNED[told]
    says = pool.elsewhere.says_words(sentence.text, match.start(), match.end(), said)
    if any(one.in_force for one in says):
        return None
    false = sentence.text[: match.start()] + said + sentence.text[match.end() :]
    why = f"{sentence.article.named}用的是“{told}”，不是“{said}”。"
    closeness = 0.3 if told == "不得" else 0.7
    return Falsehood(false, "modality", said, told, match.start(), why, (), closeness)
