"""Definitions: 本办法所称X，是指Y."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DEFINITION = re.compile(
    r"^(?P<before>(?:本[\u4e00-\u9fff]{1,4}|《[^》]{2,30}》)?(?:中)?(?:所称|所指)(?:的)?)?"
    r"[“\"]?(?P<term>[^，。：；“”\"《》]{2,20})[”\"]?，?是指(?P<body>[^。]{10,110})。$"
)
_NOT_TERM = re.compile("(?:^|[^\u4e00-\u9fff])其|该|前|本|这|以下|下列|应当|不得|可以|、.*、")


@dataclass(frozen=True)
class Definition:
    """``term`` at ``start:end`` of the sentence, and what it is defined as."""

    term: str
    body: str
    start: int
    end: int


def read_definition(sentence: str) -> Definition | None:
    """The definition that a whole sentence gives, None for any other sentence."""
    match = _DEFINITION.match(sentence)
    if match is None or _NOT_TERM.search(match["term"]) or "是指" in match["body"]:
        return None
    term, start = match["term"], match.start("term")
    return Definition(term, match["body"], start, start + len(term))


def asked_definition(sentence: str, title: str) -> Definition | None:
    """A definition whose term neither it nor the document's title gives away."""
    found = read_definition(sentence)
    if found is None or found.term in title or gives_away(found.term, found.body):
        return None
    return found


def gives_away(term: str, body: str) -> bool:
    """Whether the definition says the term's own words: most of its characters, or its head."""
    said = sum(char in body for char in term)
    pairs = [term[i : i + 2] for i in range(len(term) - 1)]
    return said / len(term) >= 0.75 or sum(pair in body for pair in pairs) * 2 > len(pairs)
