"""What a document is about: its outline, with one cited sentence a section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.citing import Chosen
from assistant.evidence import units_of
from assistant.sentences import Unit, UnitKind, item_marker
from assistant.shapes.base import Material, Shaped
from assistant.shapes.view import DocumentView
from assistant.text import bare_title, bigrams, fold
from index.records import DocumentRecord, SectionRecord

MOST = 14
"""Sections that a summary names."""
_SHORT, _LONG = 10, 180  # characters of a sentence that stands for its section
_NAMED = 0.5  # share of a title that names the document
_READ = 4000  # characters of a section that are looked at


class SummaryShape:
    """A sentence a section, in the order of the document."""

    def shape(self, material: Material) -> Shaped:
        """The document that the question names, else the one found best."""
        view, named = _document(material)
        parts = _sections(view)
        chosen = [_of_section(view, part) for part in parts[:MOST]]
        lines = [line for line in chosen if line is not None]
        left = len(parts) - MOST
        notes = (f"全文共 {len(parts)} 部分，这里列出前 {MOST} 部分。",) if left > 0 else ()
        return Shaped(lines, notes=notes, settled=named and bool(lines))


def _document(material: Material) -> tuple[DocumentView, bool]:
    """The document whose title the question has most of, and whether that is most of the title."""
    asked = fold(material.question.text)
    records: dict[str, DocumentRecord] = {}
    for candidate in material.ranked:
        records.setdefault(candidate.hit.document.document_id, candidate.hit.document)
    best, most = material.view.record, 0.0
    for record in records.values():
        title = bare_title(record.title)
        pairs = bigrams(title)
        share = sum(pair in asked for pair in pairs) / max(1, len(pairs))
        if share > most + 0.05:
            best, most = record, share
    return material.shelf.document(best), most >= _NAMED


def _sections(view: DocumentView) -> list[SectionRecord]:
    """Chapters, else the headings of the first rank, else the articles, else the passages; each
    reaches to the next."""
    found: list[SectionRecord] = []
    for kind in ("chapter", "part", "heading"):
        found = _first_rank([one for one in view.outline if one.kind == kind])
        if len(found) > 1:
            break
    if len(found) < 2:
        found = list(view.articles) or [
            SectionRecord("passage", "", one.path, one.start, one.end, 0) for one in view.passages
        ]
    ends = [one.start for one in found[1:]] + [max(found[-1].end, _body_end(view))]
    return [replace(one, end=end) for one, end in zip(found, ends, strict=True)]


def _first_rank(headings: Sequence[SectionRecord]) -> list[SectionRecord]:
    """The headings of the lowest level, and of the style of number that the first of them has
    (一、 before （一）: a page of print does not tell their levels); a lone one is a title."""
    level = min((one.level for one in headings), default=0)
    rank = [one for one in headings if one.level == level]
    if len(rank) == 1:
        return _first_rank([one for one in headings if one.level > level])
    styles = [item_marker(one.label) for one in rank]
    same = [one for one, style in zip(rank, styles, strict=True) if style == styles[0]]
    return same if len(same) > 1 else rank


def _body_end(view: DocumentView) -> int:
    return view.passages[-1].end if view.passages else len(view.text)


def _of_section(view: DocumentView, section: SectionRecord) -> Chosen | None:
    """The sentence of a section that its heading says most of, with the heading as its label."""
    text = view.text[section.start : min(section.end, section.start + _READ)]
    units = units_of(text, section.start)
    title = section.title if section.kind != "article" else ""
    told = [u for u in units if _stands_alone(u)] or [
        u for u in units if u.kind in (UnitKind.ITEM, UnitKind.ROW) and len(u.text) >= _SHORT
    ]
    if not told:
        return None
    best = max(told, key=lambda unit: (_worth(title, unit, told), -unit.start))
    label = f"{section.label} {title}".strip()
    return view.chosen(best).labelled(label)


def _stands_alone(unit: Unit) -> bool:
    """A whole statement: no heading, no lead without its items, no label of two words."""
    return (
        unit.kind is UnitKind.SENTENCE
        and _SHORT <= len(unit.text) <= _LONG
        and not unit.text.startswith(("【", "但", "前款", "前条"))
        and not unit.text.endswith(("：", ":", "？", "?"))
    )


def _worth(title: str, unit: Unit, told: Sequence[Unit]) -> float:
    pairs = bigrams(fold(title))
    folded = fold(unit.text)
    said = sum(pair in folded for pair in pairs) / len(pairs) if pairs else 0.0
    early = 1 - told.index(unit) / len(told)
    return 2 * said + early
