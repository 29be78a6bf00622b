"""Whether to answer, and with what: the probability, and premises set right."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.abstention import Weights
from assistant.citing import Chosen
from assistant.premises import Correction, find_corrections
from assistant.question import Kind
from assistant.support import Evidence, Support, measure

#: How near the evidence must name what is asked about before its text may correct the question.
_NAMED, _ENTITY = 0.7, 0.5
REST = "问题的其余部分，库里没有找到依据。"


@dataclass(frozen=True)
class Verdict:
    """``chosen`` are the sentences to answer with, [] to abstain; ``corrections`` go with them.

    ``partly``: only the false premise is set right, what is asked beyond it has no support.
    """

    chosen: tuple[Chosen, ...]
    probability: float
    support: Support
    corrections: tuple[Correction, ...] = ()
    partly: bool = False


def decide(evidence: Evidence, weights: Weights) -> Verdict:
    """Weigh the evidence; a premise that the library contradicts is set right in any case."""
    support = measure(evidence)
    probability = weights.probability(support)
    enough = probability >= weights.threshold
    corrections: list[Correction] = []
    on_subject = support.named >= _NAMED and not support.contradicted and support.entity >= _ENTITY
    if on_subject and evidence.question.kind not in (Kind.SUMMARY, Kind.COMPARE):
        corrections = find_corrections(evidence.question, evidence.ranked, evidence.weights)
    chosen = list(evidence.chosen) if enough else []
    for correction in corrections:
        chosen = _with(chosen, correction)
    return Verdict(
        tuple(chosen), probability, support, tuple(corrections), bool(corrections) and not enough
    )


def _with(chosen: list[Chosen], correction: Correction) -> list[Chosen]:
    """The sentences with the correcting one among them, its span bold."""
    unit, hit = correction.candidate.unit, correction.candidate.hit
    for place, part in enumerate(chosen):
        if part.document.document_id != hit.document.document_id:
            continue
        if part.unit.start == unit.start:
            spans = tuple(dict.fromkeys((*part.spans, correction.span)))
            chosen[place] = replace(part, spans=spans)
            return chosen
    return [Chosen(unit, hit.passage, hit.document, (correction.span,)), *chosen]


def correction_notes(verdict: Verdict) -> list[str]:
    """One Chinese line a correction, with where the library says so."""
    notes = []
    for correction in verdict.corrections:
        hit = correction.candidate.hit
        title = hit.document.title.strip("《》")
        where = f"《{title}》{hit.passage.article or ''}"
        notes.append(f"问题里说“{correction.asked}”，库中写的是“{correction.stated}”（{where}）。")
    if verdict.partly and notes:
        notes.append(REST)
    return notes
