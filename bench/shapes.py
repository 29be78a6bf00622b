"""Do answers have the shape that is asked for? ``python -m bench.shapes [--split heldout] [--json]``

Asks ``bench/data/shape_questions.jsonl``: 129 questions of the project's own on the sample library
and on real regulations (``../shared/eval/party_regulations``, left out where it isn't there), a
third of them on documents held out while the shapes were made. Each line names the document and
what must be there:

- ``list``, ``steps``: ``items``, every one, in this order; with ``count`` exactly so many items,
- ``rule``: ``contains`` (rule and condition) and ``exception``,
- ``compare``: a table in which every pair of ``cells`` stands in one row, one string a side,
- ``summary``: every one of ``sections`` as a labelled, cited line, in order,
- ``number``, ``date``, ``person``, ``place``, ``document``: ``contains``, and ``bold`` marked,
- ``definition``, ``article``: ``contains``, of that ``article`` only,
- ``reference``: ``contains``, and the rule referred to (``reference``) quoted beside it.

Then the newspaper article ``bench/data/single_article.md`` alone in a library, with 30 questions
that it answers and 15 that it does not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.answers import CORPUS, contains_all
from bench.question_kinds import wilson
from bench.structure import DEVELOPMENT

if TYPE_CHECKING:
    from assistant.answer import Answer
    from index.library import Library

DATA = Path(__file__).resolve().parent / "data"
REGULATIONS = DEVELOPMENT / "party_regulations"
Row = dict[str, Any]


def read(name: str, split: str | None = None) -> list[Row]:
    """The lines of a data file, of one split or all."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [row for row in rows if split in (None, row["split"])]


def open_with(home: Path, sources: Sequence[Path], collection: str) -> Library:
    """A library of these files."""
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    library = Library(Settings(home=home))
    ingest_paths(library, list(sources), collection)
    return library


def fault(row: Row, answer: Answer) -> str:
    """What the answer lacks, "" where it is as asked for."""
    from assistant.text import fold

    if answer.abstained:
        return "拒答"
    if not any(fold(row["document"]) in fold(c.title) for c in answer.citations):
        return "别的文件"
    text = "".join(sentence.text for sentence in answer.sentences)
    for key in ("contains", "exception"):
        missing = [w for w in row.get(key, ()) if not contains_all(text, [w])]
        if missing:
            return f"缺{missing[0]}"
    checks = {
        "list": _items,
        "steps": _items,
        "compare": _table,
        "summary": _outline,
        "article": _article,
        "reference": _reference,
    }
    check = checks.get(row["shape"], _bold if "bold" in row else None)
    return check(row, answer) if check is not None else ""


def _items(row: Row, answer: Answer) -> str:
    from assistant.text import fold

    text = fold("".join(sentence.text for sentence in answer.sentences))
    place = 0
    for item in row["items"]:
        found = text.find(fold(item), place)
        if found < 0:
            return f"缺第{row['items'].index(item) + 1}项或次序不对：{item}"
        place = found + len(fold(item))
    shown = sum(sentence.kind == "item" for sentence in answer.sentences)
    if "count" in row and shown not in (0, row["count"]):
        return f"列了{shown}项，应为{row['count']}项"
    return ""


def _table(row: Row, answer: Answer) -> str:
    if answer.table is None:
        return "没有表"
    for left, right in row["cells"]:
        if not any(
            any(contains_all(a.text, [left]) for a in cells[1:])
            and any(contains_all(b.text, [right]) for b in cells[1:])
            for cells in answer.table.rows
        ):
            return f"缺一行：{left}｜{right}"
    uncited = [c for cells in answer.table.rows for c in cells[1:] if c.text and not c.citations]
    return "有一格没有出处" if uncited else ""


def _outline(row: Row, answer: Answer) -> str:
    from assistant.text import fold

    labels = [fold(sentence.label) for sentence in answer.sentences]
    place = 0
    for section in row["sections"]:
        found = next((i for i in range(place, len(labels)) if fold(section) in labels[i]), None)
        if found is None:
            return f"缺一部分：{section}"
        place = found + 1
    return ""


def _article(row: Row, answer: Answer) -> str:
    others = {c.article for c in answer.citations} - {row["article"]}
    return f"混入{others}" if others else ""


def _reference(row: Row, answer: Answer) -> str:
    quoted = "".join(one.citation.quote for one in answer.references)
    quoted += "".join(sentence.text for sentence in answer.sentences)
    return "" if contains_all(quoted, [row["reference"]]) else "没有引用的条文"


def _bold(row: Row, answer: Answer) -> str:
    from assistant.text import fold

    marked = [fold(s.text[a:b]) for s in answer.sentences for a, b in s.highlights]
    wanted = fold(row["bold"])
    return "" if any(wanted in one or one in wanted for one in marked if one) else "没有标出"


def ask(library: Library, rows: Sequence[Row]) -> list[Row]:
    """Every row with its ``fault``, the answer's text and the time."""
    from assistant.extractive import ExtractiveAnswerer

    answerer = ExtractiveAnswerer(library)
    answerer.answer("本文库收录了哪些文件？")
    found = []
    for row in rows:
        begun = time.perf_counter()
        answer = answerer.answer(row["q"])
        ms = (time.perf_counter() - begun) * 1e3
        told = "｜".join(s.text for s in answer.sentences)[:160]
        found.append({**row, "fault": fault(row, answer), "told": told, "ms": ms})
    return found


def single_article(home: Path, split: str | None) -> dict[str, Any]:
    """The newspaper article alone: answered right, refused rightly, and what failed."""
    from assistant.extractive import ExtractiveAnswerer

    library = open_with(home, [DATA / "single_article.md"], "文章")
    answerer = ExtractiveAnswerer(library)
    counts: dict[str, list[int]] = {"答对": [0, 0], "拒答对": [0, 0]}
    failed = []
    for row in read("single_article.jsonl", split):
        answer = answerer.answer(row["q"])
        text = "".join(sentence.text for sentence in answer.sentences)
        able = "answer_contains" in row
        right = (
            not answer.abstained and contains_all(text, row["answer_contains"])
            if able
            else answer.abstained
        )
        name = "答对" if able else "拒答对"
        counts[name][0] += right
        counts[name][1] += 1
        if not right:
            failed.append({"q": row["q"], "split": row["split"], "told": text[:120]})
    library.close()
    return {**counts, "failed": failed}


def share(pair: Sequence[int]) -> str:
    """A share with its 95 % interval."""
    low, high = wilson(*pair)
    return f"{pair[0]}/{pair[1]} = {pair[0] / max(1, pair[1]):.3f} [{low:.3f}, {high:.3f}]"


def print_tables(asked: Sequence[Row], article: dict[str, Any]) -> None:
    """By shape and split; what failed is shown of the development part only."""
    shapes: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in asked:
        for shape in (row["shape"], "全部"):
            shapes[shape][row["split"]][0] += not row["fault"]
            shapes[shape][row["split"]][1] += 1
    splits = sorted({row["split"] for row in asked})
    print("| 形状 | " + " | ".join(splits) + " |\n|---|" + "---|" * len(splits))
    for shape in sorted(shapes, key=lambda name: (name == "全部", name)):
        print(f"| {shape} | " + " | ".join(share(shapes[shape][s]) for s in splits) + " |")
    slow = [row["ms"] for row in asked if row["shape"] in ("compare", "summary")]
    plain = [row["ms"] for row in asked if row["shape"] not in ("compare", "summary")]
    for name, times in (("对比、概括", slow), ("其他", plain)):
        if times:
            print(f"耗时 p50（{name}）{statistics.median(times):.0f} ms")
    print(f"单篇文章：答对 {share(article['答对'])}，拒答对 {share(article['拒答对'])}")
    for row in asked:
        if row["fault"] and row["split"] == "dev":
            print(f"- {row['shape']} {row['q']}：{row['fault']} → {row['told']}")
    for one in article["failed"]:
        if one["split"] == "dev":
            print(f"- 单篇 {one['q']} → {one['told'] or '拒答'}")


def measure(split: str | None, regulations: Path | None) -> tuple[list[Row], dict[str, Any]]:
    """All questions of a split asked; ``regulations`` is a home that holds them already."""
    rows = read("shape_questions.jsonl", split)
    asked: list[Row] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        base = Path(folder)
        sources = (
            ("corpus", base / "corpus", CORPUS, "示例文库"),
            ("regulations", regulations or base / "regulations", REGULATIONS, "法规"),
        )
        for source, home, files, collection in sources:
            if not files.exists():
                continue
            library = open_with(home, [files], collection)
            asked += ask(library, [row for row in rows if row["source"] == source])
            library.close()
        return asked, single_article(base / "article", split)


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description="回答的形状")
    parser.add_argument("--split", choices=["dev", "heldout"], help="只问其中一部分")
    parser.add_argument("--regulations-home", type=Path, help="已放好真实法规的数据目录")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    args = parser.parse_args()
    asked, article = measure(args.split, args.regulations_home)
    if args.json:
        print(json.dumps({"asked": asked, "article": article}, ensure_ascii=False))
    else:
        print_tables(asked, article)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
