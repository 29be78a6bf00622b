"""From references to passages of the library.

A title that is written neither whole nor as a file's name (简称, 旧称) is left to ``address``, the
resolver that answers questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from index.catalog import Catalog
from index.errors import shorten
from index.evaluation.base import Gold, GoldText, Question
from index.evaluation.names import DocumentNames
from index.evaluation.references import (
    Address,
    Reference,
    label_number,
    parse_reference,
    split_references,
)
from index.evaluation.scope import outside, passes
from index.records import DocumentRecord, PassageRecord, SearchFilter, SectionRecord
from index.selection import Selection

AddressResolver = Callable[[str, SearchFilter], Sequence[str]]
"""(《X》第N条 as written, filter) → the ids of its passages, [] when it can't tell."""

_NO_HEADINGS = frozenset(
    {"title", "preamble", "contents", "article", "paragraph", "item", "subitem"}
)
_BEGINNING = 4  # characters of a heading that tell it from others
_MOST = 200  # references in one text
_KEPT = 64  # documents whose passages and outline are kept at hand


@dataclass(frozen=True)
class Resolved:
    """A question's right places, the references that lead nowhere, and remarks, in Chinese."""

    gold: tuple[Gold, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class GoldResolver:
    """Finds what a question's references name, among what the filter lets a search find."""

    def __init__(
        self,
        catalog: Catalog,
        flt: SearchFilter,
        selection: Selection,
        address: AddressResolver | None = None,
    ) -> None:
        self._catalog = catalog
        self._flt = flt
        self._selection = selection
        self._address = address
        self._names = DocumentNames(catalog.documents())
        self._parts = lru_cache(_KEPT)(self._load)

    def resolve(self, question: Question) -> Resolved:
        """The places of all references of a question; places that overlap become one."""
        found: list[Gold] = []
        missing: list[str] = []
        notes: list[str] = []
        for given in question.gold:
            for result in self._given(given):
                if isinstance(result, _Found):
                    found.append(result.gold)
                    notes.extend(result.notes)
                else:
                    missing.append(result)
        return Resolved(
            _disjoint(found), tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(notes))
        )

    def _given(self, given: GoldText) -> Iterator[_Found | str]:
        """A text is one reference where it can be read so, else those between its separators."""
        whole = self._one(given.text)
        parts = [] if given.exact else list(islice(split_references(given.text), _MOST))
        if isinstance(whole, _Found) or len(parts) < 2:
            yield whole
        else:
            yield from map(self._one, parts)

    def _one(self, text: str) -> _Found | str:
        passages = self._catalog.passages_by_id([text])
        if passages:
            return self._passage(passages[text])
        reference = parse_reference(text)
        if not reference.source:
            return f"“{shorten(text)}”没有写是哪份文件的。"
        documents = self._names.find(reference.source)
        if not documents:
            ids = self._address(text, self._flt) if self._address is not None else ()
            return _Found(Gold(text, frozenset(ids))) if ids else self._unknown(text, reference)
        inside = [one for one in documents if passes(one, self._selection)]
        if not inside:
            return outside(documents[0], self._flt)
        return self._place(text, reference, inside)

    def _passage(self, passage: PassageRecord) -> _Found | str:
        document = self._catalog.documents_by_id([passage.document_id])[passage.document_id]
        if not passes(document, self._selection):
            return outside(document, self._flt)
        label = f"《{document.title}》{passage.path.rpartition('/')[2]}"
        return _Found(Gold(label, frozenset([passage.passage_id])))

    def _unknown(self, text: str, reference: Reference) -> str:
        like = self._names.like(reference.source)
        hint = f"，标题里有它的是：{'；'.join(shorten(one) for one in like)}" if like else ""
        return f"“{shorten(text)}”：文库里没有叫“{shorten(reference.source)}”的文件{hint}。"

    def _place(
        self, text: str, reference: Reference, documents: Sequence[DocumentRecord]
    ) -> _Found | str:
        """The place in every document of the name: one document may be in two collections."""
        ids: list[str] = []
        held: list[tuple[DocumentRecord, str]] = []
        for document in documents:
            found, label = self._in_document(document.document_id, reference)
            if found:
                ids.extend(one.passage_id for one in found)
                held.append((document, label))
        title = shorten(documents[0].title)
        if not ids:
            return f"“{shorten(text)}”：《{title}》里没有{_written(reference) or '内容'}。"
        notes: tuple[str, ...] = ()
        if len({one.content_hash for one, _ in held}) > 1:
            notes = (f"“{shorten(text)}”对应 {len(held)} 份文件，找到任一份里的都算对。",)
        return _Found(Gold(f"《{held[0][0].title}》{held[0][1]}", frozenset(ids)), notes)

    def _in_document(
        self, document_id: str, reference: Reference
    ) -> tuple[list[PassageRecord], str]:
        """The passages of the place, and its name as the document writes it."""
        passages, outline = self._parts(document_id)
        if reference.address is not None:
            places = _places(outline, reference.address)
        elif reference.heading:
            whole = [one for one in passages if _squeezed(one.path) == _squeezed(reference.heading)]
            if whole:
                return whole, whole[0].path.rpartition("/")[2]
            places = _headings(outline, reference.heading)
        else:
            return list(passages), ""
        found = [
            one
            for one in passages
            if any(one.start < end and start < one.end for start, end, _ in places)
        ]
        return found, places[0][2] if places else ""

    def _load(self, document_id: str) -> tuple[list[PassageRecord], list[SectionRecord]]:
        return self._catalog.passages(document_id), self._catalog.outline(document_id)


@dataclass(frozen=True)
class _Found:
    gold: Gold
    notes: tuple[str, ...] = ()


def _places(outline: Sequence[SectionRecord], address: Address) -> list[tuple[int, int, str]]:
    """Range and name of an address; 第一款 of an article of one 款 is the article."""
    places: list[tuple[int, int, str]] = []
    for article in outline:
        if article.kind != "article" or label_number(article.label) != address.article:
            continue
        inside = [one for one in outline if article.start <= one.start and one.end <= article.end]
        steps: list[SectionRecord | None] = [article]
        if address.paragraph is not None:
            paragraphs = [one for one in inside if one.kind == "paragraph"]
            if paragraphs or address.paragraph != 1:
                steps.append(_numbered(paragraphs, address.paragraph))
        if address.item is not None:
            within = steps[-1] or article
            items = [one for one in inside if one.kind == "item" and _in(one, within)]
            steps.append(_numbered(items, address.item))
        found = [one for one in steps if one is not None]
        if len(found) == len(steps):
            name = "".join(one.label for one in found)
            places.append((found[-1].start, found[-1].end, name))
    return places


def _in(one: SectionRecord, other: SectionRecord) -> bool:
    return other.start <= one.start < other.end


def _numbered(sections: Sequence[SectionRecord], number: int) -> SectionRecord | None:
    return next((one for one in sections if label_number(one.label) == (number,)), None)


def _headings(outline: Sequence[SectionRecord], heading: str) -> list[tuple[int, int, str]]:
    """Ranges and names of the sections under a heading, given with or without its number.

    The last step of a path is enough; the beginning of a long heading too.
    """
    wanted = _squeezed(heading.rpartition("/")[2] or heading)
    return [
        (one.start, one.end, f"{one.label}{one.title}")
        for one in outline
        if one.kind not in _NO_HEADINGS and _is_named(one, wanted)
    ]


def _is_named(section: SectionRecord, wanted: str) -> bool:
    title, label = _squeezed(section.title), _squeezed(section.label)
    name = label + title
    return wanted in (title, label, name) or (len(wanted) >= _BEGINNING and name.startswith(wanted))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _written(reference: Reference) -> str:
    address = reference.address
    if address is None:
        return f"“{shorten(reference.heading)}”" if reference.heading else ""
    text = f"第{address.article[0]}条" + "".join(f"之{part}" for part in address.article[1:])
    if address.paragraph is not None:
        text += f"第{address.paragraph}款"
    return text if address.item is None else f"{text}第{address.item}项"


def _disjoint(found: Sequence[Gold]) -> tuple[Gold, ...]:
    """Places without a passage in common: those that share one are put together."""
    merged: list[Gold] = []
    for one in found:
        apart = [other for other in merged if not other.passages & one.passages]
        for other in merged:
            if other.passages & one.passages:
                one = Gold(other.label, other.passages | one.passages)
        merged = [*apart, one]
    return tuple(merged)
