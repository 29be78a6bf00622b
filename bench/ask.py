"""How long does an answer take at 26 thousand passages, warm and from the shell?

    python -m bench.ask [--home DIR] [--questions 300] [--json]

``--home`` is a home that ``bench.ingest``'s files or any others were put into; without it the
statutes are ingested first, which takes minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.structure import DEVELOPMENT


def make_questions(library: Any, count: int) -> list[str]:
    """Real lay questions where the development data are there, else made from articles."""
    path = DEVELOPMENT / "lecoqa.train.jsonl"
    chooser = random.Random(7)
    if path.exists():
        rows = [json.loads(line)["q"] for line in path.read_text(encoding="utf-8").splitlines()]
        return chooser.sample(rows, min(count, len(rows)))
    questions: list[str] = []
    documents = library.catalog.documents()
    while len(questions) < count:
        document = chooser.choice(documents)
        passages = library.catalog.passages(document.document_id)
        clause = re.split("[，。；：]", chooser.choice(passages).text.split("　", 1)[-1])[0]
        if 4 < len(clause) < 40:
            questions.append(f"{clause}有什么规定？")
    return questions


def warm(home: Path, count: int) -> dict[str, float]:
    """Milliseconds of an answer in a process that has answered before."""
    from assistant.factory import make_answerer
    from index.library import Library
    from index.settings import Settings

    with Library(Settings(home=home)) as library:
        questions = make_questions(library, count + 10)
        answerer = make_answerer(library)
        for question in questions[:10]:
            answerer.answer(question)
        searched, answered = [], []
        for question in questions[10:]:
            started = time.perf_counter()
            library.search(question, 24)
            between = time.perf_counter()
            answerer.answer(question)
            searched.append((between - started) * 1000)
            answered.append((time.perf_counter() - between) * 1000)
        passages = sum(one.passage_count for one in library.catalog.documents())
    return {
        "passages": passages,
        "questions": len(answered),
        "search_p50": statistics.median(searched),
        "p50": statistics.median(answered),
        "p95": statistics.quantiles(answered, n=20)[18],
        "max": max(answered),
    }


def cold(home: Path) -> float:
    """Median seconds of ``luming ask`` from the shell."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "ui.cli", "ask", "公务员受处分的期间是多久？", "--json"],
            env={**os.environ, "LUMING_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="提问的快慢")
    parser.add_argument("--home", type=Path, help="已放好文件的数据目录")
    parser.add_argument("--questions", type=int, default=300, help="问多少个不同的问题")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = options.home
        if home is None:
            from bench.ingest import in_process
            from bench.law_files import write_laws

            home = Path(folder) / "home"
            write_laws(Path(folder) / "files")
            in_process("--part", "ingest", str(Path(folder) / "files"), str(home))
        found = {**warm(home, options.questions), "cold_seconds": cold(home)}
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(f"{found['passages']:.0f} 段，{found['questions']:.0f} 个问题")
    print(f"检索 p50 {found['search_p50']:.0f} 毫秒")
    print(f"回答 p50 {found['p50']:.0f} / p95 {found['p95']:.0f} / 最长 {found['max']:.0f} 毫秒")
    print(f"从命令行冷启动提问 {found['cold_seconds']:.1f} 秒")


if __name__ == "__main__":
    main()
