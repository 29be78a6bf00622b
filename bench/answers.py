"""How good are the answers on the sample library? ``python -m bench.answers [--json]``

Ingests ``corpus/`` into a home (a temporary one, or ``--home``) and asks three sets of questions:

- ``corpus/questions.jsonl``, written with the sample library,
- ``corpus/questions-staff.jsonl``, in the words of staff who have not read it; used in development,
- ``corpus/questions-heldout.jsonl``, written together with the second and split from it at random;
  nothing is tuned or fitted on it.

Each line has ``q``, ``document`` (file, or a list of files), ``answer_contains`` (every string
must stand in the answer; ``a|b`` is met by either) and, for a question that the library cannot
answer, ``unanswerable: true``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.calibration import Calibration, calibration
from bench.intervals import Share, share

if TYPE_CHECKING:
    from assistant.answer import Answer
    from index.library import Library

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
SETS = {
    "示例": CORPUS / "questions.jsonl",
    "员工": CORPUS / "questions-staff.jsonl",
    "留出": CORPUS / "questions-heldout.jsonl",
}


@dataclass
class Outcome:
    """What became of one question."""

    q: str
    result: str  # right | wrong | refused | refused_rightly | answered_wrongly
    cited: bool
    sentences: int
    ms: float
    answer: str = ""
    confidence: float = 0.0


@dataclass
class Report:
    """Shares over all questions, and those that failed."""

    answerable: int
    unanswerable: int
    answered_right: float
    cited_right: float
    wrongly_refused: float
    wrongly_answered: float
    mean_sentences: float
    p50_ms: float
    p95_ms: float
    refusal_precision: Share
    refusal_recall: Share
    calibration: Calibration
    failures: list[Outcome] = field(default_factory=list)


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The lines of a questions file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def is_answerable(question: dict[str, Any]) -> bool:
    """Whether the library holds the answer."""
    return bool(question.get("answerable", not question.get("unanswerable", False)))


def gold_documents(question: dict[str, Any]) -> list[str]:
    """File names of the documents that hold the answer."""
    value = question.get("document") or question.get("documents") or []
    return [value] if isinstance(value, str) else list(value)


def open_corpus(home: Path, corpus: Path = CORPUS) -> Library:
    """A library of the sample documents in ``home``."""
    from index.library import Library
    from index.settings import Settings
    from ingest.pipeline import ingest_paths

    library = Library(Settings(home=home))
    ingest_paths(library, [corpus], "示例文库")  # leaves alone what has not changed
    return library


def judge(question: dict[str, Any], answer: Answer, sources: dict[str, str], ms: float) -> Outcome:
    """Compare an answer with what the question's line demands."""
    text = "".join(sentence.text for sentence in answer.sentences)
    if not is_answerable(question):
        result = "refused_rightly" if answer.abstained else "answered_wrongly"
    elif answer.abstained:
        result = "refused"
    else:
        result = "right" if contains_all(text, question.get("answer_contains", [])) else "wrong"
    gold = [Path(name).name for name in gold_documents(question)]
    cited = any(Path(sources.get(c.document_id, "")).name in gold for c in answer.citations)
    return Outcome(
        question["q"], result, cited, len(answer.sentences), ms, text[:300], answer.confidence
    )


def contains_all(text: str, wanted: Sequence[str] | str) -> bool:
    """Whether every wanted string (``a|b``: one of them) stands in ``text``, marks aside."""
    from assistant.text import fold

    demands = [wanted] if isinstance(wanted, str) else wanted
    folded = fold(text)
    return all(any(fold(one) in folded for one in demand.split("|")) for demand in demands)


def run(library: Library, questions: Sequence[dict[str, Any]]) -> Report:
    """Ask every question once in a warm process."""
    from assistant.extractive import ExtractiveAnswerer

    answerer = ExtractiveAnswerer(library)
    sources = {d.document_id: d.source for d in library.catalog.documents()}
    answerer.answer("本文库收录了哪些文件？")  # loads the encoder and the stores
    outcomes = []
    for question in questions:
        begun = time.perf_counter()
        answer = answerer.answer(question["q"])
        outcomes.append(judge(question, answer, sources, (time.perf_counter() - begun) * 1e3))
    return summarise(questions, outcomes)


def summarise(questions: Sequence[dict[str, Any]], outcomes: Sequence[Outcome]) -> Report:
    """The report of the outcomes."""
    pairs = list(zip(questions, outcomes, strict=True))
    able = [o for q, o in pairs if is_answerable(q)]
    unable = [o for q, o in pairs if not is_answerable(q)]
    times = sorted(o.ms for o in outcomes)
    refused = [o for o in outcomes if o.result in ("refused", "refused_rightly")]
    return Report(
        answerable=len(able),
        unanswerable=len(unable),
        answered_right=_share(o.result == "right" for o in able),
        cited_right=_share(o.cited for o in able),
        wrongly_refused=_share(o.result == "refused" for o in able),
        wrongly_answered=_share(o.result == "answered_wrongly" for o in unable),
        mean_sentences=statistics.fmean([o.sentences for o in outcomes if o.sentences] or [0.0]),
        p50_ms=times[len(times) // 2],
        p95_ms=times[int(0.95 * (len(times) - 1))],
        refusal_precision=share([o.result == "refused_rightly" for o in refused]),
        refusal_recall=share([o.result == "refused_rightly" for o in unable]),
        calibration=calibration(*would_be_right(outcomes)),
        failures=[o for o in outcomes if o.result not in ("right", "refused_rightly")],
    )


def would_be_right(outcomes: Sequence[Outcome]) -> tuple[list[float], list[bool]]:
    """Confidences and whether an answer would be right; of a wrong refusal that is not known, so
    those are left out."""
    known = [o for o in outcomes if o.result != "refused"]
    return [o.confidence for o in known], [o.result == "right" for o in known]


def _share(values: Any) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def print_table(reports: dict[str, Report]) -> None:
    """One column a set, then what failed in each; of the held-out set only how many."""
    rows = [
        ("", *reports),
        ("---", *("---" for _ in reports)),
        ("能回答的问题", *(f"{r.answerable}" for r in reports.values())),
        ("答对", *(f"{r.answered_right:.1%}" for r in reports.values())),
        ("引用了正确文件", *(f"{r.cited_right:.1%}" for r in reports.values())),
        ("误拒", *(f"{r.wrongly_refused:.1%}" for r in reports.values())),
        ("不能回答的问题", *(f"{r.unanswerable}" for r in reports.values())),
        ("误答", *(f"{r.wrongly_answered:.1%}" for r in reports.values())),
        ("拒答精确率", *(str(r.refusal_precision) for r in reports.values())),
        ("拒答召回率", *(str(r.refusal_recall) for r in reports.values())),
        (
            "把握的校准 Brier / ECE",
            *(f"{r.calibration.brier:.3f} / {r.calibration.ece:.3f}" for r in reports.values()),
        ),
        ("平均句数", *(f"{r.mean_sentences:.2f}" for r in reports.values())),
        (
            "耗时 p50 / p95",
            *(f"{r.p50_ms:.0f} / {r.p95_ms:.0f} ms" for r in reports.values()),
        ),
    ]
    for row in rows:
        print("| " + " | ".join(row) + " |")
    for name, report in reports.items():
        print(f"\n把握与实际（{name}）\n{report.calibration.lines()}")
    for name, report in reports.items():
        for failure in report.failures if name != "留出" else ():
            print(f"- {name} {failure.result}：{failure.q} → {failure.answer[:120]}")


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description="示例文库的问答效果")
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    parser.add_argument("--questions", type=Path, help="只问这一个问题集")
    parser.add_argument("--home", type=Path, help="示例文库放在这里，下次再用；默认用临时目录")
    parser.add_argument("--shapes", action="store_true", help="再量回答的形状（见 bench.shapes）")
    args = parser.parse_args()
    sets = {args.questions.stem: args.questions} if args.questions else SETS
    absent = [path.name for path in sets.values() if not path.is_file()]
    if absent:
        print(f"没有问题集：{'、'.join(absent)}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        library = open_corpus(args.home or Path(temporary))
        reports = {name: run(library, read_questions(path)) for name, path in sets.items()}
        library.close()
    if args.json:
        found = {name: asdict(report) for name, report in reports.items()}
        print(json.dumps(found, ensure_ascii=False))
    else:
        print_table(reports)
    if args.shapes:
        from bench import shapes

        asked, article = shapes.measure(None, None)
        print()
        shapes.print_tables(asked, article)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
