"""A sentence of a draft as a claim: its attribution (根据《某某办法》第五条，) set apart."""

from __future__ import annotations

import re

from assistant.grounding.base import Claim

_N = "零〇一二两三四五六七八九十百千0-9"
_PLACE = rf"(?:第[{_N}]{{1,9}}条(?:之[{_N}]{{1,3}})?(?:第[{_N}]{{1,4}}款)?(?:第[（(]?[{_N}]{{1,4}}[）)]?项)?)"
_TITLE = r"(?:《[^《》\n]{1,80}》(?:[（(][^（()）\n]{1,30}[）)])?)"
_ATTRIBUTION = re.compile(
    rf"^\s*(?:根据|依据|按照|依照|参照|按|依)?\s?(?:{_TITLE}\s?(?:的|中)?\s?{_PLACE}?|{_PLACE}|(?:相关|有关|上述|该)?(?:规定|材料|原文))"
    r"\s?(?:的|中的?)?\s?(?:有关|相关)?(?:规定|要求|明确|明确规定|指出|提出|内容)?\s?(?:，|,|：|:)"
)
_RULES = re.compile(
    rf"^\s*(?:{_TITLE}\s?(?:的|中)?\s?{_PLACE}?|{_PLACE})\s?(?:明确)?(?:规定|要求|指出)(?:了)?[，,：:]?"
)
_HEAD = re.compile(rf"^\s*{_PLACE}[\s\u3000]{{1,4}}")  # as the rule itself writes it


def claim_of(text: str) -> Claim:
    """The claim that a sentence (without marks) makes."""
    for pattern in (_ATTRIBUTION, _RULES, _HEAD):
        match = pattern.match(text)
        if match and match.end() < len(text):
            return Claim(text, match.group(), text[match.end() :].lstrip())
    return Claim(text, "", text)


def titles_in(text: str) -> list[str]:
    """The names in book marks, without them."""
    return [t[1:-1] for t in re.findall(r"《[^《》\n]{1,80}》", text)]
