"""Where the heading ends in a line that goes on with text."""

from __future__ import annotations

from ingest.structure.lines import Line
from ingest.structure.marks import Mark
from ingest.structure.shape import bare

_LONGEST_TITLE = 40
_BRACKETS = {
    "【": "】",
    "〔": "〕",
    "［": "］",
    "[": "]",
    "（": "）",
    "(": ")",
    "「": "」",
    "〖": "〗",
}


def article_title(line: Line, mark: Mark) -> tuple[str, int]:
    """The words in brackets after the number (第十条 【立法目的】) and where the head ends."""
    head_end = line.start + mark.end
    rest = line.rest
    closing = _BRACKETS.get(rest[:1])
    stop = rest.find(closing, 1, 60) if closing else -1
    if closing and stop > 1 and rest[0] not in "（(":
        return bare(rest[1:stop]), line.rest_start + stop + 1
    if rest.startswith(("：", ":", "、", "．", ".")):
        return "", line.rest_start + 1
    return "", head_end


def prose_title(line: Line) -> tuple[str, int]:
    """The heading in a numbered line: the line when short, else its first sentence when short."""
    rest = line.rest
    if len(rest) <= _LONGEST_TITLE and "。" not in rest[:-1]:
        return rest.rstrip("。：:；; "), line.end
    stop = rest.find("。", 0, _LONGEST_TITLE)
    if stop > 0:
        return rest[:stop], line.rest_start + stop + 1
    return "", line.end - len(rest)
