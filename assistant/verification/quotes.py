"""Which quotation is said to stand in which rule: 《X》第五条规定：“…”, “…”（《X》第五条）."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.verification.draft import Draft
from assistant.verification.references import Reference
from index.address.parse import Span

_VERBS = "规定|明确|指出|要求|强调|提出|载明|写明|写道|表述|表明|确定|确立|界定|定义|列明|称|讲|说"
#: Between a rule and its quotation: no other speaker, no new clause.
_TOLD = re.compile(
    rf"(?P<filler>[^，。：；\0“”]{{0,24}}?)(?P<verb>{_VERBS})(?P<tail>了|的|为|是|如下|指出|道)?[：:，,]?\s?$"
)
_DIRECT = re.compile(r"\s?(?:[，,：:]|即|的规定[，,：:]?|中的|里的|的|之)?\s?$")
_SPEAKER = re.compile(r"同志|书记|局长|主任|部长|领导|记者|会议|讲话|他|她|我|们|专家|群众|大家")
_NEXT_QUOTE = re.compile(
    r"[，、,；;和及与或]{0,2}(?:以及|并且|同时|还)?(?:[^，。：；\0“”]{0,8}(?:规定|明确|要求))?[：:，,]?\s?$"
)
_BEHIND = re.compile(
    r"[，。,；]?\s?(?:[（(]\s?(?:见|参见|详见|引自|出自|摘自|语出|依据|根据|——)?|"
    r"(?:这|此|以上|上述|该句|这句话)?(?:正|就)?(?:是|出自|引自|源自|摘自|见于|见|来自|语出)(?:于|自)?|——)\s?$"
)
_BEFORE_CUE = re.compile(r"(?:根据|依据|依照|按照|遵照)(?:了)?$")


@dataclass(frozen=True)
class Quotation:
    """Quoted words at ``start:end`` (marks left out). ``strict``: said to be a rule's own words;
    otherwise they may be a name that the rule merely has to do with."""

    start: int
    end: int
    strict: bool


def attribute(draft: Draft, references: Sequence[Reference]) -> dict[int, list[Quotation]]:
    """The quotations of each reference, by its index."""
    found: dict[int, list[Quotation]] = defaultdict(list)
    starts = [one.start for one in references]
    last: tuple[int, Span] | None = None  # (reference, quotation) attributed last
    for span in draft.quotations:
        before = bisect_left(starts, span[0]) - 1
        owner = _owner(draft, references, before, span, last)
        if owner is None:
            continue
        index, strict = owner
        found[index].append(Quotation(span[0] + 1, span[1] - 1, strict))
        last = (index, span)
    return found


def _owner(
    draft: Draft,
    references: Sequence[Reference],
    before: int,
    span: Span,
    last: tuple[int, Span] | None,
) -> tuple[int, bool] | None:
    if before >= 0 and references[before].end <= span[0]:
        reference = references[before]
        gap = draft.masked[reference.end : span[0]]
        strict = _told(draft, reference, gap)
        if strict is not None:
            return before, strict
        if last is not None and last[0] == before and last[1][1] <= span[0]:
            between = draft.masked[last[1][1] : span[0]]
            if _NEXT_QUOTE.fullmatch(between):
                return before, False
    after = bisect_left(references, span[1], key=lambda one: one.start)
    if after < len(references):
        gap = draft.masked[span[1] : references[after].start]
        if len(gap) <= 14 and _BEHIND.fullmatch(gap):
            return after, True
    return None


def _told(draft: Draft, reference: Reference, gap: str) -> bool | None:
    """Whether a quotation behind a reference is told as its words; None: it is not of it."""
    if len(gap) > 60 or "\n" in gap.strip("\n"):
        return None
    gap = re.sub(r"^\s?[（(][^（）()\n]{0,40}[）)]", "", gap)
    if not gap.strip() or _DIRECT.fullmatch(gap):
        cue = _BEFORE_CUE.search(draft.text[max(0, reference.start - 4) : reference.start])
        return bool(reference.addresses) and bool(cue or gap.strip(" ") in ("：", ":"))
    match = _TOLD.fullmatch(gap)
    if match is None or _SPEAKER.search(match["filler"]):
        return None
    term = match["filler"].endswith("所")  # 所称“…”: a term, which may be put in other words
    return match["tail"] != "的" and not term
