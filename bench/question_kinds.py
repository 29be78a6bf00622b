"""How well are questions understood? ``python -m bench.question_kinds [--split heldout] [--json]``

Reads ``bench/data/question_kinds.jsonl``: 353 questions written by the project on twenty topics of
office life, each labelled with its kind (several for several questions), places, bodies, years,
version and collection. The held-out topics were written first; the rules are made on the others
(``dev``). Prints the accuracy by kind with 95 % Wilson intervals, then how many questions an asking
holds, and the constraints.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.question import Kind, split, understand

QUESTIONS = Path(__file__).resolve().parent / "data" / "question_kinds.jsonl"
Row = dict[str, Any]


def read_rows(split_name: str | None = None) -> list[Row]:
    """The labelled questions of a split, or all."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [row for row in rows if split_name in (None, row["split"])]


def wilson(right: int, total: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if not total:
        return 0.0, 1.0
    z, p = 1.96, right / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def kinds_of(row: Row) -> list[Kind]:
    """The kinds that the program reads in a row, one a question."""
    return [understand(one.text).kind for one in split(row["q"]).questions]


def constraints_right(row: Row) -> bool:
    """Whether place, body, year, version and collection are exactly those of the label."""
    read = understand(row["q"])
    places = {p for p in read.places if p not in read.bodies}
    version = "old" if read.wants_old else "new" if read.wants_new else ""
    compared = row["kinds"] == ["compare"]
    return (
        places == set(row.get("places", ()))
        and set(read.bodies) == set(row.get("bodies", ()))
        and set(read.years) == set(row.get("years", ()))
        and (compared or version == row.get("version", ""))
        and (not row.get("collection") or read.collection == row["collection"])
    )


def measure(rows: Sequence[Row]) -> dict[str, Any]:
    """Right and total by kind, over all, of the numbers of questions, and of the constraints."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: list[str] = []
    several = [0, 0]
    for row in rows:
        found = kinds_of(row)
        several[0] += len(found) == len(row["kinds"])
        several[1] += 1
        for at, kind in enumerate(row["kinds"]):
            told = found[at] if at < len(found) else None
            total[kind] += 1
            right[kind] += told == kind
            if told != kind:
                wrong.append(f"{row['q']}：{kind}，读作 {told}")
    constrained = [row for row in rows if any(k in row for k in _CONSTRAINTS)]
    return {
        "by_kind": {kind: [right[kind], total[kind]] for kind in sorted(total)},
        "all": [sum(right.values()), sum(total.values())],
        "several": several,
        "constraints": [sum(map(constraints_right, constrained)), len(constrained)],
        "no_constraints": [
            sum(constraints_right(row) for row in rows if row not in constrained),
            len(rows) - len(constrained),
        ],
        "wrong": wrong,
    }


_CONSTRAINTS = ("places", "bodies", "years", "version", "collection")


def _cell(pair: Sequence[int]) -> str:
    low, high = wilson(*pair)
    return f"{pair[0]}/{pair[1]} = {pair[0] / max(1, pair[1]):.3f} [{low:.3f}, {high:.3f}]"


def print_table(found: dict[str, dict[str, Any]]) -> None:
    """One column a split; what was read wrongly is shown of the development part only."""
    kinds = sorted({kind for one in found.values() for kind in one["by_kind"]})
    print("| | " + " | ".join(found) + " |\n|---|" + "---|" * len(found))
    for kind in kinds:
        cells = [_cell(one["by_kind"].get(kind, (0, 0))) for one in found.values()]
        print(f"| {kind} | " + " | ".join(cells) + " |")
    for title, key in _TOTALS:
        print(f"| {title} | " + " | ".join(_cell(one[key]) for one in found.values()) + " |")
    for line in found.get("dev", {}).get("wrong", ()):
        print(f"- {line}")


_TOTALS = (
    ("全部", "all"),
    ("问了几件事", "several"),
    ("约束词", "constraints"),
    ("无约束词的不误读", "no_constraints"),
)


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description="问题理解的效果")
    parser.add_argument("--split", choices=["dev", "heldout"], help="只量其中一部分")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    args = parser.parse_args()
    splits = [args.split] if args.split else ["dev", "heldout"]
    report = {one: measure(read_rows(one)) for one in splits}
    if args.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print_table(report)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
