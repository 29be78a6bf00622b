"""People, bodies and places of a claim are those of the window, in the same roles."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.grounding.base import Claim, Place
from assistant.grounding.canonical import canonical
from assistant.grounding.vocabulary import OPPOSITES, ORGANISATION, PERSON

_NAME_TAGS = ("ns", "nt")


class NamesCheck:
    """Objects to a body, person or place that is not there, or not there in that place."""

    name = "names"

    def objection(self, claim: Claim, place: Place) -> str | None:
        """A name counts as misplaced where the alignment had to add or change it."""
        held = canonical(place.window.text)
        for word in names(canonical(claim.body)):
            if word not in held:
                return f"“{word}”不在所引的原文里。"
        alignment = place.alignment
        changed = [new for new, _ in alignment.changed]
        for span in (*alignment.added, *changed, *alignment.unplaced):
            for word in names(span):
                return f"“{word}”和所引原文里的主体或对象对不上。"
        for new, old in alignment.changed:
            if opposed(new, old):
                return f"原文是“{old[:12]}”，不是“{new[:12]}”。"
            for word in names(old):
                return f"原文里的“{word}”被换成了别的说法。"
        return None


def names(text: str) -> Iterator[str]:
    """The words of a canonical text that name somebody, a body or a place."""
    import rjieba

    for word, tag in rjieba.tag(text):
        named = tag in _NAME_TAGS and rjieba.has_word(word)
        suffix = ORGANISATION.search(word) or PERSON.search(word)
        if len(word) > 1 and (named or (suffix and tag[0] in "njs")):
            yield word


def opposed(left: str, right: str) -> bool:
    """Whether two words differ by a pair of opposites: 上级 and 下级, 增加 and 减少."""
    return any(
        (a in left and b in right and a not in right)
        or (b in left and a in right and b not in right)
        for a, b in OPPOSITES
    )
