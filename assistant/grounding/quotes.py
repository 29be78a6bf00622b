"""Words in quotation marks are quoted: they stand in the passage letter by letter."""

from __future__ import annotations

import re

from assistant.grounding.base import Claim, Place
from assistant.text import fold

_QUOTED = re.compile(r"[“\"「『]([^“”\"「」『』\n]{1,200})[”\"」』]")


class QuotesCheck:
    """Objects to quoted words that the source does not have."""

    name = "quotes"

    def objection(self, claim: Claim, place: Place) -> str | None:
        """Marks and white space aside, the words must be the source's own."""
        held = fold(place.source.text + place.source.title)
        for words in _QUOTED.findall(claim.text):
            if fold(words) not in held:
                return f"引号里的“{words[:20]}”不是所引原文的原话。"
        return None
