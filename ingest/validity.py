"""What a text states of when it holds: history, clause on coming into force, term, repeals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from index.records import (
    VALIDITY_AMENDED,
    VALIDITY_CURRENT,
    VALIDITY_REPEALED,
    VALIDITY_UNKNOWN,
)
from index.versions.bodies import place_of
from index.versions.dates import DATE, find_dates, parse_date
from index.versions.sketch import sketch
from index.versions.statements import IN_FORCE, MADE, REVISED, Statements, Step
from index.versions.titles import read_title
from ingest.history import read_history
from ingest.repeals import read_decision, read_repeals
from ingest.structure.model import Outline, SectionKind
from ingest.structure.shape import is_date

_FORCE = "(?:正式)?(?:施行|实施|执行|生效|试行)"
_EFFECTIVE = re.compile(rf"\s?(?:零时)?\s?(?:起|之日起)?\s?{_FORCE}(?!的|后|前|期)")
_AT_ONCE = re.compile(
    rf"自(?:本[\u4e00-\u9fff]{{1,4}})?(?:发布|公布|印发|颁布|下发|通过|签发|发文|批准)之日起?{_FORCE}"
)
_REPEALED = re.compile(r"\s?起?\s?(?:废止|失效|停止执行)")
_STATED_REPEALED = re.compile(r"[（(\[【]\s?(?:已废止|已失效|废止|失效)\s?[）)\]】]")
_STATED = re.compile(
    r"[【\[](?:时效性|效力状况|效力状态|有效性)[】\]]\s?[:：]?\s?([\u4e00-\u9fff]{2,6})"
)
_VALIDITIES = {
    "现行有效": VALIDITY_CURRENT,
    "有效": VALIDITY_CURRENT,
    "已被修改": VALIDITY_AMENDED,
    "已被修订": VALIDITY_AMENDED,
    "已修改": VALIDITY_AMENDED,
    "已废止": VALIDITY_REPEALED,
    "废止": VALIDITY_REPEALED,
    "失效": VALIDITY_REPEALED,
    "已失效": VALIDITY_REPEALED,
}
_TERM_TO = re.compile("有效期(?:限)?(?:截?至|到|为至)\\s?")
_TERM = re.compile("有效期(?:限)?(?:为|是)?\\s?([0-9一二两三四五六七八九十]{1,3})\\s?年")
_SMALL = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_BEFORE_HEADINGS = (SectionKind.TITLE, SectionKind.PREAMBLE, SectionKind.CONTENTS)
_BEFORE_ARTICLES = (*_BEFORE_HEADINGS, SectionKind.HEADING, SectionKind.PARAGRAPH)
_HEAD = 3000
_TAIL = 1200
_SIGNED_AFTER = timedelta(days=400)
_CLOSING_ARTICLES = 5
_LONGEST_ARTICLE = 2000


@dataclass(frozen=True)
class ReadValidity:
    """The dates of a document's own version, its stated validity, and all statements."""

    statements: Statements
    issued: date | None
    effective: date | None
    repealed: date | None
    validity: str


def read_validity(
    text: str, outline: Outline, title: str, source: str, kind: str = "measure"
) -> ReadValidity:
    """Reads the head and the closing articles; what they don't state stays None and 不明.

    Study material and cases only quote the clauses of rules: none in them is their own.
    """
    head, closing = _head(text, outline), _closing(text, outline)
    if kind in ("study", "case") and not read_title(title).chained:
        head = closing = ""
    history, bodies = read_history(head)
    issued = _issued(history, _signed(text))
    made = _last_whole(history) or issued
    stated = _effective(closing) or _effective(head) or _of_step(history)
    at_once = stated is None and bool(_AT_ONCE.search(closing))
    effective = made if at_once else stated
    marks = read_title(title)
    if not marks.named:
        stem = read_title(PurePosixPath(source).stem)
        marks = stem if stem.named else marks
    repealed = _date_before(_REPEALED, head[:400])
    return ReadValidity(
        Statements(
            history=tuple(history),
            effective=effective,
            at_once=at_once,
            expires=_expires(closing, effective or issued),
            repeals=tuple(
                read_decision(title, text, effective or issued)
                or read_repeals(closing, effective or made)
            ),
            named_year=marks.named_year,
            named_day=marks.named_day,
            place=next((place for body in bodies if (place := place_of(body))), ""),
            sketch=sketch(_body(text, outline)),
        ),
        issued,
        effective,
        repealed,
        _stated_validity(title, head, repealed),
    )


def _stated_validity(title: str, head: str, repealed: date | None) -> str:
    if repealed or _STATED_REPEALED.search(title) or _STATED_REPEALED.search(head[:400]):
        return VALIDITY_REPEALED
    stated = _STATED.search(head)
    return _VALIDITIES.get(stated[1], VALIDITY_UNKNOWN) if stated else VALIDITY_UNKNOWN


def _head(text: str, outline: Outline) -> str:
    """The text before the first article or heading, where a document says what it is."""
    before = _BEFORE_ARTICLES if outline.articles() else _BEFORE_HEADINGS
    first = next((s.start for s in outline.sections if s.kind not in before), len(text))
    return text[: min(first, _HEAD)]


def _body(text: str, outline: Outline) -> str:
    """The articles, or the whole text where there are none."""
    articles = outline.articles()
    return "".join(text[one.start : one.end] for one in articles) if articles else text


def _closing(text: str, outline: Outline) -> str:
    """The last articles, where a rule says from when on it holds; else the end of the text."""
    articles = outline.articles()[-_CLOSING_ARTICLES:]
    if not articles:
        return text[-_TAIL:]
    return "\n".join(text[a.start : min(a.end, a.start + _LONGEST_ARTICLE)] for a in articles)


def _signed(text: str) -> date | None:
    """The date that stands alone at the end."""
    for line in reversed([line.strip() for line in text[-_TAIL:].split("\n")][-8:]):
        if is_date(line) and (found := parse_date(line)):
            return found
    return None


def _issued(history: list[Step], signed: date | None) -> date | None:
    """The latest step, or the date that the text is signed with soon after it."""
    latest = max((one.day for one in history if one.act != IN_FORCE), default=None)
    if latest is None or (signed and timedelta(0) <= signed - latest <= _SIGNED_AFTER):
        return signed or latest
    return latest


def _last_whole(history: list[Step]) -> date | None:
    """When the text as a whole, its clause on coming into force included, was last made."""
    whole = [one.day for one in history if one.act in (MADE, REVISED) and not one.by_decision]
    return max(whole, default=None)


def _of_step(history: list[Step]) -> date | None:
    return max((one.day for one in history if one.act == IN_FORCE), default=None)


def _effective(text: str) -> date | None:
    """自2024年7月1日起施行 of the document itself, not of one that it mentions."""
    for found in find_dates(text):
        before = text[: found.start].rstrip().removesuffix("自").removesuffix("从").rstrip()
        if _EFFECTIVE.match(text, found.end) and not before.endswith("》"):
            return found.day
    return None


def _date_before(pattern: re.Pattern[str], text: str) -> date | None:
    return next((one.day for one in find_dates(text) if pattern.match(text, one.end)), None)


def _expires(text: str, start: date | None) -> date | None:
    """The first day after the term that the text sets itself (有效期5年, 有效期至…)."""
    until = _TERM_TO.search(text)
    if until and (match := DATE.match(text, until.end())):
        last = parse_date(match[0])
        return last + timedelta(days=1) if last else None
    term = _TERM.search(text)
    if not term or start is None:
        return None
    years = int(term[1]) if term[1].isdigit() else _SMALL.get(term[1], 0)
    try:
        return start.replace(year=start.year + years) if years else None
    except ValueError:  # the 29th of February, or a year that no calendar has
        return None
