"""How every format says the same things: sources, timetable, names of files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from assistant.study.model import Change, Line, StudyCitation, StudySession, TimetablePart
from index.numerals import parse_article, to_chinese

OWN = "（培训者自拟）"
CHANGE_NAMES = {"added": "新增", "removed": "删去", "changed": "修改"}
_MOST_TEXT = 100_000  # characters of one text of a session; a quote is an article at most
_FORBIDDEN = re.compile(r'[\\/:*?"<>|.\s\u3000]+')
_STATE = re.compile(r"([0-9]{1,9})@([0-9]{4})-([0-9]{2})-([0-9]{2})")
_RUN = 3  # articles that follow on each other and are named by their first and last
_NUMBERED = re.compile(r"（[一二三四五六七八九十百]{1,6}）|第[一二三四五六七八九十百千零]{1,9}条")
_ALIKE = 6  # characters by which a paragraph without a number is known again
_TOPIC = 40  # characters: 120 bytes of the 255 that a file name may have


def clean(text: str) -> str:
    """``text`` without what XML, a terminal or a template's marks could stumble over.

    Line feeds stay; private-use characters, which mark notes in a template, do not.
    """
    kept = (
        one if one in "\n\u3000" or one.isprintable() else " " if one in "\t\r\xa0" else ""
        for one in text[:_MOST_TEXT]
    )
    return "".join(kept).encode("utf-8", "ignore").decode()


def paragraphs(text: str) -> list[str]:
    """The lines of a text that hold something."""
    return [one.strip() for one in clean(text).split("\n") if one.strip()]


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(paragraphs(text))


def titled(title: str) -> str:
    """A title in book title marks, unless it brings them."""
    bare = one_line(title)
    return bare if bare.startswith("《") else f"《{bare}》"


def place(citation: StudyCitation) -> str:
    """The place in its document: 第三章 职责与权限 第十六条; empty for the document as a whole."""
    parts = [one_line(one) for one in citation.path.split("/") if one.strip()]
    if citation.article and one_line(citation.article) not in parts:
        parts.append(one_line(citation.article))
    return " ".join(one for one in parts if one != one_line(citation.title))


def last_place(citation: StudyCitation) -> str:
    """The innermost part of a place: 第十二条, or the last heading."""
    parts = [one_line(one) for one in citation.path.split("/") if one.strip()]
    last = one_line(citation.article or "") or (parts[-1] if parts else "")
    return "" if last == one_line(citation.title) else last


def by_document(citations: Iterable[StudyCitation]) -> list[list[StudyCitation]]:
    """Citations of one document together, documents in the order of their first."""
    groups: dict[str, list[StudyCitation]] = {}
    for one in citations:
        groups.setdefault(one.document_id, []).append(one)
    return list(groups.values())


def short_places(citations: Iterable[StudyCitation]) -> list[str]:
    """Each place once, with its page: 第十六条（第3页）."""
    found = [(last_place(one), f"第{one.page}页" if one.page else "") for one in citations]
    shown = [f"{at}（{page}）" if at and page else at or page for at, page in found]
    return runs(list(dict.fromkeys(one for one in shown if one)))


def runs(articles: Sequence[str]) -> list[str]:
    """第一条、第二条、第三条、第五条 → 第一条至第三条、第五条; other names stay."""
    out: list[str] = []
    run: list[tuple[int, str]] = []
    for name in [*(one_line(one) for one in articles), ""]:
        parsed = parse_article(name)
        number = parsed[0] if parsed is not None and len(parsed) == 1 else None
        if number is not None and run and number == run[-1][0] + 1:
            run.append((number, name))
            continue
        names = [one for _, one in run]
        out += [f"{names[0]}至{names[-1]}"] if len(names) >= _RUN else names
        run = [(number, name)] if number is not None else []
        if number is None and name:
            out.append(name)
    return out


def source(citation: StudyCitation) -> str:
    """A citation on one line: 《某某办法》第三章 监督 第十二条，第3页，现行。"""
    page = f"，第{citation.page}页" if citation.page else ""
    return f"{titled(citation.title)}{place(citation)}{page}，{status(citation.validity)}"


def sources(citations: Iterable[StudyCitation]) -> str:
    """Several citations on one line, those of one document together."""
    return "；".join(
        f"{titled(group[0].title)}{'、'.join(short_places(group))}，{status(group[0].validity)}"
        for group in by_document(citations)
    )


def status(validity: str) -> str:
    """How a status reads behind a title."""
    return "效力不明" if validity in ("", "不明") else one_line(validity)


def said(line: Line) -> str:
    """A line with the mark of the trainer's own words."""
    text = one_line(line.text)
    return f"{text}{OWN}" if line.own else text


def title_of(session: StudySession) -> str:
    """The session's title, else its topic."""
    return one_line(session.title or session.topic) or "学习"


def facts(session: StudySession) -> list[tuple[str, str]]:
    """What a session is, as label and value."""
    found = [
        ("主题", one_line(session.topic)),
        ("时长", f"{session.minutes}分钟"),
        ("对象", one_line(session.audience) or "不限"),
        ("人数", f"{session.people}人" if session.people else ""),
        ("资料范围", "、".join(one_line(one) for one in session.collections) or "全部文库"),
        ("资料状态", _state(session.library_state)),
    ]
    return [(label, value) for label, value in found if value]


def _state(text: str) -> str:
    """12@2026-11-25, the catalog's generation and day, as a reader's words; others as they are."""
    found = _STATE.fullmatch(text)
    if not found:
        return one_line(text)
    generation, year, month, day = (int(one) for one in found.groups())
    return f"{year}年{month}月{day}日的资料库（第{generation}次更新）"


@dataclass(frozen=True)
class TimedPart:
    """A part of the timetable with the minutes it runs from and to, and its materials by name."""

    number: int
    part: TimetablePart
    begins: int
    ends: int
    materials: tuple[str, ...]

    @property
    def span(self) -> str:
        """0—8"""
        return f"{self.begins}—{self.ends}"


def timed(session: StudySession) -> list[TimedPart]:
    """The timetable's parts one after another."""
    names = _names(session)
    out: list[TimedPart] = []
    at = 0
    for number, part in enumerate(session.timetable, start=1):
        materials = _listed([names.get(one, "") for one in part.materials], part)
        out.append(TimedPart(number, part, at, at + part.minutes, materials))
        at += part.minutes
    return out


def _names(session: StudySession) -> dict[str, str]:
    named = {one.id: heading(one.heading) for one in session.passages}
    named |= {one.id: f"案例“{one_line(one.title)}”" for one in session.cases}
    named |= {one.id: titled(one.title) for one in session.readings}
    return named


def _listed(names: Sequence[str], part: TimetablePart) -> tuple[str, ...]:
    """Names of materials, articles of one document together, and questions counted."""
    groups: dict[str, list[str]] = {}
    for name in names:
        if name:
            document, _, article = name.rpartition("》")
            groups.setdefault(f"{document}》" if document else name, []).append(
                article if document else ""
            )
    found = [
        name + "、".join(runs([one for one in articles if one]))
        for name, articles in groups.items()
    ]
    questions = sum(1 for name in names if not name)
    if questions and part.kind == "quiz":
        found.append(f"测验题{questions}道")
    return tuple(found)


def heading(text: str) -> str:
    """A passage's heading on one line."""
    return one_line(text)


def in_chinese(number: int) -> str:
    """一、二 … for headings."""
    return to_chinese(number)


def side_by_side(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    """Lines of two versions in rows, items of one number or one beginning in the same row."""
    matcher = SequenceMatcher(None, [*map(_beginning, old)], [*map(_beginning, new)], False)
    return [
        pair
        for _, i, j, k, m in matcher.get_opcodes()
        for pair in zip_longest(old[i:j], new[k:m], fillvalue="")
    ]


def _beginning(line: str) -> str:
    numbered = _NUMBERED.match(line)
    return numbered[0] if numbered else line[:_ALIKE]


def change_title(change: Change) -> str:
    """第十六条（修改）"""
    return f"{one_line(change.article)}（{CHANGE_NAMES[change.kind]}）"


def file_name(topic: str, label: str, ending: str) -> str:
    """主题-学习方案.docx: a name that Windows and Linux take, of bounded length."""
    bare = _FORBIDDEN.sub("_", clean(topic)).strip("_-")[:_TOPIC].rstrip("_-")
    return f"{bare or '学习'}-{label}.{ending}"
