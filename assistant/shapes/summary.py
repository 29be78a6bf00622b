"""What a document is about: its outline, with one cited sentence a section."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citing import Chosen
from assistant.evidence import units_of
from assistant.sentences import Unit, UnitKind
from assistant.shapes.base import Material, Shaped
from assistant.shapes.view import DocumentView
from assistant.text import bigrams, fold
from index.records import DocumentRecord, SectionRecord

MOST = 14
"""Sections that a summary names."""
_SHORT, _LONG = 10, 180  # characters of a sentence that stands for its section
_READ = 4000  # characters of a section that are looked at


class SummaryShape:
    """A sentence a section, in the order of the document."""

    def shape(self, material: Material) -> Shaped:
        """The document that the question names, else the one found best."""
        view = _document(material)
        parts = _sections(view)
        chosen = [_of_section(view, part) for part in parts[:MOST]]
        lines = [line for line in chosen if line is not None]
        left = len(parts) - MOST
        notes = (f"全文共 {len(parts)} 部分，这里列出前 {MOST} 部分。",) if left > 0 else ()
        return Shaped(lines, notes=notes)


def _document(material: Material) -> DocumentView:
    """The view of the document whose title the question has most of."""
    asked = fold(material.question.text)
    records: dict[str, DocumentRecord] = {}
    for candidate in material.ranked:
        records.setdefault(candidate.hit.document.document_id, candidate.hit.document)
    best, most = material.view.record, 0.0
    for record in records.values():
        title = fold(record.title)
        pairs = bigrams(title)
        share = sum(pair in asked for pair in pairs) / max(1, len(pairs))
        if share > most + 0.05:
            best, most = record, share
    return material.shelf.document(best) if best != material.view.record else material.view


def _sections(view: DocumentView) -> list[SectionRecord]:
    """Chapters, else the headings of the first level, else the articles."""
    for kinds in (("chapter",), ("part",), ("heading",)):
        found = [one for one in view.outline if one.kind in kinds]
        level = min((one.level for one in found), default=0)
        found = [one for one in found if one.level == level]
        if len(found) > 1:
            return found
        if found and kinds == ("heading",):  # a title, and the real headings below it
            below = [one for one in view.outline if one.kind == "heading" and one.level > level]
            second = min((one.level for one in below), default=0)
            inner = [one for one in below if one.level == second]
            if len(inner) > 1:
                return inner
    if view.articles:
        return list(view.articles)
    return [SectionRecord("passage", "", one.path, one.start, one.end, 0) for one in view.passages]


def _of_section(view: DocumentView, section: SectionRecord) -> Chosen | None:
    """The sentence of a section that its heading says most of, with the heading as its label."""
    text = view.text[section.start : min(section.end, section.start + _READ)]
    units = [u for u in units_of(text, section.start) if u.start >= section.start]
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
