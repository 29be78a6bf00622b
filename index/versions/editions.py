"""Which version a single document is: when its text was made, and from when on it holds.

A document's own history comes first, then what a person stated, then the date of its clause on
coming into force, and only then what its title or file name claims. A claim that contradicts the
text makes the document doubtful, unless another version's history confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.versions.dates import chinese_date
from index.versions.model import Facts, Version, near
from index.versions.sketch import SAME_TEXT, likeness
from index.versions.statements import IN_FORCE, MADE, REVISED, Step
from index.versions.titles import read_title

_TO_FORCE = timedelta(days=400)  # longest usual time from a text's making to its coming into force
_TO_PRINT = timedelta(days=120)  # adopted at the end of a year, published in the next
_RUN = timedelta(days=400)  # adoption, approval and publication of one first text


def version_of(facts: Facts) -> Version:
    """The document by itself, before it is compared with the others of its family."""
    said = facts.statements
    marks = read_title(facts.title)
    named_day = marks.named_day or (None if marks.named_year else said.named_day)
    made = [step for step in said.history if step.act != IN_FORCE]
    edition = facts.issued or _made_before(named_day, facts.effective) or facts.effective
    last = max(made, key=lambda step: step.day, default=None)
    named_year = marks.named_year or said.named_year
    edition = edition or named_day or _mid_year(named_year)
    start, start_stated = _start(facts, edition, named_day)
    return Version(
        document_id=facts.document_id,
        title=facts.title,
        collection=facts.collection,
        edition=edition,
        edition_month_only=bool(last and last.month_only and last.day == edition),
        start=start,
        start_stated=start_stated,
        revised=any(step.act == REVISED for step in made),
        repealed=facts.repealed,
        expires=said.expires,
        stated=facts.validity,
        stated_by_person="validity" in said.by_person,
        trial=marks.trial,
        draft=marks.draft,
        rank=0 if edition and not marks.draft else None,
        named_year=named_year,
        named_day=named_day,
    )


def _made_before(named: date | None, effective: date | None) -> date | None:
    """The day that a name claims, where the text came into force soon after it."""
    soon = named and effective and timedelta(0) <= effective - named <= _TO_FORCE
    return named if soon else None


def _mid_year(year: int | None) -> date | None:
    """A day to order by where only the year is known."""
    return date(year, 7, 1) if year else None


def _start(facts: Facts, edition: date | None, claimed: date | None) -> tuple[date | None, bool]:
    """From when on the text holds, and whether that is stated.

    That is its clause, unless the text was revised after that: a revision by decision leaves the
    clause as it was. ``claimed`` counts as a revision where it has become the edition.
    """
    said = facts.statements
    if facts.effective is None:
        if said.at_once and facts.issued:
            return facts.issued, True
        return (claimed, False) if said.at_once else (None, False)
    if "effective" in said.by_person:
        return facts.effective, True
    revisions = [step.day for step in said.history if step.act == REVISED]
    if claimed and claimed == edition != facts.issued:
        revisions.append(claimed)
    if edition and max(revisions, default=facts.effective) > facts.effective:
        return edition, False
    return facts.effective, True


def editions_told(history: Sequence[Step]) -> list[date]:
    """The days of the versions that a history tells of: each revision, and the first text."""
    days: list[date] = []
    act = ""
    for step in history:
        if step.act == IN_FORCE:
            continue
        first_run = act == MADE and len(days) == 1 and step.day - days[-1] <= _RUN
        if days and step.act == MADE and (near(days[-1], step.day) or first_run):
            days[-1] = step.day
        else:
            days.append(step.day)
        act = step.act
    return days


def judged(version: Version, facts: Facts, others: Sequence[tuple[Version, Facts]]) -> Version:
    """The version with its doubt, or with the date that its name claims where that is confirmed.

    ``others`` are the other documents of its family.
    """
    by_person = facts.statements.by_person & {"issued", "effective"}
    if not _claims(version) or by_person:  # a person's dates need no confirmation by a file name
        return version
    own = facts.issued or facts.effective
    if own is None:
        same = _same_text(version, facts, others)
        return replace(version, doubt=same, rank=None) if same else version
    if _fits(version, facts):
        return version
    claim, text = _claimed(version), chinese_date(own)
    teller = _confirmed(version, facts, others)
    if teller is None:
        doubt = f"标题或文件名写的是{claim}，正文的日期是{text}，两者不一致"
        if not _may_be_later(version, facts) or _same_text(version, facts, others):
            return replace(version, doubt=doubt, rank=None)
        start, stated = _start(facts, version.named_day, version.named_day)
        return replace(
            version,
            edition=version.named_day,
            start=start,
            start_stated=stated,
            revised=True,
            unconfirmed=doubt,
        )
    note = f"文件名写的是{claim}，正文沿革只写到{text}；《{teller}》的沿革里有这一次修订"
    taken = version.named_day or _mid_year(version.named_year)
    start, stated = _start(facts, taken, version.named_day)
    return replace(
        version,
        edition=taken,
        edition_month_only=False,
        start=start,
        start_stated=stated,
        revised=True,
        note=note,
    )


def _may_be_later(version: Version, facts: Facts) -> bool:
    """Whether a text without any history can be the later version that its name claims.

    A clause on coming into force is left as it was by a revision: it doesn't contradict the claim.
    """
    claimed, clause = version.named_day, facts.effective
    return bool(claimed and clause and claimed > clause and facts.issued is None)


def _claims(version: Version) -> bool:
    return version.named_day is not None or version.named_year is not None


def _claimed(version: Version) -> str:
    return chinese_date(version.named_day) if version.named_day else f"{version.named_year}年"


def _fits(version: Version, facts: Facts) -> bool:
    """Whether the claim of the name is that of the text's own latest date."""
    issued, effective, claimed = facts.issued, facts.effective, version.named_day
    last = issued or effective
    if last is None:
        return True
    if claimed:
        if near(last, claimed):
            return True
        made_by_then = issued is None or issued <= claimed
        return made_by_then and _made_before(claimed, effective) is not None
    year = version.named_year or 0
    if not read_title(facts.title).chained:
        return abs(year - last.year) <= 1  # a report on a year is signed in the next
    years = {last.year} | ({effective.year} if effective and effective >= last else set())
    if issued is None:
        years.add(last.year - 1)  # made in one year, in force from the next on
    return year in years or timedelta(0) < date(year, 1, 1) - last <= _TO_PRINT


def _confirmed(
    version: Version, facts: Facts, others: Sequence[tuple[Version, Facts]]
) -> str | None:
    """The title of a version whose history tells of the claimed one, None for no confirmation.

    A later claim than the text's own dates is believed then: the history is cut short. Not so
    where another document of the text's own date has the very same text.
    """
    claimed = version.named_day or _mid_year(version.named_year)
    own = facts.issued or facts.effective
    if claimed is None or own is None or claimed < own:
        return None
    for other, its in others:
        same = likeness(facts.statements.sketch, its.statements.sketch) >= SAME_TEXT
        if same and other.edition and near(other.edition, own):
            return None
    for other, its in others:
        for day in editions_told(its.statements.history):
            by_year = version.named_day is None and day.year == version.named_year
            if by_year or (version.named_day and near(day, version.named_day)):
                return other.title
    return None


def _same_text(version: Version, facts: Facts, others: Sequence[tuple[Version, Facts]]) -> str:
    """Why a document that only its name dates is doubtful: its text is an earlier version's."""
    for other, its in others:
        own = its.issued or its.effective
        if own is None or version.edition is None or near(own, version.edition):
            continue
        if version.named_year == own.year:
            continue
        alike = likeness(facts.statements.sketch, its.statements.sketch)
        if alike >= SAME_TEXT and (own < version.edition or alike == 1.0):
            return (
                f"标题或文件名写的是{_claimed(version)}，正文与《{other.title}》"
                f"（{chinese_date(own)}）相同，可能标错了年份"
            )
    return ""
