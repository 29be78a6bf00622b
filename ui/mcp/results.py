"""What the tools give back; the descriptions are read by language models and people."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from assistant.answer import Answer, Citation


class Found(BaseModel):
    """一段检索结果。"""

    passage_id: str
    document_id: str
    title: str = Field(description="文件标题")
    path: str = Field(description="所在的编、章、条，或标题")
    text: str = Field(description="原文，一字不改")
    start: int = Field(description="在文件全文里的起点")
    end: int
    page: int | None = Field(default=None, description="页码（PDF）")
    validity: str = Field(description="效力：现行、已被修订、已废止、尚未施行、不明")
    collection: str = Field(description="文库")
    score: float = Field(description="只在同一次检索里可比，越大越相关")


class SearchFound(BaseModel):
    """检索结果，最相关的在前。"""

    hits: list[Found]
    notes: list[str] = Field(description="说明，例如旧版本没有列出")


class Said(BaseModel):
    """回答里的一句话。"""

    text: str
    citations: list[int] = Field(description="出处的编号")


class Asked(BaseModel):
    """回答。每句话都摘自文库，编号对应 citations。"""

    question: str
    abstained: bool = Field(description="文库里没有依据，没有作答")
    message: str = Field(description="没有作答的原因")
    sentences: list[Said]
    citations: list[Citation] = Field(description="引文，原文一字不改")
    related: list[Citation] = Field(description="没有作答时可能相关的段落")
    suggestions: list[str] = Field(description="可以改问的问题")
    notes: list[str]
    confidence: float = Field(description="回答正确的把握，0 到 1")

    @classmethod
    def of(cls, answer: Answer) -> Asked:
        """The answer."""
        return cls(
            question=answer.question,
            abstained=answer.abstained,
            message=answer.message,
            sentences=[
                Said(text=one.text, citations=list(one.citations)) for one in answer.sentences
            ],
            citations=list(answer.citations),
            related=list(answer.related),
            suggestions=list(answer.suggestions),
            notes=list(answer.notes),
            confidence=answer.confidence,
        )


class Article(BaseModel):
    """一条规定的原文。"""

    document_id: str
    title: str
    article: str = Field(description="条号，例如 第十二条；没有分条的文件为空")
    path: str = Field(description="所在的编、章")
    text: str = Field(description="原文，一字不改")
    start: int
    end: int
    validity: str
    collection: str
    truncated: bool = Field(default=False, description="太长，只给了开头")


class Verified(BaseModel):
    """文稿里引用的规定逐处核验的结果。"""

    summary: str = Field(description="一句话的结论")
    problems: int = Field(description="有问题的处数")
    counts: dict[str, int]
    findings: list[dict[str, Any]] = Field(description="每一处引用：写法、结论、说明、文库里的原文")
    truncated: bool = Field(description="文稿里引用太多，后面的没有核验")


class Difference(BaseModel):
    """两个版本逐条对照。"""

    old: dict[str, Any]
    new: dict[str, Any]
    counts: dict[str, int] = Field(description="各种变化的条数")
    articles: list[dict[str, Any]] = Field(
        description="有变化的条：kind 为 changed、moved、moved_changed、added、removed"
    )
