"""What a term means: the sentence that defines it, with the parts that belong to it."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.evidence import Candidate
from assistant.question import Question
from assistant.shapes.base import Material, Shaped
from assistant.shapes.plain import best_sentence
from assistant.text import fold

_CLOSE = 0.6  # share of the best score that a defining sentence needs
_LOOKED_AT = 16


class DefinitionShape:
    """本办法所称…，是指…"""

    def shape(self, material: Material) -> Shaped:
        """The defining sentence among the best, where there is one, grown as any sentence is."""
        ranked = material.ranked
        best = ranked[0].score
        for place, candidate in enumerate(ranked[:_LOOKED_AT]):
            if candidate.score < _CLOSE * best:
                break
            if defines(material.question, candidate):
                others = [c for c in ranked if c is not candidate]
                view = material.shelf.document(candidate.hit.document) if place else material.view
                return Shaped(
                    best_sentence(replace(material, ranked=[candidate, *others], view=view))
                )
        return Shaped(best_sentence(material))


def defines(question: Question, candidate: Candidate) -> bool:
    """Whether a sentence says what the asked term is: 所称X，是指, X是指, 称为X."""
    folded = fold(candidate.unit.text)
    words = [word for word in question.words if len(word) > 1]
    terms = [*question.entities, "".join(words), *words]
    for term in dict.fromkeys(fold(term) for term in terms):
        if len(term) < 2:
            continue
        named = re.escape(term)
        if re.search(
            rf"(?:所称|所谓)(?:的)?{named}[,，]?(?:是?指|包括|即)|{named}[,，]?是?指(?!导|定|挥|示|引|标)",
            folded,
        ):
            return True
        if re.search(rf"(?:以下简称|简称|称为|叫做?){named}", folded):
            return True
    return False
