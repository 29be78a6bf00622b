"""What an address in a question leads to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.address.parse import Span
from index.records import DocumentRecord, PassageRecord


class Lack(StrEnum):
    """What is not there."""

    DOCUMENT = "document"  # the library has none of that title
    UNCLEAR = "unclear"  # the question doesn't say which document
    PLACE = "place"  # the document has no such article, chapter, 款 or 项


@dataclass(frozen=True)
class Missing:
    """Why an address leads nowhere. ``message`` is a Chinese sentence for the asker.

    ``count`` and ``last`` are those of the level that lacks it: 113 articles, the last one being
    第一百一十三条. ``titles`` are documents that may have been meant.
    """

    lack: Lack
    message: str
    count: int = 0
    last: str = ""
    titles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """One address of a question in one document.

    ``ranges`` are the characters of the document's text that were asked for, one an article (of a
    款 or 项 exactly its own), in order; ``passages`` hold them, in document order. Where something
    is ``missing`` both are empty, but for an unknown title with one that is near: then they are the
    near one's, to be shown as what may have been meant. ``notes`` are Chinese sentences that belong
    to an answer: the title was misspelt, only the first articles of a chapter are shown.
    """

    label: str  # 第五十九条第二款第（三）项
    document: DocumentRecord | None = None
    passages: tuple[PassageRecord, ...] = ()
    ranges: tuple[Span, ...] = ()
    missing: Missing | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """Where a question's addresses lead, in the order of the question.

    ``exact``: the question asks for nothing but the wording, so that the ranges are the answer.
    Otherwise the passages are evidence beside what a search finds. ``ambiguous``: several
    documents, or several articles of one number, fit equally, and all are here.
    """

    references: tuple[Reference, ...]
    exact: bool
    ambiguous: bool = False

    @property
    def passages(self) -> tuple[PassageRecord, ...]:
        """All passages once each, as the references have them."""
        found = {one.passage_id: one for ref in self.references for one in ref.passages}
        return tuple(found.values())

    @property
    def documents(self) -> dict[str, DocumentRecord]:
        """The documents by id."""
        found = (ref.document for ref in self.references)
        return {one.document_id: one for one in found if one is not None}

    @property
    def messages(self) -> tuple[str, ...]:
        """What is missing, in Chinese sentences, each once."""
        return tuple(dict.fromkeys(r.missing.message for r in self.references if r.missing))

    @property
    def notes(self) -> tuple[str, ...]:
        """What to add to an answer, each once."""
        return tuple(dict.fromkeys(note for ref in self.references for note in ref.notes))
