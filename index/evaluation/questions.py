"""From rows to questions: ids that differ, right passages as references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import shorten
from index.evaluation.base import GoldText, Problem, Question
from index.evaluation.files import read_rows
from index.evaluation.files.base import MAX_CELL, Row
from index.evaluation.headings import is_yes

_MAX_GOLD = 200
_SPLIT = re.compile(r"[；;、，,\n]")
_BARE_NUMBER = re.compile(r"[0-9０-９零〇一二三四五六七八九十百千两]{1,12}")


@dataclass(frozen=True)
class QuestionSet:
    """The questions of a file, and what is wrong with its other rows."""

    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]

    @property
    def answerable(self) -> tuple[Question, ...]:
        """Those that the library should hold the answer of."""
        return tuple(one for one in self.questions if not one.unanswerable)


def read_questions(path: Path) -> QuestionSet:
    """The questions of a .jsonl, .csv or .xlsx file; EvaluationError when it can't be used."""
    rows = read_rows(path)
    questions: list[Question] = []
    problems = list(rows.problems)
    seen: dict[str, int] = {}
    for row in rows.rows:
        question = _question(row)
        if isinstance(question, Problem):
            problems.append(question)
            continue
        if question.id in seen:
            other = _another(question.id, seen)
            note = f"编号“{shorten(question.id)}”与第 {seen[question.id]} 行重复，按“{other}”记。"
            problems.append(Problem(row.number, note, left_out=False))
            question = Question(**{**question.__dict__, "id": other})
        seen[question.id] = row.number
        questions.append(question)
    return QuestionSet(tuple(questions), tuple(sorted(problems, key=lambda one: one.row)))


def _question(row: Row) -> Question | Problem:
    values = row.values
    text = values.get("q")
    if not isinstance(text, str) or not text.strip():
        return Problem(row.number, "没有问题（q 一栏是空的或不是文字）。")
    unanswerable = is_yes(values.get("unanswerable"))
    try:
        gold = _gold(values)
    except ValueError:
        return Problem(row.number, "依据应是文字，或由文字组成的列表。")
    if not gold and not unanswerable:
        return Problem(row.number, "没有写依据；文库里本来就没有答案的，请在“无依据”一栏写“是”。")
    if len(gold) > _MAX_GOLD or any(len(one.text) > MAX_CELL for one in gold):
        return Problem(row.number, f"依据太长：最多 {_MAX_GOLD} 处，每格最多 {MAX_CELL} 字。")
    given = _text(values.get("id"))
    return Question(
        row=row.number,
        id=given or str(row.number),
        q=_encodable(text).strip(),
        gold=gold,
        kind=shorten(_text(values.get("kind")), 40),
        unanswerable=unanswerable,
    )


def _text(value: Any) -> str:
    """An id or a kind on one line, without what a terminal would obey."""
    return shorten(_encodable(str(value)), 100) if isinstance(value, str | int | float) else ""


def _encodable(text: str) -> str:
    """JSON may hold half of a surrogate pair, which no store takes."""
    return text.encode("utf-8", "replace").decode()


def _another(name: str, seen: Iterable[str]) -> str:
    count = 2
    while f"{name}~{count}" in seen:
        count += 1
    return f"{name}~{count}"


def _gold(values: dict[str, Any]) -> tuple[GoldText, ...]:
    """``gold`` where it is given, else every article of every document named."""
    given = values.get("gold")
    if isinstance(given, str):
        text = _encodable(given).strip()
        return (GoldText(text),) if text else _addressed(values)
    if given is None:
        return _addressed(values)
    return tuple(GoldText(one, exact=True) for one in _strings(given)) or _addressed(values)


def _addressed(values: dict[str, Any]) -> tuple[GoldText, ...]:
    documents = _strings(values.get("document"))
    articles = [
        _article(part)
        for one in _strings(values.get("article"))
        for part in _SPLIT.split(one)
        if part.strip()
    ]
    return tuple(
        GoldText(f"{document}#{article}" if article else document, exact=True)
        for document in documents
        for article in articles or [""]
    )


def _article(text: str) -> str:
    text = text.strip()
    return f"第{text}条" if _BARE_NUMBER.fullmatch(text) else text


def _strings(value: Any) -> Sequence[str]:
    """A text, a number or a list of texts as texts that are not blank; ValueError for others."""
    if value is None or value == "":
        return []
    found = value if isinstance(value, list) else [value]
    if any(isinstance(one, bool) or not isinstance(one, str | int) for one in found):
        raise ValueError
    return [text for one in found if (text := _encodable(str(one)).strip())]
