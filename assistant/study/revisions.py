"""What the last revision changed in the articles of the topic."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from assistant.evidence import presence
from assistant.study.model import Change, StudyCitation
from assistant.study.scope import Scope
from assistant.text import fold
from index.records import SUPERSEDED, DocumentRecord
from index.versions.compare.articles import Article as Unit
from index.versions.compare.articles import read_articles
from index.versions.compare.comparison import Change as Found
from index.versions.compare.comparison import compare

if TYPE_CHECKING:
    from index.library import Library

MOST = 8
_DOCUMENTS = 3
_HOLDS = 0.75  # share of the topic that a removed article holds to be named
_WORDS = 24
_SIGNS = re.compile(r"[\s　，。；：、（）()]+")


def revisions(
    library: Library,
    scope: Scope,
    documents: Sequence[str],
    only: Collection[tuple[str, int]] | None = None,
) -> tuple[Change, ...]:
    """Changes of the articles in the scope, by document in the order given; at most ``MOST``.

    Only where the library holds the version right before. Articles whose words stayed the same
    are none. ``only``: keys of the articles to look at; what was removed then isn't.
    """
    known = library.documents()[1]
    central = {
        one.article.key: one.score
        for one in scope.articles
        if only is None or one.article.key in only
    }
    found: list[Change] = []
    for document_id in documents[:_DOCUMENTS]:
        before = _before(library, document_id, known)
        if before is None or document_id not in known:
            continue
        found += _compared(
            library, scope, before, known[document_id], central, removed=only is None
        )
    return tuple(found[:MOST])


def _before(
    library: Library, document_id: str, known: dict[str, DocumentRecord]
) -> DocumentRecord | None:
    """The version right before a document, where the library has it and it no longer holds."""
    status = library.versions.status(document_id, date.today())
    if status.predecessor_id in known:
        before = known[status.predecessor_id]
        return before if before.validity in SUPERSEDED else None
    version, chain = (
        library.versions.version(document_id),
        library.versions.chain_of(document_id),
    )
    if version is None or chain is None or version.rank is None:
        return None
    older = [
        known[one.document_id]
        for one in chain.versions
        if one.rank is not None and one.rank < version.rank and one.document_id in known
    ]
    return next((one for one in reversed(older) if one.validity in SUPERSEDED), None)


def _compared(
    library: Library,
    scope: Scope,
    old: DocumentRecord,
    new: DocumentRecord,
    central: dict[tuple[str, int], float],
    removed: bool,
) -> list[Change]:
    catalog = library.catalog
    texts = {one.document_id: catalog.document_text(one.document_id) for one in (old, new)}
    units = [
        read_articles(texts[one.document_id], catalog.outline(one.document_id))
        for one in (old, new)
    ]
    starts = sorted(start for document_id, start in central if document_id == new.document_id)
    rated: list[tuple[float, int, Change]] = []
    for place, change in enumerate(compare(*units).changes):
        if change.kind in ("unchanged", "moved"):
            continue
        if change.new is None and not removed:
            continue
        worth = _worth(change, scope, new, central, starts)
        if worth <= 0:
            continue
        made = _change(change, old, new, texts)
        rated.append((worth, place, made))
    best = sorted(rated, key=lambda one: (-one[0], one[1]))[:MOST]
    return [one for _, _, one in sorted(best, key=lambda one: one[1])]


def _worth(
    change: Found,
    scope: Scope,
    new: DocumentRecord,
    central: dict[tuple[str, int], float],
    starts: Sequence[int],
) -> float:
    if change.new is not None:
        inside = [
            one
            for one in starts
            if change.new.start <= one < max(change.new.end, change.new.start + 1)
        ]
        return max((central[new.document_id, one] for one in inside), default=0.0)
    text = fold(change.old.text) if change.old else ""
    total = sum(scope.weights.values()) or 1.0
    share = sum(w * presence(word, text) for word, w in scope.weights.items()) / total
    return share if share >= _HOLDS else 0.0


def _change(
    change: Found, old: DocumentRecord, new: DocumentRecord, texts: dict[str, str]
) -> Change:
    kinds: dict[str, Literal["added", "removed"]] = {"added": "added", "removed": "removed"}
    unit = change.new or change.old
    return Change(
        title=new.title.strip("《》"),
        article=unit.label if unit else "",
        kind=kinds.get(change.kind, "changed"),
        old=_cite(change.old, old, texts) if change.old else None,
        new=_cite(change.new, new, texts) if change.new else None,
        summary=_summary(change),
    )


def _cite(unit: Unit, record: DocumentRecord, texts: dict[str, str]) -> StudyCitation:
    text = texts[record.document_id]
    start, end = unit.start, unit.end
    while end > start and text[end - 1].isspace():
        end -= 1
    return StudyCitation(
        document_id=record.document_id,
        collection=record.collection,
        title=record.title.strip("《》"),
        path="/".join(part for part in (unit.path, unit.label) if part),
        article=unit.label or None,
        quote=text[start:end],
        start=start,
        end=end,
        validity=record.validity,
    )


def _summary(change: Found) -> str:
    """What changed, in the changed words themselves."""
    if change.kind == "added":
        source = f"（由原{change.split_from}分出）" if change.split_from else ""
        return f"新增的一条{source}"
    if change.kind == "removed":
        into = f"，内容并入{change.merged_into}" if change.merged_into else ""
        return f"删去的一条{into}"
    said: list[str] = []
    removed = ""
    for segment in change.segments:
        words = _SIGNS.sub("", segment.text)
        if segment.kind == "removed":
            if removed:
                said.append(f"删去“{_short(removed)}”")
            removed = words
        elif segment.kind == "added":
            if removed and words:
                said.append(f"“{_short(removed)}”改为“{_short(words)}”")
            elif words:
                said.append(f"增加“{_short(words)}”")
            removed = ""
        elif removed:
            said.append(f"删去“{_short(removed)}”")
            removed = ""
    if removed:
        said.append(f"删去“{_short(removed)}”")
    moved = ""
    if change.old and change.new and change.old.label != change.new.label and change.old.label:
        moved = f"原{change.old.label}；"
    more = f"等 {len(said)} 处" if len(said) > 3 else ""
    return moved + ("；".join(said[:3]) + more if said else "文字有改动")


def _short(text: str) -> str:
    return text if len(text) <= _WORDS else text[: _WORDS - 1] + "…"
