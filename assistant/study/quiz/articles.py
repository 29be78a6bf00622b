"""What can be asked about: articles of rules, their sentences that stand alone, and their lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.sentences import UnitKind, split_units
from assistant.study.model import StudyCitation
from assistant.study.quiz.plain import balanced, self_standing, standing_lead
from assistant.study.titles import shown_title
from index.records import DocumentRecord, PassageRecord

MOST_ARTICLE = 6_000  # characters; what is longer is no article a question can be made of
_HEAD = re.compile(
    r"\s*[*#\s]{0,6}第[零〇○一二两三四五六七八九十百千0-9]{1,9}条(?:之[一二三四五六七八九十]{1,2})?[*\s　：:]{0,6}"
    r"(?:[【\[][^】\]\n]{1,30}[】\]][\s　]*)?"
)
_MARKER = re.compile(
    r"\s*(?:[（(][一二三四五六七八九十0-9]{1,4}[）)]|[0-9]{1,2}[.．、]|[一二三四五六七八九十]{1,3}、|[①-⑳])\s*"
)
_LISTED = re.compile(
    r"(?:下列|以下)(?P<any>任一|任何|之一的)?(?P<noun>[\u4e00-\u9fff]{2,8}?)(?P<one>之一)?(?=的|，|：|:|$|进行|办理|实施|开展)"
)
_CATCH_ALL = re.compile(
    "^(?:法律|行政法规|党内法规|国家|国务院|章程)?[^，；]{0,24}其他|^其他|^其它|需要.{0,12}的其他"
)


@dataclass(frozen=True)
class Article:
    """One article (in prose: one passage) of a document in force."""

    document: DocumentRecord
    title: str  # as a question names it, without 《》
    label: str  # 第十二条; "" in prose
    path: str
    text: str
    start: int
    end: int
    passages: tuple[PassageRecord, ...]
    weight: float = 1.0  # how central to the topic, 0-1

    @property
    def named(self) -> str:
        """《…办法》第十二条."""
        return f"《{self.title}》{self.label}"

    @property
    def key(self) -> tuple[str, int]:
        """The same for the same article of the same document."""
        return self.document.document_id, self.start

    def cite(self, start: int, end: int) -> StudyCitation:
        """The characters ``start:end`` of the document, which lie in this article."""
        home = next((p for p in self.passages if p.start <= start < p.end), self.passages[0])
        return StudyCitation(
            document_id=self.document.document_id,
            passage_id=home.passage_id,
            collection=self.document.collection,
            title=self.document.title,
            path=home.path,
            article=self.label or home.article,
            page=home.page,
            quote=self.text[start - self.start : end - self.start],
            start=start,
            end=end,
            validity=self.document.validity,
        )

    @cached_property
    def parts(self) -> tuple[tuple[Sentence, ...], tuple[Listing, ...]]:
        """Sentences that can be read alone, and lists whose lead can."""
        return _parts(self)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The first sentences of its 款 that can be read alone."""
        return self.parts[0]

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Its lists of 项."""
        return self.parts[1]


@dataclass(frozen=True)
class Sentence:
    """A whole sentence, which begins a 款 and needs nothing around it."""

    article: Article
    text: str
    start: int
    end: int
    leading: bool  # the article's first

    @property
    def key(self) -> tuple[str, int]:
        """The same for the same sentence."""
        return self.article.document.document_id, self.start

    def cite(self) -> StudyCitation:
        """The sentence."""
        return self.article.cite(self.start, self.end)


@dataclass(frozen=True)
class ListItem:
    """One 项; ``text`` without number and final sign, ``start:end`` with them."""

    text: str
    start: int
    end: int

    @property
    def open(self) -> bool:
        """Whether it only says that there are others."""
        return bool(_CATCH_ALL.search(self.text))


@dataclass(frozen=True)
class Listing:
    """A lead and its 项, whole and in order."""

    article: Article
    lead: str  # without the colon
    noun: str  # 情形, 职责; "" where the lead names none
    one_of: bool  # 下列情形之一
    items: tuple[ListItem, ...]
    start: int
    end: int

    @property
    def key(self) -> tuple[str, int]:
        """The same for the same list."""
        return self.article.document.document_id, self.start

    def cite(self) -> StudyCitation:
        """Lead and items."""
        return self.article.cite(self.start, self.end)

    def as_sentences(self) -> tuple[Sentence, ...]:
        """The items as sentences of their own, for lists of definitions."""
        return tuple(
            Sentence(self.article, f"{one.text}。", one.start, one.end, False) for one in self.items
        )

    def cite_lead(self) -> StudyCitation:
        """The lead alone."""
        return self.article.cite(self.start, self.start + len(self.lead))

    def cite_item(self, item: ListItem) -> StudyCitation:
        """One item."""
        return self.article.cite(item.start, item.end)


def read_articles(
    document: DocumentRecord, text: str, passages: Sequence[PassageRecord], weight: float = 1.0
) -> list[Article]:
    """The articles of a document out of its passages; in prose each passage is one."""
    title = shown_title(document.title)
    groups: list[list[PassageRecord]] = []
    for passage in passages:
        if passage.article is None and document.article_count:
            continue  # title, history, contents, tail
        last = groups[-1][-1] if groups else None
        if last is not None and last.article is not None and last.article == passage.article:
            groups[-1].append(passage)
        else:
            groups.append([passage])
    found = []
    for group in groups:
        start, end = group[0].start, group[-1].end
        if 0 < end - start <= MOST_ARTICLE:
            found.append(
                Article(
                    document,
                    title,
                    group[0].article or "",
                    group[0].path,
                    text[start:end],
                    start,
                    end,
                    tuple(group),
                    weight,
                )
            )
    return found


def _parts(article: Article) -> tuple[tuple[Sentence, ...], tuple[Listing, ...]]:
    head = _HEAD.match(article.text)
    skip = head.end() if head else 0
    base = article.start + skip
    units = split_units(article.text[skip:], base)
    sentences: list[Sentence] = []
    listings: list[Listing] = []
    line_starts = {base} | {
        article.start + m.end() for m in re.finditer(r"\n[\s　]*", article.text) if m.end() > skip
    }
    for i, unit in enumerate(units):
        if unit.kind is UnitKind.LEAD:
            members = []
            for other in units[i + 1 :]:
                if other.group != unit.group or other.kind is not UnitKind.ITEM:
                    break
                members.append(other)
            clean = [_item(m.text, m.start, m.end) for m in members]
            listing = _listing(article, unit.text, unit.start, clean)
            if listing is not None:
                listings.append(listing)
        elif (
            unit.kind is UnitKind.SENTENCE
            and unit.start in line_starts
            and self_standing(unit.text)
        ):
            sentences.append(Sentence(article, unit.text, unit.start, unit.end, unit.start == base))
    return tuple(sentences), tuple(listings)


def _item(text: str, start: int, end: int) -> ListItem | None:
    marker = _MARKER.match(text)
    if marker is None:
        return None
    return ListItem(text[marker.end() :].strip(" 　；;。"), start, end)


def _listing(
    article: Article, lead: str, start: int, items: Sequence[ListItem | None]
) -> Listing | None:
    """A list all of whose items are single lines of the same rank; None for any other."""
    whole = [one for one in items if one is not None and one.text]
    bare = lead.rstrip("：: 　")
    if len(whole) != len(items) or not 3 <= len(whole) <= 20 or not standing_lead(bare):
        return None
    if not all(balanced(one.text) for one in whole):
        return None
    found = _LISTED.search(bare)
    noun = found["noun"] if found else ""
    return Listing(
        article,
        bare,
        noun,
        bool(found and found["one"]),
        tuple(whole),
        start,
        whole[-1].end,
    )
