"""A small learned scorer: P(the window holds the claim), for what no single rule decides.

Logistic regression on a few features of the alignment and of what the other checks found; the
weights stand in ``entailment.json`` with where they come from, ``training/entailment.py`` fits them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from assistant.grounding.base import Check, Claim, Place
from assistant.grounding.canonical import canonical
from assistant.grounding.dates import DatesCheck
from assistant.grounding.modality import ModalityCheck
from assistant.grounding.names import NamesCheck
from assistant.grounding.numbers import NumbersCheck
from assistant.grounding.scope import ScopeCheck
from assistant.grounding.similarity import pairs_of, shared

UNSURE = "和所引的原文不够一致，不能确定原文是这个意思。"


@dataclass(frozen=True)
class Features:
    """Of a claim and its place. Shares are of the claim's or the told clauses' characters."""

    added: float  # share of the claim that the window has not
    omitted: float  # share of the told clauses that the claim has not
    changed: float  # share of the claim that stands for other words
    related: float  # of the changed words, share that keep a character of the word they stand for
    edits: float  # how many places differ beyond light words, at most 1 (from four)
    shared: float  # share of the claim's character pairs in the told clauses
    covered: float  # share of the told clauses' character pairs in the claim
    light: float  # share of the claim that is differing light words
    moved: float  # 1 where clauses stand in another order
    dropped_items: float  # parts of an enumeration left out, at most 1 (from three)
    facts: float  # 1 where a number or date objects
    names: float  # 1 where a name objects
    modality: float  # 1 where a negation, modal or word of scope objects
    scope: float  # 1 where a condition or another part of the rule is missing


@dataclass(frozen=True)
class Entailment:
    """The formula: logistic(bias + Σ weight·feature), and the probability that must be met."""

    bias: float
    weights: dict[str, float]
    threshold: float

    def probability(self, features: Features) -> float:
        """P(held), 0–1."""
        value = self.bias + sum(self.weights[k] * x for k, x in asdict(features).items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


class EntailmentCheck:
    """Objects where the formula is not sure enough."""

    name = "entailment"

    def __init__(self, formula: Entailment | None = None) -> None:
        self.formula = formula or shipped()

    def objection(self, claim: Claim, place: Place) -> str | None:
        """Below the threshold."""
        return None if self.score(claim, place) >= self.formula.threshold else UNSURE

    def score(self, claim: Claim, place: Place) -> float:
        """The probability."""
        return self.formula.probability(features(claim, place))


@lru_cache(maxsize=1)
def shipped() -> Entailment:
    """The weights that come with the program."""
    path = Path(__file__).with_name("entailment.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    return Entailment(data["bias"], data["weights"], data["threshold"])


def features(claim: Claim, place: Place) -> Features:
    """All features of a claim at a place."""
    alignment = place.alignment
    said = max(1, len(canonical(claim.body)))
    told = max(1, len(alignment.told))
    changes = alignment.changed
    kept = sum(bool(set(new) & set(old)) for new, old in changes)
    added = _length(alignment.added) + _length(alignment.unplaced)
    told_pairs = pairs_of(alignment.told)
    return Features(
        added=min(1.0, added / said),
        omitted=min(1.0, _length(alignment.omitted) / told),
        changed=min(1.0, sum(max(len(a), len(b)) for a, b in changes) / said),
        related=kept / len(changes) if changes else 1.0,
        edits=min(1.0, (len(alignment.added) + len(alignment.omitted) + len(changes)) / 4),
        shared=shared(claim.body, alignment.told),
        covered=len(told_pairs & pairs_of(claim.body)) / max(1, len(told_pairs)),
        light=min(1.0, alignment.light / said),
        moved=float(alignment.moved > 0),
        dropped_items=min(1.0, alignment.dropped_items / 3),
        facts=_objects(claim, place, NumbersCheck(), DatesCheck()),
        names=_objects(claim, place, NamesCheck()),
        modality=_objects(claim, place, ModalityCheck()),
        scope=_objects(claim, place, ScopeCheck()),
    )


def _objects(claim: Claim, place: Place, *checks: Check) -> float:
    return float(any(check.objection(claim, place) is not None for check in checks))


def _length(parts: Iterable[str]) -> int:
    return sum(map(len, parts))
