"""Questions with their articles, put into a library of its own: what the retrieval models learn on.

The data are two files in the layout of LeCoQA (MIT): questions ``{"q", "gold": [id]}`` and
passages ``{"id", "title", "text"}``, the title being a rule's name with the article's number.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.changes import DocumentWrite
from index.library import Library
from index.records import DocumentRecord, PassageRecord
from index.settings import Settings

COLLECTION = "训练"
_ADDRESS = re.compile(r"第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?$")


@dataclass(frozen=True)
class Question:
    """A question and the ids of the passages that answer it."""

    text: str
    gold: frozenset[str]


@dataclass(frozen=True)
class Pool:
    """A library, its passage vectors float32 (n, d) in the order of ``ids``, and questions."""

    library: Library
    ids: Sequence[str]
    vectors: np.ndarray
    questions: Sequence[Question]


@contextmanager
def open_pool(home: Path, questions: Path, passages: Path) -> Iterator[Pool]:
    """The pool in ``home``, built there at the first time (minutes)."""
    with Library(Settings(home=home)) as library:
        if not library.catalog.collections():
            library.write_documents(list(_documents(passages)))
        if library.catalog.pending_count():
            library.index_pending(
                lambda done, total: print(f"\r向量化 {done}/{total}", end="", file=sys.stderr)
            )
        selection = library.select()
        name = selection.collections[0]
        ids, vectors = library.vectors.vectors_of_documents(name, sorted(selection.allowed))
        yield Pool(library, ids, vectors, _questions(questions, set(ids)))


def read_pool(questions: Path, passages: Path) -> tuple[list[Question], list[str], list[str]]:
    """The questions, and ids and texts of the passages as the encoder reads them; no library."""
    ids, texts = [], []
    for write in _documents(passages):
        for one in write.passages:
            ids.append(one.passage_id)
            texts.append(one.embedding_text(write.record.title))
    return _questions(questions, set(ids)), ids, texts


def folds(count: int, parts: int = 5, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """(training, held-out) places of ``count`` questions, shuffled, one pair a part."""
    order = np.random.default_rng(seed).permutation(count)
    pieces = np.array_split(order, parts)
    return [(np.concatenate([p for p in pieces if p is not held]), held) for held in pieces]


def _questions(path: Path, known: set[str]) -> list[Question]:
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        gold = frozenset(one for one in row["gold"] if one in known)
        if gold:
            found.append(Question(row["q"], gold))
    return found


def _documents(path: Path) -> Iterator[DocumentWrite]:
    """One document a rule, one passage an article, under the data's own ids."""
    rules: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rules[_ADDRESS.sub("", row["title"]) or row["title"]].append(row)
    for number, (title, rows) in enumerate(rules.items()):
        document_id, at, passages = f"d{number}", 0, []
        for ordinal, row in enumerate(rows):
            address = _ADDRESS.search(row["title"])
            article = address.group() if address else None
            end = at + len(row["text"])
            passages.append(
                PassageRecord(
                    row["id"], document_id, ordinal, article or "", row["text"], at, end,
                    article=article,
                )
            )  # fmt: skip
            at = end + 1
        record = DocumentRecord(document_id, COLLECTION, f"{number}.txt", title, kind="measure")
        yield DocumentWrite(record, "\n".join(row["text"] for row in rows), [], passages)
