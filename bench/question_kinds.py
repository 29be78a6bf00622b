"""How well are questions understood? ``python -m bench.question_kinds [--split heldout] [--json]``

Reads ``bench/data/question_kinds.jsonl``: 353 questions written by the project on twenty topics of
office life, each labelled with its kind (several for several questions), places, bodies, years,
version and collection. The held-out topics were written first; rules and model are made on the
others (``dev``). Prints the accuracy by kind with 95 % Wilson intervals, for rules alone and for
rules with the learned model, then how many questions an asking holds, and the constraints.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.question import Guess, Kind, split, understand

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


def kinds_of(row: Row, guess: Guess | None) -> list[Kind]:
    """The kinds that the program reads in a row, one a question."""
    return [understand(one.text, guess).kind for one in split(row["q"]).questions]


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


def measure(rows: Sequence[Row], guess: Guess | None) -> dict[str, Any]:
    """Right and total by kind, over all, of the numbers of questions, and of the constraints."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: list[str] = []
    several = [0, 0]
    for row in rows:
        found = kinds_of(row, guess)
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


def learned_guess() -> Guess | None:
    """The shipped model on the default encoder; None where none is shipped."""
    from assistant.question.learned import shipped_model
    from index.encoder import load_encoder
    from index.settings import Settings

    model = shipped_model()
    if model is None:
        return None
    settings = Settings()
    encoder = load_encoder(settings.encoder, settings.models_dir)

    def guess(text: str) -> Kind | None:
        return model.kind(encoder.encode_queries([text])[0])

    return guess


def _cell(pair: Sequence[int]) -> str:
    low, high = wilson(*pair)
    return f"{pair[0]}/{pair[1]} = {pair[0] / max(1, pair[1]):.3f} [{low:.3f}, {high:.3f}]"


def print_table(found: dict[str, dict[str, Any]], show_wrong: bool) -> None:
    """One column a way of reading."""
    names = list(found)
    kinds = sorted({kind for one in found.values() for kind in one["by_kind"]})
    print("| | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for kind in kinds:
        print(f"| {kind} | " + " | ".join(_cell(f["by_kind"][kind]) for f in found.values()) + " |")
    rows: tuple[tuple[str, str], ...] = (
        ("全部", "all"),
        ("问了几件事", "several"),
        ("约束词", "constraints"),
        ("无约束词的不误读", "no_constraints"),
    )
    for title, key in rows:
        print(f"| {title} | " + " | ".join(_cell(f[key]) for f in found.values()) + " |")
    if show_wrong:
        for line in list(found.values())[-1]["wrong"]:
            print(f"- {line}")


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description="问题理解的效果")
    parser.add_argument("--split", choices=["dev", "heldout"], help="只量其中一部分")
    parser.add_argument("--rules", action="store_true", help="只用规则，不加载编码器")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    args = parser.parse_args()
    guesses: dict[str, Callable[[], Guess | None]] = {"规则": lambda: None}
    if not args.rules:
        guesses["规则+模型"] = learned_guess
    made = {name: make() for name, make in guesses.items()}
    splits = [args.split] if args.split else ["dev", "heldout"]
    report = {
        one: {name: measure(read_rows(one), guess) for name, guess in made.items()}
        for one in splits
    }
    if args.json:
        print(json.dumps(report, ensure_ascii=False))
        return 0
    for one, found in report.items():
        print(f"\n{one}")
        print_table(found, show_wrong=one == "dev")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
