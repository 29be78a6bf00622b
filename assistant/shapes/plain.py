"""The best sentence, with what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citing import Chosen
from assistant.evidence import Candidate, presence
from assistant.question import Kind, Question
from assistant.sentences import UnitKind
from assistant.shapes.base import Material, Shaped
from assistant.shapes.growing import on_line, whole_leads, with_lead, with_neighbours
from assistant.shapes.view import DocumentView
from assistant.spans import type_match
from assistant.text import fold
from assistant.vocabulary import GENERIC_WORDS

_TYPED = (Kind.NUMBER, Kind.DATE, Kind.DURATION, Kind.FREQUENCY, Kind.PERSON, Kind.PLACE)
_NO_ANSWER, _AN_ANSWER = 0.3, 0.7  # fit below which a sentence holds none, from which it does


_LOOSE = (Kind.REASON, Kind.OTHER)


class PlainShape:
    """One or two sentences; the very answer in them is marked."""

    def shape(self, material: Material) -> Shaped:
        """The best sentence, grown to what it needs to be understood."""
        return Shaped(best_sentence(material), other=material.question.kind in _LOOSE)


def best_sentence(material: Material) -> list[Chosen]:
    """The best sentence with its lead, items, exception or antecedent; never empty."""
    question, ranked, view = material.question, material.ranked, material.view
    anchor = material.anchor
    if anchor.unit.text.endswith(("？", "?")):
        told = _answered(anchor, view)
        if told:
            return with_neighbours(told, view)
    if anchor.unit.kind in (UnitKind.LEAD, UnitKind.ITEM, UnitKind.ROW):
        return with_neighbours(with_lead(question, anchor, view), view)
    chosen = _continued(question, anchor, view) or _with_second(question, ranked, view)
    return whole_leads(with_neighbours(chosen, view), view)


def _answered(anchor: Candidate, view: DocumentView) -> list[Chosen]:
    """A question in the document with the answer that follows it; [] where none does."""
    units = view.block(anchor.hit.passage)
    following = on_line(anchor, view)[:2]
    if not following:  # a line of its own: the next line answers
        following = [u for u in units if u.start >= anchor.unit.end][:1]
    told = [unit for unit in following if not unit.text.endswith(("？", "?"))]
    return [view.placed(anchor), *(view.chosen(unit) for unit in told)] if told else []


def _continued(question: Question, anchor: Candidate, view: DocumentView) -> list[Chosen]:
    """The anchor with the next sentence or two where only those hold what is asked for.

    请在两周内完成一份计划。计划交组织科: the question on the plan is answered by the second.
    """
    if question.kind not in _TYPED or anchor.fit >= _NO_ANSWER:
        return []
    for place, unit in enumerate(on_line(anchor, view)[:2]):
        fit, spans = type_match(question, unit.text)
        if fit >= _AN_ANSWER:
            between = on_line(anchor, view)[:place]
            return [
                view.placed(anchor),
                *(view.chosen(u) for u in between),
                view.chosen(unit, spans),
            ]
    return []


def _with_second(
    question: Question, ranked: Sequence[Candidate], view: DocumentView
) -> list[Chosen]:
    """The best sentence, and one more of its passage that says what the first leaves out.

    The second holds a word of the question that the first and the document's title lack, or is
    nearly as good where the question has no sharp kind.
    """
    anchor = ranked[0]
    known = fold(f"{view.record.title}{anchor.unit.text}")
    left = [w for w in question.words if w not in GENERIC_WORDS and presence(w, known) < 0.5]
    loose = question.kind in (Kind.REASON, Kind.OTHER)
    for other in ranked[1:8]:
        if (
            other.hit.passage.passage_id != anchor.hit.passage.passage_id
            or other.unit.kind is not UnitKind.SENTENCE
        ):
            continue
        adds = any(presence(word, fold(other.unit.text)) >= 0.8 for word in left)
        if (adds and other.score >= 0.6 * anchor.score) or (
            loose and other.score >= 0.88 * anchor.score
        ):
            pair = sorted((anchor, other), key=lambda c: c.unit.start)
            return [view.placed(candidate) for candidate in pair]
    return [view.placed(anchor)]
