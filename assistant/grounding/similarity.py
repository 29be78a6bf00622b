"""The rest of a claim: how much of its wording stands in the window, and how near its meaning is."""

from __future__ import annotations

from assistant.grounding.base import Claim, Place, Similar
from assistant.grounding.windows import clauses_of
from assistant.text import bigrams, fold

LEAST_SHARED = 0.5  # of the claim's character pairs
LEAST_COSINE = 0.80  # of e5-small, whose unrelated sentences are at about .75


class SimilarityCheck:
    """Objects to wording that is mostly the model's own."""

    name = "similarity"

    def __init__(self, similar: Similar | None = None) -> None:
        self._similar = similar

    def objection(self, claim: Claim, place: Place) -> str | None:
        """By characters first, which costs nothing, then by the encoder where there is one."""
        if shared(claim.body, place.alignment.told) < LEAST_SHARED:
            return "用词和所引的原文相差太远。"
        if self._similar and self._similar(claim.body, [place.window.text])[0] < LEAST_COSINE:
            return "意思和所引的原文相差太远。"
        return None


def shared(said: str, told: str) -> float:
    """Share of the character pairs within clauses of ``said`` that those of ``told`` have, 0–1."""
    mine, theirs = pairs_of(said), pairs_of(told)
    return len(mine & theirs) / len(mine) if mine else 0.0


def pairs_of(text: str) -> frozenset[str]:
    """The character pairs within a text's clauses; none reaches over a comma."""
    return frozenset().union(*(bigrams(fold(clause)) for clause in clauses_of(text)))
