"""What a draft says of a rule in its own words: 根据《X》第五条，处分期间为六个月."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.verification.draft import Draft
from assistant.verification.references import Reference
from assistant.verification.wording import fold

_STATING = re.compile(
    r"^(?:[（(][^（）()\n]{0,40}[）)])?\s?(?:的|中|里)?(?:[^，。；：\0“”]{0,14}?)(?:规定|明确|指出|要求|提出|载明|写明|确定)"
    r"(?:了|的?是)?[：:，,]?"
)
_APPLYING = re.compile(
    r"^(?:[（(][^（）()\n]{0,40}[）)])?\s?(?:等)?(?:的?(?:有关|相关)?(?:规定|要求|精神|条款))?(?:等)?[，,：:]"
)
_FOLLOWING_VERB = re.compile(r"^(?:的|中|里)?(?:[^，。；：\0“”]{0,14}?)(?:规定|要求)(?:的|之)")
_CUE = re.compile(r"(?:根据|依据|依照|按照|遵照)(?:了)?$")
_CONDITION = re.compile(r"(?:符合|违反|触犯|犯|具有|属于|适用|构成|犯有)(?:了)?$")
_IN_BRACKETS = re.compile(r"[（(](?:见|参见|详见|依据|根据)?\s?$")
_SHORTEST = 6
_LONGEST = 400
_OF_NEXT = 10  # characters between two rules that are no statement on the first


@dataclass(frozen=True)
class Statement:
    """What is said of a rule at ``start:end`` of the draft.

    ``stated``: told as the rule's content (规定…); otherwise it only follows (根据…，…) and may be
    about something else. ``frame`` is what stands between the rule and the statement.
    """

    start: int
    end: int
    stated: bool
    frame: str = ""


def statement_of(draft: Draft, references: Sequence[Reference], index: int) -> Statement | None:
    """What the draft says that a reference's rule says, in its own words; None for nothing."""
    reference = references[index]
    text = draft.masked
    following = references[index + 1].start if index + 1 < len(references) else len(text)
    if _IN_BRACKETS.search(text[max(0, reference.start - 4) : reference.start]):
        low = references[index - 1].end if index else 0
        start = max(low, draft.sentence_start(reference.start), reference.start - _LONGEST)
        end = reference.start - 1
        return Statement(start, end, True) if _worth(text[start:end]) else None
    end = min(draft.sentence_end(reference.end), following, reference.end + _LONGEST)
    rest = text[reference.end : end]
    if _FOLLOWING_VERB.match(rest):
        return None  # 第五条规定的情形: what follows is the draft's own
    stated = _STATING.match(rest)
    applied = _APPLYING.match(rest)
    cue = _CUE.search(text[max(0, reference.start - 4) : reference.start])
    match = applied or stated if cue else stated
    noun = match is not None and "的" in match[0][:-1]  # 的规定, where 规定 alone is a verb
    if match is None or ((cue or noun) and match[0][-1] not in "，,：:"):
        return None  # 依照第四十七条规定标准的二倍: no sentence on the rule
    if _CONDITION.search(text[max(0, reference.start - 4) : reference.start]):
        return None  # 符合第五条规定，…: what follows is the draft's own
    start = reference.end + match.end()
    if end == following < len(text) and end - start < _OF_NEXT:
        return None  # 根据A和B: the rest is the next one's
    if not _worth(text[start:end]):
        return None
    frame = text[reference.end : start]
    return Statement(start, end, bool(stated) and not cue and not noun, frame)


def _worth(said: str) -> bool:
    return "\0" not in said and len(fold(said).text) >= _SHORTEST
