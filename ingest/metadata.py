"""What a document says of itself: title, issuer, number, dates, kind, validity, family."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import PurePosixPath

from index.records import VALIDITY_UNKNOWN
from index.versions.statements import NO_STATEMENTS, Statements
from index.versions.titles import family_of
from ingest.document import RawDocument
from ingest.structure.model import Outline, SectionKind
from ingest.structure.shape import bare, is_date, is_signature
from ingest.validity import read_validity

_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,12}\s?[〔［\[（(]\s?[0-9０-９]{4}\s?[〕］\]）)]\s?第?\s?[0-9０-９]{1,6}\s?号"
)
_MENTIONED = re.compile("《|收悉|请示")  # a line that speaks of another document's number
_ORDER = re.compile(r"(?:主席令|国务院令|令)\s?第\s?[0-9〇一二三四五六七八九十百]{1,5}\s?号")
_ISSUER_END = [
    "委员会",
    "办公厅",
    "办公室",
    "工委",
    "党委",
    "党组",
    "政府",
    "人大常委会",
    "常务委员会",
    "法院",
    "检察院",
    "总局",
    "管理局",
    "局",
    "厅",
    "部",
    "署",
    "总会",
    "总工会",
    "中央",
    "国务院",
]
_MEASURE = [
    "办法",
    "条例",
    "规定",
    "规则",
    "细则",
    "准则",
    "章程",
    "规程",
    "制度",
    "法",
    "宪法",
    "法典",
    "守则",
    "标准",
    "解释",
    "规范",
]
_STUDY = re.compile(
    "学习|讲义|讲堂|课程|党课|手册|培训|导读|辅导|教材|材料|应知应会|提要|解读|读本|问答"
)
_CASE = re.compile("案例|典型经验|经验做法|做法与成效|侧记|纪实")
_POLICY = re.compile(
    "通知|意见|方案|决定|机制|要点|计划|规划|纲要|清单|指引|建设|说明|公报|报告|决议|公告|通告|批复"
)
#: Raised when what is read of a document changes: a file that is as before is then read again.
METADATA_VERSION = 1
_HEAD_CHARACTERS = 1500
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Metadata:
    """Facts about a document; None and 不明 where neither text nor manifest states them."""

    title: str
    kind: str = "other"
    issuer: str | None = None
    doc_number: str | None = None
    issued: date | None = None
    effective: date | None = None
    repealed: date | None = None
    validity: str = VALIDITY_UNKNOWN
    family: str = ""
    statements: Statements = NO_STATEMENTS

    def overridden(self, entry: Mapping[str, object]) -> Metadata:
        """These facts with those that a person stated in the manifest in their place."""
        known = {k: v for k, v in entry.items() if k in _STATED and v is not None}
        by_person = replace(self.statements, by_person=frozenset(known))
        changed = replace(self, statements=by_person, **known)  # type: ignore[arg-type]
        if "title" in known and "family" not in known:
            changed = replace(changed, family=family_of(changed.title))
        return changed


_STATED = frozenset(
    (
        "title",
        "kind",
        "issuer",
        "doc_number",
        "issued",
        "effective",
        "repealed",
        "validity",
        "family",
    )
)


def read_metadata(raw: RawDocument, outline: Outline, source: str) -> Metadata:
    """What the document's own text states; never guesses a date or a validity that isn't there.

    ``source`` (the file's path) gives the title when neither text nor format has one.
    """
    text = raw.text
    head = _head(text, outline)
    title = _title(raw, outline, source)
    kind = _kind(title, outline)
    validity = read_validity(text, outline, title, source, kind)
    return Metadata(
        title=title,
        kind=kind,
        issuer=_issuer(raw, head),
        doc_number=_doc_number(head),
        issued=validity.issued,
        effective=validity.effective,
        repealed=validity.repealed,
        validity=validity.validity,
        family=family_of(title),
        statements=validity.statements,
    )


def _head(text: str, outline: Outline) -> str:
    """The text before the first article or heading, where a document says what it is."""
    bodies = (SectionKind.TITLE, SectionKind.PREAMBLE, SectionKind.CONTENTS)
    first = next((s.start for s in outline.sections if s.kind not in bodies), len(text))
    return text[: min(first, _HEAD_CHARACTERS)]


def _title(raw: RawDocument, outline: Outline, source: str) -> str:
    found = next((s.title for s in outline.sections if s.kind is SectionKind.TITLE), "")
    title = found or raw.title or PurePosixPath(source).stem
    title = title.strip().strip("#*").strip()
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        title = title[1:-1]
    return title[:_LONGEST_TITLE] or "未命名文件"


def _doc_number(head: str) -> str | None:
    for line in head.split("\n")[:16]:
        if len(line) > 60 or _MENTIONED.search(line):
            continue
        if match := _NUMBER.search(line) or _ORDER.search(line):
            return bare(match[0])
    return None


def _issuer(raw: RawDocument, head: str) -> str | None:
    """The office that signs above the date, or whose name heads the paper."""
    lines = [block.text.strip() for block in raw.blocks[-8:]]
    for line, following in pairwise(lines):
        if is_date(following) and is_signature(line) and _names_office(line):
            return bare(line)
    for line in head.split("\n")[:6]:
        text = bare(line).removesuffix("文件")
        if text != bare(line) and _names_office(text):
            return text
    return None


def _names_office(text: str) -> bool:
    text = bare(text)
    return 3 <= len(text) <= 40 and text.endswith(tuple(_ISSUER_END))


def _kind(title: str, outline: Outline) -> str:
    """One of ``index.records.KINDS``, from the title, then from how the document is built."""
    name = re.sub(r"[（(][^（）()]{0,20}[）)]", "", bare(title)).strip("《》")
    headings = {s.title for s in outline.sections if s.kind is SectionKind.HEADING}
    told = sum(any(word in one for one in headings) for word in ("背景", "做法", "成效", "启示"))
    if told >= 3 or _CASE.search(name):
        return "case"
    if name.endswith(tuple(_MEASURE)) and not _STUDY.search(name):
        return "measure"
    if _STUDY.search(name):
        return "study"
    if len(outline.articles()) >= 5:
        return "measure"
    return "policy" if _POLICY.search(name) else "other"
