"""Rules that a shown sentence refers to (前款, 本办法第八条, 《监察法》第十五条), found and quoted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Citation, Reference
from assistant.citing import Chosen, cite
from assistant.shapes.view import DocumentView
from assistant.text import read_number
from index.address import Resolution
from index.address.parse import addresses, book_titles, may_hold_address
from index.address.structure import Found, Structure
from index.records import DocumentRecord, SectionRecord

MOST = 6
_NUM = "[零一二两三四五六七八九十百0-9]{1,4}"
_BACK = re.compile(
    rf"(?P<what>前(?P<count>[两二三四五])?款|上款|前(?P<articles>[两二三四五])?条|本条(?:前款)?|本款|前项)"
    rf"(?:规定)?(?:的)?(?:第(?P<paragraph>{_NUM})款)?(?:的)?(?:第?[（(]?(?P<item>{_NUM})[）)]?项)?"
)
#: 刑法第三百八十四条: another law stands before the number, though no book marks say so.
_OTHER_LAW = re.compile(
    r"(?<!本)(?<!办)[\u4e00-\u9fff]{1,12}(?:法|条例|规定|办法|章程|准则|细则|解释)$"
)
_OWN = re.compile(
    r"本(?:法|条例|规定|办法|章程|准则|细则|规程|规则|制度|意见|指引|解释|方案|通知)?$"
)

Resolve = Callable[[str], Resolution | None]


@dataclass(frozen=True)
class _Place:
    """Where a reference leads in a document."""

    said: str
    label: str
    start: int
    end: int


def references(
    chosen: Sequence[Chosen],
    view_of: Callable[[DocumentRecord], DocumentView],
    resolve: Resolve,
    first_number: int,
) -> tuple[Reference, ...]:
    """What the chosen sentences refer to and don't show themselves, in order, each place once.

    ``resolve`` finds an address of another document; numbers of citations begin at
    ``first_number``.
    """
    shown = [(part.document.document_id, part.unit.start, part.unit.end) for part in chosen]
    found: dict[tuple[str, int, int], tuple[_Place, DocumentView]] = {}
    for part in chosen:
        view = view_of(part.document)
        for place, target in _places(part, view, view_of, resolve):
            key = (target.record.document_id, place.start, place.end)
            if key not in found and not _covered(key, shown):
                found[key] = (place, target)
        if len(found) >= MOST:
            break
    return tuple(
        Reference(said=place.said, label=place.label, citation=_quoted(place, view, number))
        for number, (place, view) in enumerate(list(found.values())[:MOST], first_number)
    )


def _covered(key: tuple[str, int, int], shown: Sequence[tuple[str, int, int]]) -> bool:
    """Whether the answer shows all of a place already, or the place lies within one sentence."""
    document, start, end = key
    inside = sorted((a, b) for d, a, b in shown if d == document and a < end and start < b)
    return sum(min(b, end) - max(a, start) for a, b in inside) >= 0.8 * (end - start)


def _quoted(place: _Place, view: DocumentView, number: int) -> Citation:
    text = view.text[place.start : place.end]
    start = place.start + len(text) - len(text.lstrip())
    end = place.end - (len(text) - len(text.rstrip()))
    return cite(number, view.passage_at(start), view.record, start, end, view.text[start:end])


def _places(
    part: Chosen,
    view: DocumentView,
    view_of: Callable[[DocumentRecord], DocumentView],
    resolve: Resolve,
) -> Iterator[tuple[_Place, DocumentView]]:
    text = part.unit.text
    for match in _BACK.finditer(text):
        for place in _back(match, part, view):
            yield place, view
    if not may_hold_address(text):
        return
    titles = book_titles(text)
    structure = Structure(view.outline)
    for group in addresses(text, titles):
        before = text[: group.start]
        if group.start == 0 or group.bare:
            continue  # its own number
        title = next((text[a:b] for a, b in titles if b == group.start), "")
        if title:
            yield from _elsewhere(title, text[group.start : group.end], view_of, resolve)
            continue
        if _OTHER_LAW.search(before) and not _OWN.search(before):
            continue
        for address in group.addresses:
            where = structure.find(address)
            if isinstance(where, Found) and where.total == 1:
                start, end = where.ranges[0]
                if not start <= part.unit.start < end:
                    yield _Place(text[group.start : group.end], address.label, start, end), view


def _elsewhere(
    title: str, address: str, view_of: Callable[[DocumentRecord], DocumentView], resolve: Resolve
) -> Iterator[tuple[_Place, DocumentView]]:
    """An article of another document, where the library has that."""
    resolution = resolve(f"{title}{address}")
    for one in resolution.references if resolution is not None else ():
        if one.document is not None and not one.missing and len(one.ranges) == 1:
            start, end = one.ranges[0]
            label = f"{title}{one.label}"
            yield _Place(f"{title}{address}", label, start, end), view_of(one.document)


def _back(match: re.Match[str], part: Chosen, view: DocumentView) -> Iterator[_Place]:
    """前款, 前两款, 前条, 本条第一款, 前款第二项: from where the sentence stands."""
    here = view.article_of(part.unit.start)
    if here is None:
        return
    what = match["what"]
    paragraphs = _within("paragraph", here, view.outline)
    at = next((i for i, p in enumerate(paragraphs) if p.start <= part.unit.start < p.end), 0)
    if what.startswith("本款") or (what == "本条" and not match["paragraph"]):
        return
    if what in ("前项",):
        return
    if what.startswith("前") and what.endswith("条"):
        index = view.articles.index(here)
        count = read_number(match["articles"]) or 1 if match["articles"] else 1
        for article in view.articles[max(0, index - count) : index]:
            yield from _inside(match, article, view, article.label)
        return
    if match["paragraph"]:
        yield from _inside(match, here, view, here.label)
        return
    count = (read_number(match["count"]) or 1) if match["count"] else 1
    for paragraph in paragraphs[max(0, at - count) : at]:
        yield from _inside(match, paragraph, view, f"{here.label}{paragraph.label}")


def _inside(
    match: re.Match[str], section: SectionRecord, view: DocumentView, label: str
) -> Iterator[_Place]:
    """The 款 and 项 that a reference names within ``section``, or all of it."""
    where = section
    for kind, group in (("paragraph", "paragraph"), ("item", "item")):
        if not match[group] or (kind == "paragraph" and section.kind == "paragraph"):
            continue
        wanted = read_number(match[group])
        inner = _within(kind, where, view.outline)
        found = next((s for s in inner if _number(s.label) == wanted), None)
        if found is None:
            return
        where = found
        label += found.label if kind == "paragraph" else f"第{found.label}项"
    yield _Place(match.group(), label, where.start, where.end)


def _within(
    kind: str, section: SectionRecord, outline: Sequence[SectionRecord]
) -> list[SectionRecord]:
    return [
        one
        for one in outline
        if one.kind == kind and section.start <= one.start and one.end <= section.end
    ]


def _number(label: str) -> int | None:
    found = re.search(_NUM, label)
    return read_number(found[0]) if found else None
