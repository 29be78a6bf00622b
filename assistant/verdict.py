"""Whether to answer, and with what: the probability, and premises set right."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.abstention import Weights
from assistant.citing import Chosen
from assistant.named import named_things, nearness
from assistant.premises import Correction, find_corrections
from assistant.premises.facts import facts
from assistant.question import Kind
from assistant.support import Evidence, Support, contradicted, measure
from assistant.text import fold

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
    if _on_subject(evidence, support) and evidence.question.kind not in (
        Kind.SUMMARY,
        Kind.COMPARE,
    ):
        corrections = find_corrections(
            evidence.question, evidence.ranked, evidence.weights, evidence.document
        )
    chosen = list(evidence.chosen) if enough else []
    for correction in corrections:
        chosen = _with(chosen, correction)
    partly = bool(corrections) and not enough
    return Verdict(tuple(chosen), probability, support, tuple(corrections), partly)


def _on_subject(evidence: Evidence, support: Support) -> bool:
    """Whether the evidence is on the place and things asked about, what may be wrong aside.

    The year, person or body that a premise states is what is checked, so it need not be there.
    """
    question = evidence.question
    stated = [fold(fact.text) for fact in facts(question.text)]
    names = tuple(
        name
        for name in named_things(question.text)
        if not any(name.name in text or text in name.name for text in stated)
    )
    near = nearness(
        names,
        evidence.own + evidence.above,
        evidence.passage,
        evidence.subject,
        lambda: evidence.document,
    )
    away = contradicted(evidence)
    known = away is None or any(away in text or text in away for text in stated)
    return near >= _NAMED and known and support.entity >= _ENTITY


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


def correction_notes(verdict: Verdict, kind: Kind) -> list[str]:
    """One Chinese line a correction, with where the library says so."""
    notes = []
    for correction in verdict.corrections:
        hit = correction.candidate.hit
        title = hit.document.title.strip("《》")
        where = f"《{title}》{hit.passage.article or ''}"
        notes.append(f"问题里说“{correction.asked}”，库中写的是“{correction.stated}”（{where}）。")
    if verdict.partly and notes and kind is not Kind.YES_NO:
        notes.append(REST)
    return notes
