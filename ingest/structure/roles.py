"""What each line of a document is: heading of a chapter, head of an article, contents, plain text."""

from __future__ import annotations

import re

from ingest.structure.contents import contents_ranges
from ingest.structure.lines import Line
from ingest.structure.marks import Style
from ingest.structure.model import SectionKind
from ingest.structure.quotes import quoted_lines
from ingest.structure.role import Role
from ingest.structure.shape import bare, ends_sentence, is_bracketed, is_short, names_document
from ingest.structure.titles import is_appendix_label, mark_tails, mark_titles

_BARE_CHAPTERS = frozenset({"总则", "附则", "总纲", "分则"})
_MENTION = re.compile(
    r"(?:[、和或至及与到]\s?(?:第|本)|规定|所列|所称|所指|所述|第|的|中的|中规定|中所|之外|以外|以下|[，,）)；;])"
)
_APPENDED = re.compile(r"附\s?[件录表]")
_PAUSE = re.compile("[，。；：、！？,;:（(]")
_LONGEST_BARE_CHAPTER = 16
_LONGEST_HEADING = 60
_LONGEST_FORMAT_HEADING = 120


def line_roles(lines: list[Line]) -> list[Role]:
    """The role of every line, in order. Linear in the number of lines."""
    roles = [Role.TEXT] * len(lines)
    for first, end in contents_ranges(lines):
        roles[first:end] = [Role.CONTENTS] * (end - first)
    quoted = quoted_lines(lines)
    for index in quoted:
        lines[index].mark = None  # the numbers of another text
    fresh = False  # the title of a further document was seen since the last article
    last: tuple[int, ...] | None = None
    for index, line in enumerate(lines):
        if roles[index] is not Role.TEXT or index in quoted or line.kind in ("table_row", "note"):
            continue
        role = _role(line, last)
        first = line.mark is not None and line.mark.number == (1,)
        if role is Role.TEXT and first and fresh:
            role = _role(line, None)
        if role is Role.ARTICLE and line.mark is not None:
            last, fresh = line.mark.number, False
        if role is Role.APPENDIX:
            last = None
        if line.mark is None and is_short(line.text, 80) and names_document(line.text):
            fresh = True
        roles[index] = role
    _chapters_without_number(lines, roles, quoted)
    _titles_of_chapters(lines, roles)
    mark_titles(lines, roles)
    mark_tails(lines, roles)
    return roles


def _role(line: Line, last: tuple[int, ...] | None) -> Role:
    mark = line.mark
    if mark is not None and mark.style is Style.LEGAL:
        if mark.kind is SectionKind.ARTICLE:
            return Role.ARTICLE if _heads_article(line, last) else Role.TEXT
        if not _heads_chapter(line):
            return Role.TEXT
        return Role.HEADING if mark.kind is SectionKind.HEADING else Role.CHAPTER
    if mark is None and is_appendix_label(line.text):
        return Role.APPENDIX
    if line.level and len(line.text) <= _LONGEST_FORMAT_HEADING:
        appended = _APPENDED.match(line.text) and len(line.text) <= _LONGEST_HEADING
        return Role.APPENDIX if appended else Role.HEADING
    return Role.TEXT


def _heads_article(line: Line, last: tuple[int, ...] | None) -> bool:
    """Whether a line that begins with 第…条 is that article and does not merely mention it."""
    mark = line.mark
    assert mark is not None
    after = line.text[mark.end : mark.end + 8]
    if mark.spaced:
        return not re.match(r"\s*(?:[、和或至及与到]\s?第)", after)
    if after[0] in "：:.．、" and not _MENTION.match(after[1:].lstrip()):
        return True
    if _MENTION.match(after):
        return False
    return follows(mark.number, last)


def follows(number: tuple[int, ...], last: tuple[int, ...] | None) -> bool:
    """Whether an article number is the next after ``last`` (第十二条 or 第十一条之一 after 第十一条)."""
    if last is None:
        return number == (1,)
    branch = last[1] if len(last) > 1 else 0
    return number in ((last[0] + 1,), (last[0], branch + 1))


def _heads_chapter(line: Line) -> bool:
    rest = line.rest
    if len(rest) > _LONGEST_HEADING or (rest and ends_sentence(rest)):
        return False
    if line.mark is not None and not line.mark.spaced and _MENTION.match(rest):
        return False
    return "。" not in rest and "；" not in rest


def _chapters_without_number(lines: list[Line], roles: list[Role], quoted: set[int]) -> None:
    """总则 and 附则 as lines of their own, and what stands like them between two articles."""
    if Role.ARTICLE not in roles:
        return
    numbered = Role.CHAPTER in roles
    found = False
    for index, line in enumerate(lines):
        if (
            roles[index] in (Role.TEXT, Role.HEADING)
            and len(line.text) <= 8
            and index not in quoted
            and bare(line.text) in _BARE_CHAPTERS
            and line.kind != "table_row"
            and (not index or roles[index - 1] is not Role.CHAPTER)  # 第一章, 总则 on two lines
        ):
            roles[index] = Role.CHAPTER
            found = True
    if not found or numbered:
        return
    for index in range(1, len(lines) - 1):
        line = lines[index]
        if (
            roles[index] is Role.TEXT
            and roles[index + 1] is Role.ARTICLE
            and line.mark is None
            and line.kind == "paragraph"
            and index not in quoted
            and len(line.text) <= _LONGEST_BARE_CHAPTER
            and not _PAUSE.search(line.text)
            and ends_sentence(lines[index - 1].text)
        ):
            roles[index] = Role.CHAPTER


def _titles_of_chapters(lines: list[Line], roles: list[Role]) -> None:
    """The title of a chapter may stand on the line after its number, or run on over a line."""
    for index, role in enumerate(roles[:-1]):
        if role is not Role.CHAPTER or roles[index + 1] not in (Role.TEXT, Role.HEADING):
            continue
        line, following = lines[index], lines[index + 1]
        if following.mark is not None or not is_short(following.text, 40):
            continue
        if line.mark is not None and not line.rest:
            roles[index + 1] = Role.CHAPTER_TITLE
            continue
        after = roles[index + 2] if index + 2 < len(roles) else Role.TEXT
        runs_on = len(line.text) >= 10 and not following.level and not line.level
        if runs_on and after in (Role.ARTICLE, Role.CHAPTER) and not is_bracketed(following.text):
            roles[index + 1] = Role.CHAPTER_TITLE
