"""What an answer is: sentences, each pointing at the passages that say so."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Citation(BaseModel):
    """One passage that an answer leans on. ``quote`` is ``document text[start:end]`` exactly."""

    model_config = ConfigDict(frozen=True)

    n: int = Field(description="number shown in the answer, from 1")
    document_id: str
    passage_id: str
    title: str
    path: str
    article: str | None = None
    page: int | None = None
    quote: str
    start: int
    end: int
    collection: str = ""
    validity: str = "不明"
    missing: bool = Field(default=False, description="the file is no longer where it was")


class Sentence(BaseModel):
    """One sentence of the answer. ``citations`` are numbers of :class:`Citation`, never empty.

    ``highlights`` are (start, end) ranges in ``text`` that hold the very answer (a number, a
    name), shown bold. ``kind`` is ``lead`` (introduces a list), ``item`` or ``sentence``.
    """

    model_config = ConfigDict(frozen=True)

    text: str
    citations: tuple[int, ...]
    highlights: tuple[tuple[int, int], ...] = ()
    kind: str = "sentence"
    label: str = ""  # in a summary, the heading of the section that the sentence stands for


class Cell(BaseModel):
    """One cell of a table: words of the library with their citations, or "" where it says nothing."""

    model_config = ConfigDict(frozen=True)

    text: str = ""
    citations: tuple[int, ...] = ()


class Table(BaseModel):
    """Two things side by side. ``columns`` head the row's name and the two sides; the first cell
    of a row is its name (an aspect or an article), without citation."""

    model_config = ConfigDict(frozen=True)

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Reference(BaseModel):
    """A rule that a shown sentence refers to: ``said`` as it is written there (前款, 本办法第八条),
    ``label`` the place that it means. ``citation`` quotes it whole; its number is none of the
    answer's sentences'."""

    model_config = ConfigDict(frozen=True)

    said: str
    label: str
    citation: Citation


class ConflictSide(BaseModel):
    """One of two sentences that say different things. ``highlights`` are (start, end) in ``text``:
    what differs."""

    model_config = ConfigDict(frozen=True)

    text: str
    citation: Citation
    highlights: tuple[tuple[int, int], ...] = ()


class Conflict(BaseModel):
    """Two passages that say different things on one point; the first is in the answer.

    ``governs``: place in ``sides`` of the one that governs, None where the library does not tell.
    ``basis``: ``version``, ``higher``, ``special``, ``later`` or ``undecided``. ``point`` and
    ``reason`` are Chinese.
    """

    model_config = ConfigDict(frozen=True)

    point: str
    sides: tuple[ConflictSide, ...]
    governs: int | None = None
    basis: str = "undecided"
    reason: str = ""


class Answer(BaseModel):
    """The reply to one question. When ``abstained``, ``sentences`` is empty, ``message`` says why
    in Chinese, and ``related`` holds the nearest passages (可能相关).

    ``table`` shows the sentences of a comparison by aspect, ``references`` the rules that they
    refer to. Of several questions ``parts`` are the answers in order, and ``sentences`` and
    ``citations`` those of all parts, under the same numbers. ``conflicts`` are what other passages
    say otherwise, and which governs; ``confidence`` is the calibrated probability of an answer."""

    model_config = ConfigDict(frozen=True)

    question: str
    abstained: bool
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    related: tuple[Citation, ...] = ()
    message: str = ""
    confidence: float = 0.0
    conflicts: tuple[Conflict, ...] = ()
    table: Table | None = None
    references: tuple[Reference, ...] = ()
    parts: tuple[Answer, ...] = ()
    notes: tuple[str, ...] = ()  # e.g. an old version was left out, and which
    suggestions: tuple[str, ...] = ()  # after a refusal: questions near it that can be answered
    question_id: str = ""  # names this asking in feedback; "" where nobody may refer to it

    def reworded(self, sentences: tuple[Sentence, ...], citations: tuple[Citation, ...]) -> Answer:
        """The answer in other words. Its table, parts and references go, as their numbers are those
        of the old citations."""
        return self.model_copy(
            update={
                "sentences": sentences,
                "citations": citations,
                "table": None,
                "parts": (),
                "references": (),
            }
        )
