"""The articles of a document out of its passages; in prose each passage stands for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.study.model import StudyCitation
from assistant.study.titles import shown_title
from index.records import DocumentRecord, PassageRecord
from index.versions.titles import plain

RULES = ("policy", "measure")
#: Titles of what is filed as a rule and only speaks about rules.
_COMMENTARY = re.compile("解析|理解与适用|解读|释义|问答|解答|汇总|清单|一览表|体系$|座谈会纪要")
_PREAMBLE = 160  # characters: what stands before the first heading, if it is this short
_HEAD = re.compile(
    r"[*#\s]{0,12}第[零〇○一二两三四五六七八九十百千0-9]{1,9}条(?:之[一二三四五六七八九十]{1,2})?[*\s　：:]{0,6}"
)


@dataclass(frozen=True)
class Article:
    """One article. ``text`` is ``document text[start:end]`` exactly, number included."""

    document: DocumentRecord
    passages: tuple[PassageRecord, ...]
    text: str
    start: int
    end: int
    position: int  # among the document's articles, from 0

    @property
    def key(self) -> tuple[str, int]:
        """The same for the same article of the same document."""
        return self.document.document_id, self.start

    @property
    def label(self) -> str:
        """第十二条; "" in prose."""
        return self.passages[0].article or ""

    @property
    def path(self) -> str:
        """第三章 监督/第十二条, or the headings."""
        return self.passages[0].path

    @property
    def title(self) -> str:
        """The document's title without book marks."""
        return self.document.title.strip("《》")

    @property
    def place(self) -> str:
        """第十二条, or in prose the last heading."""
        return self.label or self.path.rsplit("/", 1)[-1]

    @property
    def heading(self) -> str:
        """《…办法》第十二条."""
        inner = self.label or (f"“{self.place}”" if self.place else "")
        return f"《{shown_title(self.document.title)}》{inner}"

    @property
    def rule(self) -> bool:
        """Whether it is of a rule and not of a lesson, case or commentary."""
        return is_rule(self.document)

    @cached_property
    def body(self) -> str:
        """The text without the article's number."""
        head = _HEAD.match(self.text)
        return self.text[head.end() :] if head else self.text

    @property
    def characters(self) -> int:
        """How many characters are read aloud, blanks aside."""
        return sum(not char.isspace() for char in self.text)

    def cite(self, start: int | None = None, end: int | None = None) -> StudyCitation:
        """The article, or the characters ``start:end`` of its document that lie in it."""
        first = self.start if start is None else start
        last = self.end if end is None else end
        home = next((p for p in self.passages if p.start <= first < p.end), self.passages[0])
        return StudyCitation(
            document_id=self.document.document_id,
            passage_id=home.passage_id,
            collection=self.document.collection,
            title=self.title,
            path=home.path,
            article=home.article,
            page=home.page,
            quote=self.text[first - self.start : last - self.start],
            start=first,
            end=last,
            validity=self.document.validity,
        )


def is_rule(document: DocumentRecord) -> bool:
    """Whether a document lays down rules itself."""
    return document.kind in RULES and not _COMMENTARY.search(document.title)


def articles_of(
    document: DocumentRecord, text: str, passages: Sequence[PassageRecord]
) -> list[Article]:
    """The articles in order. Title, history, contents and signature of a rule are none."""
    groups: list[list[PassageRecord]] = []
    headed = any(one.path for one in passages)
    for passage in sorted(passages, key=lambda one: one.ordinal):
        if document.article_count and passage.article is None:
            continue
        if not document.article_count and not _said(passage, document):
            continue
        if headed and not passage.path and len(passage.text) <= _PREAMBLE:
            continue  # a date, a remark on the file
        last = groups[-1][-1] if groups else None
        if (
            last
            and last.article
            and (last.article, _above(last))
            == (
                passage.article,
                _above(passage),
            )
        ):
            groups[-1].append(passage)
        else:
            groups.append([passage])
    return [
        Article(
            document,
            tuple(group),
            text[group[0].start : group[-1].end],
            group[0].start,
            group[-1].end,
            position,
        )
        for position, group in enumerate(groups)
    ]


def _said(passage: PassageRecord, document: DocumentRecord) -> bool:
    """Whether a passage of prose says anything beyond its heading or the title."""
    said = plain(passage.text)
    return len(said) >= 20 and said != plain(document.title)


def _above(passage: PassageRecord) -> str:
    """The path above the article: appendices number anew."""
    parts = passage.path.split("/")
    return "/".join(parts[: parts.index(passage.article)] if passage.article in parts else parts)
