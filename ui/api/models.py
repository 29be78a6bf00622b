"""What the REST routes take and give, as the schema shows it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from index.records import DocumentRecord, Hit, PassageRecord, SectionRecord
from ui.shapes import rerank_score

Name = Annotated[str, StringConstraints(max_length=200)]
Names = Annotated[list[Name], Field(max_length=50)]


class Given(BaseModel):
    """What is given back: no more than the fields."""

    model_config = ConfigDict(from_attributes=True)


class AskRequest(BaseModel):
    """A question. ``collections`` empty means all; the answerer bounds the question's length."""

    question: str = Field(description="问题", examples=["年休假可以分段休吗？"])
    collections: Names = Field(default_factory=list, description="只在这些文库里找，空表示全部")
    include_superseded: bool = Field(default=False, description="也用已被修订、已废止的文件")
    as_of: date | None = Field(default=None, description="按哪一天有效的规定回答，默认今天")


class FeedbackRequest(BaseModel):
    """What a person says of an answer; ``question_id`` is the answer's."""

    question_id: str = Field(max_length=200)
    verdict: Literal["useful", "wrong", "有用", "有误"]
    reason: str = ""
    gold: str = Field(default="", description="正确的出处或答案")


class Created(BaseModel):
    """The number of what was kept."""

    id: int


class Document(Given):
    """What a client may know of a document: nothing of the server's own paths."""

    document_id: str
    collection: str
    source: str
    title: str
    kind: str
    format: str
    issuer: str | None
    doc_number: str | None
    validity: str
    page_count: int | None
    passage_count: int
    article_count: int
    issued: date | None
    effective: date | None
    repealed: date | None
    missing: bool = False

    @classmethod
    def of(cls, record: DocumentRecord) -> Document:
        """The document's public part."""
        missing = record.missing_since is not None
        return cls.model_validate(record).model_copy(update={"missing": missing})


class Documents(BaseModel):
    """One page of the list."""

    documents: list[Document]
    total: int = Field(description="符合条件的一共几份")
    next: str | None = Field(description="下一页的 cursor，没有更多时为空")


class Section(Given):
    """One line of an outline; ``start`` and ``end`` are a range of the document's text."""

    kind: str
    label: str
    title: str
    start: int
    end: int
    level: int

    @classmethod
    def of(cls, section: SectionRecord) -> Section:
        """The section."""
        return cls.model_validate(section)


class WholeDocument(Document):
    """A document with its outline and, unless left out, its text."""

    outline: list[Section]
    text: str | None = None


class Outline(BaseModel):
    """A document's outline."""

    document_id: str
    outline: list[Section]


class TextRange(BaseModel):
    """Part of a document's text. ``next`` is where the next part begins, None at the end."""

    document_id: str
    start: int
    end: int
    total: int
    text: str
    next: int | None


class Passage(Given):
    """One passage; ``text`` is the document's text from ``start`` to ``end``."""

    passage_id: str
    document_id: str
    ordinal: int
    path: str
    article: str | None
    page: int | None
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, passage: PassageRecord) -> Passage:
        """The passage."""
        return cls.model_validate(passage)


class Passages(BaseModel):
    """One page of a document's passages, in their order."""

    passages: list[Passage]
    total: int
    next: str | None


class SearchHit(BaseModel):
    """One result of a search."""

    passage_id: str
    document_id: str
    title: str
    path: str
    text: str
    start: int
    end: int
    page: int | None
    score: float
    rerank_score: float | None = Field(
        description="重排给的分，只在一次检索里可比；有分的排在前面，按它排，没有的按 score 排"
    )
    validity: str
    collection: str
    article: str | None

    @classmethod
    def of(cls, hit: Hit) -> SearchHit:
        """The hit."""
        passage, document = hit.passage, hit.document
        return cls(
            passage_id=passage.passage_id,
            document_id=passage.document_id,
            title=document.title,
            path=passage.path,
            text=passage.text,
            start=passage.start,
            end=passage.end,
            page=passage.page,
            score=hit.score,
            rerank_score=rerank_score(hit),
            validity=document.validity,
            collection=document.collection,
            article=passage.article,
        )


class SearchResults(BaseModel):
    """What a search found; ``q`` is the question as it was understood."""

    q: str
    hits: list[SearchHit]
    notes: list[str]


class Versions(BaseModel):
    """The versions of a rule, oldest first."""

    versions: list[Document]


class Collection(BaseModel):
    """A collection with its number of documents."""

    name: str
    documents: int


class Collections(BaseModel):
    """The collections that the caller may see."""

    collections: list[Collection]


class Gaps(BaseModel):
    """Questions that the library could not answer, grouped, the most asked first."""

    gaps: list[dict[str, Any]]
    next: str | None
    total: int


class Health(BaseModel):
    """The library in figures."""

    status: str
    collections: int
    documents: int


class Alive(BaseModel):
    """The process answers."""

    status: str


class Check(BaseModel):
    """One thing that must be so before questions are answered."""

    name: str
    ok: bool
    detail: str


class Ready(BaseModel):
    """Whether questions are answered now."""

    status: Literal["ready", "not_ready"]
    checks: list[Check]
