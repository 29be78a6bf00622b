"""What the command line and REST print of hits and answers; documented in README."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from index.records import Hit


def hit_object(hit: Hit) -> dict[str, Any]:
    """One search result."""
    return {
        "passage_id": hit.passage.passage_id,
        "document_id": hit.document.document_id,
        "title": hit.document.title,
        "path": hit.passage.path,
        "article": hit.passage.article,
        "text": hit.passage.text,
        "score": round(hit.score, 6),
        "page": hit.passage.page,
        "validity": hit.document.validity,
        "collection": hit.document.collection,
    }


def answer_object(answer: Answer, query_id: Any = 0) -> dict[str, Any]:
    """One answer; ``citations`` of a sentence are numbers of the list below it."""
    return {
        "id": query_id,
        "q": answer.question,
        "abstained": answer.abstained,
        "message": answer.message,
        "sentences": [
            {"text": one.text, "citations": list(one.citations)} for one in answer.sentences
        ],
        "citations": [_citation(one) for one in answer.citations],
        "related": [_citation(one) for one in answer.related],
        "notes": list(answer.notes),
    }


def _citation(one: Citation) -> dict[str, Any]:
    return {
        "n": one.n,
        "title": one.title,
        "path": one.path,
        "article": one.article,
        "quote": one.quote,
        "page": one.page,
        "start": one.start,
        "end": one.end,
        "validity": one.validity,
        "document_id": one.document_id,
        "passage_id": one.passage_id,
    }
