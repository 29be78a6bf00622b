"""What the command line and REST print of hits and answers; documented in README."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from index.rerank.base import RERANK_SCORE

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation, Conflict
    from index.evaluation.comparison import Comparison
    from index.evaluation.evaluate import Evaluation
    from index.evaluation.summary import StageFigures
    from index.explanation import Explanation
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
        "rerank_score": rerank_score(hit),
        "page": hit.passage.page,
        "validity": hit.document.validity,
        "missing": hit.document.missing_since is not None,
        "collection": hit.document.collection,
        "rule": hit.rule,
        "folded": [
            {
                "passage_id": one.passage.passage_id,
                "title": one.document.title,
                "path": one.passage.path,
                "validity": one.document.validity,
            }
            for one in hit.folded
        ],
    }


def rerank_score(hit: Hit) -> float | None:
    """What the reranker gave; where it is there it orders the hits, else ``score`` does."""
    found = hit.extra.get(RERANK_SCORE)
    return None if found is None else round(found, 6)


def explanation_object(one: Explanation) -> dict[str, Any]:
    """Why a hit was found; ``parts`` add up to its score."""
    return {
        "matched": list(one.matched),
        "synonyms": list(one.synonyms),
        "lexical_rank": one.lexical_rank,
        "dense_rank": one.dense_rank,
        "parts": dict(one.parts),
        "rule": one.rule,
        "folded": one.folded,
        "fused_rank": one.fused_rank,
        "rerank_score": None if one.rerank_score is None else round(one.rerank_score, 4),
        "reranked": one.moved,
    }


def answer_object(answer: Answer, query_id: Any = 0) -> dict[str, Any]:
    """One answer; ``citations`` of a sentence are numbers of the list below it."""
    return {
        "id": query_id,
        "q": answer.question,
        "abstained": answer.abstained,
        "message": answer.message,
        "sentences": [
            {
                "text": one.text,
                "citations": list(one.citations),
                "kind": one.kind,
                "label": one.label,
                "highlights": [list(span) for span in one.highlights],
            }
            for one in answer.sentences
        ],
        "table": None if answer.table is None else answer.table.model_dump(mode="json"),
        "references": [
            {"said": one.said, "label": one.label, **_citation(one.citation)}
            for one in answer.references
        ],
        "parts": [answer_object(part, number) for number, part in enumerate(answer.parts, 1)],
        "citations": [_citation(one) for one in answer.citations],
        "related": [_citation(one) for one in answer.related],
        "confidence": answer.confidence,
        "conflicts": [_conflict(one) for one in answer.conflicts],
        "notes": list(answer.notes),
        "suggestions": list(answer.suggestions),
        "question_id": answer.question_id or None,
    }


def _conflict(one: Conflict) -> dict[str, Any]:
    """Two passages that say different things; ``governs`` is a place in ``sides`` or null."""
    return {
        "point": one.point,
        "governs": one.governs,
        "basis": one.basis,
        "reason": one.reason,
        "sides": [{"text": s.text, "citation": _citation(s.citation)} for s in one.sides],
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
        "missing": one.missing,
        "document_id": one.document_id,
        "passage_id": one.passage_id,
    }


def evaluation_object(done: Evaluation, compared: Comparison | None = None) -> dict[str, Any]:
    """One evaluation; figures are from 0 to 1, a rank of null is "not among the first k"."""
    summary = done.summary
    return {
        "conditions": done.run.conditions.model_dump(mode="json"),
        "rows": {
            "read": done.read,
            "evaluated": summary.questions,
            "left_out": done.left_out,
            "unanswerable": done.unanswerable,
        },
        "stages": _figures(summary.stages),
        "kinds": [
            {"kind": one.kind, "questions": one.questions, "stages": _figures(one.stages)}
            for one in summary.kinds
        ],
        "worst": [asdict(one) for one in summary.worst],
        "problems": [
            {"row": one.row, "message": one.message, "left_out": one.left_out}
            for one in done.problems
        ],
        "comparison": None if compared is None else _comparison(compared),
    }


def _figures(stages: Sequence[StageFigures]) -> list[dict[str, Any]]:
    return [
        {"stage": one.stage, **{name: asdict(value) for name, value in one.figures.items()}}
        for one in stages
    ]


def _comparison(compared: Comparison) -> dict[str, Any]:
    return {
        "before": compared.before.model_dump(mode="json"),
        "questions": compared.questions,
        "only_before": compared.only_before,
        "only_after": compared.only_after,
        "differences": [
            asdict(one) | {"significant": one.significant} for one in compared.differences
        ],
        "better": [asdict(one) for one in compared.better],
        "worse": [asdict(one) for one in compared.worse],
    }
