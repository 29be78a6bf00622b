"""Which questions are one gap: same wordings found and different questions kept apart, by bound.

``bench/gap_pairs.jsonl`` holds pairs written for this bench that ask the same in other words. The
pairs that must stay apart are questions on one document of the sample library with different
answers. Run ``python -m bench.gaps``.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from assistant.activity.likeness import COSINE, WORDS, Wording, alike
from index.library import Library
from index.settings import Settings

_HERE = Path(__file__).parent
_SAMPLE = ("questions.jsonl", "questions-staff.jsonl", "questions-heldout.jsonl")
_COSINES = (0.943, COSINE, 0.966, 0.977)
_SHARES = (0.0, 0.5, 0.6, 0.7, 0.8)
Pair = tuple[Wording, Wording]


def main() -> None:
    """Prints the table."""
    settings = Settings()
    if not settings.models_dir.exists():
        settings = Settings(home=Path(tempfile.mkdtemp()))
    with Library(settings) as library:
        encoder = library.encoder
        same = _pairs(library, _written())
        apart = _pairs(library, _different())
    print(f"同一问的两种说法 {len(same)} 对，同一文件上的不同问题 {len(apart)} 对")
    print("余弦  用词  归到一起（应当）  归到一起（不应当）")
    for cosine, words in itertools.product(_COSINES, _SHARES):
        mark = " ←" if (cosine, words) == (COSINE, WORDS) else ""
        right, wrong = (
            sum(alike(a, b, encoder, cosine, words) for a, b in group) for group in (same, apart)
        )
        print(f"{cosine:.3f}  {words:.2f}  {right:>4}/{len(same)}  {wrong:>6}/{len(apart)}{mark}")
    for a, b in apart:
        if alike(a, b, encoder):
            print(f"不应当：{a.text} | {b.text}")
    for a, b in same:
        if not alike(a, b, encoder):
            print(f"没有归到一起：{a.text} | {b.text}")


def _pairs(library: Library, texts: Iterable[tuple[str, str]]) -> list[Pair]:
    pairs = list(texts)
    names = list(dict.fromkeys(itertools.chain.from_iterable(pairs)))
    vectors = library.encoder.encode_queries(names)
    read = {name: Wording.of(name, vector) for name, vector in zip(names, vectors, strict=True)}
    return [(read[a], read[b]) for a, b in pairs]


def _written() -> list[tuple[str, str]]:
    rows = _lines(_HERE / "gap_pairs.jsonl")
    return [(row["a"], row["b"]) for row in rows]


def _different() -> list[tuple[str, str]]:
    """Pairs of questions on one document whose answers differ."""
    corpus = _HERE.parent / "corpus"
    by_document: dict[str, list[dict]] = {}
    for row in itertools.chain.from_iterable(_lines(corpus / name) for name in _SAMPLE):
        if row.get("document"):
            by_document.setdefault(str(row["document"]), []).append(row)
    return [
        (a["q"], b["q"])
        for rows in by_document.values()
        for a, b in itertools.combinations(rows, 2)
        if a["answer_contains"] != b["answer_contains"]
    ]


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
