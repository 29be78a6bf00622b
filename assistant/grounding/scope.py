"""A rule is told with its conditions and exceptions, with all that narrows it, and nothing more."""

from __future__ import annotations

import re

from assistant.grounding.base import Claim, Place
from assistant.grounding.vocabulary import AIM, EXCEPTION

_CONDITION = re.compile(
    r"(?:的|时|后|外|下|内|前|以上|以下|起|期间|情形|情况)$|"
    r"^(?:如果|因|经|未经|凡|对|在|自|从|有|无|违反|符合|具备|当|属于|不|除|只有|遇|受|参加|具有|涉及|超过|发生|出现)"
)


class ScopeCheck:
    """Objects to a left-out condition, exception, subject, or attribute."""

    name = "scope"

    def objection(self, claim: Claim, place: Place) -> str | None:
        """What is left out may only be a whole clause that adds to the rule, or its aim."""
        alignment, window = place.alignment, place.window
        if alignment.unplaced:
            return f"“{alignment.unplaced[0][:20]}”在所引的原文里没有依据。"
        used = alignment.used
        if not used:
            return "所引的原文里没有这个意思。"
        if alignment.added:
            return f"原文没有说“{alignment.added[0][:20]}”。"
        if alignment.omitted:
            return f"漏了原文的“{alignment.omitted[0][:20]}”。"
        for new, old in alignment.changed:
            return f"原文是“{old[:20]}”，不是“{new[:20]}”。"
        if alignment.moved and _mixed(place):
            return "分句的次序变了，条件和后果可能对错。"
        for i, clause in enumerate(window.clauses):
            if i not in used and self._limits(i, clause, place):
                return f"漏了原文的条件或例外：“{clause[:24]}”。"
        return None

    @staticmethod
    def _limits(i: int, clause: str, place: Place) -> bool:
        window, used = place.window, place.alignment.used
        if EXCEPTION.search(clause):
            return True
        if AIM.match(clause):
            return False
        mine = [j for j in used if window.groups[j] == window.groups[i]]
        if window.is_list:
            return i < min(used) and window.groups[i] == 0
        if not mine or i > max(mine):
            return False
        return i < min(mine) or _CONDITION.search(clause) is not None


def _mixed(place: Place) -> bool:
    """Whether moved clauses may have come to another condition: A的，X；B的，Y told as A的，Y."""
    order, window = place.alignment.order, place.window
    parts = [window.groups[i] for i in order]
    runs = [p for i, p in enumerate(parts) if i == 0 or parts[i - 1] != p]
    conditions = sum(window.clauses[i].endswith(("的", "时")) for i in order)
    return len(runs) != len(set(runs)) or (conditions > 1 and not window.is_list)
