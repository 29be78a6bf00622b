"""What is gathered while one reference is judged, and the parts of documents that it is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.verification.findings import Check, Place, Verdict, gravest
from assistant.verification.shelf import OpenDocument, Unit
from index.errors import shorten
from index.versions.compare.articles import Article

_SUCCESSOR = 0.28  # likeness from which on an article of today is the old one's successor
_SHOWN = 40


@dataclass
class Judgement:
    """What is gathered on one reference in one document."""

    verdicts: list[Verdict] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    right: Place | None = None

    def add(self, verdict: Verdict, message: str, right: Place | None = None) -> None:
        """One thing that is wrong; the first right place that is told stays."""
        self.verdicts.append(verdict)
        self.messages.append(message)
        self.right = self.right or right

    @property
    def verdict(self) -> Verdict:
        return gravest(self.verdicts)


def range_unit(document: OpenDocument, start: int, end: int) -> Unit:
    """A range of a document as a unit."""
    return Unit(Article("", "", "", start, end), document.text[start:end])


def whole_place(document: OpenDocument, unit: Unit) -> Place:
    """All of a unit as a place under its number."""
    label = unit.article.label or document.label_at(unit.article.start, unit.article.end)
    return document.place(label, unit.article.start, unit.article.end)


def successor(old: Unit, document: OpenDocument) -> Place | None:
    """The article of a document that is most like an old one; None where none is like it."""
    from index.versions.compare.likeness import likeness

    units = [one for one in document.units if one.folded.text]
    if not units or not old.folded.text:
        return None
    alike = likeness([old.text], [one.text for one in units]).alike[0]
    best = int(alike.argmax())
    return whole_place(document, units[best]) if alike[best] >= _SUCCESSOR else None


def short(text: str, limit: int = _SHOWN) -> str:
    """``text`` on one line, for a message."""
    return shorten(text, limit)
