"""What each line of a document is: heading of a chapter, head of an article, contents, plain text."""

from __future__ import annotations

import re
from enum import Enum, auto

from ingest.structure.contents import contents_ranges
from ingest.structure.lines import Line
from ingest.structure.marks import Style
from ingest.structure.model import SectionKind
from ingest.structure.quotes import quoted_lines
from ingest.structure.shape import (
    bare,
    ends_sentence,
    ends_with_date,
    is_bracketed,
    is_date,
    is_document_number,
    is_note,
    is_short,
    is_signature,
    names_document,
)


class Role(Enum):
    """The part that a line plays in the outline."""

    TEXT = auto()
    TITLE = auto()
    CONTENTS = auto()
    CHAPTER = auto()  # 编、章、节, with or without a number
    CHAPTER_TITLE = auto()  # the words of a chapter whose number stands on the line before
    ARTICLE = auto()
    APPENDIX = auto()
    HEADING = auto()  # stated by the format, without 第…条
    TAIL = auto()  # signature, date, note of the source: belongs to no article


_BARE_CHAPTERS = frozenset({"总则", "附则", "总纲", "分则"})
_MENTION = re.compile(
    r"(?:[、和或至及与到]\s?(?:第|本)|规定|所列|所称|所指|所述|第|的|中的|中规定|中所|之外|以外|以下|[，,）)；;])"
)
_APPENDIX = re.compile(
    r"附\s?(?:件|录|表)\s?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})?\s?[：:]?"
)
_LONGEST_HEADING = 60
_LONGEST_TAIL = 6
_LONGEST_FORMAT_HEADING = 120
_TITLE_LINES = 4


def line_roles(lines: list[Line]) -> list[Role]:
    """The role of every line, in order. Linear in the number of lines."""
    roles = [Role.TEXT] * len(lines)
    for first, end in contents_ranges(lines):
        roles[first:end] = [Role.CONTENTS] * (end - first)
    quoted = quoted_lines(lines)
    last: tuple[int, ...] | None = None
    for index, line in enumerate(lines):
        if roles[index] is not Role.TEXT or index in quoted or line.kind in ("table_row", "note"):
            continue
        role = _role(line, last)
        if role is Role.ARTICLE and line.mark is not None:
            last = line.mark.number
        if role is Role.APPENDIX:
            last = None
        roles[index] = role
    _chapters_without_number(lines, roles, quoted)
    _titles_of_chapters(lines, roles)
    _titles(lines, roles)
    _tails(lines, roles)
    return roles


def _role(line: Line, last: tuple[int, ...] | None) -> Role:
    mark = line.mark
    if mark is not None and mark.style is Style.LEGAL:
        if mark.kind is SectionKind.ARTICLE:
            return Role.ARTICLE if _heads_article(line, last) else Role.TEXT
        return Role.CHAPTER if _heads_chapter(line) else Role.TEXT
    if mark is None and len(line.text) <= 12 and _APPENDIX.fullmatch(line.text):
        return Role.APPENDIX
    if line.level and len(line.text) <= _LONGEST_FORMAT_HEADING:
        appended = _APPENDIX.match(line.text) and len(line.text) <= _LONGEST_HEADING
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
    """总则 and 附则 as lines of their own, where the document has articles."""
    if Role.ARTICLE not in roles:
        return
    for index, line in enumerate(lines):
        if (
            roles[index] in (Role.TEXT, Role.HEADING)
            and len(line.text) <= 8
            and index not in quoted
            and bare(line.text) in _BARE_CHAPTERS
            and line.kind != "table_row"
            and roles[index - 1] is not Role.CHAPTER  # 第一章 and 总则 on two lines
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


def _titles(lines: list[Line], roles: list[Role]) -> None:
    """The document's title at the top, and that of a further document bound into the same file."""
    _first_title(lines, roles)
    seen: tuple[int, ...] | None = None
    for index, role in enumerate(roles):
        if role is not Role.ARTICLE:
            continue
        mark = lines[index].mark
        assert mark is not None
        if mark.number == (1,) and seen is not None and seen >= (1,):
            _bound_in(lines, roles, index)
        seen = mark.number


def _first_title(lines: list[Line], roles: list[Role]) -> None:
    for index in range(min(len(lines), 12)):
        line = lines[index]
        if roles[index] is Role.HEADING and _is_red_head(lines, index):
            roles[index] = Role.TEXT
            continue
        if roles[index] is Role.HEADING and not line.mark:
            roles[index] = Role.TITLE
            _title_goes_on(lines, roles, index)
            return
        if roles[index] not in (Role.TEXT, Role.CONTENTS):
            break
        if line.mark is not None or not is_short(line.text, 80):
            break
    run: list[int] = []
    for index in range(min(len(lines), 16)):
        line = lines[index]
        if roles[index] is not Role.TEXT or line.mark is not None or line.kind == "table_row":
            break
        if not is_short(line.text, 80) or is_bracketed(line.text) or is_date(line.text):
            if run:
                break
            continue
        if is_document_number(line.text) and not names_document(line.text):
            run.clear()
            continue
        run.append(index)
        if names_document(line.text):
            break
        if len(run) > _TITLE_LINES:
            break
    named = [i for i in run if names_document(lines[i].text)]
    if named:
        start = run.index(named[-1])
        # 中国共产党 / 纪律处分条例: a title set on two lines; a red head (……文件) is not a part of it.
        while start > 0 and run[start - 1] == run[start] - 1 and _runs_into(lines[run[start - 1]]):
            start -= 1
        for index in run[start : run.index(named[-1]) + 1]:
            roles[index] = Role.TITLE
    elif run and not is_signature_block(lines, run[0]):
        roles[run[0]] = Role.TITLE


def _is_red_head(lines: list[Line], index: int) -> bool:
    """Whether a line is the name over an office's paper (某某局文件), with its number below."""
    following = lines[index + 1 : index + 4]
    return bare(lines[index].text).endswith("文件") and any(
        is_document_number(line.text) for line in following
    )


def _title_goes_on(lines: list[Line], roles: list[Role], index: int) -> None:
    """A title that the format gives as two headings: 关于印发 / 《……办法》的通知."""
    after = index + 1
    if after >= len(lines) or roles[after] is not Role.HEADING or lines[after].mark:
        return
    same = lines[after].level == lines[index].level
    if same and names_document(lines[after].text) and not names_document(lines[index].text):
        roles[after] = Role.TITLE


def _runs_into(line: Line) -> bool:
    text = bare(line.text)
    return not text.endswith(("文件", "号", "令", "公告", "】", "）")) and len(text) <= 30


def is_signature_block(lines: list[Line], index: int) -> bool:
    """Whether the line is a signature: a date follows it."""
    return index + 1 < len(lines) and is_date(lines[index + 1].text)


def _bound_in(lines: list[Line], roles: list[Role], first_article: int) -> None:
    """Marks the title of a document that begins with a second 第一条."""
    index = first_article - 1
    for _ in range(14):
        if index < 0 or roles[index] in (Role.ARTICLE, Role.APPENDIX, Role.TITLE):
            return
        line = lines[index]
        if roles[index] in (Role.TEXT, Role.HEADING) and line.mark is None:
            if is_short(line.text, 80) and names_document(line.text):
                roles[index] = Role.APPENDIX
                return
            if not (is_bracketed(line.text) or is_short(line.text, 80)):
                return
        index -= 1


def _tails(lines: list[Line], roles: list[Role]) -> None:
    """Signatures and dates below a text, wherever a text with articles ends."""
    if Role.ARTICLE not in roles:
        return
    ends = [i for i, role in enumerate(roles) if role is Role.APPENDIX] + [len(lines)]
    for end in ends:
        index = end - 1
        dated = False
        for _ in range(_LONGEST_TAIL):
            if index < 1 or roles[index] is not Role.TEXT or lines[index].mark is not None:
                break
            text = lines[index].text
            if is_date(text) or is_note(text) or ends_with_date(text):
                dated = True
            elif not (dated and is_signature(text)):
                break
            roles[index] = Role.TAIL
            index -= 1
