"""The examples: questions of several sources, asked of libraries that hold or lack the answer.

A negative made by taking something out of the library is partly mislabelled, since another passage
may answer as well, and weighs less than a question that was written as unanswerable.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.text import fold, similarity
from bench.answers import contains_all, gold_documents, is_answerable
from training.abstaining import generated
from training.abstaining.formula import Example
from training.seen import digest

if TYPE_CHECKING:
    from assistant.extractive import ExtractiveAnswerer
    from assistant.support import Support
    from index.library import Library
    from index.records import Hit

#: What an example of each sort counts.
WEIGHT = {
    "written": 1.0,
    "missed": 0.5,
    "without_passage": 0.2,
    "without_document": 0.15,
    "lay": 0.35,
    "lay_without": 0.2,
    "cloze": 0.12,
    "cloze_without": 0.12,
    "swapped": 0.15,
    "absent": 0.25,
}
_ADDRESS = re.compile(r"第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?$")
_GOLD = 0.9  # share of the chosen sentences' character pairs that stand in a gold article


def written(
    answerer: ExtractiveAnswerer, library: Library, lines: Sequence[dict[str, Any]], source: str
) -> Iterator[Example]:
    """Questions that people wrote, and the answerable ones asked of a poorer library."""
    documents = [
        (d.document_id, Path(d.source).name, library.catalog.document_text(d.document_id))
        for d in library.catalog.documents()
    ]
    for line in lines:
        gold = {Path(name).name for name in gold_documents(line)}
        group = min(gold, default=line["q"])
        tried = answerer.support(line["q"])
        if not is_answerable(line):
            if tried is not None:
                yield _example(tried[0], False, "written", group, source, line["q"])
            continue
        wanted = line["answer_contains"]
        if tried is not None:
            right = contains_all(tried[1], wanted)
            sort = "written" if right else "missed"
            yield _example(tried[0], right, sort, group, source, line["q"])
        lacking = answerer.support(line["q"], without=_holding(wanted, gold))
        if lacking is not None and not contains_all(lacking[1], wanted):
            yield _example(lacking[0], False, "without_passage", group, source, line["q"])
        telling = {
            key for key, name, text in documents if name in gold or contains_all(text, wanted)
        }
        absent = answerer.support(line["q"], without=_within(telling))
        if absent is not None and not contains_all(absent[1], wanted):
            yield _example(absent[0], False, "without_document", group, source, line["q"])


def _holding(wanted: Sequence[str], gold: set[str]) -> Callable[[Hit], bool]:
    """Whether a passage holds any part of the answer (in the answer's document) or all of it."""

    def holds(hit: Hit) -> bool:
        text = hit.passage.text
        if Path(hit.document.source).name in gold:
            return any(contains_all(text, [one]) for one in wanted)
        return contains_all(text, wanted)

    return holds


def _within(documents: set[str]) -> Callable[[Hit], bool]:
    return lambda hit: hit.document.document_id in documents


def lay(
    answerer: ExtractiveAnswerer,
    questions: Path,
    passages: Path,
    count: int,
    source: str,
    known: Container[str] = (),
) -> Iterator[Example]:
    """Lay questions with their articles (LeCoQA's layout), and with the articles' rules away.

    ``known``: digests of questions that the encoder was tuned on, which are left out.
    Right is an answer whose sentences stand in a gold article; other answers of the whole library
    may be right as well and are left out.
    """
    articles = {}
    for line in passages.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        articles[row["id"]] = (_ADDRESS.sub("", row["title"]), fold(row["text"]))
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if digest(row["q"]) not in known]
    for row in random.Random(4).sample(rows, min(count, len(rows))):
        gold = [articles[one] for one in row["gold"] if one in articles]
        rules = {title for title, _ in gold}
        group = min(rules, default=row["id"])
        tried = answerer.support(row["q"])
        if tried is None or not gold:
            continue
        if any(similarity(fold(tried[1]), text) >= _GOLD for _, text in gold):
            yield _example(tried[0], True, "lay", group, source, row["q"])
        away = answerer.support(row["q"], without=lambda hit: hit.document.title in rules)  # noqa: B023
        if away is not None:
            yield _example(away[0], False, "lay_without", group, source, row["q"])


def made(
    answerer: ExtractiveAnswerer, library: Library, count: int, source: str
) -> Iterator[Example]:
    """Generated questions: ``count`` of each sort."""
    chooser = random.Random(11)
    records = {d.document_id: d for d in library.catalog.documents()}
    wholes = {key: library.catalog.document_text(key) for key in records}
    passages = [
        (key, p.text) for key in records for p in library.catalog.passages(key) if len(p.text) > 30
    ]
    for one in generated.clozes(passages, count):
        title = records[one.document].title
        tried = answerer.support(one.q)
        if tried is not None:
            right = one.answer in tried[1]
            yield _example(tried[0], right, "cloze", title, source, one.q)
        away = answerer.support(one.q, without=_saying(one.sentence))
        if away is not None and one.answer not in away[1]:
            yield _example(away[0], False, "cloze_without", title, source, one.q)
        other = generated.swapped(one, wholes[one.document], chooser)
        tried = answerer.support(other.q) if other else None
        if other is not None and tried is not None:
            yield _example(tried[0], False, "swapped", title, source, other.q)
    triples = [(key, text, wholes[key]) for key, text in passages]
    for one in generated.absent(triples, count):
        tried = answerer.support(one.q)
        if tried is not None:
            yield _example(tried[0], False, "absent", records[one.document].title, source, one.q)


def _saying(sentence: str) -> Callable[[Hit], bool]:
    wanted = fold(sentence)
    return lambda hit: similarity(wanted, fold(hit.passage.text)) > 0.8


def _example(support: Support, right: bool, sort: str, group: str, source: str, q: str) -> Example:
    return Example(tuple(asdict(support).values()), right, WEIGHT[sort], group, sort, source, q)
