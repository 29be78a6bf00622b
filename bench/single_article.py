"""Answering and abstaining over one article: ``python -m bench.single_article [--json]``

Each article of ``bench/data/single_articles/`` (newspaper reports and rules, written for this) is
put into a home of its own and asked the questions of ``questions.jsonl`` on it: ``answer_contains``
(every string must stand in the answer; ``a|b`` is met by either), ``unanswerable`` with the sort
of gap (``missing`` fact, ``address`` that does not exist, another ``place``, ``year`` or ``body``),
or ``corrected``: the question takes something for granted that the article says otherwise, and the
answer must say so with what the article has.

Half of the articles (``group`` 留出) are held out: of them only counts are printed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.answers import contains_all, read_questions
from bench.intervals import Share, share

if TYPE_CHECKING:
    from assistant.answer import Answer
    from index.encoder.base import Encoder
    from index.library import Library

ARTICLES = Path(__file__).resolve().parent / "data" / "single_articles"
QUESTIONS = ARTICLES / "questions.jsonl"
HELD_OUT = "留出"
COLLECTION = "单篇"


@dataclass(frozen=True)
class Outcome:
    """What became of one question; ``good``: as its line demands."""

    id: str
    q: str
    group: str
    sort: str  # answerable | premise | a sort of gap
    good: bool
    abstained: bool
    confidence: float
    said: str
    ms: float


def open_article(home: Path, article: Path, encoder: Encoder) -> Library:
    """A library of nothing but one article."""
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    library = Library(Settings(home=home), encoder=encoder)
    ingest_paths(library, [article], COLLECTION)
    return library


def judge(line: dict[str, Any], answer: Answer) -> bool:
    """Whether an answer is what the question's line demands."""
    said = "".join(sentence.text for sentence in answer.sentences)
    if line.get("unanswerable"):
        return answer.abstained
    if line.get("corrected"):
        return any(
            note.startswith(CORRECTION) and contains_all(note, line["corrected"])
            for note in answer.notes
        ) and bool(answer.citations or answer.related)
    return not answer.abstained and contains_all(said, line["answer_contains"])


#: How a note begins that sets a false premise right (assistant.premises).
CORRECTION = "问题里说"


def ask_all(home: Path, encoder: Encoder, lines: Sequence[dict[str, Any]]) -> Iterator[Outcome]:
    """Ask every question of its article."""
    from assistant.extractive import ExtractiveAnswerer

    for number, name in enumerate(dict.fromkeys(line["article"] for line in lines)):
        with open_article(home / f"{number:02}", ARTICLES / name, encoder) as library:
            answerer = ExtractiveAnswerer(library)
            for line in (one for one in lines if one["article"] == name):
                begun = time.perf_counter()
                answer = answerer.answer(line["q"])
                spent = (time.perf_counter() - begun) * 1e3
                said = "".join(sentence.text for sentence in answer.sentences)
                yield Outcome(
                    line["id"],
                    line["q"],
                    line["group"],
                    line.get("kind", "answerable"),
                    judge(line, answer),
                    answer.abstained,
                    answer.confidence,
                    (said or answer.message)[:160] + "".join(f"（注：{n}）" for n in answer.notes),
                    spent,
                )


def figures(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    """The shares of one group by sort, with bootstrap intervals."""
    able = [o for o in outcomes if o.sort == "answerable"]
    premises = [o for o in outcomes if o.sort == "premise"]
    unable = [o for o in outcomes if o.sort not in ("answerable", "premise")]
    refused = [o for o in (*able, *unable) if o.abstained]
    return {
        "答对": share([o.good for o in able]),
        "误拒": share([o.abstained for o in able]),
        "拒答": share([o.good for o in unable]),
        "纠正": share([o.good for o in premises]),
        "拒答精确率": share([o in unable for o in refused]),
    }


def print_table(outcomes: Sequence[Outcome]) -> None:
    """One row a group; then what failed, of the held-out half only how many of each sort."""
    print("| 组 | 能回答：答对 | 误拒 | 不能回答：拒答 | 错误前提：纠正 | 拒答精确率 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for group in dict.fromkeys(o.group for o in outcomes):
        own = figures([o for o in outcomes if o.group == group])
        print(f"| {group} | " + " | ".join(str(one) for one in own.values()) + " |")
    for one in outcomes:
        if not one.good and one.group != HELD_OUT:
            print(f"- {one.sort} {one.confidence:.2f} {one.q} → {one.said}")
    apart = [o.sort for o in outcomes if not o.good and o.group == HELD_OUT]
    if apart:
        counts = "、".join(f"{sort} {apart.count(sort)}" for sort in dict.fromkeys(apart))
        print(f"- {HELD_OUT}组未如愿：{counts}")


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description="单篇文章上的回答与拒答")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.add_argument("--models", type=Path, help="编码器所在目录；默认用 LUMING_HOME 的")
    args = parser.parse_args()
    from index.encoder import load_encoder
    from index.settings import Settings

    settings = Settings()
    encoder = load_encoder(settings.encoder, args.models or settings.models_dir)
    lines = read_questions(QUESTIONS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        outcomes = []
        for one in ask_all(Path(temporary), encoder, lines):
            outcomes.append(one)
            print(f"\r{len(outcomes)}/{len(lines)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    if args.json:
        kept = [asdict(o) if o.group != HELD_OUT else {"group": o.group, "sort": o.sort,
                "good": o.good} for o in outcomes]  # fmt: skip
        print(json.dumps({"outcomes": kept}, ensure_ascii=False))
    else:
        print_table(outcomes)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
