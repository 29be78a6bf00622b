"""A draft's text taken apart: paragraphs, quotations, sentences. Linear, and bounded."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from assistant.verification.findings import DraftError
from index.address.parse import Span

MAX_CHARACTERS = 1_000_000
_LONGEST_QUOTE = 3_000
_OPEN, _CLOSE = "“「『", "”」』"
_MARK = re.compile(f"[{_OPEN}{_CLOSE}]")
_END = re.compile(r"[。！？；!?;\n]")
_HARD_END = re.compile(r"[。！？!?\n]")
_ARTICLE_LINE = re.compile(
    r"^[ \t\u3000#>*]{0,12}第[零〇一二三四五六七八九十百千]{1,8}条[ \t\u3000*]", re.M
)
#: So many lines that begin with an article's number make the draft a rule itself.
_OWN_ARTICLES = 3


@dataclass(frozen=True)
class Draft:
    """The text of a draft; every range is of ``text``."""

    text: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise DraftError("文稿是空的，请检查文件内容后再核对。")
        if len(self.text) > MAX_CHARACTERS:
            raise DraftError(
                f"文稿有 {len(self.text) // 10_000} 万字，超过 {MAX_CHARACTERS // 10_000} 万字的上限，请拆开再核对。"
            )

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """Ranges of the lines that hold anything."""
        spans, at = [], 0
        for line in self.text.split("\n"):
            if line.strip():
                spans.append((at, at + len(line)))
            at += len(line) + 1
        return tuple(spans)

    @cached_property
    def quotations(self) -> tuple[Span, ...]:
        """Ranges of “…” with their marks, outermost only, each closed and not too long.

        A quotation may go over paragraphs, each of which may begin with an opening mark of its own.
        """
        spans: list[Span] = []
        depth = start = 0
        straight = -1
        for place, char in enumerate(self.text):
            if depth and place - start > _LONGEST_QUOTE:
                depth = 0
            if char in _OPEN:
                if depth == 0:
                    start = place
                    depth = 1
                elif not self._begins_line(place):
                    depth += 1
            elif char in _CLOSE and depth:
                depth -= 1
                if depth == 0:
                    spans.append((start, place + 1))
            elif char == '"' and not depth:
                if straight >= 0:
                    spans.append((straight, place + 1))
                    straight = -1
                else:
                    straight = place
            elif char == "\n":
                straight = -1
                if depth and not self._goes_on(place):
                    depth = 0  # an opening mark without its closing one
        return _outermost(spans)

    def _goes_on(self, line_end: int) -> bool:
        """Whether a quotation that is open at a line's end is closed below it."""
        mark = _MARK.search(self.text, line_end, line_end + _LONGEST_QUOTE)
        return mark is not None and (mark[0] in _CLOSE or self._begins_line(mark.start()))

    def _begins_line(self, place: int) -> bool:
        before = self.text[max(0, place - 8) : place]
        return not before.rpartition("\n")[2].strip() and "\n" in before

    @cached_property
    def masked(self) -> str:
        """The text with what is within quotation marks blanked, the marks left; same length."""
        parts, at = [], 0
        for start, end in self.quotations:
            parts += [self.text[at : start + 1], "\0" * (end - start - 2)]
            at = end - 1
        return "".join([*parts, self.text[at:]])

    @cached_property
    def _ends(self) -> list[int]:
        return [match.start() for match in _END.finditer(self.masked)]

    @cached_property
    def _hard_ends(self) -> list[int]:
        return [match.start() for match in _HARD_END.finditer(self.masked)]

    def sentence_end(self, at: int, *, hard: bool = False) -> int:
        """Where the sentence that ``at`` lies in ends, before its mark; ``hard``: past ；."""
        ends = self._hard_ends if hard else self._ends
        place = bisect_left(ends, at)
        return ends[place] if place < len(ends) else len(self.text)

    def sentence_start(self, at: int) -> int:
        """Where the sentence that ``at`` lies in begins; a ； doesn't part sentences here."""
        place = bisect_right(self._hard_ends, at - 1)
        return self._hard_ends[place - 1] + 1 if place else 0

    def in_quotation(self, at: int) -> Span | None:
        """The quotation that a place lies in."""
        place = bisect_right(self.quotations, (at, len(self.text))) - 1
        if place >= 0 and self.quotations[place][0] < at < self.quotations[place][1]:
            return self.quotations[place]
        return None

    @property
    def title(self) -> str:
        """The first line, which is mostly what the draft is called."""
        start, end = self.paragraphs[0]
        return self.text[start:end].strip(" \t\u3000#*")

    @cached_property
    def is_rule(self) -> bool:
        """Whether the draft counts articles of its own, so that 第五条 at a line's head is one."""
        found = islice(_ARTICLE_LINE.finditer(self.text), _OWN_ARTICLES)
        return sum(1 for _ in found) == _OWN_ARTICLES


def _outermost(spans: list[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)
