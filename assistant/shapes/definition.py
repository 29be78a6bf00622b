"""What a term means: the sentence that defines it, with the parts that belong to it."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.evidence import Candidate
from assistant.question import Question
from assistant.shapes.base import Material, Shaped
from assistant.shapes.plain import best_sentence
from assistant.text import fold

#: The term as a whole, however its words are cut.
_ASKED = re.compile(
    r"(?:什么是|何谓|何为|什么叫做?)([^，。？?]{2,16}?)[？?]?$"
    r"|([^，。？?的里中]{2,16}?)(?:是什么意思|是指什么|指的是什么|指什么|是什么|是啥|的含义|什么意思)[？?]?$"
)
_CLOSE = 0.6  # share of the best score that a defining sentence needs
_LOOKED_AT = 16


class DefinitionShape:
    """本办法所称…，是指…"""

    def shape(self, material: Material) -> Shaped:
        """The defining sentence among the best, where there is one, grown as any sentence is."""
        ranked = material.ranked
        best = ranked[0].score
        near = [c for c in ranked[:_LOOKED_AT] if c.score >= _CLOSE * best]
        told = [(defines(material.question, candidate), candidate) for candidate in near]
        level = max((how for how, _ in told), default=0)
        if not level:
            return Shaped(best_sentence(material))
        first = next(candidate for how, candidate in told if how == level)
        others = [candidate for candidate in ranked if candidate is not first]
        view = material.shelf.document(first.hit.document)
        return Shaped(best_sentence(replace(material, ranked=[first, *others], view=view)))


def defines(question: Question, candidate: Candidate) -> int:
    """2 where a sentence says what the asked term is (所称X，是指), 1 where it only brings in the
    name (以下简称X), 0 for neither."""
    folded = fold(candidate.unit.text)
    words = [word for word in question.words if len(word) > 1]
    asked = _ASKED.search(question.text)
    whole = [next(filter(None, asked.groups()))] if asked else []
    level = 0
    for term in dict.fromkeys(
        fold(t) for t in (*whole, *question.entities, "".join(words), *words)
    ):
        if len(term) < 2:
            continue
        named = re.escape(term)
        if re.search(
            rf"所[称谓](?:的)?{named}[,，]?(?:是?指|包括|即)|{named}[,，]?是?指(?![导定挥示引标])",
            folded,
        ):
            return 2
        if re.search(rf"(?:简称|称为|叫做?){named}", folded):
            level = 1
    return level
