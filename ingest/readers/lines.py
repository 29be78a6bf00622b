"""How Chinese office texts break lines: what starts a paragraph, what ends one, how to join."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = "0-9０-９"
_NUMERALS = f"{_DIGITS}〇○零一二三四五六七八九十百千两"
# 第三条, 第十二章, 第一百三十三条之一, 一、, （一）, 1.  (but not 1.5), 1、, （1）, ①, 附件1, 附则
_STARTS = re.compile(
    rf"第\s?[{_NUMERALS}]{{1,9}}\s?(?:编|分编|章|节|条|款|项|部分|讲|课)"
    rf"(?![{_NUMERALS}件例至和或的、，]|规定|所列|第)"  # a mention that happens to begin a line
    rf"|[〇零一二三四五六七八九十百]{{1,5}}[、．.]"
    rf"|[（(]\s?[{_NUMERALS}]{{1,5}}\s?[）)]"
    rf"|[{_DIGITS}]{{1,3}}(?:、|[．.](?![{_DIGITS}])|[)）])"
    "|[①-⑳⑴-⒇⒈-⒛㈠-㈩]"
    rf"|附\s?[件录表则][{_NUMERALS}]{{0,3}}\s?(?:[：:]|$)"
)
_LABEL = re.compile(
    rf"第\s?[{_NUMERALS}]{{1,9}}\s?条(?:之[一二三四五六七八九十]{{1,3}})?"
    rf"|[〇零一二三四五六七八九十百]{{1,5}}、|[（(][{_NUMERALS}]{{1,5}}[）)]"
)
_DATE = re.compile(
    rf"[（(]?\s?[{_DIGITS}〇○零一二三四五六七八九]{{4}}\s?年\s?[{_NUMERALS}]{{1,3}}\s?月"
    rf"(?:\s?[{_NUMERALS}]{{1,3}}\s?日)?\s?[）)]?"
)
_ENDS = re.compile("[。！？!?；;：:…][”’」』》）)\"'】]*$|[”’」』】]$")
_PAUSE = re.compile("[，。；：、,;:！？]")
_CJK = re.compile(
    "[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f\u2014-\u2026]"
)
_INDENT = re.compile("　|\t|[ \xa0]{2}")
_SHORT = 26  # a numbered line up to here without a pause is a heading of its own


def starts_new(line: str) -> bool:
    """Whether a line begins a numbered thing (条, 章, 一、, （一）, 1., ①, 附件) or is a date alone."""
    line = line.strip()
    return bool(_STARTS.match(line)) or bool(_DATE.fullmatch(line))


def is_indented(line: str) -> bool:
    """Whether a raw line begins with an indent of a paragraph (full-width space, tab, 2 spaces)."""
    return bool(_INDENT.match(line))


def ends_sentence(line: str) -> bool:
    """Whether a line ends where a paragraph may end: 。！？；： and closing marks after them."""
    return bool(_ENDS.search(line.rstrip()[-8:]))


def is_label(line: str) -> bool:
    """Whether a line is nothing but a number (第一条), whose text follows on the next line."""
    return bool(_LABEL.fullmatch(line.strip()))


def is_short_heading(line: str) -> bool:
    """Whether a line is a numbered heading by itself: short, no pause in it, not a bare number."""
    line = line.strip()
    mark = _STARTS.match(line)
    if not mark or len(line) > _SHORT or is_label(line):
        return False
    return not _PAUSE.search(line, mark.end())


def join(left: str, right: str) -> str:
    """Two parts of one paragraph: no space between Chinese, one between Latin words."""
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return left + right
    if is_label(left):
        return f"{left}　{right}" if left[-1] not in "、）)" else left + right
    if _CJK.match(left[-1]) or _CJK.match(right[0]):
        return left + right
    return f"{left} {right}"


def breaks_between(left: str, right: str) -> bool:
    """Whether a line break between two raw lines parts two paragraphs (not a mere wrap)."""
    return (
        starts_new(right)
        or is_indented(right)
        or ends_sentence(left)
        or is_short_heading(left)
        or bool(_DATE.fullmatch(left.strip()))
    )


def paragraphs(lines: Iterable[str]) -> list[str]:
    """Source lines of one run without blank lines, joined to paragraphs where they only wrap."""
    out: list[list[str]] = []
    for line in lines:
        if not line.strip():
            continue
        if out and not breaks_between(out[-1][-1], line):
            out[-1].append(line)
        else:
            out.append([line])
    return [join_all(parts) for parts in out]


def join_all(parts: list[str]) -> str:
    """All parts of one paragraph as one line, in time linear in their length."""
    if len(parts) == 1:
        return parts[0].strip()
    pieces = [parts[0].strip()]
    for part in parts[1:]:
        tail = pieces[-1][-12:]  # enough to see a label; joining whole text would be quadratic
        whole = pieces[-1] if len(pieces) == 1 and len(pieces[-1]) <= 12 else "…" + tail
        part = part.strip()
        joined = join(whole, part[:1])
        pieces.append(joined[len(whole) :] + part[1:])
    return "".join(pieces)


def shown_lines(text: str) -> list[str]:
    """A paragraph at its manual line breaks: joined, unless a number begins the next line."""
    groups: list[list[str]] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        if groups and not starts_new(line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [join_all(group) for group in groups]
