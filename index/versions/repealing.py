"""Which documents of the library others of it repeal: 《旧办法》（某发〔2019〕3号）同时废止."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from index.versions.dates import parse_year
from index.versions.families import family_name
from index.versions.model import Facts, Repealed, Version, near
from index.versions.statements import Repeal
from index.versions.titles import read_title

_BRACKETS = str.maketrans("［[【(（〔", "〔" * 6, "第 ") | str.maketrans("］]】)）〕", "〕" * 6)
_TO_FORCE = timedelta(days=400)

Member = tuple[Version, Facts]


def repealed(members: Iterable[Member]) -> dict[str, Repealed]:
    """By document id, the repeal of every document that a trustworthy other one repeals.

    A clause reaches a document of the named title that is older than the one that repeals, and
    whose number, date or year isn't another than the stated one. Of several the earliest counts:
    a clause stands in all later versions of the text that it is in.
    """
    known = list(members)
    titles = {repeal.title for _, facts in known for repeal in facts.statements.repeals}
    named = {read_title(title).family for title in titles}
    by_family: dict[str, list[Member]] = defaultdict(list)
    for one in known if named else ():
        if (family := family_name(one[1])) in named:
            by_family[family].append(one)
    found: dict[str, Repealed] = {}
    for version, facts in known:
        if version.doubt or version.draft:
            continue
        for repeal in facts.statements.repeals:
            for target in _targets(repeal, version, facts, by_family):
                day = repeal.effective or version.start or version.edition
                made = Repealed(day, version.document_id, version.title)
                found[target] = _earlier(found.get(target), made)
    return found


def _earlier(one: Repealed | None, other: Repealed) -> Repealed:
    if one is None:
        return other
    far = date.max
    return other if (other.day or far, other.by_id) < (one.day or far, one.by_id) else one


def _targets(
    repeal: Repeal,
    by: Version,
    its: Facts,
    by_family: Mapping[str, Sequence[Member]],
) -> Iterable[str]:
    marks = read_title(repeal.title)
    for version, facts in by_family.get(marks.family, ()):
        if version.document_id == by.document_id or not _same_place(facts, its):
            continue
        strong = _same_number(repeal.number, facts.doc_number)
        if strong is False or (version.doubt and not strong):
            continue
        if strong or _reached(repeal, marks.trial, version, facts, by, its):
            yield version.document_id


def _reached(
    repeal: Repeal, trial: bool, version: Version, facts: Facts, by: Version, its: Facts
) -> bool:
    """Whether title, dates and order allow that this is the document meant."""
    if trial != version.trial:
        return False
    if version.edition is None or by.edition is None:
        return version.edition is None and family_name(facts) != family_name(its)
    if version.edition >= by.edition or near(version.edition, by.edition):
        return False
    stated = repeal.day
    if stated:
        days = {version.edition, *(step.day for step in facts.statements.history)}
        soon = version.start and timedelta(0) <= version.start - stated <= _TO_FORCE
        return bool(soon) or any(near(day, stated) for day in days)
    year = repeal.year or _year_of(repeal.number)
    if not year:
        return True
    years = {step.day.year for step in facts.statements.history} | {version.edition.year}
    return any(abs(one - year) <= (0 if repeal.year else 1) for one in years)


def _same_place(left: Facts, right: Facts) -> bool:
    places = {left.statements.place, right.statements.place} - {""}
    return len(places) <= 1


def _same_number(stated: str, number: str | None) -> bool | None:
    """Whether two document numbers are one; None where either is missing."""
    if not stated or not number:
        return None
    ours, theirs = _bare_number(stated), _bare_number(number)
    return ours.endswith(theirs) or theirs.endswith(ours)


def _bare_number(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).split()).translate(_BRACKETS)


def _year_of(number: str) -> int | None:
    bare = _bare_number(number)
    _, found, rest = bare.partition("〔")
    return parse_year(rest[:4]) if found else None
