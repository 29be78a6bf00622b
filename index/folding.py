"""Near-identical passages take one place in a result; the others fold under it.

Several versions of one article, or copies of one document in several folders, would otherwise
fill a whole page with the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.records import VALIDITY_CURRENT, Hit
from index.words import bigrams

ALIKE = 0.9
"""Jaccard similarity of the bigrams from which two passages count as one."""
SHORTEST = 12
"""Shorter passages (a heading, 附则) are alike too easily and stay."""
_READ = 1_500  # characters compared


def fold(hits: Sequence[Hit], k: int) -> list[Hit]:
    """The first ``k`` different passages, best first, each with what folds under it.

    Looks no further than it must; alike passages stand where the first of them stood, and one
    that is in force stands for them.
    """
    kept: list[Hit] = []
    shingles: list[frozenset[str]] = []
    under: list[list[Hit]] = []
    for hit in hits:
        if len(kept) >= k and len(under) >= k:
            break
        own = frozenset(bigrams(hit.passage.text[:_READ]))
        place = _alike(own, shingles) if len(own) >= SHORTEST else None
        if place is None:
            kept.append(hit)
            shingles.append(own)
            under.append([])
        elif _in_force(hit) and not _in_force(kept[place]):
            under[place].append(kept[place])
            kept[place] = replace(hit, score=kept[place].score)
        else:
            under[place].append(hit)
    return [
        replace(hit, folded=tuple(below)) if below else hit
        for hit, below in zip(kept, under, strict=True)
    ]


def _in_force(hit: Hit) -> bool:
    return hit.document.validity == VALIDITY_CURRENT


def _alike(own: frozenset[str], others: Sequence[frozenset[str]]) -> int | None:
    for place, other in enumerate(others):
        small, large = sorted((len(own), len(other)))
        if small < ALIKE * large:  # the similarity cannot reach it
            continue
        common = len(own & other)
        if common >= ALIKE * (len(own) + len(other) - common):
            return place
    return None
