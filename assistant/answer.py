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


class Answer(BaseModel):
    """The reply to one question. When ``abstained``, ``sentences`` is empty, ``message`` says why
    in Chinese, and ``related`` holds the nearest passages (可能相关)."""

    model_config = ConfigDict(frozen=True)

    question: str
    abstained: bool
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    related: tuple[Citation, ...] = ()
    message: str = ""
    confidence: float = 0.0
    notes: tuple[str, ...] = ()  # e.g. an old version was left out, and which
