"""Negations, 应当 and 可以, and words of scope (所有, 一律, 只) are those of the window."""

from __future__ import annotations

import re
from collections import Counter

from assistant.grounding.base import Claim, Place
from assistant.grounding.canonical import canonical
from assistant.grounding.vocabulary import MODALS, NEGATIONS, SCOPE

#: Words of scope that may be left out: what they say holds without them.
_MAY_GO = frozenset(
    ["均", "都", "一律", "各类", "凡", "首要", "同时", "随时", "各级", "全部", "全体"]
)

#: 不能 may say that something fails, these only that it is forbidden.
_FORBIDS = re.compile("不得|不准|不许|禁止|严禁|不应|不允许|切勿")
_DENYING = re.compile("[不未无非没免勿莫否]")


class ModalityCheck:
    """Objects to a 不 or 可以 more or less than in the clauses that the claim tells."""

    name = "modality"

    def objection(self, claim: Claim, place: Place) -> str | None:
        """Both ways: what the claim adds and what it leaves out."""
        said, told = canonical(claim.body), place.alignment.told
        for pattern in (NEGATIONS, MODALS, SCOPE):
            mine, theirs = _count(pattern, said), _count(pattern, told)
            for word in mine - theirs:
                return f"原文没有说“{word}”。"
            for word in theirs - mine:
                if word not in _MAY_GO:
                    return f"漏了原文的“{word}”。"
        if len(_FORBIDS.findall(claim.body)) > len(_FORBIDS.findall(place.window.text)):
            return "原文说的是不能，不是不得。"
        alignment = place.alignment
        changed = [part for pair in alignment.changed for part in pair]
        for part in (*alignment.added, *alignment.omitted, *changed):
            found = _DENYING.search(part)
            if found:
                return f"“{part[:12]}”里的“{found.group()}”和原文对不上。"
        return None


def _count(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(pattern.findall(text))
