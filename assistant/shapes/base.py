"""The contract of a shape: from ranked sentences to what the answer shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from assistant.citing import Chosen
from assistant.evidence import Candidate
from assistant.question import Question
from assistant.shapes.view import DocumentView

if TYPE_CHECKING:
    from index.records import DocumentRecord, Hit, SearchFilter


class Shelf(Protocol):
    """What a shape may read beside the sentences found."""

    def document(self, record: DocumentRecord) -> DocumentView:
        """Text, passages and outline of a document."""

    def search(self, query: str, k: int, flt: SearchFilter) -> list[Hit]:
        """The library's own search."""

    def family(self, record: DocumentRecord) -> list[DocumentRecord]:
        """All versions of a rule that the library has, the oldest first; it is one of them."""


@dataclass(frozen=True)
class Material:
    """What a shape is given. ``ranked`` is never empty, best first; ``view`` is the document of
    the first."""

    question: Question
    ranked: Sequence[Candidate]
    view: DocumentView
    shelf: Shelf
    flt: SearchFilter

    @property
    def anchor(self) -> Candidate:
        """The best sentence."""
        return self.ranked[0]


@dataclass(frozen=True)
class DraftTable:
    """Rows of what each column says; a cell is a run of units, empty where nothing is said.

    ``aspects`` are the heads of the rows; ``columns`` those of the two sides.
    """

    columns: tuple[str, str]
    aspects: tuple[str, ...]
    rows: tuple[tuple[tuple[Chosen, ...], tuple[Chosen, ...]], ...]


@dataclass(frozen=True)
class Shaped:
    """The units of an answer in reading order, with a table of them where sides are compared.

    Every unit of the table is among ``chosen``. ``notes`` are Chinese sentences for the asker.
    ``other``: more may be told from another passage that answers as well. ``settled``: the shape
    itself has found what is asked for by name (the document, both sides), so that the likeness of
    single sentences to the question does not decide.
    """

    chosen: list[Chosen]
    table: DraftTable | None = None
    notes: tuple[str, ...] = field(default=())
    other: bool = False
    settled: bool = False


class Shape(Protocol):
    """Gives an answer its form."""

    def shape(self, material: Material) -> Shaped:
        """The units that answer; empty where this form does not fit what was found."""
