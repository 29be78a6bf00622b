"""Which version of a document an address means."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from index.records import (
    SUPERSEDED,
    VALIDITY_CURRENT,
    VALIDITY_PENDING,
    DocumentRecord,
)


@dataclass(frozen=True)
class VersionWish:
    """What a question says of the version: 2015年的…, 修订前, 试行; ``question`` is all of it."""

    year: int | None = None
    old: bool = False
    trial: bool = False
    question: str = ""

    @property
    def stated(self) -> bool:
        """Whether the question says anything of the version."""
        return self.year is not None or self.old or self.trial


VersionChoice = Callable[[Sequence[DocumentRecord], VersionWish], Sequence[DocumentRecord]]
"""Gets all versions of one document, at least one; gives those that the wish means, the best
first. Several are shown side by side as ambiguous; none: the library has no such version."""

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")


def choose_version(
    records: Sequence[DocumentRecord], wish: VersionWish
) -> Sequence[DocumentRecord]:
    """The version in force, then the latest; the one of the year, or the latest old one, if asked.

    Versions that nothing tells apart all come back.
    """
    if wish.year is not None:
        return _of_year(records, wish.year)
    if wish.trial:
        return _latest([r for r in records if "试行" in r.title])
    if wish.old:
        old = [r for r in records if r.validity in SUPERSEDED or "试行" in r.title]
        return _latest(old or _all_but_latest(records))
    best = min(_standing(record) for record in records)
    return _latest([r for r in records if _standing(r) == best])


def is_of_year(record: DocumentRecord, year: int) -> bool:
    """Whether a version was made, or came into force, in a year."""
    dates = [one.year for one in (record.issued, record.effective) if one]
    return year in dates or year in _years_in(record.title)


def _of_year(records: Sequence[DocumentRecord], year: int) -> list[DocumentRecord]:
    """The version made, or coming into force, in that year, else the one then in force."""
    for years in (
        [(r, _years_in(r.title)) for r in records],
        [(r, {r.issued.year} if r.issued else set()) for r in records],
        [(r, {r.effective.year} if r.effective else set()) for r in records],
    ):
        named = [r for r, some in years if year in some]
        if named:
            return _latest(named)
    before = [r for r in records if dated(r) != date.min and dated(r).year <= year]
    return _latest(before)


def _latest(records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    newest = max((dated(r) for r in records), default=date.min)
    return [r for r in records if dated(r) == newest]


def _all_but_latest(records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    latest = choose_version(records, VersionWish())
    return [r for r in records if r not in latest]


def _standing(record: DocumentRecord) -> int:
    if record.validity == VALIDITY_CURRENT:
        return 0
    if record.validity in SUPERSEDED:
        return 3
    return 2 if record.validity == VALIDITY_PENDING else 1


def dated(record: DocumentRecord) -> date:
    """When a version began, by its facts or the year in its title; ``date.min`` where unknown."""
    known = record.effective or record.issued
    if known:
        return known
    years = _years_in(record.title)
    return date(max(years), 1, 1) if years else date.min


def _years_in(title: str) -> set[int]:
    return {int(year) for year in _YEAR.findall(title)}
