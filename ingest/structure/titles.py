"""Titles: of the document, of further documents bound into the file, of appendices; and tails."""

from __future__ import annotations

import re

from ingest.structure.lines import Line
from ingest.structure.marks import Style, parse_mark
from ingest.structure.role import Role
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

_APPENDIX = re.compile(
    r"附\s?(?:(?:件|录|表)\s?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})?(?:\s?[：:]|\s|$)|[：:])\s?"
)
_ATTACHED = re.compile(r"附\s?件\s?[：:]\s?\S")
_MOST_ATTACHMENTS = 20
_LONGEST_APPENDIX = 48
_LONGEST_TAIL = 6
_TITLE_LINES = 4
_LEAST_TEXT = 12  # characters of a sentence between the title of a notice and what it carries


def is_appendix_label(text: str) -> bool:
    """Whether a line is 附件, 附件1, 附录二： and nothing else."""
    match = _APPENDIX.match(text)
    return match is not None and match.end() == len(text) and len(text) <= 12


def appendix_parts(text: str) -> tuple[str, str]:
    """(label, title) of the line that begins an appendix: 附件1：住宿费标准表 → 附件1, 住宿费标准表."""
    match = _APPENDIX.match(text)
    if match is None:
        return "", text
    return bare(match[0]).rstrip("：:"), text[match.end() :].strip()


def mark_titles(lines: list[Line], roles: list[Role]) -> None:
    """The document's title at the top, appendices, and documents bound into the same file."""
    _first_title(lines, roles)
    _appendices(lines, roles)
    named = {bare(line.text) for line, role in zip(lines, roles, strict=True) if role is Role.TITLE}
    seen: tuple[int, ...] | None = None
    for index, role in enumerate(roles):
        if role is Role.ARTICLE and (mark := lines[index].mark) is not None:
            if mark.number == (1,) and (seen is not None or _has_preface(lines, roles, index)):
                _bound_in(lines, roles, index, named)
            seen = mark.number


def _first_title(lines: list[Line], roles: list[Role]) -> None:
    if roles and roles[0] is Role.APPENDIX and len(roles) > 1:
        roles[0] = Role.TEXT  # 附件1 over a paper that is an attachment as a whole
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
        if is_appendix_label(line.text):
            continue
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


def _appendices(lines: list[Line], roles: list[Role]) -> None:
    """Appendices whose line says their title too, and titles on the line below a bare 附件1."""
    for index, line in enumerate(lines):
        if roles[index] is Role.TEXT and _begins_appendix(lines, index):
            roles[index] = Role.APPENDIX
        if roles[index] is not Role.APPENDIX or index + 1 >= len(lines):
            continue
        if not is_appendix_label(line.text):
            continue
        following = lines[index + 1]
        if line.text[-1] in "：:" and following.mark is not None:
            roles[index] = Role.TEXT  # the list of attachments at the foot of a notice
        elif roles[index + 1] in (Role.TEXT, Role.HEADING) and _is_title(following):
            roles[index + 1] = Role.APPENDIX_TITLE


def _begins_appendix(lines: list[Line], index: int) -> bool:
    """Whether 附件1：某某表 begins that appendix and isn't an entry of a list above a signature."""
    line = lines[index]
    match = _APPENDIX.match(line.text)
    if match is None or match.end() == len(line.text) or line.kind in ("table_row", "note"):
        return False
    title = line.text[match.end() :]
    if len(line.text) > _LONGEST_APPENDIX or not is_short(title) or parse_mark(title) is not None:
        return False
    following = lines[index + 1 : index + 5]
    if not following or _APPENDIX.match(following[0].text):
        return False
    before = _APPENDIX.match(lines[index - 1].text) if index else None
    return before is None and not any(is_date(one.text) for one in following)


def _is_title(line: Line) -> bool:
    plain = line.mark is None and line.kind not in ("table_row", "note")
    if not plain or not is_short(line.text, 40) or is_date(line.text) or is_bracketed(line.text):
        return False
    return not is_document_number(line.text) and not any(sign in line.text for sign in "：:；，")


def _has_preface(lines: list[Line], roles: list[Role], article: int) -> bool:
    """Whether a notice or an order stands above the first article: a sentence outside of brackets."""
    title = next((i for i in range(article) if roles[i] is Role.TITLE), -1)
    return any(
        roles[index] is Role.TEXT
        and len(lines[index].text) >= _LEAST_TEXT
        and ends_sentence(lines[index].text)
        and not is_bracketed(lines[index].text)
        for index in range(title + 1, article)
    )


def _bound_in(lines: list[Line], roles: list[Role], first_article: int, named: set[str]) -> None:
    """Marks the title of a document that begins with this 第一条, below another or a notice.

    ``named`` are the words of the titles so far.
    """
    index = first_article - 1
    for _ in range(14):
        if index < 0 or roles[index] in _STARTS:
            return
        line = lines[index]
        if roles[index] in (Role.TEXT, Role.HEADING) and line.mark is None:
            if is_short(line.text, 80) and names_document(line.text):
                if bare(line.text) not in named:
                    roles[index] = Role.APPENDIX if named else Role.TITLE
                    named.add(bare(line.text))
                return
            if not (is_bracketed(line.text) or is_short(line.text, 80)):
                return
        index -= 1


_STARTS = (Role.ARTICLE, Role.APPENDIX, Role.APPENDIX_TITLE, Role.TITLE)


def mark_tails(lines: list[Line], roles: list[Role]) -> None:
    """Signatures, dates and lists of attachments below a text, wherever one with articles ends."""
    if Role.ARTICLE not in roles:
        return
    ends = [i for i, role in enumerate(roles) if role is Role.APPENDIX] + [len(lines)]
    for end in ends:
        index = end - 1
        dated = False
        for _ in range(_LONGEST_TAIL):
            first = _attachments(lines, roles, index)
            if first is None:
                if index < 1 or roles[index] is not Role.TEXT or lines[index].mark is not None:
                    break
                text = lines[index].text
                if is_date(text) or is_note(text) or ends_with_date(text):
                    dated = True
                elif not (dated and is_signature(text)):
                    break
                first = index
            roles[first : index + 1] = [Role.TAIL] * (index + 1 - first)
            index = first - 1


def _attachments(lines: list[Line], roles: list[Role], last: int) -> int | None:
    """Where a list of attachments (附件：1.申请表 / 2.审批表) that ends at ``last`` begins."""
    for index in range(last, max(0, last - _MOST_ATTACHMENTS), -1):
        line = lines[index]
        if roles[index] is not Role.TEXT or not is_short(line.text):
            return None
        if _ATTACHED.match(line.text):
            return index
        if line.mark is None or line.mark.style is not Style.ARABIC_DOT:
            return None
    return None
