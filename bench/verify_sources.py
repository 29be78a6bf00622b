"""Documents to cite in made sentences, and the parts of such sentences, for ``bench.verify``."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.verification import Verdict
from assistant.verification.shelf import OpenDocument, Unit
from assistant.verification.wording import stands_in
from index.numerals import parse_article, to_chinese

SENTENCE = re.compile(r"(?:^|(?<=[。；\n：]))[^。；\n：]{14,90}[。；]")
REFERRING = re.compile("第[一二三四五六七八九十百]+[条款项章]|前款|本条|《|“|”|\\(|（")
_VERSION = re.compile(r"[（(〔_].*$|[0-9]{4}.*$")
_NATIONAL = re.compile("中华人民共和国|中国共产党")


@dataclass(frozen=True)
class Case:
    """One sentence. ``target`` is the reference in it as written; "" for a distractor.

    ``right`` is the label that a wrong number should be corrected to, "" where none is told.
    """

    kind: str
    text: str
    target: str
    expected: Verdict | None
    right: str = ""


@dataclass(frozen=True)
class Source:
    """A document to cite: how it is called, its articles, and whether it is of the held-out half."""

    document: OpenDocument
    full: str
    short: str
    units: tuple[Unit, ...]
    held_out: bool

    def label(self, unit: Unit) -> str:
        """第五条."""
        return unit.article.label


def source_of(document: OpenDocument, taken: set[str]) -> Source | None:
    """A document as a source; None where it has no articles or its name isn't its own."""
    full = plain_title(document.record.title)
    units = tuple(
        one for one in document.units
        if parse_article(one.article.label) and len(one.folded.text) > 20
    )  # fmt: skip
    if len(units) < 3 or full in taken or len(full) > 40:
        return None
    labels = [one.article.label for one in document.units]
    units = tuple(one for one in units if labels.count(one.article.label) == 1)
    taken.add(full)
    return Source(document, full, _NATIONAL.sub("", full) or full, units, is_held_out(full))


def plain_title(title: str) -> str:
    """A title without marks of its version."""
    bare = title.strip("《》").replace("（示例）", "")
    while (shorter := _VERSION.sub("", bare)) != bare and len(shorter) > 3:
        bare = shorter
    return bare.strip("_- ")


def is_held_out(title: str) -> bool:
    """Half of all titles, always the same."""
    return zlib.crc32(title.encode()) % 2 == 1


class Parts:
    """Makes the sentences of one source with one random generator."""

    def __init__(self, source: Source, dice: random.Random, older: Sequence[OpenDocument]) -> None:
        self.source = source
        self.dice = dice
        self.older = older
        self.held = source.held_out

    # -- parts -----------------------------------------------------------------------------------

    def unit(self) -> Unit:
        return self.dice.choice(self.source.units)

    def quote(self, fits: Callable[[str], bool] = bool) -> tuple[Unit, str] | None:
        """An article and a sentence of it that stands nowhere else in the document."""
        units = list(self.source.units)
        self.dice.shuffle(units)
        for unit in units[:40]:
            body = unit.text[len(unit.article.label) :]
            found = [m[0] for m in SENTENCE.finditer(body) if not REFERRING.search(m[0])]
            self.dice.shuffle(found)
            for text in (one.strip(" \u3000") for one in found):
                if fits(text) and self._once(text):
                    return unit, text
        return None

    def _once(self, text: str) -> bool:
        return (
            sum(stands_in(text, one.folded) is not None for one in self.source.document.units) == 1
        )

    def pick(self, *wordings: str, fresh: Sequence[str]) -> str:
        """One wording: of ``wordings`` for development, of ``fresh`` for what is held out."""
        return self.dice.choice(fresh if self.held else wordings)

    def arabic(self, unit: Unit) -> str:
        number = parse_article(unit.article.label) or (1,)
        return f"第{number[0]}条" + "".join(f"之{to_chinese(one)}" for one in number[1:])

    def case(
        self, kind: str, wording: str, target: str, verdict: Verdict, right: str = "", **words: str
    ) -> Case:
        return Case(kind, wording.format(target=target, **words), target, verdict, right)
