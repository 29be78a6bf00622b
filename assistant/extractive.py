"""Answers made of the library's own sentences, each cited; no language model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.abstention import Weights, shipped_weights
from assistant.answer import Answer, Citation
from assistant.citing import Chosen, cite_passage
from assistant.conflicts import find_conflicts
from assistant.evidence import Candidate, gather, units_of, with_cosines
from assistant.finishing import finish, joined, without_told
from assistant.library_view import LibraryView, is_old
from assistant.question import Asked, Kind, Question, split, understand
from assistant.question.reading import cleaned
from assistant.refusal import refusal_message, without_years
from assistant.retrieved import addressed_first, in_words_known, ranked_anew
from assistant.shapes.base import Material, Shaped
from assistant.shapes.factory import shape_for
from assistant.support import Evidence, Support, measure
from assistant.text import fold, similarity
from assistant.verdict import correction_notes, decide
from index.records import Hit, SearchFilter
from index.versions.asked import asked_version

if TYPE_CHECKING:
    from index.address import Resolution
    from index.library import Library

RETRIEVED = 24
RELATED = 5
#: Kinds whose answers set versions or sections side by side, so that none contradicts another.
_OF_WHOLE_DOCUMENTS = (Kind.SUMMARY, Kind.COMPARE)
_EXPECTED = 6  # first places among which a document that the question names should be
_AS_GOOD = 0.94  # share of the best sentence's score from which another passage is told as well


class ExtractiveAnswerer:
    """Answers questions from one library. Safe to keep; holds small caches only."""

    def __init__(self, library: Library, weights: Weights | None = None) -> None:
        self._view = LibraryView(library)
        self._weights = weights or shipped_weights()

    def answer(
        self,
        question: str,
        flt: SearchFilter | None = None,
        k: int = RETRIEVED,
        context: Sequence[str] = (),
    ) -> Answer:
        """A cited answer, or an abstention with the nearest passages.

        ``k`` is how many passages are weighed; ``context`` are the documents that the
        conversation is about, the latest first. Raises :class:`assistant.question.QuestionError`
        for a question that is empty, too long or holds no words.
        """
        flt = flt or SearchFilter()
        asking = split(question)
        if len(asking.questions) == 1:
            return self._one(asking.questions[0].text, flt, k, context)
        parts = [self._part(one, flt, k, context) for one in asking.questions]
        return joined(cleaned(question), parts, asking.left_out)

    def _part(self, one: Asked, flt: SearchFilter, k: int, context: Sequence[str]) -> Answer:
        """The answer to one of several questions, on the topic of the one before it, else on that
        of the first. Each has its share of the time, which reranking would take."""
        answer = self._one(one.text, flt, k, context, rerank=False)
        if answer.abstained and one.other:
            other = self._one(one.other, flt, k, context, rerank=False)
            answer = answer if other.abstained else other
        return answer.model_copy(update={"question": one.shown})

    def _one(
        self,
        question: str,
        flt: SearchFilter,
        k: int,
        context: Sequence[str] = (),
        rerank: bool = True,
    ) -> Answer:
        """The answer to one question."""
        asked = understand(question)
        if asked.wants_old and (asked.kind is Kind.COMPARE or not asked_version(asked.text)):
            flt = replace(flt, exclude_validity=())  # else the search puts the old one in its place
        resolution = self._view.resolve_address(asked.text, flt, context)
        if resolution is not None and resolution.exact:
            return self._by_address(asked, resolution, flt)
        hits = addressed_first(resolution, self._retrieve(asked, flt, k, rerank))
        if not hits and asked.wants_old:  # the filter leaves nothing but what is out of force
            flt = replace(flt, exclude_validity=())
            hits = self._retrieve(asked, flt, k, rerank)
        if not hits and asked.years:  # no version of that year: what the other ones say
            hits = self._retrieve(replace(asked, text=without_years(asked.text)), flt, k, rerank)
        if not hits:
            return Answer(question=asked.text, abstained=True, message=self._view.nothing(flt))
        return self._from_hits(asked, hits, flt)

    def support(
        self,
        question: str,
        flt: SearchFilter | None = None,
        k: int = RETRIEVED,
        without: Callable[[Hit], bool] | None = None,
    ) -> tuple[Support, str] | None:
        """The abstention features of what would be answered, and its text; None for nothing.

        ``without`` takes passages out of what the search found, as if the library lacked them.
        """
        asked = understand(question)
        flt = flt or SearchFilter()
        hits = self._retrieve(asked, flt, k)
        if without is not None:
            hits = ranked_anew([hit for hit in hits if not without(hit)])
        found = self._choose(asked, hits, flt) if hits else None
        if found is None:
            return None
        return measure(found[1]), "".join(found[1].texts)

    def _retrieve(
        self, asked: Question, flt: SearchFilter, k: int, rerank: bool = True
    ) -> list[Hit]:
        """Passages for the question; those of a document that it names, or of the old version it
        asks for, come first."""
        hits = self._view.search(asked.text, k, flt, rerank)
        if asked.wants_old and not any(is_old(hit.document) for hit in hits[:1]):
            # the search puts the version before in today's place; here it knows of none
            hits = self._view.search(asked.text, k, replace(flt, exclude_validity=()), rerank)
        named = {one.document_id for one in self._view.named_documents(asked.text)}
        if named and not any(hit.document.document_id in named for hit in hits[:_EXPECTED]):
            hits = [*self._within(asked, named, flt), *hits]
        if named:
            # the question itself says which document: places count among its passages
            first = ranked_anew([hit for hit in hits if hit.document.document_id in named])
            known = {hit.passage.passage_id for hit in first}
            hits = [*first, *(hit for hit in hits if hit.passage.passage_id not in known)]
        if asked.wants_old:
            old = [h for h in hits if is_old(h.document)]
            hits = old + [h for h in hits if h not in old]
        return hits

    def _within(self, asked: Question, named: set[str], flt: SearchFilter) -> list[Hit]:
        """Passages of the documents that the question names, where the filter admits them."""
        ids = tuple(sorted(named & set(flt.document_ids) if flt.document_ids else named))
        return (
            self._view.search(asked.text, _EXPECTED, replace(flt, document_ids=ids)) if ids else []
        )

    def _from_hits(self, asked: Question, hits: list[Hit], flt: SearchFilter) -> Answer:
        found = self._choose(asked, hits, flt)
        if found is None:
            return self._refuse(asked, hits, 0.0)
        shaped, evidence = found
        verdict = decide(evidence, self._weights)
        if verdict.chosen:
            table = None if verdict.partly else shaped.table
            shown = replace(shaped, chosen=list(verdict.chosen), table=table)
        elif shaped.settled:
            shown = shaped
        else:
            return self._refuse(asked, hits, verdict.probability, evidence)
        answer = finish(asked, shown, verdict.probability, self._view, flt)
        if answer is None:
            return self._refuse(asked, hits, 0.0, evidence)
        notes = (*correction_notes(verdict, asked.kind), *answer.notes)
        answer = answer.model_copy(update={"notes": notes})
        if asked.kind in _OF_WHOLE_DOCUMENTS:
            return answer
        cited = (*answer.citations, *(one.citation for one in answer.references))
        conflicts = find_conflicts(verdict.chosen, evidence.ranked, self._view, cited)
        left = without_told(answer.notes, conflicts)
        return answer.model_copy(update={"conflicts": conflicts, "notes": left})

    def _choose(
        self, asked: Question, hits: list[Hit], flt: SearchFilter
    ) -> tuple[Shaped, Evidence] | None:
        """What the answer would show, with all that it was chosen from; None for no sentences."""
        asked = in_words_known(asked, hits)
        weights = self._view.word_weights(asked.words, hits)
        candidates = gather(asked, hits, weights)
        if not candidates:
            return None
        ranked = with_cosines(
            asked, candidates, lambda texts: self._view.similar(asked.text, texts)
        )
        view = self._view.document(ranked[0].hit.document)
        named = frozenset(one.document_id for one in self._view.named_documents(asked.text))
        material = Material(asked, ranked, view, self._view, flt, named)
        shaped = shape_for(asked).shape(material)
        more = self._as_good(material) if shaped.other else []
        chosen = _without_repeats([*shaped.chosen, *more]) or [_plain(ranked[0])]
        if shaped.table is not None:
            chosen = shaped.chosen
        evidence = Evidence(asked, chosen, ranked, view, weights, self._view.similar)
        return replace(shaped, chosen=chosen), evidence

    def _as_good(self, material: Material) -> list[Chosen]:
        """What another passage says where its sentence is as good as the best one: two rules may
        both apply."""
        best = material.anchor
        for other in material.ranked[1:4]:
            if other.score < _AS_GOOD * best.score or other.cosine is None:
                break
            if other.hit.passage.passage_id != best.hit.passage.passage_id:
                view = self._view.document(other.hit.document)
                beside = replace(material, ranked=[other], view=view)
                return shape_for(material.question).shape(beside).chosen
        return []

    def _by_address(self, asked: Question, resolution: Resolution, flt: SearchFilter) -> Answer:
        """The text at the question's addresses, whole, or an abstention that says what is there
        instead."""
        chosen: list[Chosen] = []
        for reference in resolution.references:
            if reference.document is not None and not reference.missing:
                view = self._view.document(reference.document)
                for start, end in reference.ranges:
                    chosen += [view.chosen(u) for u in units_of(view.text[start:end], start)]
        answer = finish(asked, Shaped(chosen), 1.0, self._view, flt) if chosen else None
        if answer is None:
            return self._no_such_address(asked, resolution)
        notes = (*resolution.notes, *resolution.messages, *answer.notes)
        return answer.model_copy(update={"notes": notes})

    def _no_such_address(self, asked: Question, resolution: Resolution) -> Answer:
        near = [
            (passage, reference.document)
            for reference in resolution.references
            if reference.document is not None
            for passage in reference.passages
            or self._view.document(reference.document).passages[-RELATED:]
        ]
        related = [cite_passage(n, p, record) for n, (p, record) in enumerate(near[:RELATED], 1)]
        return Answer(
            question=asked.text,
            abstained=True,
            message="".join(resolution.messages),
            related=tuple(related),
        )

    def _refuse(
        self,
        asked: Question,
        hits: Sequence[Hit],
        probability: float,
        evidence: Evidence | None = None,
    ) -> Answer:
        related: list[Citation] = []
        for hit in hits[:RELATED]:
            related.append(cite_passage(len(related) + 1, hit.passage, hit.document))
        return Answer(
            question=asked.text,
            abstained=True,
            message=refusal_message(asked, evidence),
            related=tuple(related),
            confidence=round(probability, 3),
        )


def _plain(candidate: Candidate) -> Chosen:
    return Chosen(candidate.unit, candidate.hit.passage, candidate.hit.document, candidate.spans)


def _without_repeats(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Drops units that were chosen twice and sentences that repeat another document's words."""
    kept: list[Chosen] = []
    for part in chosen:
        same_place = any(
            part.unit.start == k.unit.start and part.document == k.document for k in kept
        )
        repeated = any(
            part.document != k.document
            and similarity(fold(part.unit.text), fold(k.unit.text)) > 0.85
            for k in kept
        )
        if not same_place and not repeated:
            kept.append(part)
    return kept
