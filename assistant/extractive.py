"""Answers made of the library's own sentences, each cited; no language model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from assistant import shapes
from assistant.abstention import Found, Support, Weights, measure, shipped_weights
from assistant.answer import Answer, Citation
from assistant.citing import Chosen, cite_passage, compose
from assistant.evidence import Candidate, WordWeights, gather, units_of, with_cosines
from assistant.grounding import grounded
from assistant.library_view import LibraryView, is_old, same_title
from assistant.quantities import premises
from assistant.question import Kind, Question, understand
from assistant.sentences import UnitKind
from assistant.shapes import DocumentView
from assistant.terms import resolve
from assistant.text import fold, similarity
from index.records import SUPERSEDED, Hit, SearchFilter

if TYPE_CHECKING:
    from index.address import Resolution
    from index.library import Library

RETRIEVED = 24
RELATED = 5
_LOOSE = (Kind.YES_NO, Kind.HOW_TO, Kind.REASON, Kind.OTHER)
_AS_GOOD = 0.94  # share of the best sentence's score from which another passage is told as well
REFUSAL = "文库里没有找到能回答这个问题的依据。可以换个说法再问，或看看下面可能相关的内容。"
EMPTY = "文库里还没有可查的内容，请先把文件导入文库。"


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
        asked = understand(question)
        flt = flt or SearchFilter()
        if asked.wants_old and asked.kind is Kind.COMPARE:
            flt = replace(flt, exclude_validity=())
        resolution = self._view.resolve_address(asked.text, flt, context)
        if resolution is not None and resolution.exact:
            return self._by_address(asked, resolution)
        hits = _addressed_first(resolution, self._retrieve(asked, flt, k))
        if not hits:
            return Answer(question=asked.text, abstained=True, message=EMPTY)
        return self._from_hits(asked, hits)

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
        hits = self._retrieve(asked, flt or SearchFilter(), k)
        if without is not None:
            hits = _ranked_anew([hit for hit in hits if not without(hit)])
        found = self._choose(asked, hits) if hits else None
        if found is None:
            return None
        return found[1], "".join(part.unit.text for part in found[0])

    def _retrieve(self, asked: Question, flt: SearchFilter, k: int) -> list[Hit]:
        """Passages for the question; those of a document that it names, or of the old version it
        asks for, come first."""
        hits = self._view.search(asked.text, k, flt)
        if asked.wants_old and not any(is_old(hit.document) for hit in hits[:1]):
            # the search puts the version before in today's place; here it knows of none
            hits = self._view.search(asked.text, k, replace(flt, exclude_validity=()))
        if asked.titles:
            named = [h for h in hits if same_title(asked.titles[0], h.document.title)]
            hits = named + [h for h in hits if h not in named]
        if asked.wants_old:
            old = [h for h in hits if is_old(h.document)]
            hits = old + [h for h in hits if h not in old]
        return hits

    def _from_hits(self, asked: Question, hits: list[Hit]) -> Answer:
        found = self._choose(asked, hits)
        if found is None:
            return self._refuse(asked, hits, 0.0)
        chosen, support = found
        probability = self._weights.probability(support)
        if probability < self._weights.threshold:
            return self._refuse(asked, hits, probability)
        return self._finish(asked, chosen, probability, hits)

    def _choose(self, asked: Question, hits: list[Hit]) -> tuple[list[Chosen], Support] | None:
        asked = _in_words_known(asked, hits)
        weights = self._view.word_weights(asked.words, hits)
        candidates = gather(asked, hits, weights)
        if not candidates:
            return None
        ranked = with_cosines(
            asked, candidates, lambda texts: self._view.similar(asked.text, texts)
        )
        anchor = ranked[0]
        view = self._view.document(anchor.hit.document)
        if asked.kind is Kind.SUMMARY:
            chosen = shapes.summary(asked, view, ranked)
        elif asked.kind is Kind.COMPARE:
            chosen = _two_versions(asked, ranked) or _two_sides(asked, ranked)
        else:
            chosen = shapes.shape(asked, ranked, view) + self._as_good(asked, ranked)
        chosen = _without_repeats(chosen) or [_plain(anchor)]
        return chosen, self._measure(asked, chosen, ranked, view, weights)

    def _as_good(self, asked: Question, ranked: Sequence[Candidate]) -> list[Chosen]:
        """What another passage says where its sentence is as good as the best one.

        Only for questions without a sharp kind of answer, where two rules may both apply.
        """
        if asked.kind not in _LOOSE or asked.count:
            return []
        best = ranked[0]
        for other in ranked[1:4]:
            if other.score < _AS_GOOD * best.score or other.cosine is None:
                break
            if other.hit.passage.passage_id != best.hit.passage.passage_id:
                return shapes.shape(asked, [other], self._view.document(other.hit.document))
        return []

    def _measure(
        self,
        asked: Question,
        chosen: Sequence[Chosen],
        ranked: Sequence[Candidate],
        view: DocumentView,
        weights: WordWeights,
    ) -> Support:
        anchor = ranked[0]
        record, passage = anchor.hit.document, anchor.hit.passage
        headings = " ".join(
            unit.text
            for unit in units_of(passage.text, passage.start)
            if unit.kind is UnitKind.HEADING
            or (unit.kind is UnitKind.LEAD and unit.group == anchor.unit.group)
        )
        hit = anchor.hit
        keys = {(part.document.document_id, part.unit.start) for part in chosen} | {anchor.key}
        ranks = [r for r in (hit.lexical_rank, hit.dense_rank) if r is not None]
        return measure(
            asked,
            [part.unit.text for part in chosen],
            record.title,
            f"{passage.path} {passage.context} {headings}",
            passage.text,
            lambda: (
                f"{record.title} {record.issuer} {record.doc_number} {record.issued} {view.text}"
            ),
            weights,
            Found(
                cosine=max((c.cosine or 0.0 for c in ranked if c.key in keys), default=0.0),
                rank=sum(1 / rank for rank in ranks) / 2,
                margin=anchor.score - median(c.score for c in ranked[:24]),
                worth=anchor.score,
            ),
            sum(part.unit.kind in (UnitKind.ITEM, UnitKind.ROW) for part in chosen),
        )

    def _by_address(self, asked: Question, resolution: Resolution) -> Answer:
        """The text at the question's addresses, whole, or an abstention that says what is there
        instead."""
        chosen: list[Chosen] = []
        for reference in resolution.references:
            if reference.document is not None and not reference.missing:
                view = self._view.document(reference.document)
                for start, end in reference.ranges:
                    chosen += [view.chosen(u) for u in units_of(view.text[start:end], start)]
        if not chosen:
            return self._no_such_address(asked, resolution)
        answer = self._finish(asked, chosen, 1.0, [])
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

    def _finish(
        self, asked: Question, chosen: list[Chosen], probability: float, hits: list[Hit]
    ) -> Answer:
        texts = {part.document.document_id: self._view.text(part.document) for part in chosen}
        drafted, cited = compose(chosen, texts)
        sentences, citations = grounded(drafted, cited, lambda document_id: texts[document_id])
        if not sentences:
            return self._refuse(asked, hits, 0.0)
        return Answer(
            question=asked.text,
            abstained=False,
            sentences=sentences,
            citations=citations,
            confidence=round(probability, 3),
            notes=tuple(self._notes(asked, chosen)),
        )

    def _notes(self, asked: Question, chosen: Sequence[Chosen]) -> list[str]:
        notes = [
            f"问题里说“{asked_for}”，原文写的是“{stated}”。"
            for asked_for, stated in premises(asked, [part.unit.text for part in chosen])
            if stated is not None
        ]
        for record in {part.document.document_id: part.document for part in chosen}.values():
            name = f"《{record.title.strip('《》')}》"
            if record.validity in SUPERSEDED:
                notes.append(f"{name}{record.validity}，不是现在的规定。")
            elif asked.wants_old:
                notes.append(f"没有找到旧版本的依据，这里引用的是{name}（{record.validity}）。")
            else:
                for old in self._view.older_versions(record):
                    notes.append(
                        f"{name}另有旧版本《{old.title.strip('《》')}》（{old.validity}），没有采用。"
                    )
        return notes[:4]

    def _refuse(self, asked: Question, hits: Sequence[Hit], probability: float) -> Answer:
        related: list[Citation] = []
        for hit in hits[:RELATED]:
            related.append(cite_passage(len(related) + 1, hit.passage, hit.document))
        return Answer(
            question=asked.text,
            abstained=True,
            message=REFUSAL,
            related=tuple(related),
            confidence=round(probability, 3),
        )


def _ranked_anew(hits: Sequence[Hit]) -> list[Hit]:
    """The hits with the places that they have among themselves in either search."""
    places: list[dict[str, int]] = []
    for side in ("lexical_rank", "dense_rank"):
        found = [hit for hit in hits if getattr(hit, side) is not None]
        found.sort(key=lambda hit: getattr(hit, side))
        places.append({hit.passage.passage_id: n for n, hit in enumerate(found, 1)})
    lexical, dense = places
    return [
        replace(
            hit,
            lexical_rank=lexical.get(hit.passage.passage_id),
            dense_rank=dense.get(hit.passage.passage_id),
        )
        for hit in hits
    ]


def _in_words_known(asked: Question, hits: Sequence[Hit]) -> Question:
    """The question with words cut as the passages found have them."""
    texts = [fold(f"{h.document.title} {h.passage.path} {h.passage.text}") for h in hits]

    def known(word: str) -> bool:
        return any(word in text for text in texts)

    return replace(
        asked,
        words=resolve(asked.words, known),
        focus=resolve(asked.focus, known),
    )


def _addressed_first(resolution: Resolution | None, hits: list[Hit]) -> list[Hit]:
    """The passages of articles that a question names beside what it asks, then the others."""
    if resolution is None:
        return hits
    documents = resolution.documents
    named = {
        # as good as found first by both searches
        one.passage_id: Hit(one, documents[one.document_id], 1.0, 1, 1)
        for one in resolution.passages
    }
    return [*named.values(), *(hit for hit in hits if hit.passage.passage_id not in named)]


def _plain(candidate: Candidate) -> Chosen:
    return Chosen(candidate.unit, candidate.hit.passage, candidate.hit.document, candidate.spans)


def _two_versions(asked: Question, ranked: Sequence[Candidate]) -> list[Chosen]:
    """For 修订前后 the best sentence of the old version and the best of the new; [] for others."""
    if not asked.wants_old:
        return []
    family = ranked[0].hit.document.family
    same = [c for c in ranked if family and c.hit.document.family == family]
    sides = [
        next((c for c in same if is_old(c.hit.document) is old), None) for old in (True, False)
    ]
    return [_plain(side) for side in sides if side is not None] if None not in sides else []


def _two_sides(asked: Question, ranked: Sequence[Candidate]) -> list[Chosen]:
    """The best sentence for each thing compared: from another document or passage, and unlike."""
    chosen = [ranked[0]]
    for other in ranked[1:12]:
        if other.score < 0.75 * ranked[0].score or len(chosen) == 3:
            break
        if all(similarity(fold(other.unit.text), fold(c.unit.text)) < 0.8 for c in chosen):
            chosen.append(other)
    return [_plain(candidate) for candidate in chosen]


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
