"""Does a passage hold a sentence? All checks at the places of the passage that come nearest."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.grounding.addresses import AddressesCheck
from assistant.grounding.alignment import align
from assistant.grounding.base import Check, Claim, Objection, Place, Similar, Source, Verdict
from assistant.grounding.canonical import canonical
from assistant.grounding.claims import claim_of
from assistant.grounding.dates import DatesCheck
from assistant.grounding.entailment import Entailment, EntailmentCheck
from assistant.grounding.modality import ModalityCheck
from assistant.grounding.names import NamesCheck
from assistant.grounding.numbers import NumbersCheck
from assistant.grounding.quotes import QuotesCheck
from assistant.grounding.scope import ScopeCheck
from assistant.grounding.similarity import SimilarityCheck
from assistant.grounding.windows import Window, clauses_of, windows
from assistant.text import bigrams

_NEAREST = 4  # windows that are looked at
_LONGEST = 600  # characters of a claim; nobody words a longer sentence
_SHORTEST = 4


class Grounding:
    """The checks, in the order in which their objections are told."""

    def __init__(self, similar: Similar | None = None, formula: Entailment | None = None) -> None:
        self.entailment = EntailmentCheck(formula)
        self.checks: tuple[Check, ...] = (
            AddressesCheck(),
            QuotesCheck(),
            DatesCheck(),
            NumbersCheck(),
            NamesCheck(),
            ModalityCheck(),
            ScopeCheck(),
            SimilarityCheck(similar),
            self.entailment,
        )

    def verdict(self, text: str, source: Source) -> Verdict:
        """Whether ``source`` by itself holds the sentence ``text``, and where.

        Never raises for any text; time linear in the passage, quadratic in clauses (bounded).
        """
        claim = claim_of(text[: _LONGEST + 1])
        clauses = clauses_of(claim.body)
        if len(text) > _LONGEST or sum(map(len, clauses)) < _SHORTEST:
            return _refused(source, "句子太长或太短，无法核对。")
        verdicts = [self._at(claim, clauses, source, w) for w in _nearest(claim, source)]
        if not verdicts:
            return _refused(source, "所引的原文里没有这个意思。")
        return max(verdicts, key=lambda v: (v.holds, v.probability, -(v.end - v.start)))

    def _at(self, claim: Claim, clauses: Sequence[str], source: Source, window: Window) -> Verdict:
        place = Place(source, window, align(clauses, window))
        objections: list[Objection] = []
        for check in self.checks:
            reason = check.objection(claim, place)
            if reason is not None:
                objections.append(Objection(check.name, reason))
                break  # one reason is enough to send a sentence back
        probability = self.entailment.score(claim, place)
        return Verdict(source, window.start, window.end, tuple(objections), probability)

    def place(self, text: str, source: Source) -> tuple[Claim, Place] | None:
        """The claim and the window whose wording is nearest; None for an empty source."""
        claim = claim_of(text)
        clauses = clauses_of(claim.body)
        places = [Place(source, w, align(clauses, w)) for w in _nearest(claim, source)]
        best = min(places, key=lambda p: p.alignment.cost, default=None)
        return None if best is None else (claim, best)


def _nearest(claim: Claim, source: Source) -> list[Window]:
    """The windows that share most with the claim, the shorter first among equals."""
    pairs = bigrams(canonical(claim.body))
    scored = []
    for window in windows(source.text):
        held = frozenset().union(*(bigrams(c) for c in window.clauses))
        if pairs & held:
            scored.append((-len(pairs & held), len(held), window))
    scored.sort(key=lambda one: one[:2])
    return [window for _, _, window in scored[:_NEAREST]]


def _refused(source: Source, reason: str) -> Verdict:
    return Verdict(source, 0, 0, (Objection("wording", reason),))
