"""Which version of a regulation a question means: 2018年版的…, 修订前的…, 2020年时有效的….

Pure. A year that only dates an event (2019年违反规定的人怎么处理) names no version: it must stand at
the regulation's name or at a word for a version.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from index.records import VALIDITY_CURRENT
from index.versions.dates import find_dates, parse_year
from index.versions.model import Chain, Version
from index.versions.status import status_in

_YEAR = "([0-9〇○零一二三四五六七八九]{4})\\s?年?(?!度)"
_OF_VERSION = re.compile(
    _YEAR
    + "(?:的)?(?:版|修订版?|修正版?|修改版?|新?修订|修正|修改|颁布|公布|发布|印发|制定|通过)(?:本|稿)?(?!前|以前|之前|后)"
)
_AT_TITLE = re.compile(_YEAR + "(?:的|那部|那一?版|时的)?\\s?(?=《)")
_IN_MARKS = re.compile("[（(]\\s?" + _YEAR + "(?:版|本|修订|修正|修改)?\\s?[）)]")
_AT_NAME = re.compile(
    _YEAR
    + "的?(?=[\u4e00-\u9fff]{0,14}?(?:条例|准则|章程|法典|细则|办法|规则|规定|规程)(?![\u4e00-\u9fff]{0,2}违反))"
)
_VERB = re.compile(
    "违反|违规|违纪|违法|根据|按照?|依照|依据|适用|执行|参加|申请|发生|处理|处分的|因|被|了|在|对|由|到|从|里|应|可以|需要|是否|的"
)
_BEFORE = re.compile(
    "(?:修订|修改|修正)(?:以前|之前|前)|新[法规]?(?:施行|实施|出台|公布)(?:以前|之前|前)"
    "|(?:上|前)一(?:个)?版|旧(?:版|法|条例|办法|规定|规则|准则)|老(?:版|条例|办法|规定)"
    "|原来的(?:版本|条例|办法|规定|规则)|(?:以前|之前|过去)的(?:版本|条例|办法|规定|规则)"
)
_BEFORE_YEAR = re.compile(_YEAR + "(?:的)?(?:修订|修改|修正)(?:以前|之前|前)")
_THEN = re.compile(
    "(?:当时|那时|时候?)?(?:还)?(?:有效|施行|适用|实行|执行)的|当时的|那时的|的时候|时的"
)
_THEN_YEAR = re.compile(
    _YEAR + "(?:底|末|当时|那时|时)?(?:有效|施行|适用|实行|执行)的|" + _YEAR + "(?:当时|那时)的?"
)
_EARLIER = re.compile("\\s?(?:以前|之前|前)(?:的|有效|施行|适用)")
_TRIAL = re.compile(
    "[（(](?:试行|暂行)[）)]|试行(?:版|稿|本|时|期间|的|办法|条例|规定|规则|细则|准则)|暂行(?:版|办法|条例|规定)"
)
_LONGEST = 2000


@dataclass(frozen=True)
class AskedVersion:
    """The version that a question asks for. At least one of the fields is set.

    ``year``: made, revised or named in that year; with ``before_revision`` the one before that
    revision, which without a year is the one before today's. ``as_of``: the one in force then.
    ``trial``: the trial version.
    """

    year: int | None = None
    before_revision: bool = False
    as_of: date | None = None
    trial: bool = False


def asked_version(question: str, names: Collection[str] = ()) -> AskedVersion | None:
    """The version that a question means; None where it means today's.

    ``names`` are names of regulations (families, short titles): a year right before one of them
    names a version, whatever the name's last word is.
    """
    text = unicodedata.normalize("NFKC", question[:_LONGEST])
    before = _BEFORE_YEAR.search(text)
    if before and (year := parse_year(before[1])):
        return AskedVersion(year=year, before_revision=True)
    as_of = _as_of(text)
    if as_of:
        return AskedVersion(as_of=as_of)
    year = _year(text, names)
    trial = bool(_TRIAL.search(text))
    if year or trial:
        return AskedVersion(year=year, trial=trial)
    return AskedVersion(before_revision=True) if _BEFORE.search(text) else None


def _as_of(text: str) -> date | None:
    for found in find_dates(text):
        if _EARLIER.match(text, found.end):
            return found.day - timedelta(days=1)
        if _THEN.match(text, found.end):
            return found.day
    match = _THEN_YEAR.search(text)
    year = parse_year(match[1] or match[2]) if match else None
    return date(year, 12, 31) if year else None


def _year(text: str, names: Collection[str]) -> int | None:
    for pattern in (_OF_VERSION, _AT_TITLE, _IN_MARKS):
        for match in pattern.finditer(text):
            if year := parse_year(match[1]):
                return year
    for match in re.finditer(_YEAR + "的?", text):
        year = parse_year(match[1])
        if year and any(len(name) >= 2 and text.startswith(name, match.end()) for name in names):
            return year
    for match in _AT_NAME.finditer(text):
        year = parse_year(match[1])
        between = re.match(
            "[\u4e00-\u9fff]{0,14}?(?=条例|准则|章程|法典|细则|办法|规则|规定|规程)",
            text[match.end() :],
        )
        if year and between and not _VERB.search(between[0]):
            return year
    return None


def choose(chain: Chain, asked: AskedVersion, today: date) -> str | None:
    """The document of a chain that is the asked version; None where the library has none.

    Never another version in its place: who asks for 2003 shall not be given 2018.
    """
    placed = [one for one in chain.versions if one.rank is not None]
    if asked.trial:
        trials = [one for one in chain.versions if one.trial]
        placed = [one for one in trials if one.rank is not None] or trials
    if asked.as_of:
        return _in_force(chain, asked.as_of)
    if asked.year:
        named = _of_year(placed, asked.year)
        if named is None or not asked.before_revision:
            return named.document_id if named else None
        return _before(placed, named)
    if asked.before_revision:
        current = _in_force(chain, today)
        now = next((one for one in placed if one.document_id == current), None)
        now = now or (placed[-1] if placed else None)
        return _before(placed, now) if now else None
    return placed[-1].document_id if placed else None


def _in_force(chain: Chain, day: date) -> str | None:
    for version in reversed(chain.versions):
        if status_in(chain, version, day).validity == VALIDITY_CURRENT:
            return version.document_id
    return None


def _of_year(placed: list[Version], year: int) -> Version | None:
    """By the name it goes by, else by its making, else by its coming into force; the last such."""
    for told in (
        lambda one: one.named_year,
        lambda one: one.edition and one.edition.year,
        lambda one: one.start and one.start.year,
    ):
        found = [one for one in placed if told(one) == year]
        if found:
            return found[-1]
    return None


def _before(placed: list[Version], version: Version) -> str | None:
    earlier = [one for one in placed if (one.rank or 0) < (version.rank or 0)]
    return earlier[-1].document_id if earlier else None
