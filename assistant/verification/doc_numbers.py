"""文号 in running text: where one begins, and whether it is that of the title beside it."""

from __future__ import annotations

import re

NUMBER = re.compile(
    r"(?P<body>[\u4e00-\u9fffA-Za-z]{1,12})\s?[〔［\[（(【]\s?(?P<year>[0-9０-９]{4})\s?[〕］\]）)】]"
    r"\s?第?\s?(?P<n>[0-9０-９]{1,6})\s?号"
)
"""A 文号: 国办发〔2020〕5号."""

#: Words of the sentence before a 文号.
_CUE = re.compile(
    r"^.*(?:根据|依据|依照|按照|落实|执行|贯彻|印发|转发|参照|以及|见|和|与|及|在|以|按|由|于|的|了)(?=[\u4e00-\u9fffA-Za-z]{2,})"
)


def beside(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Whether a 文号 is that of a title: 《…》（国办发〔2020〕5号）, or 国办发〔2020〕5号《…》."""
    between = text[end : match.start()] if match.start() >= end else None
    if between is not None:
        return len(between) <= 3 and not between.strip("（( \u3000，")
    after = text[match.end() : start] if start >= match.end() else None
    return after is not None and len(after) <= 2 and not after.strip("文件 ")


def number_beside(
    text: str, start: int, end: int, numbers: list[re.Match[str]]
) -> re.Match[str] | None:
    """The 文号 of the title at this range, None where none stands beside it."""
    return next((match for match in numbers if beside(text, start, end, match)), None)


def cue_length(body: str, known: list[str]) -> int:
    """How many characters before a 文号 are words of the sentence."""
    for one in known:
        match = NUMBER.search(one)
        if match and body.endswith(match["body"]):
            return len(body) - len(match["body"])
    match = _CUE.match(body)
    return match.end() if match else 0
