"""What is said of each of two things: clauses of the sentences found that name one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.citing import Chosen
from assistant.evidence import units_of
from assistant.question import Question, content_words
from assistant.sentences import Unit, UnitKind
from assistant.shapes.view import DocumentView
from assistant.text import bigrams, fold
from assistant.vocabulary import GENERIC_WORDS
from index.records import PassageRecord

_CN = "零〇一二两三四五六七八九十百千万半"
_AMOUNT = rf"(?:[0-9０-９.]{{1,9}}|[{_CN}]{{1,7}})"
#: What a clause tells of a thing, by the words that tell it; the first that fits names the row.
ASPECTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("含义", r"是指|所称|指的是|，指|是为|是请|是组织|是以|称为"),
        ("金额或标准", rf"{_AMOUNT}\s?(?:万元|元|%|％|平方米|厘米|升)|百分之|标准"),
        ("人数", rf"{_AMOUNT}\s?(?:人|名|位)(?![民大员])"),
        ("期限", rf"{_AMOUNT}\s?(?:个月|年|日|天|个工作日|小时|周)|期限|届满"),
        ("适用情形", r"用于|适用|情形|条件|限于|属于"),
        (
            "由谁办理",
            r"由[^，。；]{2,20}(?:批准|决定|负责|确定|实施|办理|审批|组织)|向[^，。；]{2,24}(?:申请|提出|报告)|负责|统筹|牵头",
        ),
        ("限制", r"不得|禁止|严禁|不予|不再"),
    )
)
OTHER = "其他"
_CUT = re.compile(r"(?<=[。；;])|(?<=[？！])")
_MOST_CLAUSES = 60


@dataclass(frozen=True)
class Clause:
    """A quoted stretch that names one side; ``worth`` by the question's other words."""

    part: Chosen
    aspects: tuple[str, ...]
    worth: float
    rank: int  # of its passage among those found


def of_sides(
    question: Question,
    sides: tuple[str, str],
    found: Iterable[tuple[DocumentView, PassageRecord, int]],
) -> tuple[list[Clause], list[Clause]]:
    """Clauses of the left and of the right side, from (document, passage, rank)."""
    names = (fold(sides[0]), fold(sides[1]))
    words = _beside(question, names)
    told: tuple[list[Clause], list[Clause]] = ([], [])
    for view, passage, rank in found:
        for unit in units_of(passage.text, passage.start):
            if unit.kind is UnitKind.HEADING:
                continue
            for clause in _clauses(unit, names):
                side = _side(fold(clause.text), names)
                if side is None or len(told[side]) >= _MOST_CLAUSES:
                    continue
                folded = fold(clause.text + passage.path)
                worth = sum(word in folded for word in words) / len(words) if words else 1.0
                part = Chosen(clause, passage, view.record)
                told[side].append(Clause(part, aspects_of(clause.text), worth, rank))
    return told


def aspects_of(text: str) -> tuple[str, ...]:
    """What a clause tells of a thing."""
    return tuple(name for name, pattern in ASPECTS if pattern.search(text))


def shared_aspect(left: Clause, right: Clause) -> str:
    """What both tell, "" for nothing of one name."""
    return next((name for name in left.aspects if name in right.aspects), "")


def _beside(question: Question, names: Sequence[str]) -> list[str]:
    """The question's words beside the two sides: in what they are compared."""
    return [
        word
        for word in content_words(question.text)
        if len(word) > 1
        and word not in GENERIC_WORDS
        and not any(word in name or name in word for name in names)
    ]


def _clauses(unit: Unit, names: Sequence[str]) -> list[Unit]:
    """The unit whole where it names one side only, else its clauses."""
    folded = fold(unit.text)
    if unit.kind is UnitKind.ROW or not all(name in folded for name in names):
        return [unit] if any(name in folded for name in names) else []
    pieces = _pieces(unit, _CUT)
    if sum(_side(fold(piece.text), names) is not None for piece in pieces) < 2:
        begins = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        pieces = _pieces(unit, re.compile(rf"(?<=[，,。；])(?=[“「]?(?:所称)?(?:{begins}))"))
    return pieces


def _pieces(unit: Unit, cut: re.Pattern[str]) -> list[Unit]:
    pieces: list[Unit] = []
    place = 0
    for piece in cut.split(unit.text):
        text = piece.strip(" \u3000")
        if text:
            start = unit.start + place + piece.index(text)
            pieces.append(Unit(text, start, start + len(text)))
        place += len(piece)
    return pieces


def _side(folded: str, names: Sequence[str]) -> int | None:
    """Which side a clause is about: the one that it names; of both the last one named."""
    places = [folded.rfind(name) for name in names]
    if places[0] < 0 and places[1] < 0:
        return None
    if places[0] >= 0 and places[1] >= 0:
        if names[0] in names[1] or names[1] in names[0]:  # 会议 and 会议费
            return 0 if len(names[0]) > len(names[1]) else 1
        opens = [folded.find(name) for name in names]
        if abs(opens[0] - opens[1]) - len(names[0 if opens[0] < opens[1] else 1]) <= 1:
            return None  # 函询与初步核实: said of both
        return 0 if places[0] > places[1] else 1
    return 0 if places[0] >= 0 else 1


def alike(left: Clause, right: Clause, sides: tuple[str, str]) -> float:
    """How well two clauses stand side by side: same aspect, same words, same article, 0–4."""
    a = fold(left.part.unit.text).replace(fold(sides[0]), "")
    b = fold(right.part.unit.text).replace(fold(sides[1]), "")
    pairs = bigrams(a) & bigrams(b)
    shared = len(pairs) / max(1, min(len(bigrams(a)), len(bigrams(b))))
    here, there = left.part, right.part
    near = (here.document == there.document) + (
        here.passage.article is not None and here.passage.article == there.passage.article
    )
    return bool(shared_aspect(left, right)) + 2 * shared + 0.4 * near
